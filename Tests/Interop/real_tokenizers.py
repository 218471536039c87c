"""Real vocabularies as `tokenizer.json`, put together as `transformers` converts them."""

import base64
import importlib.util
import os
import pathlib

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2])
DATA = pathlib.Path(os.environ.get("TEMPER_DATA") or PACKAGE.parent / "shared/data")

GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
MODERN = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
WORD = r"[^\r\n\p{L}\p{N}]?"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = rf"{WORD}{UPPER}*{LOWER}+{ENDING}|{WORD}{UPPER}+{LOWER}*{ENDING}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"

SENTENCEPIECE = {
    "mistral-v1": "tokenizer.model.v1", "mistral-v2": "mistral_instruct_tokenizer_240216.model.v2",
    "mistral-v3": "mistral_instruct_tokenizer_240323.model.v3", "mistral-v7": "mistral_instruct_tokenizer_241114.model.v7",
}
RANKS = ["gpt2", "multilingual", "qwen", "llama3", "llama4"]
NAMES = ["llama3", "qwen", "gpt2", "mistral-v1", "mistral-v1-metaspace"]


class Missing(Exception):
    """A package or file that carries a vocabulary is not here."""


def resource(package, path):
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Missing(f"the package {package} is not installed")
    file = pathlib.Path(spec.submodule_search_locations[0]) / path
    if not file.exists():
        raise Missing(f"{package} has no {path}")
    return file


def sentencepiece_file(name):
    return resource("mistral_common", f"data/{SENTENCEPIECE[name]}")


def rank_file(name):
    """File and expression of a vocabulary that tiktoken reads."""
    if name in ("gpt2", "multilingual"):
        file = DATA / f"vocab/{name}.tiktoken"
        if not file.exists():
            raise Missing(f"no vocab/{name}.tiktoken below TEMPER_DATA")
        return file, GPT2
    if name == "qwen":
        return resource("dashscope", "resources/qwen.tiktoken"), MODERN.replace("DIGITS", r"\p{N}")
    if name == "llama3":
        return resource("llama_models", "llama3/tokenizer.model"), MODERN.replace("DIGITS", r"\p{N}{1,3}")
    return resource("llama_models", "llama4/tokenizer.model"), O200K


def ranks_of(file):
    entries = [line.split() for line in file.read_bytes().splitlines() if line]
    return {base64.b64decode(token): int(rank) for token, rank in entries if token != b"="}


def merges_of(vocabulary, order):
    """Every division of a token into two, tokens in `order`, as `transformers` lists them."""
    merges = []
    for token in sorted(vocabulary, key=order):
        pairs = [(token[:middle], token[middle:]) for middle in range(1, len(token))]
        known = [pair for pair in pairs if pair[0] in vocabulary and pair[1] in vocabulary]
        merges += sorted(known, key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))
    return merges


def byte_level(name):
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    file, pattern = rank_file(name)
    alphabet = bytes_to_unicode()
    spell = lambda token: "".join(alphabet[byte] for byte in token)
    ranks = ranks_of(file)
    merges = [(spell(left), spell(right)) for left, right in merges_of(ranks, ranks.get)]
    vocabulary = {spell(token): rank for token, rank in ranks.items()}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=name == "llama3"))
    if name == "qwen":
        tokenizer.normalizer = normalizers.NFC()
    if name == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        split = pre_tokenizers.Split(Regex(pattern), "isolated")
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("<think>", normalized=False)])
    return tokenizer


def sentencepiece_json(source, legacy):
    """Prepend and Replace before the model (Llama 2, `legacy`), or a Metaspace that does not split."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = {source.id_to_piece(id): id for id in range(source.get_piece_size())}
    merges = merges_of(vocabulary, lambda piece: -source.get_score(vocabulary[piece]))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", "first", split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ("<unk>", "<s>", "</s>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tokenizer


def build(name):
    if name in RANKS:
        return byte_level(name)
    import sentencepiece

    source = sentencepiece.SentencePieceProcessor(model_file=str(sentencepiece_file(name.removesuffix("-metaspace"))))
    return sentencepiece_json(source, not name.endswith("-metaspace"))
