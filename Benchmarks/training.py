"""Training speed of Temper against transformers + PyTorch: the same model, documents, steps and loss curve, in turns.

    python Benchmarks/training.py --temper .build/release/temper --model pocket --dataset runs/NAME/dataset/tokens.safetensors

`--model pocket` is a folder such as Temper's pocket-base; `--model 135m` makes random weights of SmolLM2-135M's shape. The
rival keeps fp32 master weights and takes each step at the fastest of its settings whose curve matches Temper's:

  padded      documents sorted by length, padded together, SDPA with a mask
  packed      rows of documents one after another, block-diagonal mask by position ids
  one by one  each document alone, causal SDPA, gradients accumulated

each in bf16 autocast, the fastest then in fp32 too, and with the head at trained positions only, which transformers does not do
by itself, or at all. Weights in pure bf16 are listed beside. First the settings are tried, then both take the same longer curve once, then they run
in turns. Prints medians over the runs, ratios, the relative difference of the curves and peak memory of both.
"""

import argparse
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SETTINGS = ["padded", "packed", "one by one"]


def documents(path):
    from safetensors.numpy import load_file

    data = load_file(path)
    starts = list(data["document_starts"]) + [len(data["input_ids"])]
    return [(data["input_ids"][a:b], data["mask"][a:b]) for a, b in zip(starts, starts[1:])]


def steps_of(documents, count, tokens_per_step):
    """The same steps as Temper takes: documents in order until the tokens of a step are full."""
    steps, waiting = [], list(reversed(documents))
    while len(steps) < count:
        step, tokens = [], 0
        while waiting and (not step or tokens + len(waiting[-1][0]) <= tokens_per_step):
            step.append(waiting.pop())
            tokens += len(step[-1][0])
        if not step:
            sys.exit(f"the dataset has documents for {len(steps)} steps, not for {count}")
        steps.append(step)
    return steps


def make_135m(folder):
    """Random weights of SmolLM2-135M's shape, so that nothing need be downloaded."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=8192, rope_theta=100000.0, rms_norm_eps=1e-5, tie_word_embeddings=True,
        bos_token_id=0, eos_token_id=0)
    LlamaForCausalLM(config).save_pretrained(folder)


def rival(arguments):
    """One run of PyTorch in this process; prints the losses and times of its steps."""
    import numpy
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(os.cpu_count())
    dtype = torch.bfloat16 if arguments.precision == "pure bf16" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(arguments.folder, dtype=dtype, attn_implementation="sdpa")
    if arguments.lora:
        from peft import LoraConfig, get_peft_model

        torch.manual_seed(0)
        model = get_peft_model(
            model, LoraConfig(r=arguments.lora, lora_alpha=2 * arguments.lora, target_modules="all-linear", lora_dropout=0.0))
    model.train()
    decoder, head = (model.base_model.model if arguments.lora else model), None
    head, decoder = decoder.lm_head, decoder.model
    decays, rest = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (rest if "norm" in name else decays).append(parameter)
    optimiser = torch.optim.AdamW(
        [{"params": decays, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=arguments.learning_rate,
        betas=(0.9, 0.95), eps=1e-8, fused=True)

    def padded(step):
        order = sorted(range(len(step)), key=lambda index: -len(step[index][0]))
        group = []
        for index in order:
            group.append(step[index])
            if len(group) * len(group[0][0]) >= arguments.rows:
                yield group
                group = []
        if group:
            yield group

    def batches(step):
        """(ids, position ids or None, attention mask or None, rows and columns of trained predictions, targets)."""
        if arguments.setting == "padded":
            for group in padded(step):
                length = len(group[0][0])
                ids = numpy.zeros((len(group), length), dtype=numpy.int64)
                mask = numpy.zeros((len(group), length), dtype=numpy.int64)
                trained = numpy.zeros((len(group), length), dtype=bool)
                for row, (tokens, flags) in enumerate(group):
                    ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
                    trained[row, : len(tokens)] = flags > 0
                yield ids, None, mask, trained
        elif arguments.setting == "packed":
            group, rows = [], 0
            for document in step + [None]:
                if document is None or (group and rows + len(document[0]) > arguments.rows):
                    ids = numpy.concatenate([tokens for tokens, _ in group]).astype(numpy.int64)[None]
                    positions = numpy.concatenate([numpy.arange(len(tokens)) for tokens, _ in group])[None]
                    trained = numpy.concatenate([flags > 0 for _, flags in group])[None]
                    yield ids, positions, None, trained
                    group, rows = [], 0
                if document is not None:
                    group.append(document)
                    rows += len(document[0])
        else:
            for tokens, flags in step:
                yield tokens.astype(numpy.int64)[None], None, None, (flags > 0)[None]

    results = []
    for step in steps_of(documents(arguments.dataset), arguments.steps, arguments.tokens_per_step):
        started = time.perf_counter()
        count = sum(int((flags[1:] > 0).sum()) for _, flags in step)
        total = 0.0
        for ids, positions, mask, trained in batches(step):
            ids = torch.from_numpy(ids)
            trained = torch.from_numpy(trained)
            keywords = {"use_cache": False}
            if positions is not None:
                keywords["position_ids"] = torch.from_numpy(positions)
            if mask is not None:
                keywords["attention_mask"] = torch.from_numpy(mask)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=arguments.precision == "autocast"):
                hidden = decoder(ids, **keywords)[0]
                # The first token of a document is never trained, so the position before a trained one is in its document.
                predicts = trained[:, 1:]
                if arguments.head == "trained":
                    logits = head(hidden[:, :-1][predicts])
                else:
                    logits = head(hidden)[:, :-1][predicts]
                loss = torch.nn.functional.cross_entropy(logits.float(), ids[:, 1:][predicts], reduction="sum")
            (loss / count).backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        results.append({
            "loss": total / count, "tokens": sum(len(tokens) for tokens, _ in step), "seconds": time.perf_counter() - started})
    measured = results[min(2, len(results) - 1):]
    print(json.dumps({
        "steps": results,
        "tokens_per_second": sum(r["tokens"] for r in measured) / sum(r["seconds"] for r in measured),
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def run_rival(arguments, folder, setting, precision, head, steps):
    command = [
        sys.executable, __file__, "--rival", "--folder", folder, "--dataset", arguments.dataset, "--setting", setting,
        "--precision", precision, "--head", head, "--steps", str(steps), "--tokens-per-step", str(arguments.tokens_per_step),
        "--learning-rate", str(arguments.learning_rate), "--lora", str(arguments.lora), "--rows", str(arguments.rows)]
    output = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    if output.returncode != 0:
        return {"error": output.stderr.strip().splitlines()[-1]}
    return json.loads(output.stdout.strip().splitlines()[-1])


def run_temper(arguments, folder, steps):
    command = [
        arguments.temper, "bench", "train", "--model", folder, "--dataset", arguments.dataset, "--steps", str(steps),
        "--tokens-per-step", str(arguments.tokens_per_step), "--learning-rate", str(arguments.learning_rate), "--json"]
    if arguments.lora:
        command += ["--lora", str(arguments.lora)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def difference(ours, theirs):
    """The largest relative difference of the two loss curves."""
    return max(abs(a["loss"] - b["loss"]) / b["loss"] for a, b in zip(ours["steps"], theirs["steps"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--temper", default=".build/release/temper")
    parser.add_argument("--model", default="135m", help="135m, or a model folder")
    parser.add_argument("--dataset")
    parser.add_argument("--make-135m", metavar="FOLDER", help="only writes the 135M model")
    parser.add_argument("--steps", type=int, default=6, help="of each run; the first two are not timed")
    parser.add_argument("--curve-steps", type=int, default=30, help="of the loss curves that are compared")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tokens-per-step", type=int, default=8192)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--lora", type=int, default=0, help="rank; 0 trains all weights")
    parser.add_argument("--rows", type=int, default=2048, help="tokens of one pass of the rival")
    parser.add_argument("--probe-steps", type=int, default=4, help="steps to choose the rival's fastest setting")
    parser.add_argument("--rival", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--setting", choices=SETTINGS, help=argparse.SUPPRESS)
    parser.add_argument("--precision", choices=["autocast", "fp32", "pure bf16"], help=argparse.SUPPRESS)
    parser.add_argument("--head", choices=["trained", "all"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.rival:
        return rival(arguments)
    if arguments.make_135m:
        return make_135m(arguments.make_135m)
    if not arguments.dataset:
        parser.error("--dataset is missing")

    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.model
        if folder == "135m":
            folder = str(pathlib.Path(scratch) / "model")
            make_135m(folder)
        print(f"command: {' '.join(sys.argv)}")
        print(f"machine: {os.cpu_count()} cores, {platform.platform()}")
        print("the rival's settings:")
        reference = run_temper(arguments, folder, arguments.probe_steps)
        speeds = {}

        def probe(setting, precision, head):
            result = run_rival(arguments, folder, setting, precision, head, arguments.probe_steps)
            label = f"{setting}, {precision}, head at {head} rows"
            if "error" in result:
                return print(f"  {label}: {result['error']}", flush=True)
            speeds[(setting, precision, head)] = result["tokens_per_second"]
            print(
                f"  {label}: {result['tokens_per_second']:.0f} tokens/s, curve {difference(reference, result):.2%} off", flush=True)

        for setting in SETTINGS:
            probe(setting, "autocast", "trained")
        fastest = max(speeds, key=speeds.get)[0]
        for precision, head in [("autocast", "all"), ("fp32", "all"), ("fp32", "trained"), ("pure bf16", "trained")]:
            probe(fastest, precision, head)
        fair = {key: speed for key, speed in speeds.items() if key[1] != "pure bf16"}
        plain = max((key for key in fair if key[2] == "all"), key=fair.get)
        best = max(fair, key=fair.get)
        pure = max((key for key in speeds if key[1] == "pure bf16"), key=speeds.get)
        curve = difference(
            run_temper(arguments, folder, arguments.curve_steps), run_rival(arguments, folder, *best, arguments.curve_steps))
        results = {"temper": []} | {key: [] for key in dict.fromkeys([plain, best])}
        for _ in range(arguments.runs):
            results["temper"].append(run_temper(arguments, folder, arguments.steps))
            for key in list(results)[1:]:
                results[key].append(run_rival(arguments, folder, *key, arguments.steps))

    def median(key, field="tokens_per_second"):
        return statistics.median(result[field] for result in results[key])

    def figures(key):
        speeds = [result["tokens_per_second"] for result in results[key]]
        return (
            f"{median(key):.0f} tokens/s ({min(speeds):.0f} to {max(speeds):.0f}), "
            f"peak memory {median(key, 'peak_memory_bytes') / 2**20:.0f} MiB")

    ours = results["temper"][0]
    print(f"{ours['machine']}, commit {ours['commit']}; medians of {arguments.runs} alternating runs:")
    print(f"temper: {figures('temper')}")
    names = {plain: "transformers as it is", best: "transformers, head at trained rows"}
    for key in list(results)[1:]:
        print(
            f"{names[key]} ({', '.join(key)}): {figures(key)}; temper is {median('temper') / median(key):.2f} x as fast, "
            f"with {median('temper', 'peak_memory_bytes') / median(key, 'peak_memory_bytes'):.2f} x the memory")
    print(f"loss curves over {arguments.curve_steps} steps: at most {curve:.2%} apart ({', '.join(best)})")
    print(f"pure bf16 weights (no fair rival): {speeds[pure]:.0f} tokens/s")


if __name__ == "__main__":
    main()
