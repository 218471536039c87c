"""Agent sampling of Temper against llama.cpp: the same weights, episodes and number of tokens, in turns.

    python3 Benchmarks/sampling.py --temper .build/release/temper --model FOLDER --llama-python .venv-llama/bin/python

Made so, with the rival built for the machine it runs on:

    python3 -m venv .venv-llama
    CMAKE_ARGS="-DGGML_NATIVE=ON" .venv-llama/bin/pip install --no-binary llama-cpp-python -r Benchmarks/requirements-llama.txt

32 episodes begin with the same 1,000 tokens; each then reads a question and 2 to 5 observations and writes after each of them.
Token ids are random, from a seed. All is greedy, and every turn writes as many tokens as the workload says, whatever they are.

The rival computes the prefix once, copies it between sequences and decodes all episodes in one batch; an episode that reads an
observation does so in the batch in which the others decode. It runs with the fastest of its settings: one buffer of keys and
values for all sequences or one each, flash attention or none, tokens of one pass, type of the cache. Its weights are written from
the model folder as bfloat16 (norms fp32). Before anything is timed, the two must agree: in fp32 token for token; in bf16 the
share of Temper's tokens that are the rival's first choice too, and how far the others are from it, is printed.

The folder is a Hugging Face one of the Llama family without rope scaling. Prints medians over the runs and ratios.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SINGLE_TOKENS = 128
KINDS = {"f32": 0, "f16": 1, "bf16": 30}


def made_workload(vocabulary, prefix=1000, episodes=32, seed=1):
    """Token ids of no meaning; the first 300 of a vocabulary may be special and are left out."""
    source = random.Random(seed)

    def ids(count):
        return [source.randrange(min(300, vocabulary // 2), vocabulary) for _ in range(count)]

    made = {"prefix": ids(prefix), "episodes": []}
    for _ in range(episodes):
        turns = [{"read": ids(source.randint(20, 40)), "write": source.randint(30, 70)}]
        for _ in range(source.randint(2, 5)):
            turns.append({"read": ids(source.randint(30, 120)), "write": source.randint(30, 70)})
        made["episodes"].append({"turns": turns})
    return made


def own_tokens(episode):
    return sum(len(turn["read"]) + turn["write"] for turn in episode["turns"])


# What follows runs in the rival's Python.


def tensors(folder):
    """Name and fp32 values of every tensor of a folder, one at a time."""
    import numpy

    for path in sorted(pathlib.Path(folder).glob("*.safetensors")):
        with open(path, "rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(size))
        values = numpy.memmap(path, dtype=numpy.uint8, mode="r", offset=8 + size)
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            raw = values[start:end]
            if entry["dtype"] == "BF16":
                made = (raw.view(numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
            else:
                made = raw.view({"F32": numpy.float32, "F16": numpy.float16}[entry["dtype"]]).astype(numpy.float32)
            yield name, made.reshape(entry["shape"])


def convert(folder, output, kind):
    """Writes a Llama folder as GGUF: matrices as `kind` (f32 or bf16), norms fp32, no vocabulary but its size."""
    import gguf
    import numpy

    config = json.loads((pathlib.Path(folder) / "config.json").read_text())
    rope = config.get("rope_parameters") or {"rope_theta": config.get("rope_theta", 10000.0)}
    scaling = config.get("rope_scaling") or (rope if rope.get("rope_type", "default") != "default" else None)
    if config["model_type"] != "llama" or scaling or config.get("attention_bias") or config.get("mlp_bias"):
        sys.exit(f"{folder}: only Llama models without rope scaling and biases are converted")
    width, heads = config["hidden_size"], config["num_attention_heads"]
    key_heads = config.get("num_key_value_heads") or heads
    head = config.get("head_dim") or width // heads
    writer = gguf.GGUFWriter(output, "llama")
    writer.add_name("benchmark")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(width)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("none")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32 if kind == "f32" else gguf.LlamaFileType.MOSTLY_BF16)
    names = {
        "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight"}
    parts = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
        "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
    for name, values in tensors(folder):
        if name in names:
            if name == "lm_head.weight" and config.get("tie_word_embeddings"):
                continue
            target = names[name]
        else:
            _, _, layer, part = name.removesuffix(".weight").split(".", 3)
            target = f"blk.{layer}.{parts[part]}.weight"
            if part in ("self_attn.q_proj", "self_attn.k_proj"):
                # The rival rotates neighbouring values of a head, the folder's layout pairs its two halves.
                count = heads if part == "self_attn.q_proj" else key_heads
                values = values.reshape(count, 2, head // 2, width).swapaxes(1, 2).reshape(count * head, width)
        if values.ndim > 1 and kind == "bf16":
            packed = gguf.quants.quantize(numpy.ascontiguousarray(values), gguf.GGMLQuantizationType.BF16)
            writer.add_tensor(target, packed, raw_dtype=gguf.GGMLQuantizationType.BF16)
        else:
            writer.add_tensor(target, numpy.ascontiguousarray(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class Rival:
    """One context of llama.cpp, with batches filled by numpy."""

    # Room for every episode to read its longest observation in the same batch.
    batch_tokens = 4096

    def __init__(self, file, setting, sequences, context):
        """`context` is the number of tokens of all sequences in one buffer, or of each in its own."""
        import ctypes

        import llama_cpp
        import numpy

        self.llama, self.numpy, self.ctypes = llama_cpp, numpy, ctypes
        self.messages = []

        @llama_cpp.llama_log_callback
        def log(level, text, _):
            self.messages.append(text.decode(errors="replace"))

        self.log = log
        llama_cpp.llama_log_set(log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self.model = llama_cpp.llama_model_load_from_file(file.encode(), parameters)
        if not self.model:
            sys.exit("the rival does not load the model: " + "".join(self.messages[-20:]))
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        parameters = llama_cpp.llama_context_default_params()
        # The size of a sequence's buffer is a multiple of 256.
        parameters.n_ctx = -(-context // 256) * 256 * (1 if setting["unified"] else sequences)
        parameters.n_batch = self.batch_tokens
        parameters.n_ubatch = setting["ubatch"]
        parameters.n_seq_max = sequences
        parameters.n_threads = parameters.n_threads_batch = os.cpu_count()
        parameters.flash_attn_type = {"auto": -1, "off": 0, "on": 1}[setting["flash"]]
        parameters.type_k = parameters.type_v = KINDS[setting["cache"]]
        parameters.kv_unified = setting["unified"]
        parameters.offload_kqv = parameters.op_offload = False
        self.context = llama_cpp.llama_init_from_model(self.model, parameters)
        if not self.context:
            sys.exit("the rival makes no context: " + "".join(self.messages[-5:]))
        self.memory = llama_cpp.llama_get_memory(self.context)
        count = self.batch_tokens
        self.tokens, self.positions, self.counts = (numpy.ones(count, dtype=numpy.int32) for _ in range(3))
        self.wanted = numpy.zeros(count, dtype=numpy.int8)
        numbers = numpy.arange(sequences, dtype=numpy.int32)
        self.numbers = numbers
        self.number_places = (numbers.ctypes.data + 4 * numpy.arange(sequences)).astype(numpy.uint64)
        self.places = numpy.zeros(count, dtype=numpy.uint64)
        self.batch = llama_cpp.llama_batch()
        for field, values in [
            ("token", self.tokens), ("pos", self.positions), ("n_seq_id", self.counts), ("seq_id", self.places),
            ("logits", self.wanted)]:
            setattr(self.batch, field, ctypes.cast(values.ctypes.data, dict(llama_cpp.llama_batch._fields_)[field]))
        #: Seconds inside the library.
        self.seconds = 0.0
        self.passes = 0

    def decode(self, pieces):
        """`pieces`: (sequence, first position, tokens, how many of the last have their logits wanted).

        Returns the wanted logits, [rows, vocabulary], in the pieces' order; good until the next call.
        """
        total = wanted = 0
        for sequence, position, tokens, rows in pieces:
            end = total + len(tokens)
            self.tokens[total:end] = tokens
            self.positions[total:end] = range(position, position + len(tokens)) if len(tokens) > 1 else position
            self.places[total:end] = self.number_places[sequence]
            self.wanted[total:end] = 0
            self.wanted[end - rows : end] = 1
            total, wanted = end, wanted + rows
        self.batch.n_tokens = total
        started = time.perf_counter()
        status = self.llama.llama_decode(self.context, self.batch)
        if status != 0:
            sys.exit(f"the rival's llama_decode returns {status}: " + "".join(self.messages[-5:]))
        logits = self.llama.llama_get_logits(self.context) if wanted else None
        self.seconds += time.perf_counter() - started
        self.passes += 1
        return self.numpy.ctypeslib.as_array(logits, (wanted, self.vocabulary)) if wanted else None

    def copy(self, source, target):
        started = time.perf_counter()
        self.llama.llama_memory_seq_cp(self.memory, source, target, -1, -1)
        self.seconds += time.perf_counter() - started

    def clear(self):
        self.llama.llama_memory_clear(self.memory, True)

    def warm_up(self):
        """A pass with many rows and one with few, so that no run pays for what is done once."""
        for count in (64, 1):
            self.decode([(0, 0, [1] * count, 1)])
            self.clear()
        self.seconds, self.passes = 0.0, 0


def rival_episodes(arguments, workload):
    # Episodes that end together with others: the longest first, so that those still running have consecutive numbers, which the
    # rival needs to compute them in one pass where each has a buffer of its own.
    order = sorted(
        range(len(workload["episodes"])), key=lambda index: -sum(turn["write"] for turn in workload["episodes"][index]["turns"]))
    episodes = [workload["episodes"][index]["turns"] for index in order]
    prefix = workload["prefix"]
    own = [own_tokens(episode) for episode in workload["episodes"]]
    setting = arguments.setting
    rival = Rival(
        arguments.gguf, setting, len(episodes), len(prefix) + (sum(own) if setting["unified"] else max(own)))
    rival.warm_up()
    started = time.perf_counter()
    for start in range(0, len(prefix), rival.batch_tokens):
        rival.decode([(0, start, prefix[start : start + rival.batch_tokens], 0)])
    for sequence in range(1, len(episodes)):
        rival.copy(0, sequence)
    written = [[[]] for _ in episodes]
    lengths = [len(prefix)] * len(episodes)
    waiting = [episode[0]["read"] for episode in episodes]
    active = list(range(len(episodes)))
    while active:
        logits = rival.decode([(sequence, lengths[sequence], waiting[sequence], 1) for sequence in active])
        best = logits.argmax(axis=1).tolist()
        running = []
        for sequence, token in zip(active, best):
            lengths[sequence] += len(waiting[sequence])
            replies, turns = written[sequence], episodes[sequence]
            replies[-1].append(token)
            waiting[sequence] = [token]
            if len(replies[-1]) == turns[len(replies) - 1]["write"]:
                if len(replies) == len(turns):
                    continue
                waiting[sequence] = [token] + turns[len(replies)]["read"]
                replies.append([])
            running.append(sequence)
        active = running
    seconds = time.perf_counter() - started
    ids = [None] * len(episodes)
    for place, index in enumerate(order):
        ids[index] = written[place]
    return rival, {
        "seconds": seconds, "episodes_per_minute": 60 * len(episodes) / seconds,
        "written_tokens_per_second": sum(turn["write"] for turns in episodes for turn in turns) / seconds, "ids": ids}


def rival_single(arguments, workload):
    prefix = workload["prefix"]
    rival = Rival(arguments.gguf, arguments.setting, 1, len(prefix) + SINGLE_TOKENS + 1)
    rival.warm_up()
    started = time.perf_counter()
    ids = [int(rival.decode([(0, 0, prefix, 1)])[0].argmax())]
    prompted = time.perf_counter()
    rival.seconds = 0.0
    for index in range(SINGLE_TOKENS):
        ids.append(int(rival.decode([(0, len(prefix) + index, ids[-1:], 1)])[0].argmax()))
    seconds = time.perf_counter() - prompted
    return rival, {
        "prompt_seconds": prompted - started, "prompt_tokens_per_second": len(prefix) / (prompted - started),
        "seconds": seconds, "written_tokens_per_second": SINGLE_TOKENS / seconds, "ids": ids}


def rival_scores(arguments, workload):
    """How the rival judges given replies, each token after the same text."""
    given = json.loads(pathlib.Path(arguments.given).read_text())
    prefix = workload["prefix"]
    rival = Rival(arguments.gguf, arguments.setting, 1, len(prefix) + max(own_tokens(e) for e in workload["episodes"]))
    equal = total = 0
    gaps, deviations = [], []
    for episode, replies in zip(workload["episodes"], given):
        rival.clear()
        position, waiting = 0, list(prefix)
        for turn, reply in zip(episode["turns"], replies):
            tokens = waiting + turn["read"] + reply[:-1]
            logits = rival.decode([(0, position, tokens, len(reply))])
            position += len(tokens)
            waiting = reply[-1:]
            numpy = rival.numpy
            chosen = logits[numpy.arange(len(reply)), reply]
            equal += int((logits.argmax(axis=1) == numpy.array(reply)).sum())
            total += len(reply)
            gaps.append(float((logits.max(axis=1) - chosen).max()))
            deviations.append(float(logits.std()))
    return rival, {"first_choices": equal / total, "tokens": total, "largest_gap": max(gaps), "deviation": statistics.mean(deviations)}


def rival(arguments):
    """One run in this process; prints what came of it."""
    if arguments.rival == "convert":
        return convert(arguments.model, arguments.gguf, arguments.kind)
    arguments.setting = json.loads(arguments.setting)
    workload = json.loads(pathlib.Path(arguments.workload).read_text())
    call = {"episodes": rival_episodes, "single": rival_single, "scores": rival_scores}[arguments.rival]
    context, result = call(arguments, workload)
    if "seconds" in result:
        result["python_share"] = 1 - context.seconds / result["seconds"]
        result["passes"] = context.passes
    result["system"] = context.llama.llama_print_system_info().decode()
    result["version"] = context.llama.__version__
    result["peak_memory_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result))


# What follows compares.


def busy():
    """Seconds of all cores that were used since the machine started, and that there were; None where the system does not tell."""
    if not os.path.exists("/proc/stat"):
        return None
    with open("/proc/stat") as file:
        # user, nice, system, idle, waiting, interrupts (2), stolen
        fields = [int(field) / os.sysconf("SC_CLK_TCK") for field in file.readline().split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


class Comparison:
    def __init__(self, arguments, scratch):
        self.arguments, self.scratch = arguments, pathlib.Path(scratch)
        self.files = {}
        # The share of the machine that others used during each run.
        self.others = []

    def run(self, command):
        before, children = busy(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True)
        if before:
            after, used = busy(), resource.getrusage(resource.RUSAGE_CHILDREN)
            own = used.ru_utime + used.ru_stime - children.ru_utime - children.ru_stime
            self.others.append(max(0.0, (after[0] - before[0] - own) / max(0.01, after[1] - before[1])))
        return done

    def file(self, name, value):
        path = self.scratch / name
        path.write_text(json.dumps(value))
        return str(path)

    def gguf(self, kind):
        if kind not in self.files:
            self.files[kind] = str(self.scratch / f"{kind}.gguf")
            self.call("convert", kind=kind, gguf=self.files[kind], model=self.arguments.model)
        return self.files[kind]

    def call(self, part, **options):
        command = [self.arguments.llama_python, os.path.abspath(__file__), "--rival", part]
        for name, value in options.items():
            command += [f"--{name}", json.dumps(value) if isinstance(value, dict) else str(value)]
        done = self.run(command)
        if done.returncode != 0:
            sys.exit(f"the rival fails ({part}): {done.stderr.strip()[-2000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None

    def rival(self, part, workload, setting, kind="bf16", **more):
        return self.call(part, gguf=self.gguf(kind), workload=workload, setting=setting, **more)

    def temper(self, workload, single=False, precision="auto"):
        command = [
            self.arguments.temper, "bench", "generate", "--episodes", workload, "--model", self.arguments.model, "--precision",
            precision, "--runs", "1", "--json"]
        done = self.run(command + ["--single"] * single)
        if done.returncode != 0:
            sys.exit(f"temper fails: {done.stderr.strip()}")
        return json.loads(done.stdout)


def label(setting):
    return (
        f"{'one buffer for all' if setting['unified'] else 'a buffer each'}, flash attention {setting['flash']}, "
        f"{setting['ubatch']} tokens a pass, {setting['cache']} cache")


def check(comparison, workload, setting):
    """That both compute the same."""
    plain = {"unified": True, "flash": "off", "ubatch": 512, "cache": "f32"}
    short = comparison.file("short.json", {
        "prefix": workload["prefix"][:40], "episodes": [{"turns": [{"read": workload["prefix"][40:60], "write": 32}]}]})
    ours, theirs = comparison.temper(short, precision="fp32")["ids"], comparison.rival("episodes", short, plain, "f32")["ids"]
    same = next((index for index, (a, b) in enumerate(zip(ours[0][0], theirs[0][0])) if a != b), 32)
    print(f"fp32, a prompt of 60 tokens: the first {same} of 32 greedy tokens are the same", flush=True)
    if same < 32:
        sys.exit("the two do not compute the same model")
    few = {"prefix": workload["prefix"], "episodes": workload["episodes"][:4]}
    file = comparison.file("few.json", few)
    for precision, kind, how in [("fp32", "f32", plain), ("bf16", "bf16", setting)]:
        given = comparison.file("given.json", comparison.temper(file, precision=precision)["ids"])
        scores = comparison.rival("scores", file, {**how, "unified": True}, kind, given=given)
        print(
            f"{precision}: {scores['first_choices']:.1%} of {scores['tokens']} tokens of Temper in {len(few['episodes'])} episodes are "
            f"the rival's first choice after the same text; the others' logits are at most {scores['largest_gap']:.4f} below it "
            f"(deviation over the vocabulary {scores['deviation']:.2f})", flush=True)


def agreement(ours, theirs, count=16):
    """The share of equal tokens among the first of each episode."""
    equal = total = 0
    for a, b in zip(ours, theirs):
        a, b = sum(a, [])[:count], sum(b, [])[:count]
        equal += sum(x == y for x, y in zip(a, b))
        total += len(a)
    return equal / total


def fastest(comparison, part, workload, first, more):
    """Tries `first`, then each change in `more` on top of the fastest so far; returns the fastest setting."""
    speeds = {}

    def probe(setting):
        result = comparison.rival(part, workload, setting)
        speeds[json.dumps(setting)] = result["written_tokens_per_second"]
        speed = f"{result['written_tokens_per_second']:.1f} tokens/s"
        if part == "episodes":
            speed += f", {result['episodes_per_minute']:.1f} episodes/min"
        print(
            f"  {label(setting)}: {speed}, {result['passes']} calls, {result['python_share']:.1%} of the time in Python, "
            f"peak memory {result['peak_memory_bytes'] / 2**20:.0f} MiB", flush=True)

    for setting in first:
        probe(setting)
    for change in more:
        setting = {**json.loads(max(speeds, key=speeds.get)), **change}
        if json.dumps(setting) not in speeds:
            probe(setting)
    return json.loads(max(speeds, key=speeds.get))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--temper", default=".build/release/temper")
    parser.add_argument("--model", help="a Llama folder with safetensors")
    parser.add_argument("--llama-python", default=".venv-llama/bin/python", help="a Python that has the rival")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--episodes", type=int, default=32)
    parser.add_argument("--workload", help="where to leave the workload; nothing is measured without --model")
    parser.add_argument("--vocabulary", type=int, default=49152, help="of a workload without --model")
    parser.add_argument(
        "--no-probes", action="store_true", help="do not look for the rival's fastest setting, take the one that was it before")
    parser.add_argument("--rival", choices=["convert", "episodes", "single", "scores"], help=argparse.SUPPRESS)
    for name in ("gguf", "setting", "kind", "given"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.rival:
        return rival(arguments)
    if not arguments.model:
        if not arguments.workload:
            parser.error("--model is missing")
        return pathlib.Path(arguments.workload).write_text(
            json.dumps(made_workload(arguments.vocabulary, episodes=arguments.episodes)))

    vocabulary = json.loads((pathlib.Path(arguments.model) / "config.json").read_text())["vocab_size"]
    workload = made_workload(vocabulary, episodes=arguments.episodes)
    with tempfile.TemporaryDirectory() as scratch:
        comparison = Comparison(arguments, scratch)
        file = comparison.file("workload.json", workload)
        if arguments.workload:
            pathlib.Path(arguments.workload).write_text(json.dumps(workload))
        print(f"command: {' '.join(sys.argv)}")
        print(f"machine: {os.cpu_count()} cores, {platform.platform()}")
        tokens = [own_tokens(episode) for episode in workload["episodes"]]
        written = sum(turn["write"] for episode in workload["episodes"] for turn in episode["turns"])
        print(
            f"workload: {len(tokens)} episodes after {len(workload['prefix'])} common tokens, {min(tokens)} to {max(tokens)} of their "
            f"own, {written} written in all")
        default = {"unified": False, "flash": "off", "ubatch": 512, "cache": "bf16"}
        check(comparison, workload, default)
        setting = single_setting = default
        if not arguments.no_probes:
            print("the rival's settings, episodes:")
            setting = fastest(
                comparison, "episodes", file,
                # One buffer for all sequences is two to four times slower: every query passes over all cells.
                [{**default, "flash": flash} for flash in ("off", "on")],
                [{"flash": "auto"}, {"ubatch": 2048}, {"cache": "f16"}])
            print("the rival's settings, one stream:")
            single_setting = fastest(
                comparison, "single", file, [{**default, "flash": flash} for flash in ("off", "on", "auto")],
                [{"cache": "f16"}, {"ubatch": 2048}])
        ours, theirs, our_single, their_single = [], [], [], []
        comparison.others = []
        for _ in range(arguments.runs):
            ours.append(comparison.temper(file))
            theirs.append(comparison.rival("episodes", file, setting))
            our_single.append(comparison.temper(file, single=True))
            their_single.append(comparison.rival("single", file, single_setting))
            print(
                f"run {len(ours)}: Temper {ours[-1]['episodes_per_minute']:.1f}, llama.cpp {theirs[-1]['episodes_per_minute']:.1f} "
                f"episodes/min; one stream {our_single[-1]['written_tokens_per_second']:.1f} and "
                f"{their_single[-1]['written_tokens_per_second']:.1f} tokens/s; others used at most "
                f"{max(comparison.others[-4:], default=0):.1%} of the machine", flush=True)

        def median(results, key):
            return statistics.median(result[key] for result in results)

        def spread(results, key):
            values = [result[key] for result in results]
            return f"{min(values):.1f} to {max(values):.1f}"

        print(f"Temper: commit {ours[0]['setting']['commit']}, {ours[0]['setting']['machine']}, {ours[0]['setting']['precision']}")
        print(f"the rival: llama-cpp-python {theirs[0]['version']}; {theirs[0]['system']}")
        print(f"medians of {arguments.runs} alternating runs:")
        for name, results, memory in [
            ("Temper", ours, statistics.median(result["setting"]["peak_memory_bytes"] for result in ours)),
            (f"llama.cpp ({label(setting)})", theirs, median(theirs, "peak_memory_bytes"))]:
            print(
                f"  {name}: {median(results, 'episodes_per_minute'):.1f} episodes/min "
                f"({spread(results, 'episodes_per_minute')}), {median(results, 'written_tokens_per_second'):.1f} tokens/s, "
                f"peak memory {memory / 2**20:.0f} MiB")
        for name, results in [("Temper", our_single), (f"llama.cpp ({label(single_setting)})", their_single)]:
            print(
                f"  {name}, one stream: {median(results, 'written_tokens_per_second'):.1f} tokens/s "
                f"({spread(results, 'written_tokens_per_second')}), prompt {median(results, 'prompt_tokens_per_second'):.0f} tokens/s")
        print(
            f"  of the rival's time in Python: {median(theirs, 'python_share'):.1%} with episodes, "
            f"{median(their_single, 'python_share'):.1%} with one stream")
        print(f"  equal tokens among the first 16 of each episode: {agreement(ours[0]['ids'], theirs[0]['ids']):.1%}")
        for name, key, a, b in [
            ("episodes per minute", "episodes_per_minute", ours, theirs),
            ("one stream", "written_tokens_per_second", our_single, their_single)]:
            print(f"{name}: Temper is {median(a, key) / median(b, key):.2f} x as fast")


if __name__ == "__main__":
    main()
