"""Encoding speed of Temper against Hugging Face `tokenizers`, one thread each, on the same files and texts.

    python Benchmarks/tokenizing.py [--megabytes 12] [--runs 5]

Runs alternate; every run loads the tokenizer anew. Prints medians and their ratio (theirs / ours; above 1 Temper is faster).
Texts: prose and conversations below TEMPER_DATA where it is there, Python's own sources, and lines of mixed scripts.
Vocabularies: those of `mistral-common` (SentencePiece as `transformers` converts it), `llama-models` and `dashscope`.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[1])
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
sys.path.insert(0, str(PACKAGE / "Tests/Interop"))
# This file's own name must not hide the package it measures.
sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != pathlib.Path(__file__).resolve().parent]

import tokenizers  # noqa: E402

import real_tokenizers  # noqa: E402
from tokenizer_lines import lines  # noqa: E402


def documents(size):
    """Texts of one line each, `size` bytes together: 60 % prose, 25 % code, 15 % mixed scripts."""
    data = pathlib.Path(os.environ.get("TEMPER_DATA") or PACKAGE.parent / "shared/data")
    prose = []
    for name in ("easy", "medium"):
        if (file := data / f"hotpotqa/{name}.jsonl").exists():
            for line in file.read_text().splitlines():
                prose += [" ".join(sentences) for _, sentences in json.loads(line)["context"]]
    if (file := data / "gsm8k/train.jsonl").exists():
        prose += [" ".join(json.loads(line).values()) for line in file.read_text().splitlines()]
    sources = sorted(pathlib.Path(sysconfig.get_path("stdlib")).glob("*.py"))
    code, docs = [], []
    for file in sources:
        text = file.read_text(errors="replace")
        code += [part.replace("\n", "\r") for part in text.split("\n\n\n")]
        docs += [part.replace("\n", " ") for part in text.split('"""')[1::2]]
    # Without the one mark here that the reference's normaliser does not know.
    mixed = [" ".join(part).replace("\u09fe", "") for part in zip(*[iter(lines())] * 10)]
    made, total = [], 0
    for share, texts in ((0.6, prose or docs), (0.25, code), (0.15, mixed)):
        texts = [text.replace("\n", " ") for text in texts if text.strip()]
        wanted, index, round_number = int(size * share), 0, 0
        while wanted > 0:
            if index == len(texts):
                index, round_number = 0, round_number + 1
            # A repeated text begins with another number, so that no text occurs twice.
            text = texts[index] if round_number == 0 else f"{round_number} {texts[index]}"
            made.append(text)
            wanted -= len(text.encode()) + 1
            index += 1
    return made


def ours(binary, file, texts):
    command = [binary, "bench", "tokenize", "--model", file, "--file", texts, "--runs", "1", "--json"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=PACKAGE).stdout)
    return result["encoding_seconds"][0], result["loading_seconds"][0], result["token_count"]


def theirs(file, texts):
    start = time.perf_counter()
    tokenizer = tokenizers.Tokenizer.from_file(str(file))
    tokenizer.encode_special_tokens = True
    loaded = time.perf_counter()
    encoded = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    return time.perf_counter() - loaded, loaded - start, sum(len(entry.ids) for entry in encoded)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=12)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    binary = os.environ.get("TEMPER") or PACKAGE / ".build/release/temper"
    texts = documents(int(options.megabytes * 1e6))
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts)} texts, {size:.1f} MB; tokenizers {tokenizers.__version__}; medians of {options.runs} alternating runs")
    with tempfile.TemporaryDirectory() as folder:
        text_file = pathlib.Path(folder) / "texts.txt"
        text_file.write_bytes("\n".join(texts).encode())
        texts = text_file.read_bytes().decode().split("\n")
        for name in real_tokenizers.NAMES:
            try:
                tokenizer = real_tokenizers.build(name)
            except real_tokenizers.Missing as missing:
                print(f"{name}: skipped, {missing}")
                continue
            file = pathlib.Path(folder) / f"{name}.json"
            tokenizer.save(str(file))
            mine, other = [], []
            for _ in range(options.runs):
                mine.append(ours(binary, file, text_file))
                other.append(theirs(file, texts))
            assert {entry[2] for entry in mine} == {entry[2] for entry in other}, "the numbers of tokens differ"
            median = lambda runs, column: statistics.median(run[column] for run in runs)
            print(
                f"{name}: Temper {size / median(mine, 0):.1f} MB/s, tokenizers {size / median(other, 0):.1f} MB/s, "
                f"ratio {median(other, 0) / median(mine, 0):.2f}; loading {median(mine, 1):.2f} s and {median(other, 1):.2f} s"
            )


if __name__ == "__main__":
    main()
