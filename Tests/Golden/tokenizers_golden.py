"""Makes the golden files of TemperTokenizersTests with Hugging Face `tokenizers` and `transformers`.

    python Tests/Golden/tokenizers_golden.py strings          1. texts, scalar classes, cuts, a tokenizer trained by Python
    TEMPER_WRITE_GOLDEN=1 swift test --filter TemperTokenizersTests     2. a tokenizer and templates written by Swift
    python Tests/Golden/tokenizers_golden.py answers          3. what Python makes of those

Step 3 also reads `vocab/gpt2.tiktoken` and `chat-templates/qwen2_5.jinja` below TEMPER_DATA.
"""

import base64
import json
import os
import pathlib
import random
import sys

sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != pathlib.Path(__file__).resolve().parent]

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # noqa: E402

golden = pathlib.Path(__file__).resolve().parent.parent / "TemperTokenizersTests" / "Golden"
data = pathlib.Path(os.environ.get("TEMPER_DATA", pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"))

WORDS = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
MODERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def split(regex):
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


CASED = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+CONTRACTION"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*CONTRACTION|DIGITS"
    r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

PATTERNS = {
    "words": split(WORDS),
    "gpt2": pre_tokenizers.ByteLevel(add_prefix_space=False),
    "llama3": split(MODERN.replace("DIGITS", r"\p{N}{1,3}")),
    "qwen2": split(MODERN.replace("DIGITS", r"\p{N}")),
    "tekken": split(CASED.replace("DIGITS", r"\p{N}").replace("CONTRACTION", "")),
    "o200k": split(CASED.replace("DIGITS", r"\p{N}{1,3}").replace("CONTRACTION", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")),
    "smol": pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    ),
}


def texts():
    """Hard texts: written ones, then random mixtures of hard pieces (seeded)."""
    written = [
        "", " ", "  ", "\n", "\r\n", "\t", "a", "Hello world", "Hello, world!", " leading", "trailing ", "two  spaces",
        "tabs\tand\n\nnewlines\r\n  indented", "it's we'll they've you're I'm he'd can't IT'S WE'LL THEY'VE", "'tis 'sthe 's",
        "it\u017fs '\u017f don't'", "O\u2019Brien\u2019s", "12345 1 12 123 1234 3.14159 1,000,000 $5 5% 0x1F 1e-9", "abc123def456", "x1 y2",
        "Thought: I should search for the film.\nAction: search[Marie Curie]\nObservation: Marie Curie (1867\u20131934) was",
        "Action: finish[yes]", "search[a[b]c] lookup[\u00e9t\u00e9]", "<|im_start|>user\nhi<|im_end|>\n", "<|endoftext|>", "</s><s>[INST]",
        "def f(x):\n    return x**2  # square\n\n\nclass A:\n\tpass\n", "SELECT * FROM t WHERE a >= 10 AND b != 'x';",
        "for (int i = 0; i < n; ++i) { a[i] += b[i] * 2; }", '{"key": [1, 2.5, null, true], "k\\u00e9y": "v"}',
        "<div class=\"a b\">text &amp; more</div>", "$ ls -la | grep '^d' && cd ../x; echo \"$HOME\"", "https://example.org/a?b=c&d=%20#e",
        "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u8fd9\u662f\u4e00\u4e2a\u6d4b\u8bd5", "\u3053\u3093\u306b\u3061\u306f\u4e16\u754c \u30ab\u30bf\u30ab\u30ca", "\uc548\ub155\ud558\uc138\uc694 \uc138\uacc4", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440!",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 \u0661\u0662\u0663", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e \u0967\u0968\u0969", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd!", "\u2764\ufe0f \u2603 \u2713", "e\u0301 \u00e9 a\u0300\u0301\u0302\u0303 \u0301\u0301 lone", "A\u030a \u00c5 \u212b",
        "\ufb01 \ufb06 \u00df \u1e9e \u0130 \u0131", "\u00bd \u2167 \u2460 \u00b2 \u0663 \U0001d7d8", "\u00a0nbsp\u00a0\u00a0x \u2003em\u2003 \u3000ideo \u2028ls\u2029ps \u0085nel", "\u200bzero\u200bwidth \u2060 \ufeffbom",
        "\x00\x01\x1c\x1d\x1e\x1f\x7f ctrl", "\x0b\x0c vt ff", "a\u0000b", "\ud7ff\ue000\uffff\U0010ffff", "\U00020000\U0002a6df", "\U00010400\U00010428",
        " \n \n x", "  \n\n  \n", "x   \n", "x \n\n  y", "\n\n\nx", " \t \t", "\r\r\n\n\r", "   !!!  ???   ", "...\n\n...", "!?\r\n", " 1", "  1", "1 2", "\t1",
        "a" * 300, "ab" * 200, "\u4e00" * 100, " " * 50 + "x", "=" * 80, "-" * 40 + "\n", "\n" * 20, "0" * 50, "\U0001f600" * 40,
        "The quick brown fox jumps over the lazy dog. " * 3, "camelCaseWords snake_case_words kebab-case-words SCREAMING", "_x __y__ -z --w @me #tag",
    ]
    pieces = [
        "the", "The", " and", "'s", "'LL", "'", "\u2019", " ", "  ", "   ", "\n", "\r\n", "\t", "1", "23", "456", "7890", ".", ",", "!?", "...", "(", ")]",
        "[", "_", "-", "\u00e9", "e\u0301", "\u4e2d\u6587", "\u0437", "\u0661", "\U0001f600", "\u200d", "\u00a0", "\u3000", "\u2028", "\u0085", "\u017f", "\u00b2", "\u2167", "\x00", "\ufffd", "Q", "zz", "\u0301",
        "\u1100\u1161", "\uac00",
    ]
    source = random.Random(7)
    mixed = ["".join(source.choice(pieces) for _ in range(source.randint(2, 14))) for _ in range(220)]
    return written + mixed


def corpus():
    """Prose, code and data of our own, enough for a few hundred merges."""
    names = ["Ada", "Boris", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hiro", "\u00c9lodie", "J\u00fcrgen", "\u5f20\u4f1f", "Zo\u00eb"]
    places = ["Lisbon", "the northern harbour", "M\u00fcnchen", "Kyoto", "the old observatory", "S\u00e3o Paulo", "Reykjav\u00edk"]
    verbs = ["studied", "founded", "painted", "directed", "designed", "translated", "discovered"]
    things = ["a bridge", "the museum", "a short film", "two novels", "the railway line", "an opera", "a new alloy"]
    source = random.Random(11)
    syllables = ["ka", "ro", "min", "tel", "ush", "ber", "lo", "va", "sen", "dri", "op", "ine"]
    words = ["".join(source.choice(syllables) for _ in range(source.randint(2, 4))) for _ in range(300)]
    lines = []
    for index in range(350):
        lines.append(" ".join(source.choice(words) for _ in range(8)).capitalize() + ".")
        name, place, verb, thing = (source.choice(options) for options in (names, places, verbs, things))
        year = source.randint(1801, 2023)
        lines.append(f"{name} {verb} {thing} in {place} in {year}; it wasn't easy, and they'd tried {index} times.")
        if index % 4 == 0:
            lines.append(f"Thought: I need to find where {name} {verb} {thing}.\nAction: search[{name}]\nObservation: {place}, {year}.")
        if index % 5 == 0:
            lines.append(f"SELECT name, year FROM works WHERE maker = '{name}' AND year > {year} ORDER BY year;")
        if index % 7 == 0:
            lines.append(f'def f_{index}(x):\n    return {{"name": "{name}", "year": x + {year}}}\n')
    return lines


def cuts(pre_tokenizer, text):
    """UTF-8 lengths of the pre-tokens: a byte-level pre-token has one character per byte."""
    return [len(piece) for piece, _ in pre_tokenizer.pre_tokenize_str(text)]


def classes():
    """[first, last, class] of every run of scalars; classes as the regex engine of `tokenizers` sees them."""
    scalars = [value for value in range(0x110000) if not 0xD800 <= value < 0xE000]
    kinds = {value: "o" for value in scalars}
    for kind, regex in (("l", r"\p{L}+"), ("n", r"\p{N}+"), ("s", r"\s+")):
        for start in range(0, len(scalars), 4096):
            part = scalars[start : start + 4096]
            remover = pre_tokenizers.Split(Regex(regex), "removed")
            kept = set()
            for _, (first, last) in remover.pre_tokenize_str("".join(map(chr, part))):
                kept.update(range(first, last))
            for index, value in enumerate(part):
                if index not in kept:
                    kinds[value] = kind
    runs = []
    for value in scalars:
        if runs and runs[-1][2] == kinds[value] and runs[-1][1] == value - 1:
            runs[-1][1] = value
        else:
            runs.append([value, value, kinds[value]])
    return [run for run in runs if run[2] != "o"]


def write(name, value):
    path = golden / name
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size)


def ids(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def strings():
    all_texts = texts()
    write("texts.json", {"texts": all_texts, "corpus": corpus()})
    write("classes.json", classes())
    write("cuts.json", {name: [cuts(pre, text) for text in all_texts] for name, pre in PATTERNS.items()})
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.NFC()
    trained.pre_tokenizer = PATTERNS["qwen2"]
    trained.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=900, special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    trained.train_from_iterator(corpus(), trainer)
    trained.add_tokens(["<tool>"])
    (golden / "python-trained.json").write_text(trained.to_str())
    write("python-trained-ids.json", {
        "with_special": [ids(trained, text) for text in all_texts], "decoded": [trained.decode(ids(trained, text)) for text in all_texts],
    })


def gpt2():
    """GPT-2 from its ranks: the merge of a token is the last one BPE with lower ranks leaves to do."""
    ranks = {}
    for line in (data / "vocab" / "gpt2.tiktoken").read_text().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    alphabet = byte_alphabet()
    spell = lambda token: "".join(alphabet[byte] for byte in token)
    merges = []
    for token, rank in ranks.items():
        if len(token) == 1:
            continue
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            best = min(range(len(parts) - 1), key=lambda i: ranks.get(parts[i] + parts[i + 1], 1 << 30))
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        merges.append((spell(parts[0]), spell(parts[1])))
    tokenizer = Tokenizer(models.BPE(vocab={spell(token): rank for token, rank in ranks.items()}, merges=merges))
    tokenizer.pre_tokenizer = PATTERNS["gpt2"]
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def byte_alphabet():
    table, extra = {}, 256
    for byte in range(256):
        if 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(extra)
            extra += 1
    return table


def conversations():
    def chat(*turns):
        roles = {"s": "system", "u": "user", "a": "assistant"}
        return [{"role": roles[turn[0]], "content": turn[1:]} for turn in turns]

    return [
        chat("uHello"), chat("uHello", "aHi there"), chat("sBe brief.", "uHello"), chat("sBe brief.", "uHello", "aHi", "uMore?", "aNo."),
        chat("uWho made it?", "aThought: look.\nAction: search[it]", "uObservation: Ada made it.", "aThought: done.\nAction: finish[Ada]"),
        chat("uline\nbreaks\n", "a  spaces  ", "u", "a"), chat("u<|im_end|></s>[INST]", "a{{ x }} {% y %}"), chat("u\u4f60\u597d \U0001f600", "a\u00e9"),
        chat("uone", "utwo", "athree", "afour"), chat("sonly"), chat("afirst"), chat("uone", "smiddle", "utwo"), chat("sone", "atwo"),
    ]


def answers():
    import jinja2
    from transformers import AutoTokenizer

    all_texts = json.loads((golden / "texts.json").read_text())["texts"]
    swift = Tokenizer.from_file(str(golden / "swift-trained" / "tokenizer.json"))
    loaded = AutoTokenizer.from_pretrained(golden / "swift-trained")
    assert loaded.eos_token == "<|im_end|>" and loaded.pad_token == "<|endoftext|>"
    for text in all_texts:
        assert loaded(text, add_special_tokens=False)["input_ids"] == ids(swift, text), text
    theirs = Tokenizer.from_file(str(golden / "python-trained.json"))
    resaved = Tokenizer.from_file(str(golden / "resaved" / "tokenizer.json"))
    for text in all_texts:
        assert ids(resaved, text) == ids(theirs, text), text
    reference = gpt2()
    write("answers.json", {"swift_trained": [ids(swift, text) for text in all_texts], "gpt2": [ids(reference, text) for text in all_texts]})
    templates = json.loads((golden / "templates.json").read_text())
    templates["qwen2_5"] = (data / "chat-templates" / "qwen2_5.jinja").read_text()
    rendered = []
    for chat in conversations():
        for prompt in (False, True):
            texts_by_template = {}
            for name, template in templates.items():
                if name == "qwen2_5" and chat[0]["role"] != "system":
                    continue
                try:
                    texts_by_template[name] = loaded.apply_chat_template(
                        chat, chat_template=template, tokenize=False, add_generation_prompt=prompt)
                except jinja2.exceptions.TemplateError:
                    texts_by_template[name] = None
            rendered.append({"messages": chat, "prompt": prompt, "texts": texts_by_template})
    write("rendered.json", rendered)


if __name__ == "__main__":
    steps = {"strings": strings, "answers": answers}
    if len(sys.argv) < 2 or sys.argv[1] not in steps:
        sys.exit(__doc__)
    steps[sys.argv[1]]()
