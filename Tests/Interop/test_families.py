"""Checkpoints of every family travel from transformers to Temper and back: logits, greedy continuations, saved folders.

Needs torch, transformers and pytest, and Temper's tests built:
    swift build -c release --build-tests -Xswiftc -enable-testing && pytest Tests/Interop/test_families.py
TEMPER_PACKAGE names the package's folder when it is not this file's. The loss test also needs `temper` built there.
"""

import json
import os
import pathlib
import subprocess

import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2])
NEW_TOKENS = 64
SHAPE = dict(
    vocab_size=99, hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=512, initializer_range=0.15, bos_token_id=1, eos_token_id=2, pad_token_id=0)


def rope(theta=10000.0, kind="default", **more):
    return {"rope_theta": theta, "rope_type": kind, **more}


# name: (configuration, dtype of the checkpoint, largest shard)
FAMILIES = {
    "llama1": (LlamaConfig(**{**SHAPE, "num_key_value_heads": 4}), torch.float16, "5GB"),
    "llama2-linear": (LlamaConfig(**SHAPE, rope_parameters=rope(kind="linear", factor=2.5)), torch.float32, "60KB"),
    "llama2-dynamic": (
        LlamaConfig(**{**SHAPE, "max_position_embeddings": 100}, rope_parameters=rope(kind="dynamic", factor=4.0)),
        torch.float32, "5GB"),
    "llama3": (
        LlamaConfig(
            **{**SHAPE, "eos_token_id": [2, 3]}, tie_word_embeddings=True,
            rope_parameters=rope(
                500000.0, "llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
                original_max_position_embeddings=128)), torch.bfloat16, "5GB"),
    "llama-biases": (LlamaConfig(**SHAPE, attention_bias=True, mlp_bias=True), torch.float32, "5GB"),
    "codellama": (LlamaConfig(**SHAPE, rope_parameters=rope(1000000.0)), torch.bfloat16, "40KB"),
    "mistral": (MistralConfig(**SHAPE, head_dim=24, sliding_window=33), torch.bfloat16, "5GB"),
    "mistral-full": (MistralConfig(**SHAPE, sliding_window=None), torch.float16, "60KB"),
    "qwen2": (Qwen2Config(**SHAPE, tie_word_embeddings=True, rope_parameters=rope(1000000.0)), torch.bfloat16, "5GB"),
    "qwen2-window": (
        Qwen2Config(**SHAPE, use_sliding_window=True, sliding_window=50, max_window_layers=2), torch.float32, "50KB"),
    "qwen3": (Qwen3Config(**SHAPE, head_dim=32, tie_word_embeddings=True), torch.bfloat16, "5GB"),
    "qwen3-mixed": (
        Qwen3Config(
            **SHAPE, head_dim=16, attention_bias=True, use_sliding_window=True, sliding_window=40,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"]), torch.float32, "60KB"),
}


def run_swift_test(name, **environment):
    result = subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "-Xswiftc", "-enable-testing", "--filter", name],
        cwd=PACKAGE, env={**os.environ, **environment}, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    # A filter that finds nothing also succeeds.
    assert "1 test" in result.stdout + result.stderr, result.stdout[-4000:]


def loaded(folder):
    """A model in fp32, checked to be complete."""
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True, attn_implementation="eager")
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
    return model.eval()


def logits(folder, ids):
    with torch.no_grad():
        return loaded(folder)(ids[None]).logits[0]


def relative_error(values, expected):
    return float((values - expected).norm() / expected.norm())


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    """Every checkpoint, what transformers computes from it, and what Temper has read, computed and saved."""
    root = tmp_path_factory.mktemp("families")
    for index, (name, (config, dtype, shard)) in enumerate(FAMILIES.items()):
        torch.manual_seed(index)
        model = AutoModelForCausalLM.from_config(config)
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                # Biases and norms of a new model are 0 and 1.
                if parameter.dim() == 1:
                    parameter.add_(torch.randn_like(parameter) * 0.1)
        folder = root / name
        model.to(dtype).save_pretrained(folder, max_shard_size=shard)
        assert (folder / "model.safetensors.index.json").exists() == (shard != "5GB")
        ids = torch.randint(0, 99, (180,))
        prompt = torch.randint(0, 99, (70,))
        out = loaded(folder).generate(
            prompt[None], attention_mask=torch.ones(1, 70, dtype=torch.long), do_sample=False, max_new_tokens=NEW_TOKENS,
            min_new_tokens=NEW_TOKENS, eos_token_id=[], pad_token_id=0)
        (folder / "request.json").write_text(json.dumps({"ids": ids.tolist(), "prompt": prompt.tolist()}))
        expected = {"logits": logits(folder, ids), "continuation": out[0, 70:].tolist(), "ids": ids}
        torch.save(expected, folder / "expected.pt")
    run_swift_test("familiesForInterop", TEMPER_INTEROP_FAMILIES=str(root))
    return root


@pytest.mark.parametrize("name", FAMILIES)
def test_temper_computes_what_transformers_computes(families, name):
    expected = torch.load(families / name / "expected.pt", weights_only=True)
    answer = json.loads((families / name / "temper.json").read_text())
    for precision, bound in [("fp32", 1e-4), ("bf16", 2e-2)]:
        if precision not in answer:
            continue
        values = torch.tensor(answer[precision]).reshape(expected["logits"].shape)
        error = relative_error(values, expected["logits"])
        print(f"{name} {precision}: {error:.2e}")
        assert error <= bound
    assert answer["continuation"] == expected["continuation"]


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("saved", ["saved", "saved-sharded", "saved-bf16"])
def test_transformers_reads_what_temper_saves(families, name, saved):
    expected = torch.load(families / name / "expected.pt", weights_only=True)
    folder = families / name / saved
    assert (folder / "model.safetensors.index.json").exists() == (saved == "saved-sharded")
    error = relative_error(logits(folder, expected["ids"]), expected["logits"])
    exact = saved != "saved-bf16" or FAMILIES[name][1] == torch.bfloat16
    assert error <= (1e-6 if exact else 5e-2)
    before, after = (AutoModelForCausalLM.from_pretrained(path).config for path in (families / name, folder))
    for key in ("model_type", "rms_norm_eps", "max_position_embeddings", "tie_word_embeddings", "eos_token_id", "pad_token_id"):
        assert getattr(before, key) == getattr(after, key), key
    for key, value in before.rope_parameters.items():
        assert after.rope_parameters[key] == value, key


@pytest.mark.parametrize("name", FAMILIES)
def test_loss_of_the_command_line(families, tmp_path, name):
    binary = PACKAGE / ".build/release/temper"
    if not binary.exists():
        pytest.skip("temper is not built")
    ids = torch.randint(0, 99, (200,))
    mask = (torch.rand(200) < 0.5).to(torch.uint8)
    starts = torch.tensor([0, 150])
    mask[starts] = 0
    save_file({"input_ids": ids.to(torch.int32), "mask": mask, "document_starts": starts}, tmp_path / "tokens.safetensors")
    result = subprocess.run(
        [binary, "loss", families / name, tmp_path, "--precision", "fp32", "--json"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    total = 0.0
    for start, end in [(0, 150), (150, 200)]:
        scores = logits(families / name, ids[start:end])
        losses = torch.nn.functional.cross_entropy(scores[:-1], ids[start + 1:end], reduction="none")
        total += float((losses * mask[start + 1:end]).double().sum())
    answer = json.loads(result.stdout)
    assert answer["token_count"] == int(mask.sum())
    assert abs(answer["loss_sum"] - total) <= 1e-4 * total
