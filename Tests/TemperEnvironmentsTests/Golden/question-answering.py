"""Makes python-random.json and answer-metrics.json: run it here with any Python 3.8 or later."""

import collections
import json
import pathlib
import random
import re
import string

HERE = pathlib.Path(__file__).parent


def normalize(text):
    text = text.lower()
    text = "".join(c for c in text if c not in set(string.punctuation))
    text = re.sub(r"\b(a|an|the)\b", " ", text)
    return " ".join(text.split())


def f1(prediction, answer):
    left, right = normalize(prediction), normalize(answer)
    closed = {"yes", "no", "noanswer"}
    if left != right and (left in closed or right in closed):
        return 0.0
    same = sum((collections.Counter(left.split()) & collections.Counter(right.split())).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(left.split()), same / len(right.split())
    return 2 * precision * recall / (precision + recall)


PAIRS = [
    ("The Cat", "cat"), ("a an the", ""), ("", ""), ("yes", "Yes."), ("yes", "no"), ("no", "no answer"), ("noanswer", "no"),
    ("U.S.A.", "USA"), ("the-end", "theend"), ("the–end", "end"), ("don't", "dont"), ("Żelazowa Wola", "żelazowa  wola"),
    ("Barack Obama the president", "president Obama"), ("a a b b", "a b b c"), ("1,000", "1000"), ("naïve café", "naive cafe"),
    ("x_y", "xy"), ("A", "B"), ("an\u00a0apple", "apple"), ("\u201cthe\u201d dog", "dog"), ("É the", "é"), ("a1", "1"),
    ("the\tquick\nfox", "quick fox"), ("²a", "2"), ("e\u0301 a", "e\u0301"), ("中 the 文", "中 文"), ("1 a\u0301", "1"), ("\u00e9", "e\u0301"),
]


def main():
    lists = []
    for seed, count in [(0, 10), (1, 1), (7, 33), (233, 100), (2**32 - 1, 20), (2**40 + 5, 20)]:
        source = random.Random(seed)
        items = list(range(count))
        source.shuffle(items)
        lists.append({"seed": seed, "shuffled": items, "bits": [source.getrandbits(k) for k in (1, 7, 16, 31, 32)]})
    metrics = [
        {"prediction": p, "answer": a, "normalized": normalize(p), "exact_match": normalize(p) == normalize(a), "f1": f1(p, a)}
        for p, a in PAIRS
    ]
    for name, value in [("python-random", lists), ("answer-metrics", metrics)]:
        (HERE / f"{name}.json").write_text(json.dumps(value, ensure_ascii=True, indent=1) + "\n")


main()
