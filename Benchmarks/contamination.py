"""Time of the contamination check beside a straightforward n-gram check in Python, in one run.

    python3 Benchmarks/contamination.py .build/release/temper [--data ../shared/data] [--runs 3]

needs nothing but Python's standard library. It prints

1. Temper's time per training token at 10^5, 10^6 and 10^7 training tokens with the same test side (in-process, no files);
2. the time of `temper contamination` on generated files of 10^6 training tokens, start and JSON reading included, beside the check
   below on the same files, and the ratio;
3. where the data folder has GSM8K: the same for its training against its test questions, with the peak memory of `temper`.

The check in Python knows exact 10-grams only and no mismatched tokens, so it does less; both must agree on which test examples are
dirty where nothing but exact copies occurs.
"""

import argparse
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

N = 10
TOKEN = re.compile(r"\w+|[^\w\s]")


def tokens(text):
    return TOKEN.findall(text.lower())


def python_check(train, test):
    """The share of each test example's tokens that an exact 10-gram of the training texts covers."""
    places = {}
    examples = [tokens(text) for text in test]
    covered = [[False] * len(example) for example in examples]
    for number, example in enumerate(examples):
        for start in range(len(example) - N + 1):
            places.setdefault(tuple(example[start : start + N]), []).append((number, start))
    for text in train:
        words = tokens(text)
        for start in range(len(words) - N + 1):
            for number, place in places.get(tuple(words[start : start + N]), ()):
                for offset in range(N):
                    covered[number][place + offset] = True
    return [sum(marks) / len(marks) if marks else 0 for marks in covered]


def made_text(source, words=40):
    return " ".join(f"w{int(10 ** (5 * source.random()))}" for _ in range(words)) + "."


def made_files(folder, train_tokens, tests=1000):
    source = random.Random(1)
    test = [made_text(source) for _ in range(tests)]
    train = []
    for number in range(train_tokens // 41):
        text = made_text(source)
        train.append(text + " " + test[number % tests] if number % 200 == 0 else text)
    paths = [os.path.join(folder, name) for name in ("train.jsonl", "test.jsonl")]
    for path, key, texts in zip(paths, ("instruction", "question"), (train, test)):
        with open(path, "w", encoding="utf-8") as file:
            for text in texts:
                file.write(json.dumps({key: text}) + "\n")
    return paths


def texts(path):
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return [record.get("instruction") or record["question"] for record in records]


def temper_check(temper, train, test, rule):
    """Seconds and the report."""
    started = time.perf_counter()
    done = subprocess.run(
        [temper, "contamination", "--train", train, "--test", test, "--rule", rule, "--json"], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, json.loads(done.stdout)


def compare(name, temper, train, test, runs):
    started = time.perf_counter()
    rates = python_check(texts(train), texts(test))
    python_seconds = time.perf_counter() - started
    dirty = sum(rate > 0.8 for rate in rates)
    print(f"{name}: Python, exact 10-grams: {python_seconds:.2f} s, {dirty} dirty")
    found = {}
    for rule in ("paper", "strict"):
        results = [temper_check(temper, train, test, rule) for _ in range(runs)]
        seconds = statistics.median(seconds for seconds, _ in results)
        found[rule] = results[0][1]["dirty"]
        print(
            f"{name}: temper contamination --rule {rule}: {seconds:.2f} s (median of {runs}), {found[rule]} dirty; "
            f"Python takes {python_seconds / seconds:.1f} times as long"
        )
    if not found["paper"] >= found["strict"] >= dirty:
        sys.exit("the rules disagree with exact 10-grams: what these cover is covered under both rules")


def main():
    parser = argparse.ArgumentParser(description="Contamination check: time per token, and beside Python.")
    parser.add_argument("temper", help="the built binary")
    parser.add_argument("--data", default=os.environ.get("TEMPER_DATA", "../shared/data"))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")

    done = subprocess.run(
        [options.temper, "bench", "contamination", "--runs", str(options.runs), "--json"], capture_output=True, text=True, check=True
    )
    rows = json.loads(done.stdout)["contamination"]
    for row in rows:
        print(f"{row['rule']}, {row['training_tokens']:>10,} training tokens: {row['nanoseconds_per_token']:.0f} ns a token")
    for rule in ("paper", "strict"):
        figures = [row["nanoseconds_per_token"] for row in rows if row["rule"] == rule]
        print(f"{rule}: largest over smallest {max(figures) / min(figures):.2f}")

    with tempfile.TemporaryDirectory() as folder:
        compare("1,000,000 tokens", options.temper, *made_files(folder, 1_000_000), options.runs)
    gsm8k = [os.path.join(options.data, "gsm8k", name) for name in ("train.jsonl", "test.jsonl")]
    if all(os.path.exists(path) for path in gsm8k):
        compare("GSM8K", options.temper, *gsm8k, options.runs)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
        print(f"peak memory of temper over all of these: {peak:.0f} MiB")
    else:
        print(f"GSM8K: not in {options.data}")


if __name__ == "__main__":
    main()
