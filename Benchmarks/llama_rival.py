"""llama.cpp's side of sampling.py, one run in a process of its own; prints what came of it as JSON.

    PYTHON-WITH-LLAMA-CPP llama_rival.py convert|episodes|single|scores --gguf FILE [--workload FILE --setting JSON ...]
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import sys
import time

SINGLE_TOKENS = 128
KINDS = {"f32": 0, "f16": 1, "bf16": 30}


def own_tokens(episode):
    return sum(len(turn["read"]) + turn["write"] for turn in episode["turns"])


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["convert", "episodes", "single", "scores"])
    for name in ("gguf", "model", "kind", "workload", "setting", "given"):
        parser.add_argument(f"--{name}")
    arguments = parser.parse_args()
    if arguments.part == "convert":
        return convert(arguments.model, arguments.gguf, arguments.kind)
    arguments.setting = json.loads(arguments.setting)
    workload = json.loads(pathlib.Path(arguments.workload).read_text())
    call = {"episodes": rival_episodes, "single": rival_single, "scores": rival_scores}[arguments.part]
    context, result = call(arguments, workload)
    if "seconds" in result:
        result["python_share"] = 1 - context.seconds / result["seconds"]
        result["passes"] = context.passes
    result["system"] = context.llama.llama_print_system_info().decode()
    result["version"] = context.llama.__version__
    result["peak_memory_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
