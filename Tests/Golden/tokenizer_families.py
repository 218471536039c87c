"""Small tokenizers in the configuration of each model family, and what the reference implementations make of texts.

    python Tests/Golden/tokenizer_families.py

Writes `Tests/TemperTokenizersTests/Golden/families/` with `tokenizers` and `sentencepiece`, trained on the corpus of
`tokenizers_golden.py` and asked about its texts.
"""

import io
import json
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != here]

import sentencepiece  # noqa: E402
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402

sys.path += [str(here), str(here.parent / "Interop")]
import real_tokenizers  # noqa: E402
import tokenizers_golden  # noqa: E402

folder = tokenizers_golden.golden / "families"
CORPUS = tokenizers_golden.corpus() + ["\u4f60\u597d\u4e16\u754c \u4f60\u597d", "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 \u043f\u0440\u0438\u0432\u0435\u0442", "caf\u00e9 na\u00efve cafe\u0301"] * 20
TEXTS = tokenizers_golden.texts()
TEXTS = TEXTS[:90] + TEXTS[-30:] + ["<s> a </s>b", "x<mask> y", "x <mask>y", "un_word word word", "pre<tool> <tool>", "A<TOOL>", "\u2581a \u2581 b", " <s>", "<0x0A>", "caf\u00c9 \ufb01\u00b2 \u3000 e\u0301"]


def byte_level(pattern, normalizer=None, ignore_merges=False, special=("<|begin_of_text|>", "<|end_of_text|>"), bos=True, prefix_space=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True) if prefix_space else tokenizers_golden.PATTERNS[pattern]
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=list(special), show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS, trainer)
    if bos:
        template = processors.TemplateProcessing(single=f"{special[0]} $A", pair=f"{special[0]} $A $B", special_tokens=[(special[0], 0)])
        tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def added_tokens():
    """Every option of an added token, over a normaliser of several steps."""
    steps = [normalizers.NFKC(), normalizers.Lowercase(), normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip()]
    tokenizer = byte_level("gpt2", normalizers.Sequence(steps), bos=False)
    tokenizer.add_tokens([
        AddedToken("<mask>", lstrip=True, rstrip=False, normalized=False), AddedToken("<tool>", rstrip=True, normalized=True),
        AddedToken("word", single_word=True, normalized=False), AddedToken("Caf\u00e9", normalized=True),
    ])
    return tokenizer


def splits():
    """A literal, runs of digits, then GPT-2's expression."""
    tokenizer = byte_level("gpt2", bos=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split("e", "merged_with_previous"), pre_tokenizers.Split("ing", "isolated"), pre_tokenizers.Digits(individual_digits=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("``", '"')])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", "always", split=True)
    tokenizer.decoder = decoders.Metaspace("\u2581", "always", split=True)
    trainer = trainers.UnigramTrainer(vocab_size=500, special_tokens=["<s>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def piece_model(name, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, minloglevel=2, num_threads=1, hard_vocab_limit=False,
        **{"vocab_size": 700, "character_coverage": 0.999, **options})
    (folder / f"{name}.model").write_bytes(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def main():
    folder.mkdir(parents=True, exist_ok=True)
    llama = dict(
        model_type="bpe", byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True)
    pieces = {
        "llama-2": piece_model("llama-2", **llama),
        "symbols": piece_model("symbols", model_type="bpe", normalization_rule_name="identity", user_defined_symbols=["<tool>", "[INST]", "\u2581\u2581", "ing"]),
        "unigram-nfkc": piece_model("unigram-nfkc", vocab_size=450, model_type="unigram", normalization_rule_name="nmt_nfkc", user_defined_symbols=["<tool>"]),
        "unigram-bytes": piece_model("unigram-bytes", vocab_size=700, model_type="unigram", byte_fallback=True, normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False),
    }
    files = {
        "llama-2-legacy": real_tokenizers.sentencepiece_json(pieces["llama-2"], True), "llama-2-metaspace": real_tokenizers.sentencepiece_json(pieces["llama-2"], False),
        "llama-3": byte_level("llama3", ignore_merges=True), "qwen-2": byte_level("qwen2", normalizers.NFC(), special=("<|endoftext|>", "<|im_start|>"), bos=False),
        "smollm-2": byte_level("smol", special=("<|endoftext|>", "<|im_start|>"), bos=False), "mistral-nemo": byte_level("tekken"),
        "prefix-space": byte_level("gpt2", prefix_space=True, bos=False), "added-tokens": added_tokens(), "splits": splits(), "unigram": unigram(),
    }
    answers = {}
    for name, tokenizer in files.items():
        (folder / f"{name}.json").write_text(tokenizer.to_str())
        entry = {"file": f"{name}.json", "plain": [], "special": []}
        entry["special"] = [tokenizer.encode(text).ids for text in TEXTS]
        tokenizer.encode_special_tokens = True
        entry["plain"] = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
        entry["decoded"] = [tokenizer.decode(ids, skip_special_tokens=False) for ids in entry["special"]]
        answers[name] = entry
    for name, model in pieces.items():
        ids = [model.encode(text) for text in TEXTS]
        answers[f"{name}.model"] = {"file": f"{name}.model", "plain": ids, "decoded": [model.decode(line) for line in ids]}
    (folder / "texts.json").write_text(json.dumps(TEXTS) + "\n")
    (folder / "answers.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
