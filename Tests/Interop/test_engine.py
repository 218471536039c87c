"""Model folders travel between Temper and transformers with the same logits (fp32, 1e-4).

Needs torch, transformers and pytest, and Temper's tests built:
    swift build -c release --build-tests -Xswiftc -enable-testing && pytest Tests/Interop/test_engine.py
TEMPER_PACKAGE names the package's folder when it is not this file's.
"""

import json
import os
import pathlib
import subprocess

import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

PACKAGE = os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2]


def run_swift_test(name, **environment):
    result = subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "-Xswiftc", "-enable-testing", "--filter", name],
        cwd=PACKAGE, env={**os.environ, **environment}, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    # A filter that finds nothing also succeeds.
    assert "1 test" in result.stdout + result.stderr, result.stdout[-4000:]


@pytest.fixture(scope="module")
def written_by_temper(tmp_path_factory):
    folder = tmp_path_factory.mktemp("temper")
    run_swift_test("writesForInterop", TEMPER_INTEROP_OUT=str(folder))
    return folder


@pytest.mark.parametrize("name", ["temper-tied", "temper-untied"])
def test_transformers_reads_what_temper_writes(written_by_temper, name):
    folder = written_by_temper / name
    expected = json.loads((folder / "logits.json").read_text())
    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
    with torch.no_grad():
        logits = model(torch.tensor([expected["ids"]])).logits[0]
    assert (logits.flatten() - torch.tensor(expected["logits"])).abs().max() <= 1e-4


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("shard_size", ["5GB", "20KB"])
def test_temper_reads_what_transformers_writes(tmp_path, tied, shard_size):
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=120, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=256, tie_word_embeddings=tied, rope_theta=50000.0, initializer_range=0.2)
    model = LlamaForCausalLM(config).float().eval()
    model.save_pretrained(tmp_path, max_shard_size=shard_size)
    ids = torch.randint(0, 120, (100,))
    with torch.no_grad():
        logits = model(ids[None]).logits[0]
    (tmp_path / "logits.json").write_text(json.dumps({"ids": ids.tolist(), "logits": logits.flatten().tolist()}))
    run_swift_test("readsFromInterop", TEMPER_INTEROP_IN=str(tmp_path))
