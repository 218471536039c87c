"""Writes Tests/TemperTransformerTests/Golden/engine-*.json: losses, gradients and logits of tiny Llamas by transformers.

Run with Python, torch and transformers installed:  python Tests/Golden/engine.py
Each file holds the configuration, every weight, two documents with masks, the summed loss over trained tokens, the gradient
of the mean loss for every parameter, and the logits of the first document; float32, one thread.
"""

import json
import pathlib

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).resolve().parent.parent / "TemperTransformerTests" / "Golden"
# (ids, mask): mask 1 marks a trained target. The lengths cross the engine's tiles of 16 and 64 rows.
LENGTHS = [70, 19]


def document(length, generator):
    ids = torch.randint(0, 61, (length,), generator=generator)
    mask = torch.randint(0, 2, (length,), generator=generator)
    mask[0] = 0
    return ids, mask


def golden(tied):
    torch.manual_seed(7 + tied)
    torch.set_num_threads(1)
    config = LlamaConfig(
        vocab_size=61, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, max_position_embeddings=128, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=bool(tied),
        attn_implementation="eager")
    model = LlamaForCausalLM(config).float()
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale, shift = (0.1, 1.0) if "norm" in name else (0.15, 0.0)
            values = torch.randn(parameter.shape, generator=generator) * scale + shift
            parameter.copy_(torch.round(values * 1024) / 1024)  # short decimals in the file
    documents = [document(length, generator) for length in LENGTHS]
    count = sum(int(mask.sum()) for _, mask in documents)
    total = torch.zeros(())
    first_logits = None
    for ids, mask in documents:
        logits = model(ids[None]).logits[0]
        first_logits = logits if first_logits is None else first_logits
        losses = torch.nn.functional.cross_entropy(logits[:-1], ids[1:], reduction="none")
        total = total + (losses * mask[1:]).sum()
    (total / count).backward()
    exact = lambda tensor: tensor.flatten().tolist()
    short = lambda tensor: [float(f"{value:.6g}") for value in tensor.flatten().tolist()]
    return {
        "made_with": f"torch {torch.__version__}, transformers {transformers.__version__}",
        "tied": bool(tied),
        "loss_sum": float(total.detach()), "token_count": count,
        "documents": [{"ids": ids.tolist(), "mask": mask.tolist()} for ids, mask in documents],
        "weights": {name: exact(p.detach()) for name, p in model.named_parameters()},
        "gradients": {name: short(p.grad) for name, p in model.named_parameters()},
        "logits_head": short(first_logits.detach()[-8:]),
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for tied in (0, 1):
        name = "engine-tied.json" if tied else "engine-untied.json"
        text = json.dumps(golden(tied), separators=(",", ":"))
        (OUT / name).write_text(text + "\n")
        print(name, len(text))
