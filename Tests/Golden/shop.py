"""Golden values for the shop, from thefuzz, rapidfuzz and bm25s. Needs: pip install thefuzz rapidfuzz bm25s

Writes token-set-ratio.json and keyword-index.json beside the environment tests, and checks shop-rewards.json, whose vectors are
worked by hand, against the rules written here a second time.
"""

import fractions
import json
import pathlib
import random
import re
import string

import bm25s
from rapidfuzz import fuzz as raw
from thefuzz import fuzz

HERE = pathlib.Path(__file__).parent.parent / "TemperEnvironmentsTests" / "Golden"

PAIRS = [
    ("", ""), ("a", ""), ("...", "a"), ("black", "black"), ("Black", "black"), ("x-large", "large"), ("large", "x large"),
    ("non-slip", "non slip"), ("easy clean", "clean easy"), ("easy", "easy clean"), ("essential oil", "essential oils"),
    ("tea tree", "tea bag"), ("heat resistant", "wear resistant"), ("powder snow", "cool powder snow"), ("a b c", "c d"),
    ("a a b", "a b b"), ("caf\u00e9", "caf"), ("caf\u00e9", "cafe"), ("\u4e2d\u6587", "\u4e2d\u6587"), ("\u017b\u00f3\u0142w", "\u017c\u0142w"), ("\u041a\u043e\u0442 x", "\u043a\u043e\u0442-y"),
    ("\u2013 a \u2013", "a"), ("snake_case", "snake case"),
    ("12 oz", "16 oz"), ('20" x 32"', "20 x 32"), ("machine wash", "machine washable"), ("bpa free", "bpa-free"),
    ("wine | red", "wine/red"), ("black", "block"), ("grey", "gray"), ("dust proof", "rust proof"), ("dust free", "dust proof"),
    ("long lasting", "long lasting colour"), ("navy blue", "blue navy "), ("tab\there", "tab here"), ("\u00bd cup", "cup"),
    ("O'Neill", "o neill"), ("waterproof", "water proof"), ("memory foam", "memory foam mattress topper"), ("usb c", "usb port"),
    ("pack of 2", "pack of 12"), ("natural ingredients", "natural ingredient"), ("sulfate free", "sulphate free"),
]


def ratios():
    source = random.Random(5)
    words = "easy clean non slip heavy duty long lasting water proof resistant black light blue size pack of two set".split()
    pairs = list(PAIRS)
    for _ in range(160):
        left = source.sample(words, source.randint(1, 4))
        right = source.sample(words, source.randint(1, 4))
        if source.random() < 0.5:
            word = source.choice(right)
            cut = source.randrange(len(word))
            right.append(word[:cut] + source.choice(string.ascii_letters) + word[cut + source.randint(0, 1):])
        pairs.append((" ".join(left), source.choice([" ", "-", ", "]).join(right)))
    return [{"left": a, "right": b, "ratio": fuzz.token_set_ratio(a, b), "raw": raw.token_set_ratio(a, b)} for a, b in pairs]


STOP = set(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was "
    "will with".split())


def stem(word):
    if len(word) <= 3 or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def tokens(text):
    return [stem(w) for w in re.findall(r"[^\W_]+", text.lower()) if w not in STOP]


def index():
    source = random.Random(9)
    kinds = ["mug", "mugs", "berries", "shoes", "boxes", "glass", "glasses", "lamp", "desk lamp", "travel mug", "bus"]
    adjectives = ["waterproof", "non slip", "classic", "easy clean", "heavy duty"]
    documents = []
    for number in range(60):
        parts = [f"brand{number % 13}", source.choice(adjectives), source.choice(kinds)]
        if source.random() < 0.5:
            parts += ["with", source.choice(adjectives), "and a", source.choice(kinds)]
        documents.append(" ".join(parts).title())
    queries = ["travel mug", "waterproof desk lamps", "glass box", "the and of", "", "brand3 shoe", "non-slip BERRY", "nothing here fits"]
    queries += ["easy clean classic heavy duty mugs", "mug mug mug lamp"]
    corpus = [tokens(d) for d in documents]
    retriever = bm25s.BM25(method="lucene", k1=0.9, b=0.4)
    retriever.index(corpus, show_progress=False)
    known = {w for words in corpus for w in words}
    results = []
    for query in queries:
        words = [w for w in dict.fromkeys(tokens(query)) if w in known]
        scores = retriever.get_scores(words).tolist() if words else [0.0] * len(corpus)
        results.append({"query": query, "scores": scores})
    return {"documents": documents, "queries": results}


COLOURS = """alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown burgundy camel camo caramel
champagne charcoal cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal dark denim eggplant
elephant espresso fuchsia gold granite grape graphite grass gray green grey heather indigo ivory ivy khaki lavender lemon leopard
light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor mushroom mustard natural navy nude olive orange peach
pewter pink plum purple rainbow red rose royal rust sand sapphire seashell silver skull slate steel stone stonewash sunflower tan
taupe teal tiger turquoise violet walnut wheat white wine yellow""".split()


def colour(text):
    return next((name for name in COLOURS if name in text), text)


def check_rewards():
    """The published rules; the nouns of both titles stand in the vectors, since the rule for them is Temper's own."""
    fixture = json.loads((HERE / "shop-rewards.json").read_text())
    for vector in fixture["vectors"]:
        product = {**fixture["product"], **vector.get("product", {})}
        goal = {**fixture["goal"], **vector.get("goal", {})}
        chosen = vector.get("chosen", fixture["chosen"])
        price = vector.get("price", fixture["price"])
        texts = [product["title"].lower(), " ".join(product["bullets"]).lower(), product["description"].lower()]
        wanted, own = vector.get("goal_nouns", fixture["goal_nouns"]), vector.get("product_nouns", fixture["product_nouns"])
        score = len(set(wanted) & set(own)) / len(wanted) if wanted else 0.2
        split = lambda path: {part.strip() for part in path.split("\u203a")}
        alike = product["query"] == goal["query"] or score > 0.2 or len(split(product["category"]) & split(goal["category"])) >= 2
        kind = 1.0 if alike else 0.5
        kind = 0.1 if score < 0.1 else kind
        kind = 0.0 if score == 0 else kind
        attributes = sum(
            any(fuzz.token_set_ratio(p, g) > 85 for p in product["attributes"]) or any(g in t for t in texts)
            for g in goal["attributes"])
        options = 0
        targets = [colour(o) for o in goal["options"]]
        for name, value in chosen.items():
            value = colour(value)
            exact = name.lower() == "size"
            hit = value in targets if exact else any(fuzz.token_set_ratio(g, value) > 85 for g in targets)
            options += hit or any(value in t for t in texts)
        met = price <= goal["price_upper"]
        total = min(1, kind * (attributes + options + met) / (len(goal["attributes"]) + len(goal["options"]) + 1))
        got = [kind, attributes, options, met]
        assert got == vector["expected"], (vector["name"], got, vector["expected"])
        assert abs(total - float(fractions.Fraction(vector["total"]))) < 1e-9, (vector["name"], total, vector["total"])
    print(len(fixture["vectors"]), "reward vectors agree")


def main():
    (HERE / "token-set-ratio.json").write_text(json.dumps(ratios(), ensure_ascii=True, indent=1) + "\n")
    (HERE / "keyword-index.json").write_text(json.dumps(index(), ensure_ascii=True) + "\n")
    check_rewards()


main()
