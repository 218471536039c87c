"""recipe.schema.json against the Python package `jsonschema`: it is a valid schema, every shipped recipe validates, and what the
decoder refuses does not.

Needs jsonschema, pyyaml and pytest:
    pytest Tests/Interop/test_recipe_schema.py
"""

import json
import pathlib
import re

import jsonschema
import pytest
import yaml

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((PACKAGE / "recipe.schema.json").read_text())
RECIPES = sorted((PACKAGE / "recipes").glob("*.yaml"))


class Loader(yaml.SafeLoader):
    """YAML's own numbers: PyYAML takes 5e-5 for a text."""


Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789"))


def problems(text):
    recipe = yaml.load(text, Loader)
    return list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(recipe))


def test_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert len(RECIPES) >= 6


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_shipped(path):
    assert problems(path.read_text()) == []


@pytest.mark.parametrize("text", [
    "train: { learning_rte: 1 }",
    "train: { learning_rate: fast }",
    "train: { learning_rate: 0 }",
    "train: { epochs: 1.5 }",
    "train: { seed: 3 }",
    "train: { tuning: { lora: { rnk: 4 } } }",
    "train: { precision: fp32 }",
    "train: { native: { precision: fp16 } }",
    "train: { native: { precison: fp32 } }",
    "train: { torch: {} }",
    "collect: { suites: { pocket/hotpotqa: { limt: 3 } } }",
    "collect: { reflexion: { trials: 1 } }",
    "collect: { }\nsuites: { db: { servr: sqlite } }",
    "collect: { }\nsuites: { db: { server: oracle } }",
    "collect: { }\ncurate: { turn_weights: [{ when: turn == 1 }] }",
    "evaluate: { policies: base }",
    "name: nothing",
    "{}",
])
def test_refused(text):
    assert problems(text) != []


@pytest.mark.parametrize("text", [
    "train: {}",
    "train: { tuning: lora }",
    "train: { tuning: { lora: { rank: 4, targets: q_proj } }, native: { precision: bf16, checkpoint_seconds: 0 } }",
    "pretrain: { native: { recompute_activations: true } }",
    "collect: { suites: { pocket/hotpotqa: 3, pocket/database: { split: test } } }",
    "collect: { endpoint: { price: { prompt: 1, completion: 2 }, requests_per_minute: null } }\nsuites: { alfworld: { dialect: 0.4 } }",
    "train: {}\ncurate: { mix: { general: [chats.json, { path: more.json, weight: 2 }] } }",
])
def test_accepted(text):
    assert problems(text) == []
