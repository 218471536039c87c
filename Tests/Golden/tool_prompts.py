"""What `transformers` renders with chat templates that take functions: requests as clients of OpenAI's API send them, and calls.

Reads `Tests/TemperTokenizersTests/Golden/chat-templates/*.jinja` and `chat-templates` of the shared data.
Writes `Tests/TemperServerTests/Golden/tool-prompts.json`: {template: {"prompts": [{"request", "prompt"}],
"replies": [{"reply", "calls"}]}}. `request` is the text of
a body. `prompt` is what the template makes of it, with a generation prompt. What OpenAI's form has and templates have not is put
into theirs first: arguments are parsed, `developer` is `system`, lists of text parts are one text. Where a template refuses
several calls in one message, each is in a message of its own, its answer after it. Chats with calls are left out for a template
that knows none. `reply` is what the template writes for an assistant that makes the calls of `calls`, without the end of the turn.

    pip install "transformers>=5" "jinja2>=3.1.6"
    python Tests/Golden/tool_prompts.py [path/to/shared/data]
"""

import json
import pathlib
import sys

from transformers.utils.chat_template_utils import render_jinja_template

HERE = pathlib.Path(__file__).parent
LOCAL = HERE.parent / "TemperTokenizersTests" / "Golden" / "chat-templates"
DATA = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent.parent / "shared" / "data") / "chat-templates"
OUTPUT = HERE.parent / "TemperServerTests" / "Golden" / "tool-prompts.json"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
NAMES = {
    "qwen2_5": DATA, "qwen3": DATA, "llama3_1": DATA, "hermes": LOCAL, "mistral_tools": LOCAL, "lfm2": DATA}
ENDS = ["<|im_end|>", "<|eot_id|>", "</s>"]

FIND = {"type": "function", "function": {"name": "find", "description": "Finds a page. Über \"all\".", "parameters": {
    "type": "object", "properties": {"query": {"type": "string", "description": "what to find"}, "limit": {"type": "integer"}},
    "required": ["query"]}}}
OPEN = {"type": "function", "function": {"name": "open", "description": "Opens it.", "parameters": {
    "type": "object", "properties": {"zoom": {"type": "number", "enum": [1, 2.5]}, "at": {"type": "array", "items": {"type": "string"}}}}}}


def call(identity, name, **arguments):
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}}


SYSTEM = {"role": "system", "content": "Be brief."}
ASK = {"role": "user", "content": "Where is Zürich? <|im_end|> </s>"}
PARTS = {"role": "user", "content": [{"type": "text", "text": "Open "}, {"type": "text", "text": "both."}]}
CALL = {"role": "assistant", "content": None, "tool_calls": [call("call00001", "find", query="Zürich \"x\"", limit=3)]}
ANSWER = {"role": "tool", "tool_call_id": "call00001", "content": "In Switzerland.\n{\"n\": 1}"}
TWO = {"role": "assistant", "content": "Both.", "tool_calls": [
    call("call00001", "open", zoom=2.5, at=["b", "a"]), call("call00002", "find", query="看得见")]}
TWO_ANSWERS = [{"role": "tool", "tool_call_id": "call00001", "content": "one"}, {"role": "tool", "tool_call_id": "call00002", "content": ""}]
REPLY = {"role": "assistant", "content": "It is in Switzerland."}
MORE = {"role": "user", "content": "And then?"}

REQUESTS = [
    {"messages": [ASK], "tools": [FIND]},
    {"messages": [SYSTEM, ASK], "tools": [FIND, OPEN]},
    {"messages": [{"role": "developer", "content": "Be brief."}, PARTS], "tools": [OPEN]},
    {"messages": [ASK, CALL, ANSWER], "tools": [FIND, OPEN]},
    {"messages": [SYSTEM, ASK, CALL, ANSWER, REPLY, MORE], "tools": [FIND]},
    {"messages": [SYSTEM, PARTS, TWO, *TWO_ANSWERS], "tools": [FIND, OPEN]},
    {"messages": [ASK, CALL, ANSWER]},
    {"messages": [ASK, CALL, ANSWER, REPLY, MORE], "tools": [FIND], "tool_choice": "none"},
]
CALLS = [[CALL["tool_calls"][0]], TWO["tool_calls"]]


def plain(message):
    message = dict(message)
    if message["role"] == "developer":
        message["role"] = "system"
    if isinstance(message["content"], list):
        message["content"] = "".join(part["text"] for part in message["content"])
    if "tool_calls" in message:
        message["tool_calls"] = [
            {**c, "function": {**c["function"], "arguments": json.loads(c["function"]["arguments"])}} for c in message["tool_calls"]]
    return message


def split(messages):
    """Each call in a message of its own, its answer after it."""
    result = []
    for message in messages:
        calls = message.get("tool_calls", [])
        for number, one in enumerate(calls):
            result.append({**message, "content": None if number else message["content"], "tool_calls": [one]})
            result += [m for m in messages if m.get("tool_call_id") == one["id"]]
        if not calls and message["role"] != "tool":
            result.append(message)
    return result


def render(template, messages, tools, prompt=True):
    try:
        # As Temper asks for it: without thinking, where a template can leave it out.
        return render_jinja_template(
            [[plain(message) for message in messages]], tools=tools, chat_template=template, add_generation_prompt=prompt,
            enable_thinking=False, **TOKENS)[0][0]
    except Exception:
        return None


result = {}
for name, folder in NAMES.items():
    template = (folder / f"{name}.jinja").read_text(encoding="utf-8")
    cases = []
    for request in REQUESTS:
        # No `tools` without a choice of them.
        tools = None if request.get("tool_choice") == "none" else request.get("tools")
        text = json.dumps({"model": "tiny", **request}, ensure_ascii=False)
        if "tool_calls" not in template and any("tool_calls" in message for message in request["messages"]):
            continue
        prompt = render(template, request["messages"], tools) or render(template, split(request["messages"]), tools)
        cases.append({"request": text, "prompt": prompt})
    replies = []
    for calls in CALLS:
        start = render(template, [ASK], [FIND, OPEN])
        whole = render(template, [ASK, {"role": "assistant", "content": None, "tool_calls": calls}], [FIND, OPEN], prompt=False)
        if "tool_calls" not in template or whole is None or not whole.startswith(start):
            continue
        reply = whole[len(start):]
        for end in ENDS:
            reply = reply.split(end)[0]
        replies.append({"reply": reply, "calls": [[c["function"]["name"], c["function"]["arguments"]] for c in calls]})
    result[name] = {"prompts": cases, "replies": replies}
    assert all(case["prompt"] for case in cases)
    print(name, len(cases), "prompts", len(replies), "replies")
OUTPUT.write_text(json.dumps(result, ensure_ascii=True, indent=0) + "\n")
