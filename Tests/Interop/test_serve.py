"""`temper serve` against the official `openai` client: a suite of calls, and a load of many clients.

Needs openai, numpy, safetensors and pytest, and Temper built:
    swift build -c release && pytest Tests/Interop/test_serve.py
TEMPER names the binary when it is not this package's. TEMPER_LOAD_SECONDS (default 8) and TEMPER_LOAD_CLIENTS (default 200) set
the load; 60 seconds is the full length.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
import urllib.request

import httpx2 as httpx
import openai
import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
TEMPER = os.environ.get("TEMPER", str(PACKAGE / ".build/release/temper"))
MODEL = os.environ.get("TEMPER_SERVE_MODEL", "pocket-base")
SECONDS = float(os.environ.get("TEMPER_LOAD_SECONDS", "8"))
CLIENTS = int(os.environ.get("TEMPER_LOAD_CLIENTS", "200"))
KEY = "interop-key"
TOOLS = [
    {"type": "function", "function": {"name": name, "description": f"Does {name}.", "parameters": {
        "type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}}}
    for name in ["search", "finish"]]
HELLO = [{"role": "user", "content": "What is the opposite of hot?"}]


class Server:
    def __init__(self, folder, *options):
        keys = folder / "keys.txt"
        keys.write_text(f"# for the tests\n{KEY}\n")
        self.process = subprocess.Popen(
            [TEMPER, "serve", MODEL, "--name", "tested", "--port", "0", "--json", "--api-key-file", str(keys), *options],
            stdout=subprocess.PIPE, text=True)
        text = ""
        while not text.rstrip().endswith("}"):
            line = self.process.stdout.readline()
            assert line, "the server did not start"
            text += line
        self.address = json.loads(text)["address"]
        assert json.loads(text)["models"] == ["tested"]

    def client(self, **options):
        return openai.OpenAI(base_url=self.address, **{"api_key": KEY, "max_retries": 0, "timeout": 120, **options})

    def metrics(self):
        with urllib.request.urlopen(self.address.removesuffix("/v1") + "/metrics") as page:
            lines = page.read().decode().splitlines()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("serve"))
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def client(server):
    return server.client()


def chat(client, **fields):
    return client.chat.completions.create(
        **{"model": "tested", "messages": HELLO, "max_tokens": 16, "temperature": 0, **fields})


# The suite: 25 calls.

def test_01_models(client):
    assert [model.id for model in client.models.list()] == ["tested"]


def test_02_model(client):
    assert client.models.retrieve("tested").owned_by == "temper"


def test_03_chat(client):
    reply = chat(client)
    assert reply.choices[0].message.role == "assistant" and reply.choices[0].message.content
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_04_greedy_is_repeatable(client):
    assert chat(client).choices[0].message.content == chat(client).choices[0].message.content


def test_05_seed(client):
    texts = [chat(client, temperature=1, seed=seed).choices[0].message.content for seed in [5, 5, 6]]
    assert texts[0] == texts[1] and texts[0] != texts[2]


def test_06_several_choices(client):
    reply = chat(client, temperature=1.5, seed=1, n=4)
    assert [choice.index for choice in reply.choices] == [0, 1, 2, 3]
    assert len({choice.message.content for choice in reply.choices}) > 1


def test_07_length(client):
    reply = chat(client, max_completion_tokens=1, max_tokens=None)
    assert reply.usage.completion_tokens <= 1


def test_08_stop(client):
    whole = chat(client, max_tokens=24).choices[0].message.content
    stop = whole[len(whole) // 2:][:3]
    cut = chat(client, max_tokens=24, stop=[stop]).choices[0]
    assert cut.message.content == whole[:whole.index(stop)] and cut.finish_reason == "stop"


def test_09_log_probabilities(client):
    content = chat(client, logprobs=True, top_logprobs=3).choices[0].logprobs.content
    for entry in content:
        assert len(entry.top_logprobs) == 3 and entry.logprob <= 0
        # Greedy: the token is the most likely one.
        assert entry.logprob == entry.top_logprobs[0].logprob and entry.bytes == list(bytes(entry.bytes))


def test_10_stream(client):
    chunks = list(chat(client, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == chat(client).choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant" and chunks[-1].choices[0].finish_reason


def test_11_stream_with_usage(client):
    chunks = list(chat(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_12_stream_of_choices(client):
    whole = chat(client, temperature=1, seed=2, n=3)
    texts = ["", "", ""]
    for chunk in chat(client, temperature=1, seed=2, n=3, stream=True):
        texts[chunk.choices[0].index] += chunk.choices[0].delta.content or ""
    assert texts == [choice.message.content for choice in whole.choices]


def test_13_stream_log_probabilities(client):
    whole = chat(client, logprobs=True, top_logprobs=1).choices[0].logprobs.content
    streamed = [
        entry for chunk in chat(client, logprobs=True, top_logprobs=1, stream=True) if chunk.choices[0].logprobs
        for entry in chunk.choices[0].logprobs.content]
    assert streamed == whole


def test_14_conversation(client):
    messages = [
        {"role": "system", "content": "Be brief."}, *HELLO, {"role": "assistant", "content": "Cold."},
        {"role": "user", "content": [{"type": "text", "text": "And of "}, {"type": "text", "text": "big?"}]}]
    assert chat(client, messages=messages).usage.prompt_tokens > chat(client).usage.prompt_tokens


def test_15_tool_required(client):
    choice = chat(client, tools=TOOLS, tool_choice="required").choices[0]
    assert choice.message.tool_calls[0].function.name in ["search", "finish"]


def test_16_tool_named_and_streamed(client):
    named = {"type": "function", "function": {"name": "finish"}}
    with client.chat.completions.stream(
            model="tested", messages=HELLO, max_tokens=16, temperature=0, tools=TOOLS, tool_choice=named) as stream:
        for _ in stream:
            pass
        message = stream.current_completion_snapshot.choices[0].message
    assert message.tool_calls[0].function.name == "finish" and message.tool_calls[0].id.startswith("call_")


def test_17_tool_answers(client):
    call = {"id": "call_1", "type": "function", "function": {"name": "search", "arguments": '{"input": "hot"}'}}
    messages = [
        *HELLO, {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "cold"}]
    assert chat(client, messages=messages, tools=TOOLS).choices[0].finish_reason in ["stop", "length", "tool_calls"]


def test_18_text(client):
    reply = client.completions.create(model="tested", prompt="The opposite of hot is", max_tokens=8, temperature=0)
    assert reply.object == "text_completion" and reply.choices[0].text


def test_19_texts_and_tokens(client):
    reply = client.completions.create(model="tested", prompt=[[5, 6, 7], [8, 9]], max_tokens=2, temperature=0)
    assert len(reply.choices) == 2 and reply.usage.prompt_tokens == 5


def test_20_echo_scores(client):
    reply = client.completions.create(model="tested", prompt="hot and cold", max_tokens=0, echo=True, logprobs=1)
    scores = reply.choices[0].logprobs
    assert reply.choices[0].text == "hot and cold" == "".join(scores.tokens)
    assert scores.token_logprobs[0] is None and all(value < 0 for value in scores.token_logprobs[1:])


def test_21_text_stream(client):
    fields = {"model": "tested", "prompt": "The opposite of hot is", "max_tokens": 8, "temperature": 0}
    text = "".join(chunk.choices[0].text for chunk in client.completions.create(stream=True, **fields))
    assert text == client.completions.create(**fields).choices[0].text


def test_22_errors(client, server):
    with pytest.raises(openai.NotFoundError) as error:
        chat(client, model="other")
    assert error.value.code == "model_not_found"
    with pytest.raises(openai.AuthenticationError):
        chat(server.client(api_key="wrong"))
    with pytest.raises(openai.BadRequestError) as error:
        chat(client, frequency_penalty=0.5)
    assert error.value.param == "frequency_penalty"
    with pytest.raises(openai.BadRequestError) as error:
        chat(client, extra_body={"no_such_field": 1})
    assert error.value.code == "unknown_parameter"


def test_23_long_prompts(client):
    for size in [100_000, 3_000_000]:
        with pytest.raises(openai.BadRequestError) as error:
            chat(client, messages=[{"role": "user", "content": "hot " * (size // 4)}])
        assert error.value.code == "context_length_exceeded"
    with pytest.raises(openai.APIStatusError) as error:
        chat(client, messages=[{"role": "user", "content": "x" * 10_000_000}])
    assert error.value.status_code == 413


def settled(server):
    for _ in range(200):
        metrics = server.metrics()
        if metrics["temper_requests_in_progress"] == 0:
            return metrics
        time.sleep(0.05)
    raise AssertionError(metrics)


def test_24_cancelled_stream(client, server):
    left = settled(server)["temper_clients_left_total"]
    # Tokens of any kind until the context ends, so the client is gone long before.
    stream = client.completions.create(model="tested", prompt="hot", max_tokens=4000, temperature=2, seed=1, n=16, stream=True)
    for number, _ in enumerate(stream):
        if number == 5:
            break
    stream.close()
    assert settled(server)["temper_clients_left_total"] == left + 1


def test_25_timed_out_client(client, server):
    left = settled(server)["temper_clients_left_total"]
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.05).completions.create(
            model="tested", prompt="hot", max_tokens=4000, temperature=2, seed=1, n=16)
    assert settled(server)["temper_clients_left_total"] == left + 1


def test_load(tmp_path):
    """Many clients at once: refusals only above the queue and counted, no other error, nothing left behind."""
    concurrent, queue = 16, 64
    server = Server(tmp_path, "--max-concurrent", str(concurrent), "--max-queue", str(queue))
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    client = server.client(http_client=httpx.Client(limits=limits, timeout=120), timeout=120)

    # Tokens of any kind up to the limit: long enough that more clients come than are served at a time.
    def write(seed, **fields):
        return client.completions.create(model="tested", prompt="hot", max_tokens=200, temperature=2, seed=seed, **fields)

    expected = {seed: write(seed).choices[0].text for seed in range(8)}
    before = settled(server)
    answered, refused, faults = [0], [0], []
    lock = threading.Lock()
    end = time.monotonic() + SECONDS
    watched = threading.Event()
    peaks = {"memory": 0.0, "cache": 0.0, "in_progress": 0.0}

    def watch():
        while not watched.wait(0.5):
            metrics = server.metrics()
            peaks["memory"] = max(peaks["memory"], metrics["process_resident_memory_bytes"])
            peaks["cache"] = max(peaks["cache"], metrics['temper_cache_bytes{model="tested"}'])
            peaks["in_progress"] = max(peaks["in_progress"], metrics["temper_requests_in_progress"])

    def work(number):
        turn = 0
        while time.monotonic() < end:
            turn += 1
            seed = (number + turn) % 8
            try:
                if turn % 3 == 0:
                    text = "".join(chunk.choices[0].text or "" for chunk in write(seed, stream=True))
                elif turn % 17 == 0:
                    stream = write(seed, stream=True)
                    next(iter(stream))
                    stream.close()
                    continue
                else:
                    text = write(seed).choices[0].text
                with lock:
                    answered[0] += 1
                if text != expected[seed]:
                    faults.append(f"seed {seed}: {text!r} is not {expected[seed]!r}")
            except openai.RateLimitError as error:
                with lock:
                    refused[0] += 1
                wait = error.response.headers.get("retry-after")
                if not (wait and 1 <= int(wait) <= 60):
                    faults.append(f"Retry-After is {wait}")
                time.sleep(0.2)
            except Exception as error:  # Anything else is a fault of the server.
                faults.append(repr(error))

    watcher = threading.Thread(target=watch)
    watcher.start()
    with concurrent_pool() as pool:
        list(pool.map(work, range(CLIENTS)))
    watched.set()
    watcher.join()
    after = settled(server)
    assert faults == []
    assert answered[0] > 0
    assert after["temper_requests_rejected_total"] == refused[0]
    # More clients than there is room for: some are refused; the requests in progress stay within the limit.
    assert peaks["in_progress"] <= concurrent + queue
    assert (refused[0] > 0) == (CLIENTS > concurrent + queue)
    assert peaks["cache"] <= after['temper_cache_bytes_limit{model="tested"}']
    client.close()
    time.sleep(1)
    after = settled(server)
    assert after["process_open_fds"] <= before["process_open_fds"] + 8
    # The engine's cache fills up to its bound; beside it little remains.
    growth = after["process_resident_memory_bytes"] - before["process_resident_memory_bytes"]
    assert growth <= after['temper_cache_bytes_limit{model="tested"}'] + 128 * 2**20
    print(
        f"\n{CLIENTS} clients, {SECONDS:.0f} s: {answered[0]} answered, {refused[0]} refused, "
        f"peak {peaks['memory'] / 2**20:.0f} MiB, descriptors {before['process_open_fds']:.0f} -> {after['process_open_fds']:.0f}")
    assert server.stop() == 0


def concurrent_pool():
    return concurrent.futures.ThreadPoolExecutor(max_workers=CLIENTS)


def test_stop_finishes_what_runs(tmp_path):
    server = Server(tmp_path)
    fields = {"model": "tested", "prompt": "hot", "max_tokens": 300, "temperature": 2, "seed": 3}
    stream = server.client().completions.create(stream=True, **fields)
    text = next(iter(stream)).choices[0].text
    server.process.send_signal(signal.SIGTERM)
    chunks = list(stream)
    text += "".join(chunk.choices[0].text for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason in ["length", "stop"] and len(text) > 50
    assert server.process.wait(timeout=60) == 0


def test_address_in_use(server):
    port = re.search(r":(\d+)/", server.address).group(1)
    result = subprocess.run([TEMPER, "serve", MODEL, "--port", port], capture_output=True, text=True, timeout=120)
    assert result.returncode == 69 and f"cannot listen on 127.0.0.1:{port}" in result.stderr
