"""Makes python-random.json, answer-metrics.json, answer-labels.json, csv-tables.json and google-observations.json.

Run it here with any Python 3.8 or later.
"""

import collections
import csv
import io
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


def prefix_match(prediction, gold):
    """The rule of FireAct's released code, for letters and for yes and no."""
    return float(prediction.strip().lower().startswith(gold.lower()))


def label_match(kind, prediction, gold, options):
    if kind == "yesno":
        words = re.findall(r"[^\W\d_]+", prediction.lower())
        return float(words[:1] == [gold])
    found = re.fullmatch(r"\s*\(?\s*([a-dA-D])(?:\s*|[.):].*)", prediction, re.DOTALL)
    if found:
        return float(found.group(1).upper() == gold)
    plain = lambda text: re.sub(r"\.$", "", " ".join(text.lower().split()))
    return float(plain(prediction) == plain(options["ABCD".index(gold)]))


WORDS = [
    "yes", "no", "Yes", "No.", "YES!", "not sure", "nobody knows", "yes and no", "no, yes", "", " ", "(no)", "true", "I say yes",
    "A", "b", "C.", "(d)", "D)", "a: first", "B. second one", "because", "Apple", "first", "Second One.", "third  option", "-3",
    "3", "3.", "c d", "Bb", "[A]", "**A**", "d.", "(a", "cats", "D, I think",
]
OPTIONS = [["first", "second one", "third option", "-3"], ["3", "A", "cats", "Apple"]]

TABLES = [
    "question,answer\nWho?,Ann\n", "a,b\r\nc,d\r\n", '"a ""b"" c",d\n', '"line one\nline two",x\ny,z', "a,,b\n,,\n", '""\n', "a\n\nb\n",
    'x"y,z\n', '"a,b","c\r\nd"\r\n', "é,日本\n", ' "a" ,b\n', "a,b,\n", '"",""\n',
]


def observation(reply):
    """FireAct's tools/search.py, as its paper states the order."""
    box = reply.get("answer_box", {})
    if "answer" in box:
        return box["answer"]
    if "snippet" in box:
        return box["snippet"]
    if "snippet_highlighted_words" in box:
        return box["snippet_highlighted_words"][0]
    results = reply.get("organic_results", [])
    if results and "snippet" in results[0]:
        return results[0]["snippet"]
    return None


def replies():
    source = random.Random(5)
    made = []
    for number in range(120):
        reply = {"search_parameters": {"q": "x"}}
        if source.random() < 0.6:
            keys = {"answer": f"answer {number}", "snippet": f"snippet {number}", "snippet_highlighted_words": [f"word {number}", "b"]}
            reply["answer_box"] = {key: value for key, value in keys.items() if source.random() < 0.4}
        if source.random() < 0.8:
            reply["organic_results"] = [
                {"title": "t", **({"snippet": f"result {number} {place}"} if source.random() < 0.7 else {})}
                for place in range(source.randrange(3))
            ]
        made.append({"reply": reply, "observation": observation(reply)})
    return made


def main():
    labels = [
        {"kind": "yesno", "prediction": word, "answer": gold, "options": [], "match": label_match("yesno", word, gold, []),
         "prefix": prefix_match(word, gold)}
        for word in WORDS for gold in ("yes", "no")
    ] + [
        {"kind": "choice", "prediction": word, "answer": gold, "options": options,
         "match": label_match("choice", word, gold, options), "prefix": prefix_match(word, gold)}
        for word in WORDS for options in OPTIONS for gold in "ABCD"
    ]
    tables = [{"text": text, "rows": [row for row in csv.reader(io.StringIO(text, newline="")) if row]} for text in TABLES]
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
    for name, value in [
        ("python-random", lists), ("answer-metrics", metrics), ("answer-labels", labels), ("csv-tables", tables),
        ("google-observations", replies()),
    ]:
        (HERE / f"{name}.json").write_text(json.dumps(value, ensure_ascii=True, indent=1) + "\n")


main()
