"""Token ids of real vocabularies: `temper tokenize` against sentencepiece, tiktoken and tokenizers on 10,000 lines."""

import base64
import json
import os
import pathlib
import subprocess
import unicodedata

import pytest

import real_tokenizers
from tokenizer_lines import lines

PACKAGE = pathlib.Path(os.environ.get("TEMPER_PACKAGE") or pathlib.Path(__file__).resolve().parents[2])
LINES = lines()
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


def check(model, text_file, encode, decode, tmp_path, skipped=frozenset()):
    """Ids of every line and of the whole file, and the text of every line's ids."""
    ours = [entry["ids"] for entry in temper("tokenize", model, "--file", text_file, "--each-line", "--json")["lines"]]
    assert len(ours) == len(LINES) == 10_000
    theirs = [encode(line) for line in LINES]
    wrong = [(line, mine, other) for line, mine, other in zip(LINES, ours, theirs) if mine != other and line not in skipped]
    assert not wrong, f"{len(wrong)} lines differ; the first: {wrong[0]}"
    whole = text_file.read_bytes().decode()
    if not skipped:
        assert temper("tokenize", model, "--file", text_file, "--json")["ids"] == encode(whole)
    id_file = tmp_path / "ids.txt"
    id_file.write_text("\n".join(" ".join(map(str, ids)) for ids in theirs) + "\n")
    texts = [entry["text"] for entry in temper("tokenize", model, "--decode", "--file", id_file, "--each-line", "--json")["lines"]]
    wrong = [(mine, decode(ids)) for mine, ids in zip(texts, theirs) if mine != decode(ids)]
    assert not wrong, f"{len(wrong)} texts differ; the first: {wrong[0]!r}"


def found(find, *arguments):
    try:
        return find(*arguments)
    except real_tokenizers.Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("name", list(real_tokenizers.SENTENCEPIECE))
def test_sentencepiece_models(name, text_file, tmp_path):
    import sentencepiece

    file = found(real_tokenizers.sentencepiece_file, name)
    model = sentencepiece.SentencePieceProcessor(model_file=str(file))
    check(file, text_file, model.encode, model.decode, tmp_path)


@pytest.mark.parametrize("name", ["tekken_240718.json", "tekken_240911.json"])
def test_tekken(name, text_file, tmp_path):
    import tiktoken

    file = found(real_tokenizers.resource, "mistral_common", f"data/{name}")
    contents = json.loads(file.read_text())
    config = contents["config"]
    offset = config["default_num_special_tokens"]
    vocabulary = contents["vocab"][: config["default_vocab_size"] - offset]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in vocabulary}
    model = tiktoken.Encoding("tekken", pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={})
    encode = lambda text: [id + offset for id in model.encode(text, disallowed_special=())]
    check(file, text_file, encode, lambda ids: model.decode([id - offset for id in ids]), tmp_path)


@pytest.mark.parametrize("name", real_tokenizers.RANKS)
def test_ranks_of_tiktoken(name, text_file, tmp_path):
    import tiktoken

    file, pattern = found(real_tokenizers.rank_file, name)
    model = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=real_tokenizers.ranks_of(file), special_tokens={})
    check(file, text_file, lambda text: model.encode(text, disallowed_special=()), model.decode, tmp_path)


@pytest.mark.parametrize("name", ["llama3", "qwen", "gpt2", "mistral-v1", "mistral-v3", "mistral-v1-metaspace", "mistral-v3-metaspace"])
def test_tokenizer_json(name, text_file, tmp_path):
    tokenizer = found(real_tokenizers.build, name)
    saved = tmp_path / "tokenizer.json"
    tokenizer.save(str(saved))
    tokenizer.encode_special_tokens = True
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    # The reference's normaliser knows no mark newer than Unicode 9 (U+09FE): Python's says what is right there.
    skipped = set()
    if tokenizer.normalizer is not None and name == "qwen":
        skipped = {line for line in LINES if tokenizer.normalizer.normalize_str(line) != unicodedata.normalize("NFC", line)}
        assert len(skipped) <= 5
    check(saved, text_file, encode, lambda ids: tokenizer.decode(ids, skip_special_tokens=False), tmp_path, skipped)
    text = "<s>Hello</s> there <unk><|im_end|> <tool_call> x<think>"
    tokenizer.encode_special_tokens = False
    assert temper("tokenize", saved, "--text", text, "--allow-special", "--json")["ids"] == encode(text)
    assert temper("tokenize", saved, "--text", text, "--allow-special", "--add-special", "--json")["ids"] == tokenizer.encode(text).ids
