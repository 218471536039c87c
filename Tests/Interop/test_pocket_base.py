"""The shipped model, its tokenizer and chat template, and a dataset's loss: Temper's command line against transformers."""

import json
import os
import pathlib
import subprocess

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2])
MODEL = PACKAGE / "Sources/TemperExperiment/Models/pocket-base"
TEXTS = [
    "Which city is home to The Silver Harbor?", "  two  spaces\n\n\tand tabs ", "naïve café 東京 🙂 e\u0301", "SELECT COUNT(*) FROM films;",
    "ls -l | grep 'x' > out.txt", '{"a": [1, 2.50, null]}', "", "1984 and 12,345,678", "Thought: hm\nAction: search[Velmora]",
]


def temper(*arguments):
    result = subprocess.run([PACKAGE / ".build/release/temper", *map(str, arguments)], cwd=PACKAGE, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(MODEL)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "small"
    recipe = ["recipes/quickstart.yaml", "--run", folder, "--set", "collect.suites.pocket/hotpotqa.limit=30", "--set", "curate.held_out=5"]
    temper("collect", *recipe, "--json")
    temper("curate", *recipe, "--json")
    return folder


@pytest.mark.parametrize("text", TEXTS)
def test_same_token_ids(tokenizer, text):
    ids = temper("tokenize", "pocket-base", "--text", text, "--json")["ids"]
    assert ids == tokenizer(text, add_special_tokens=False)["input_ids"]


def test_documents_are_rendered_as_the_chat_template_says(tokenizer, dataset):
    tensors = load_file(dataset / "dataset/tokens.safetensors")
    starts = tensors["document_starts"].tolist() + [len(tensors["input_ids"])]
    lines = (dataset / "dataset/train.jsonl").read_text().splitlines()
    assert len(lines) == len(starts) - 1 > 20
    for index, line in enumerate(lines):
        messages = [
            {"role": message["role"], "content": "".join(span["text"] for span in message["spans"])}
            for message in json.loads(line)["messages"]
        ]
        text = tokenizer.decode(tensors["input_ids"][starts[index]:starts[index + 1]])
        assert text == tokenizer.apply_chat_template(messages, tokenize=False)


def test_same_loss_over_trained_tokens(dataset):
    ours = temper("loss", "pocket-base", dataset / "dataset", "--json")
    model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).eval()
    tensors = load_file(dataset / "dataset/tokens.safetensors")
    ids, mask = tensors["input_ids"].long(), tensors["mask"].bool()
    starts = tensors["document_starts"].tolist() + [len(ids)]
    total, count = 0.0, 0
    with torch.no_grad():
        for start, end in zip(starts, starts[1:]):
            logits = model(ids[None, start:end]).logits[0, :-1]
            losses = torch.nn.functional.cross_entropy(logits, ids[start + 1:end], reduction="none")
            trained = mask[start + 1:end]
            total += losses[trained].double().sum().item()
            count += trained.sum().item()
    assert ours["token_count"] == count
    assert abs(ours["loss_sum"] - total) <= 1e-4 * total
