"""What is learnt of AgentInstruct-shaped conversations under each chat template, by transformers' own renderer.

    python3 Tests/Golden/agentinstruct_masks.py > Tests/TemperDataTests/Golden/agentinstruct_masks.json

needs transformers. The templates are written here apart from Temper's: ChatML as Qwen's without a default system prompt, Llama 2 as
meta-llama's, Vicuna and Alpaca as FastChat's and Stanford's. `{% generation %}` marks what `return_assistant_tokens_mask` reports: a
reply with its end, where its loss is true. The tokenizer has one token for each byte, so the masks are over bytes.
"""

import json

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

VICUNA = (
    "A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)
ALPACA = "Below is an instruction that describes a task. Write a response that appropriately completes the request."


def reply(before, text, after):
    """A reply that is learnt, with its end, only where its loss is true."""
    return (
        f"{{{{ {before} }}}}{{% if m['loss'] %}}{{% generation %}}{{{{ {text} }}}}{{% endgeneration %}}"
        f"{{% else %}}{{{{ {text} }}}}{{% endif %}}{{{{ {after} }}}}"
    )


TEMPLATES = {
    "chatml": "{% for m in messages %}{% if m['role'] == 'user' %}{{ '<|im_start|>user\\n' + m['content'] + '<|im_end|>\\n' }}"
    "{% else %}" + reply("'<|im_start|>assistant\\n'", "m['content'] + '<|im_end|>'", "'\\n'") + "{% endif %}{% endfor %}",
    "llama-2": "{% for m in messages %}{% if m['role'] == 'user' %}{{ '<s>[INST] ' + m['content'] + ' [/INST]' }}"
    "{% else %}" + reply("' '", "m['content'] + ' </s>'", "''") + "{% endif %}{% endfor %}",
    "vicuna": "{{ system + ' ' }}{% for m in messages %}{% if m['role'] == 'user' %}{{ 'USER: ' + m['content'] + ' ' }}"
    "{% else %}" + reply("'ASSISTANT: '", "m['content'] + '</s>'", "''") + "{% endif %}{% endfor %}",
    "alpaca": "{{ system }}{% for m in messages %}{% if loop.first %}"
    "{{ '\\n\\n### Instruction:\\n' + m['content'] + '\\n\\n### Response:\\n' }}"
    "{% elif m['role'] == 'user' %}{{ m['content'] + '\\n' }}"
    "{% else %}" + reply("''", "m['content'] + '</s>'", "'\\n'") + "{% endif %}{% endfor %}",
}

CONVERSATIONS = [
    {
        "id": "os_0",
        "turns": [
            (None, "You are an assistant that will act like a person. Think, then act."),
            (False, "Ok."),
            (None, "How many hidden files are in /home?"),
            (False, "Think: List them.\n\nAct: bash\n\n```bash\nls -a /home\n```"),
            (None, "The output of the OS:\n.a\n.b"),
            (False, "Think: Two.\n\nAct: answer(2)"),
            (None, "Now, my problem is:\n\ntell me how many files are in /etc"),
            (True, "Think: I count with `wc`.\n\nAct: bash\n\n```bash\nls /etc | wc -l\n```"),
            (None, "The output of the OS:\n220\x1b]0;root@host"),
            (True, "Think: There are 220.\n\nAct: answer(220)"),
        ],
    },
    {
        "id": "db_1",
        "turns": [
            (None, "I will ask you a question, then you should help me operate a MySQL database with SQL."),
            (False, "Ok."),
            (None, "What was the longest time? The headers are caf\u00e9, <s>, <|im_end|>."),
            (True, "To find it I use MAX.\nAction: Operation\n```sql\nSELECT MAX(`duration`) FROM `pit \u00e9 Stops`;\n```"),
            (None, "[('59.555',)]"),
            (True, "Action: Answer\nFinal Answer: [\"59.555\"]"),
        ],
    },
    {"id": "mind2web_3", "turns": [(None, "Choose the next action. "), (True, " Thought: \u4f60\u597d it is A.\nAnswer: A.")]},
    {"id": "kg_9", "turns": [(None, "Q"), (True, "first"), (None, "go on"), (False, "not learnt"), (None, "x"), (True, "y z")]},
]


def byte_tokenizer(template):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=template)


def ranges(mask):
    found, start = [], None
    for i, bit in enumerate(list(mask) + [0]):
        if bit and start is None:
            start = i
        if not bit and start is not None:
            found.append([start, i])
            start = None
    return found


def main():
    cases = []
    for conversation in CONVERSATIONS:
        turns = conversation["turns"]
        messages = [
            {"role": "user" if i % 2 == 0 else "assistant", "content": text, "loss": loss is True} for i, (loss, text) in enumerate(turns)
        ]
        record = {
            "id": conversation["id"],
            "conversations": [
                {"from": "human" if i % 2 == 0 else "gpt", "loss": loss, "value": text} for i, (loss, text) in enumerate(turns)
            ],
        }
        renderings = {}
        for name, template in TEMPLATES.items():
            tokenizer = byte_tokenizer(template)
            system = VICUNA if name == "vicuna" else ALPACA
            text = tokenizer.apply_chat_template(messages, tokenize=False, system=system)
            encoded = tokenizer.apply_chat_template(
                messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True, system=system
            )
            mask = encoded["assistant_masks"]
            assert len(mask) == len(text.encode()), (name, len(mask), len(text.encode()))
            renderings[name] = {"text": text, "trained": ranges(mask)}
        cases.append({"record": record, "renderings": renderings})
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
