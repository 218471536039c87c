"""Writes Tests/TemperTransformerTests/Golden/Families/*.json: tiny models of every family, computed by transformers.

Run with Python, torch and transformers installed:  python Tests/Golden/families.py
Weights come from a formula of their name and index (`weights`), so that they need not be stored; they are exact in bf16. A
file holds config.json in the spelling of transformers 5 and of version 4, names and shapes, two documents with masks, their
summed loss over trained tokens, samples of the gradient of the mean loss for every parameter, the first document's last
logits, and the greedy continuations of two prompts; float32, one thread.
"""

import json
import pathlib

import numpy
import torch
import transformers
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

OUT = pathlib.Path(__file__).resolve().parent.parent / "TemperTransformerTests" / "Golden" / "Families"
VOCABULARY = 61
# Tokens of the two documents and of the two prompts; they cross tiles of 16 and 64 rows, cache blocks of 64 positions and,
# for scaled positions, the original context of 64.
DOCUMENTS = [150, 19]
PROMPTS = [30, 90]
NEW_TOKENS = 64
GRADIENT_SAMPLES = 40
LOGIT_ROWS = 4

SHAPE = dict(
    vocab_size=VOCABULARY, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=False, bos_token_id=1, eos_token_id=2)


def rope(theta=10000.0, kind="default", **more):
    return {"rope_theta": theta, "rope_type": kind, **more}


FAMILIES = {
    "llama1": LlamaConfig(**{**SHAPE, "num_key_value_heads": 4, "rms_norm_eps": 1e-6}, rope_parameters=rope()),
    "llama2-linear": LlamaConfig(
        **{**SHAPE, "max_position_embeddings": 64}, rope_parameters=rope(kind="linear", factor=4.0)),
    "llama2-dynamic": LlamaConfig(
        **{**SHAPE, "max_position_embeddings": 64}, rope_parameters=rope(kind="dynamic", factor=4.0)),
    "llama3": LlamaConfig(
        **{**SHAPE, "hidden_size": 64, "tie_word_embeddings": True, "eos_token_id": [2, 3]},
        rope_parameters=rope(
            500000.0, "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64)),
    "llama-biases": LlamaConfig(**SHAPE, rope_parameters=rope(), attention_bias=True, mlp_bias=True),
    "codellama": LlamaConfig(**{**SHAPE, "num_key_value_heads": 4}, rope_parameters=rope(1000000.0)),
    "tinyllama": LlamaConfig(**{**SHAPE, "num_attention_heads": 8, "num_key_value_heads": 1}, rope_parameters=rope()),
    "smollm2": LlamaConfig(
        **{**SHAPE, "hidden_size": 36, "num_attention_heads": 3, "num_key_value_heads": 1, "tie_word_embeddings": True},
        rope_parameters=rope(100000.0)),
    "mistral-window": MistralConfig(**SHAPE, head_dim=20, sliding_window=24, rope_parameters=rope()),
    "mistral": MistralConfig(**SHAPE, sliding_window=None, rope_parameters=rope(1000000.0)),
    "qwen2": Qwen2Config(**{**SHAPE, "tie_word_embeddings": True}, rope_parameters=rope(1000000.0)),
    "qwen2-window": Qwen2Config(
        **SHAPE, use_sliding_window=True, sliding_window=70, max_window_layers=1, rope_parameters=rope(1000000.0)),
    "qwen3": Qwen3Config(**{**SHAPE, "tie_word_embeddings": True}, head_dim=16, rope_parameters=rope(1000000.0)),
    "qwen3-biases-window": Qwen3Config(
        **SHAPE, head_dim=8, attention_bias=True, use_sliding_window=True, sliding_window=20,
        layer_types=["sliding_attention", "full_attention"], rope_parameters=rope(1000000.0)),
}


def hashed(name, count):
    """`count` numbers of 0...2^24 from a name: FNV-1a of its bytes, then SplitMix64."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(state) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> numpy.uint64(31))) >> numpy.uint64(40)).astype(numpy.int64)


def weights(name, shape):
    """Matrices and biases in ±159 / 512, those into the residual stream in ±159 / 256, norms in 1 ± 31 / 128."""
    values = hashed(name, int(numpy.prod(shape)))
    if "norm" in name:
        values = 1 + (values % 63 - 31) / 128
    else:
        values = (values % 319 - 159) / (256 if "o_proj" in name or "down_proj" in name else 512)
    return torch.tensor(values.reshape(shape), dtype=torch.float32)


def fresh(config):
    """A new model each time: dynamic scaling keeps frequencies from one call to the next."""
    config = type(config).from_dict(config.to_dict())
    config._attn_implementation = "eager"
    model = AutoModelForCausalLM.from_config(config).float().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights(name, parameter.shape))
    return model


def ids(name, length):
    return torch.tensor(hashed(name, length) % VOCABULARY)


def document(index):
    mask = torch.tensor(hashed(f"mask {index}", DOCUMENTS[index]) % 2)
    mask[0] = 0
    return ids(f"document {index}", DOCUMENTS[index]), mask


def old_spelling(config):
    config = dict(config)
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    config["rope_scaling"] = None if scaling["rope_type"] == "default" else scaling
    if scaling["rope_type"] in ("linear", "dynamic"):
        scaling["type"] = scaling.pop("rope_type")
    config["torch_dtype"] = config.pop("dtype", "float32")
    config["pretraining_tp"] = 1
    return config


def greedy(config, prompt):
    """The continuation, and the least distance of the best logit from the second."""
    model = fresh(config)
    out = model.generate(
        prompt[None], attention_mask=torch.ones(1, len(prompt), dtype=torch.long), do_sample=False, max_new_tokens=NEW_TOKENS, min_new_tokens=NEW_TOKENS, eos_token_id=[], pad_token_id=0,
        output_logits=True, return_dict_in_generate=True)
    margins = [float((top := logits[0].topk(2).values)[0] - top[1]) for logits in out.logits]
    return out.sequences[0, len(prompt):].tolist(), min(margins)


def golden(name, config):
    total, count = torch.zeros(()), 0
    names, gradients, first_logits = None, None, None
    documents = [document(index) for index in range(len(DOCUMENTS))]
    count = sum(int(mask.sum()) for _, mask in documents)
    for tokens, mask in documents:
        model = fresh(config)
        logits = model(tokens[None]).logits[0]
        first_logits = logits.detach() if first_logits is None else first_logits
        losses = torch.nn.functional.cross_entropy(logits[:-1], tokens[1:], reduction="none")
        loss = (losses * mask[1:]).sum()
        (loss / count).backward()
        total += loss.detach()
        parts = {key: p.grad for key, p in model.named_parameters()}
        gradients = parts if gradients is None else {key: gradients[key] + part for key, part in parts.items()}
    continuations = []
    for index, length in enumerate(PROMPTS):
        text, margin = greedy(config, ids(f"prompt {index}", length))
        assert margin > 1e-4, f"{name}: two logits of a continuation differ by {margin} only"
        continuations.append(text)
    assert len(set(sum(continuations, []))) > 8, f"{name}: continuations that repeat themselves prove little: {continuations}"
    with torch.no_grad():
        rounded = fresh(config).bfloat16()(documents[0][0][None]).logits[0][-LOGIT_ROWS:].float()
    error = float((rounded - first_logits[-LOGIT_ROWS:]).norm() / first_logits[-LOGIT_ROWS:].norm())
    print(f"{name}: transformers' own bf16 logits are off by {error:.4f}")
    short = lambda tensor: [float(f"{value:.6g}") for value in tensor.flatten().tolist()]
    sample = lambda tensor: short(tensor.flatten()[:: max(1, tensor.numel() // GRADIENT_SAMPLES)])
    new = json.loads(config.to_json_string(use_diff=False))
    new["architectures"] = [type(fresh(config)).__name__]
    return {
        "made_with": f"torch {torch.__version__}, transformers {transformers.__version__}",
        "config": new, "old_config": old_spelling(json.loads(json.dumps(new))),
        "shapes": {key: list(p.shape) for key, p in fresh(config).named_parameters()},
        "documents": [{"ids": tokens.tolist(), "mask": mask.tolist()} for tokens, mask in documents],
        "loss_sum": float(total), "token_count": count,
        "gradient_stride": {key: max(1, g.numel() // GRADIENT_SAMPLES) for key, g in gradients.items()},
        "gradients": {key: sample(g) for key, g in gradients.items()},
        "logits_tail": short(first_logits[-LOGIT_ROWS:]),
        "prompts": [ids(f"prompt {index}", length).tolist() for index, length in enumerate(PROMPTS)],
        "continuations": continuations,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, config in FAMILIES.items():
        text = json.dumps(golden(name, config), separators=(",", ":"))
        (OUT / f"{name}.json").write_text(text + "\n")
        print(name, len(text))
