"""Token ids of real vocabularies: `temper tokenize` against sentencepiece, tiktoken and tokenizers on 10,000 lines."""

import base64
import importlib.util
import json
import os
import pathlib
import subprocess

import pytest

from tokenizer_lines import lines

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2])
DATA = pathlib.Path(os.environ.get("TEMPER_DATA") or PACKAGE.parent / "shared/data")
LINES = lines()
GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
MODERN = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
WORD = r"[^\r\n\p{L}\p{N}]?"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = rf"{WORD}{UPPER}*{LOWER}+{ENDING}|{WORD}{UPPER}+{LOWER}*{ENDING}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def resource(package, path):
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"the package {package} is not installed")
    file = pathlib.Path(spec.submodule_search_locations[0]) / path
    if not file.exists():
        pytest.skip(f"{package} has no {path}")
    return file


def temper(*arguments):
    binary = os.environ.get("TEMPER") or PACKAGE / ".build/release/temper"
    result = subprocess.run([binary, *map(str, arguments)], cwd=PACKAGE, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


@pytest.fixture(scope="session")
def text_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("lines") / "lines.txt"
    path.write_bytes("\n".join(LINES).encode() + b"\n")
    return path


def check(model, text_file, encode, decode, tmp_path):
    """Ids of every line and of the whole file, and the text of every line's ids."""
    ours = [entry["ids"] for entry in temper("tokenize", model, "--file", text_file, "--each-line", "--json")["lines"]]
    assert len(ours) == len(LINES) == 10_000
    theirs = [encode(line) for line in LINES]
    wrong = [(line, mine, other) for line, mine, other in zip(LINES, ours, theirs) if mine != other]
    assert not wrong, f"{len(wrong)} lines differ; the first: {wrong[0]}"
    whole = text_file.read_bytes().decode()
    assert temper("tokenize", model, "--file", text_file, "--json")["ids"] == encode(whole)
    id_file = tmp_path / "ids.txt"
    id_file.write_text("\n".join(" ".join(map(str, ids)) for ids in theirs) + "\n")
    texts = [entry["text"] for entry in temper("tokenize", model, "--decode", "--file", id_file, "--each-line", "--json")["lines"]]
    wrong = [(mine, decode(ids)) for mine, ids in zip(texts, theirs) if mine != decode(ids)]
    assert not wrong, f"{len(wrong)} texts differ; the first: {wrong[0]!r}"


MISTRAL = ["tokenizer.model.v1", "mistral_instruct_tokenizer_240216.model.v2", "mistral_instruct_tokenizer_240323.model.v3", "mistral_instruct_tokenizer_241114.model.v7"]


@pytest.mark.parametrize("name", MISTRAL)
def test_sentencepiece_of_mistral(name, text_file, tmp_path):
    import sentencepiece

    file = resource("mistral_common", f"data/{name}")
    model = sentencepiece.SentencePieceProcessor(model_file=str(file))
    check(file, text_file, model.encode, model.decode, tmp_path)


@pytest.mark.parametrize("name", ["tekken_240718.json", "tekken_240911.json"])
def test_tekken_of_mistral(name, text_file, tmp_path):
    import tiktoken

    file = resource("mistral_common", f"data/{name}")
    contents = json.loads(file.read_text())
    config = contents["config"]
    offset = config["default_num_special_tokens"]
    vocabulary = contents["vocab"][: config["default_vocab_size"] - offset]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in vocabulary}
    model = tiktoken.Encoding("tekken", pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={})
    encode = lambda text: [id + offset for id in model.encode(text, disallowed_special=())]
    check(file, text_file, encode, lambda ids: model.decode([id - offset for id in ids]), tmp_path)


def rank_file(name):
    if name in ("gpt2", "multilingual"):
        file = DATA / f"vocab/{name}.tiktoken"
        if not file.exists():
            pytest.skip(f"no vocab/{name}.tiktoken below TEMPER_DATA")
        return file, GPT2
    if name == "qwen":
        return resource("dashscope", "resources/qwen.tiktoken"), MODERN.replace("DIGITS", r"\p{N}")
    if name == "llama3":
        return resource("llama_models", "llama3/tokenizer.model"), MODERN.replace("DIGITS", r"\p{N}{1,3}")
    return resource("llama_models", "llama4/tokenizer.model"), O200K


def ranks_of(file):
    lines = [line.split() for line in file.read_bytes().splitlines() if line]
    return {base64.b64decode(token): int(rank) for token, rank in lines if token != b"="}


@pytest.mark.parametrize("name", ["gpt2", "multilingual", "qwen", "llama3", "llama4"])
def test_ranks_of_tiktoken(name, text_file, tmp_path):
    import tiktoken

    file, pattern = rank_file(name)
    model = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks_of(file), special_tokens={})
    check(file, text_file, lambda text: model.encode(text, disallowed_special=()), model.decode, tmp_path)


def byte_level(file, pattern, normalizer=None):
    """The tokenizer.json that `transformers` makes of ranks, whose merges and spelling are Hugging Face's."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    alphabet = bytes_to_unicode()
    spell = lambda token: "".join(alphabet[byte] for byte in token)
    ranks = ranks_of(file)
    merges = []
    for token, rank in ranks.items():
        splits = [(token[:middle], token[middle:]) for middle in range(1, len(token))]
        known = [(left, right) for left, right in splits if left in ranks and right in ranks]
        merges += [(left, right, rank) for left, right in sorted(known, key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))]
    merges = [(spell(left), spell(right)) for left, right, _ in sorted(merges, key=lambda merge: merge[2])]
    model = models.BPE(vocab={spell(token): rank for token, rank in ranks.items()}, merges=merges, ignore_merges=normalizer is None)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizer
    split = pre_tokenizers.Split(Regex(pattern), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


@pytest.mark.parametrize("name", ["llama3", "qwen"])
def test_tokenizer_json_of_byte_level_models(name, text_file, tmp_path):
    from tokenizers import AddedToken, normalizers

    file, pattern = rank_file(name)
    tokenizer = byte_level(file, pattern, normalizers.NFC() if name == "qwen" else None)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("<think>", normalized=False)])
    tokenizer.encode_special_tokens = True
    saved = tmp_path / "tokenizer.json"
    tokenizer.save(str(saved))
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    check(saved, text_file, encode, lambda ids: tokenizer.decode(ids, skip_special_tokens=False), tmp_path)


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("name", [MISTRAL[0], MISTRAL[2]])
def test_tokenizer_json_of_sentencepiece_models(name, legacy, text_file, tmp_path):
    """As `transformers` converts Llama's and Mistral's: Prepend and Replace, or Metaspace."""
    import sentencepiece
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    source = sentencepiece.SentencePieceProcessor(model_file=str(resource("mistral_common", f"data/{name}")))
    size = source.get_piece_size()
    vocabulary = {source.id_to_piece(id): id for id in range(size)}
    merges = []
    for piece, id in vocabulary.items():
        splits = [(piece[:middle], piece[middle:]) for middle in range(1, len(piece))]
        known = [pair for pair in splits if pair[0] in vocabulary and pair[1] in vocabulary]
        merges += [(pair, source.get_score(id)) for pair in sorted(known, key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))]
    merges = [pair for pair, _ in sorted(merges, key=lambda entry: -entry[1])]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", "first", split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ("<unk>", "<s>", "</s>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    saved = tmp_path / "tokenizer.json"
    tokenizer.save(str(saved))
    tokenizer.encode_special_tokens = True
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    check(saved, text_file, encode, lambda ids: tokenizer.decode(ids, skip_special_tokens=False), tmp_path)
    text = "<s>Hello</s> there <unk>"
    tokenizer.encode_special_tokens = False
    assert temper("tokenize", saved, "--text", text, "--allow-special", "--json")["ids"] == encode(text)
    assert temper("tokenize", saved, "--text", text, "--allow-special", "--add-special", "--json")["ids"] == tokenizer.encode(text).ids
