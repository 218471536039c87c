#!/usr/bin/env python3
"""Writes Tests/TemperAgentsTests/Golden/sentence-bleu.json: sentence BLEU by NLTK (pip install nltk==3.10.4), smoothing method 4.

Run in the package's folder: python3 Tests/Golden/bleu_golden.py
"""

import json
import random

import nltk
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

WORDS = "go to cabinet 1 2 3 put take apple mug from in on the open close fridge desk lamp use look clean heat with".split()
PAIRS = [
    ("go to cabinet 1", "go to cabinet 1"),
    ("go to cabinet 1", "go to the cabinet 1"),
    ("go to cabinet 1", "go cabinet"),
    ("look", "look"),
    ("look", "look around"),
    ("take apple 1 from desk 1", "apple"),
    ("put mug 1 in/on desk 1", "fly home"),
    ("put mug 1 in/on desk 1", "put put put put put put put put"),
]


def main():
    random.seed(7)
    pairs = list(PAIRS)
    for _ in range(300):
        reference = random.choices(WORDS, k=random.randint(1, 9))
        if random.random() < 0.6:
            hypothesis = [w for w in reference if random.random() < 0.8] + random.choices(WORDS, k=random.randint(0, 2))
        else:
            hypothesis = random.choices(WORDS, k=random.randint(1, 9))
        if hypothesis:
            pairs.append((" ".join(reference), " ".join(hypothesis)))
    smoothing = SmoothingFunction().method4
    cases = [
        {
            "reference": reference,
            "hypothesis": hypothesis,
            "score": float(sentence_bleu([reference.split()], hypothesis.split(), smoothing_function=smoothing)),
        }
        for reference, hypothesis in pairs
    ]
    with open("Tests/TemperAgentsTests/Golden/sentence-bleu.json", "w") as file:
        json.dump({"nltk": nltk.__version__, "cases": cases}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
