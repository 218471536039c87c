"""Adapters travel between Temper and peft with the same logits (fp32, 1e-4).

Needs torch, transformers, peft and pytest, and Temper's tests built:
    swift build -c release --build-tests -Xswiftc -enable-testing && pytest Tests/Interop/test_lora.py
TEMPER_PACKAGE names the package's folder when it is not this file's.
"""

import json

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from test_engine import run_swift_test
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM


def logits_of(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].flatten()


@pytest.fixture(scope="module")
def written_by_temper(tmp_path_factory):
    folder = tmp_path_factory.mktemp("temper")
    run_swift_test("writesAdaptersForInterop", TEMPER_INTEROP_OUT=str(folder))
    return folder


@pytest.mark.parametrize("name", ["all", "some"])
def test_peft_reads_what_temper_writes(written_by_temper, name):
    folder = written_by_temper / name
    expected = json.loads((folder / "logits.json").read_text())
    base = AutoModelForCausalLM.from_pretrained(written_by_temper / "base", dtype=torch.float32).eval()
    plain = logits_of(base, expected["ids"])
    model = PeftModel.from_pretrained(base, folder).eval()
    theirs = logits_of(model, expected["ids"])
    ours = torch.tensor(expected["logits"])
    assert (theirs - ours).abs().max() <= 1e-4
    assert (theirs - plain).abs().max() > 0.1
    merged = logits_of(model.merge_and_unload(), expected["ids"])
    assert (merged - ours).abs().max() <= 1e-4


@pytest.mark.parametrize(
    "options",
    [
        dict(target_modules="all-linear", r=8, lora_alpha=16),
        dict(target_modules=["q_proj", "v_proj"], r=5, lora_alpha=3, use_rslora=True),
        dict(target_modules=["o_proj", "down_proj"], r=2, lora_alpha=4, layers_to_transform=[1]),
        dict(target_modules=r".*layers\.[02]\.mlp\.(gate|up)_proj", r=2, lora_alpha=4, init_lora_weights="gaussian"),
    ],
)
def test_temper_reads_what_peft_writes(tmp_path, options):
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=120, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=256, initializer_range=0.2)
    model = LlamaForCausalLM(config).float().eval()
    model.save_pretrained(tmp_path / "base")
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **options)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.normal_(0, 0.2)
    folder = tmp_path / "adapter"
    model.save_pretrained(folder)
    file = folder / "adapter_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "base_model_name_or_path": "../base"}))
    ids = torch.randint(0, 120, (100,)).tolist()
    (folder / "logits.json").write_text(json.dumps({"ids": ids, "logits": logits_of(model, ids).tolist()}))
    run_swift_test("readsAdapterFromInterop", TEMPER_INTEROP_IN=str(folder))
