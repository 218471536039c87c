"""The ids that `transformers` gives a model before every reply: 50 conversations (functions, parallel calls, reasoning, several turns) with every chat template at hand.

Reads `Tests/TemperTokenizersTests/Golden/chat-templates/*.jinja` and `chat-templates` of the shared data. Writes `Tests/TemperDataTests/Golden/chat-prompts`:
`tokenizer.json` (a small byte-level BPE with Qwen's cuts and every template's special tokens), `conversations.jsonl` (OpenAI's form) and `prompts.json`
({template: [[hash of the ids before each reply, or null for what the template refuses] for each conversation]}). The hash is FNV-1a over the ids' decimal digits and commas.

What Temper does by intent and `transformers` does not is done here too, so that the rest must be equal: arguments are objects (a text where the template refuses that);
reasoning is put into <think> where the template reads none; calls are put into Qwen's words where the template has none but takes tools; the white space that stands between
the prompt and a plain reply belongs to the prompt; thinking is off unless the reply has thoughts. Conversations with tools are left out where a template takes none.

    pip install "transformers>=5" "jinja2>=3.1.6" tokenizers
    python Tests/Golden/chat_prompts.py [path/to/shared/data]
"""

import copy
import json
import pathlib
import random
import re
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.utils.chat_template_utils import render_jinja_template

HERE = pathlib.Path(__file__).parent
LOCAL = HERE.parent / "TemperTokenizersTests" / "Golden" / "chat-templates"
GOLDEN = HERE.parent / "TemperDataTests" / "Golden" / "chat-prompts"
DATA = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent.parent / "shared" / "data") / "chat-templates"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
SPECIAL = [
    "<s>", "</s>", "<pad>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|python_tag|>",
    "<start_of_turn>", "<end_of_turn>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|SYSTEM_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|tool_list_start|>",
    "<|tool_list_end|>", "<|tool_response_start|>", "<|tool_response_end|>", "<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>", "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>",
    "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>", "<｜tool▁outputs▁begin｜>", "<｜tool▁outputs▁end｜>", "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>",
    "[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
]
# Tokens of their own that are no special ones, as in Qwen's files.
PLAIN = ["<tool_call>", "</tool_call>", "<think>", "</think>"]

random.seed(14)
ASKED = ["Weather in Odda and Voss?", "\n\nWhy is the sky blue?", "Zoë lives in Zürich; where's that?", "看得见的城市是谁写的？", "  indented\n\tand tabbed", "def f(x):\n    return x+1\n", "It's 3.14, isn't it?", "🙂 ok", "1 < 2 && 3 > 2"]
SAID = ["It rains in Odda.", "42", "```python\nprint('hi')\n```", "Schön – «so».", "First line.\n\nSecond line.", "是的。", "{\"a\": 1}", "I'm not sure; let's see...", "\n\nAfter two line ends."]
THOUGHTS = ["The town is Odda.", "Two steps:\n1. look\n2. say", "Hm… 看"]
RESULTS = ["rain", "", "{\"sky\": \"rain\", \"t\": 20.0}", "line one\nline two", "Fehler: größer als 2⁵³"]
TOOLS = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather of a \"town\" – größer", "parameters": {
        "type": "object", "properties": {"town": {"type": "string"}, "days": {"type": "integer"}}, "required": ["town"]}}},
    {"type": "function", "function": {"name": "cancel_order", "description": "Cancels an order", "parameters": {
        "type": "object", "properties": {"order_id": {"type": "integer"}, "amount": {"type": "number", "default": 1.50}, "why": {"enum": ["a", None]}}, "required": []}}},
]
ARGUMENTS = ['{"town": "Odda"}', '{"reason": "late", "order_id": 9007199254740993, "amount": 20.0, "note": null, "ratio": 0.1}', "{}", '{"z": [1, 2.50, -3e-9], "a": {"b": "é\\n"}}', '{"town":"Voss","days":3}']


def conversation(index):
    uses = index % 5 in (1, 2, 3)
    messages = [{"role": "system", "content": "Help with travel."}] if index % 3 else []
    number = 0
    for turn in range(1 + index % 4):
        messages.append({"role": "user", "content": random.choice(ASKED)})
        for _ in range(random.randint(0, 2) if uses else 0):
            count = random.choice([1, 1, 2, 3]) if index % 5 != 3 else 1
            calls = [{"id": f"call{number + n:05d}", "type": "function", "function": {"name": random.choice(TOOLS)["function"]["name"], "arguments": random.choice(ARGUMENTS)}} for n in range(count)]
            number += count
            messages.append({"role": "assistant", "content": random.choice([None, "", "I look."]), "tool_calls": calls})
            messages += [{"role": "tool", "tool_call_id": call["id"], "content": random.choice(RESULTS)} for call in calls]
        messages.append({"role": "assistant", "content": random.choice(SAID if index % 7 == 0 else SAID[:-1])})
        if index % 10 in (4, 8):
            messages[-1]["reasoning_content"] = random.choice(THOUGHTS)
    record = {"messages": messages}
    if uses and index % 10 != 3:
        record["tools"] = TOOLS[: 1 + index % 2]
    return record


def render(template, messages, tools, prompt, **variables):
    return render_jinja_template([messages], tools=tools, chat_template=template, add_generation_prompt=prompt, **TOKENS, **variables)[0][0]


def lead(template):
    """White space between the prompt and a plain reply."""
    for chat in ([{"role": "user", "content": "a"}], [{"role": "system", "content": "s"}, {"role": "user", "content": "a"}]):
        try:
            before, whole = render(template, chat, None, True), render(template, chat + [{"role": "assistant", "content": "QQ"}], None, False)
        except Exception:
            continue
        rest = whole[len(before): whole.find("QQ")] if whole.startswith(before) else "x"
        return rest if rest.strip() == "" else ""
    return ""


def worded(message):
    calls = [f'<tool_call>\n{{"name": {json.dumps(c["function"]["name"])}, "arguments": {c["function"]["arguments"]}}}\n</tool_call>' for c in message["tool_calls"]]
    return {"role": "assistant", "content": "\n".join([t for t in [message["content"]] if t] + calls)}


def prompt(template, record, index, space):
    """What a model is shown before a reply; None where it is not compared."""
    tools = record.get("tools")
    messages = copy.deepcopy(record["messages"][:index])
    uses = tools is not None or any("tool_calls" in m or m["role"] == "tool" for m in messages)
    takes, calls = "tools" in template, "tool_calls" in template
    answers = "'tool'" in template or '"tool"' in template
    if uses and not takes and (tools is not None or not (calls and answers)):
        return None
    if uses and not calls:
        if not answers:
            return None
        messages = [worded(m) if "tool_calls" in m else m for m in messages]
    if "reasoning_content" not in template:
        for m in messages:
            if thought := m.pop("reasoning_content", None):
                m["content"] = f"<think>\n{thought}\n</think>\n\n{m['content']}"
    objects = copy.deepcopy(messages)
    for m in objects:
        for c in m.get("tool_calls", []):
            c["function"]["arguments"] = json.loads(c["function"]["arguments"])
    variables = {"enable_thinking": "reasoning_content" in record["messages"][index]} if "enable_thinking" in template else {}
    for form in (objects, messages):
        try:
            text = render(template, form, tools, True, **variables)
            return text if uses else text + space
        except Exception:
            continue
    return None


def digest(ids):
    value = 0xCBF29CE484222325
    for byte in ",".join(map(str, ids)).encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


records = [conversation(index) for index in range(50)]
templates = {path.stem: path.read_text(encoding="utf-8") for path in sorted(LOCAL.glob("*.jinja"))}
templates |= {f"shared/{path.stem}": path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.jinja"))}

tokenizer = Tokenizer(models.BPE())
tokenizer.normalizer = normalizers.NFC()
CUTS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(CUTS), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
tokenizer.decoder = decoders.ByteLevel()
corpus = [re.sub(r"\{[%{#].*?[%}#]\}", "", t) for t in templates.values()] + [json.dumps(r, ensure_ascii=False) for r in records]
corpus += [m["content"] or "" for r in records for m in r["messages"]]
tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in PLAIN])

GOLDEN.mkdir(parents=True, exist_ok=True)
tokenizer.save(str(GOLDEN / "tokenizer.json"), pretty=False)
(GOLDEN / "conversations.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
golden = {}
for name, template in templates.items():
    space = lead(template)
    golden[name] = []
    for record in records:
        replies = [i for i, m in enumerate(record["messages"]) if m["role"] == "assistant"]
        texts = [prompt(template, record, i, space) for i in replies]
        golden[name].append([None if t is None else digest(tokenizer.encode(t, add_special_tokens=False).ids) for t in texts])
    print(name, repr(space), sum(h is not None for c in golden[name] for h in c), "prompts,", sum(h is None for c in golden[name] for h in c), "not compared")
(GOLDEN / "prompts.json").write_text(json.dumps({"templates": golden}, indent=0) + "\n")
