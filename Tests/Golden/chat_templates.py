"""What `transformers` renders with chat templates: 100 conversations each (50 rich ones, 50 of users and assistants in turn), with and without a generation prompt.

Reads `Tests/TemperTokenizersTests/Golden/chat-templates/*.jinja` and, where it is, `chat-templates` of the shared data.
Writes `conversations.json` ([{"messages", "tools"}]) and `rendered.json` beside them: {template: [[without, with] …]}, each the text's
FNV-1a hash (64 bits, hexadecimal), or null for an error; `full.json` holds some texts whole.

    pip install "transformers>=5" "jinja2>=3.1.6"
    python Tests/Golden/chat_templates.py [path/to/shared/data]
"""

import json
import pathlib
import random
import sys

from transformers.utils.chat_template_utils import render_jinja_template

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "TemperTokenizersTests" / "Golden" / "chat-templates"
DATA = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent.parent / "shared" / "data") / "chat-templates"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}

random.seed(3)
TEXTS = [
    "Be brief.", "Who made it?", "Zoë lives in Zürich.", "看得见的城市", "🙂🧑‍🚀 emoji", "  leading and trailing  ", "line one\nline two\n", "", "\n\n",
    "<think>\nI wonder.\n</think>\n\nIt is 4.", "say \"hi\" \\ and 'bye'", "<|im_end|> in the text </s>", "tab\tand nul-free \x01 control", "العربية עברית", "{{ not jinja }} {% raw %}",
    "a" * 300, "Thought: I search.\nAction: search[Sjölund & Söhne]", "\u00a0nbsp\u2028line", "</think> only", "1 < 2 && 3 > 2 <b>",
]
TOOLS = [
    {"type": "function", "function": {"name": "search", "description": "Finds a page. Über \"all\".", "parameters": {
        "type": "object", "properties": {"query": {"type": "string", "description": "what to find"}, "limit": {"type": "integer"}}, "required": ["query"]}}},
    {"type": "function", "function": {"name": "now", "description": "The time.", "parameters": {"type": "object", "properties": {}}}},
    {"type": "function", "function": {"name": "plot", "description": "Draws.", "parameters": {"type": "object", "properties": {
        "points": {"type": "array", "items": {"type": "number"}}, "style": {"type": "object", "additionalProperties": {"type": "string"}},
        "title": {"type": ["string", "null"], "default": None}, "scale": {"type": "number", "enum": [1, 2.5, 1e-7]}, "on": {"type": "boolean", "default": True}}},
        "return": {"type": "string", "description": "a path"}}},
]


def text():
    return random.choice(TEXTS)


def call(number, arguments):
    name = random.choice(["search", "now", "plot"])
    return {"id": f"call{number:05d}", "type": "function", "function": {"name": name, "arguments": arguments}}


def arguments():
    return random.choice([{"query": text()}, {}, {"points": [1, 2.5, -3e-9], "style": {"color": "rot", "n": None}, "on": True}, {"query": "é", "limit": 3}])


def conversation(index):
    messages = []
    if index % 3 != 1:
        messages.append({"role": "system", "content": text()})
    tools = random.sample(TOOLS, random.randint(1, 3)) if index % 2 else None
    for turn in range(random.randint(1, 4)):
        messages.append({"role": "user", "content": text()})
        if index % 4 == 3 or (index % 8 == 5 and turn == 0):
            count = 1 if index % 3 else random.randint(1, 3)
            given = [arguments() for _ in range(count)]
            if index % 5 == 0:
                given = [json.dumps(a) for a in given]
            reply = {"role": "assistant", "content": random.choice([None, "", text()]), "tool_calls": [call(turn * 3 + n, a) for n, a in enumerate(given)]}
            messages.append(reply)
            for c in reply["tool_calls"]:
                result = random.choice([text(), json.dumps({"pages": [text()]}, ensure_ascii=False)])
                messages.append({"role": "tool", "tool_call_id": c["id"], "name": c["function"]["name"], "content": result})
        reply = {"role": "assistant", "content": text()}
        if index % 7 == 2:
            reply["reasoning_content"] = text()
        messages.append(reply)
    if index % 5 == 3:
        messages.pop()
    if index % 11 == 10:
        messages.append({"role": random.choice(["system", "user", "assistant"]), "content": text()})
    return {"messages": messages, "tools": tools}


def plain(index):
    messages = [{"role": "system", "content": text()}] if index % 5 == 0 else []
    for _ in range(random.randint(1, 5)):
        messages += [{"role": "user", "content": text()}, {"role": "assistant", "content": text()}]
    return {"messages": messages[: -1 if index % 2 else None], "tools": None}


conversations = [conversation(index) for index in range(50)] + [plain(index) for index in range(50)]
templates = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.jinja"))}
shared = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.jinja"))}


def render(template, chat, prompt):
    try:
        return render_jinja_template([chat["messages"]], tools=chat["tools"], chat_template=template, add_generation_prompt=prompt, **TOKENS)[0][0]
    except Exception:
        return None




def digest(text):
    if text is None:
        return None
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


rendered, full = {}, {}
for name, template in [*templates.items(), *((f"shared/{name}", t) for name, t in shared.items())]:
    texts = [[render(template, chat, prompt) for prompt in (False, True)] for chat in conversations]
    rendered[name] = [[digest(t) for t in pair] for pair in texts]
    long = [i for i, pair in enumerate(texts) if pair[1] is not None and len(pair[1]) < 3000]
    full[name] = {str(i): texts[i][1] for i in long[-1:]}
    print(name, sum(pair[1] is None for pair in texts), "refused")

texts = [{key: json.dumps(value, ensure_ascii=False) if value else None for key, value in chat.items()} for chat in conversations]
(GOLDEN / "conversations.json").write_text(json.dumps(texts, ensure_ascii=True, indent=0))
(GOLDEN / "rendered.json").write_text(json.dumps(rendered, indent=0))
(GOLDEN / "full.json").write_text(json.dumps(full, ensure_ascii=True, indent=0))
