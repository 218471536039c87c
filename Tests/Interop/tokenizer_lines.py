"""Lines that try tokenizers: mixed scripts, code, emoji, combining marks, control characters (seeded)."""

import random
import unicodedata

WORDS = (
    "the of and to in is that it was for on are as with his they at be this from have or by one had not but what all were when we there can an "
    "your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time "
    "could no make than first been its who now people my made over did down only way find use may water long little very after words called just "
    "Thought Action Observation search lookup finish Paris London Marie Curie university 1867 don't it's we'll THEY'VE I'm he'd can't O'Brien's"
).split()
CODE = [
    "def f(x):", "    return x ** 2  # square", "for (int i = 0; i < n; ++i) { a[i] += b[i]; }", "SELECT * FROM t WHERE a >= 10 AND b != 'x';", "\tif (p != NULL)",
    '{"key": [1, 2.5, null, true], "k\\u00e9y": "v"}', '<div class="a b">text &amp; more</div>', "$ ls -la | grep '^d' && cd ../x; echo \"$HOME\"", "https://example.org/a?b=c&d=%20#e",
    "import numpy as np", "fn main() { println!(\"{}\", 1_000u64); }", "x = camelCaseWords.snake_case_words->kebab-case[0x1F]", "/* TODO */ //// ====", "a && b || !c", "$$\\frac{1}{2}$$",
]
SCRIPTS = {
    "latin": (0xC0, 0x24F), "greek": (0x370, 0x3FF), "cyrillic": (0x400, 0x52F), "hebrew": (0x5D0, 0x5EA), "arabic": (0x620, 0x6FF), "devanagari": (0x900, 0x97F),
    "bengali": (0x980, 0x9FF), "tamil": (0xB80, 0xBFF), "thai": (0xE00, 0xE7F), "tibetan": (0xF00, 0xFFF), "georgian": (0x10A0, 0x10FF), "jamo": (0x1100, 0x11FF), "ethiopic": (0x1200, 0x137F),
    "khmer": (0x1780, 0x17FF), "vietnamese": (0x1EA0, 0x1EFF), "punctuation": (0x2000, 0x206F), "symbols": (0x2100, 0x27BF), "kana": (0x3040, 0x30FF), "han": (0x4E00, 0x9FFF),
    "hangul": (0xAC00, 0xD7A3), "forms": (0xF900, 0xFFEF), "gothic": (0x10330, 0x1034F), "deseret": (0x10400, 0x1044F), "math": (0x1D400, 0x1D7FF), "emoji": (0x1F300, 0x1FAFF),
    "han2": (0x20000, 0x20200), "private": (0xE000, 0xE0FF), "tags": (0xE0001, 0xE007F),
}
PIECES = [
    " ", "  ", "   ", "    ", "\t", "\r", "\v", "\f", "\x00", "\x01", "\x1b[0m", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u200d", "\u2028", "\u2029", "\u3000", "\ufeff", "\ufffd", "\u0301", "\u0308\u0323", "e\u0301",
    "\u1100\u1161\u11a8", "\u0958", "\u212b", "\u2126", "\ufb01", "\u017f", "'\u017f", "'S", "'ll", "'", "\u2019s", "\u00b2", "\u00bd", "\u2167", "\u0663", "1", "12", "123", "1234", "3.14", "1,000,000", "...", "!?", "\u4f60\u597d", "\u3053\u3093\u306b\u3061\u306f",
    "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "\u2581", "\u2581\u2581a", "<s>", "</s>", "<unk>", "<0x0A>", "[INST]", "<|im_start|>", "<|endoftext|>", "_", "__init__", "Q", "iPhone", "McDonald", "aBC", "ABCd",
    "\u01c5", "\u02b0", "\u0130", "\u00df", "\U0010ffff", "\uffff", "\u0e33", "\u0ddd", "\u1e9b\u0323", "a\u0315\u0300\u05ae\u0301b",
]


def assigned(low, high):
    return [chr(value) for value in range(low, high + 1) if unicodedata.category(chr(value)) not in ("Cs", "Cn")]


def lines(count=10_000, seed=11):
    source = random.Random(seed)
    alphabets = {name: assigned(*bounds) for name, bounds in SCRIPTS.items()}
    names = list(alphabets)

    def word(name):
        return "".join(source.choice(alphabets[name]) for _ in range(source.randint(1, 8)))

    made = []
    while len(made) < count:
        kind = source.random()
        if kind < 0.2:
            text = " ".join(source.choice(WORDS) for _ in range(source.randint(1, 25))).capitalize() + source.choice([".", "?", "!", "", " "])
        elif kind < 0.35:
            text = source.choice(["", " ", "    ", "\t"]) + " ".join(source.choice(CODE) for _ in range(source.randint(1, 3)))
        elif kind < 0.55:
            name = source.choice(names)
            text = " ".join(word(name) for _ in range(source.randint(1, 12)))
        elif kind < 0.75:
            text = "".join(source.choice(PIECES) for _ in range(source.randint(1, 20)))
        elif kind < 0.95:
            parts = [lambda: source.choice(WORDS), lambda: source.choice(PIECES), lambda: word(source.choice(names)), lambda: str(source.randint(0, 10**source.randint(1, 9))), lambda: source.choice(CODE)]
            text = source.choice(["", " "]).join(source.choice(parts)() for _ in range(source.randint(1, 12)))
        elif kind < 0.98:
            text = source.choice(["a", "ab", " ", "=", "-", "\u4e00", "0", "\U0001f600", "A", "aB", "\u0301", "xyz "]) * source.randint(1, 300)
        else:
            text = "".join(chr(source.choice([source.randint(1, 0x2FF), source.randint(0x300, 0xD7FF), source.randint(0xE000, 0x10FFFF)])) for _ in range(source.randint(1, 40)))
            text = "".join(c for c in text if unicodedata.category(c) not in ("Cs", "Cn"))
        text = text.replace("\n", "")
        if text:
            made.append(text)
    return made
