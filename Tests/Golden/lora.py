"""Writes Tests/TemperTransformerTests/Golden/lora-*.json: losses and gradients of low-rank adapters by peft.

Run with Python, torch, transformers and peft installed, after engine.py:  python Tests/Golden/lora.py
The base is the model of engine-untied.json. Each file holds the adapter's options, its matrices (B is not zero), the summed loss
over the trained tokens of that file's documents, the gradient of the mean loss for every A and B, and the logits of the first
document; float32, one thread.
"""

import json
import pathlib

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).resolve().parent.parent / "TemperTransformerTests" / "Golden"
CASES = {
    "lora-all": dict(target_modules="all-linear", r=4, lora_alpha=6, use_rslora=False),
    "lora-some": dict(target_modules=["q_proj", "v_proj", "up_proj", "down_proj"], r=3, lora_alpha=5, use_rslora=True),
}


def golden(case):
    torch.manual_seed(3)
    torch.set_num_threads(1)
    base = json.loads((OUT / "engine-untied.json").read_text())
    config = LlamaConfig(
        vocab_size=61, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, max_position_embeddings=128, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False,
        attn_implementation="eager")
    model = LlamaForCausalLM(config).float()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.tensor(base["weights"][name]).reshape(parameter.shape))
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, **case))
    generator = torch.Generator().manual_seed(17)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for parameter in trained.values():
            values = torch.randn(parameter.shape, generator=generator) * 0.2
            parameter.copy_(torch.round(values * 1024) / 1024)
    total, count, first_logits = torch.zeros(()), 0, None
    for document in base["documents"]:
        ids, mask = torch.tensor(document["ids"]), torch.tensor(document["mask"])
        logits = model(ids[None]).logits[0]
        first_logits = logits if first_logits is None else first_logits
        losses = torch.nn.functional.cross_entropy(logits[:-1], ids[1:], reduction="none")
        total = total + (losses * mask[1:]).sum()
        count += int(mask.sum())
    (total / count).backward()
    name_of = lambda name: name.removeprefix("base_model.model.").replace(".default", "")
    exact = lambda tensor: tensor.flatten().tolist()
    short = lambda tensor: [float(f"{value:.6g}") for value in tensor.flatten().tolist()]
    targets = case["target_modules"]
    return {
        "made_with": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
        "options": {
            "rank": case["r"], "alpha": case["lora_alpha"], "rslora": case["use_rslora"],
            "targets": [targets] if isinstance(targets, str) else targets},
        "loss_sum": float(total.detach()), "token_count": count,
        "weights": {name_of(name): exact(p.detach()) for name, p in trained.items()},
        "gradients": {name_of(name): short(p.grad) for name, p in trained.items()},
        "logits_head": short(first_logits.detach()[-8:]),
    }


if __name__ == "__main__":
    for name, case in CASES.items():
        text = json.dumps(golden(case), separators=(",", ":"))
        (OUT / f"{name}.json").write_text(text + "\n")
        print(name, len(text))
