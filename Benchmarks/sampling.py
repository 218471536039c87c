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

import llama_rival
from llama_rival import own_tokens


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
        command = [self.arguments.llama_python, llama_rival.__file__, part]
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
    arguments = parser.parse_args()
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
