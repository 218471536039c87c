"""Golden answers for the database suite, from Python itself: what repr writes, what eval reads, how AgentBench compares, MD5.

Run from the project's folder: python3 Tests/Golden/database.py > Tests/TemperEnvironmentsTests/Golden/database.json
Everything evaluated here is written in this file; nothing comes from outside.
"""
import hashlib
import json
import random

random.seed(5)


def agentbench(answer, labels):
    """AgentBench v0.2's rule for a question, on the text after `Final Answer:`; that text starts with a space."""
    answer = " " + answer
    try:
        items = list(eval(answer))
    except BaseException:
        items = [answer]
    if len(items) == 1 and len(labels) == 1:
        try:
            return float(items[0]) == float(labels[0])
        except (ValueError, TypeError):
            return items[0] == labels[0]
    try:
        return set(items) == set(labels)
    except TypeError:
        return False


floats = [0.0, -0.0, 1.0, 0.1, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 2.5e-7, 1 / 3, 1e300, 5e-324, 9007199254740993.0,
          12345.678, -2.0, 3.14159, 1e22, 4611686018427387904.0]
floats += [random.uniform(-1000, 1000) for _ in range(20)] + [random.random() * 10 ** random.randint(-20, 20) for _ in range(40)]
texts = ["", "a", "it's", 'say "x"', "both ' and \"", "back\\slash", "line\nbreak", "tab\there", "\r", "\x00\x07\x7f", "é", "\xa0", "\xad",
         "\u200b", "\u2028", "日本", "😀", "\ue000", "\u0301", "Ole Mørk", "\u3000", "\x85"]
rows = [[("x",)], [], [(1, 2.5, None, "a'b")], [(b"ab\x00'\xff",)], [("a", 1), ("b", 2)], [(True,)]]

literals = ["[]", "['a']", '["a", "b"]', "['a',]", "('a', 'b')", "'a', 'b'", "'ab'", "'a'", "{'a', 'b'}", "[1, 2.5, -3]", "[None, True]",
            "['it\\'s']", '["\\u00e9\\x41\\n"]', "['a' 'b']", "[['a']]", "[('a',)]", "5", "5.0", "a", "[a]", "[1 +1]", "['a'", "['a']]",
            "[,]", "[1,,2]", "", "  ['a']  ", "['a'] # x", "[007]", "[1_000]", "[0x10]", "[1e3]", "{}", "()", "(1)", "(1,)", "[.5]", "[5.]",
            "[-0]", "[--1]", "[f'x']", "[b'x']", "[r'x']", "__import__('os')", "[__import__('os').getcwd()]", "['\\q']", "['\\101']",
            "[0]", "[00]", "['a', ['b']]", "[1][0]", "lambda: 1", "[x for x in 'ab']", "['é', '日本']", "[True, 1]", "{'a': 1}"]


def read(text):
    import ast
    try:
        return {"value": repr(ast.literal_eval(text.strip()))}
    except BaseException:
        return {"value": None}


answers = [
    (['"1.0"', "[1]", "['1']", "[1.0]", "['1.00']", "1", "1.0", " 1", "['one']", "[]", "['1', '1']", "[True]", "[None]", "['1_0']"], ["1.0"]),
    (["['Ole Mørk']", "Ole Mørk", "'Ole Mørk'", "['ole mørk']", "['Ole Mørk', 'x']", "[['Ole Mørk']]", "[('Ole Mørk',)]"], ["Ole Mørk"]),
    (["'F'", "['F']", "F", "('F',)", "('F')", "{'F'}", "[\"F\"]"], ["F"]),
    (["['a', 'b']", "['b', 'a']", "['a', 'b', 'a']", "['a']", "('a', 'b')", "'ab'", "['a', 'b', 'c']", "[['a'], 'b']", "a, b", "{'b', 'a'}"], ["a", "b"]),
    (["[2001, 2003]", "['2001', '2003']", "['2003', '2001.0']"], ["2001", "2003"]),
    (["['none']", "none", "[None]", "['']", "[0]", "[]", ""], ["none"]),
    (["['36']", "[36]", "['36.0']", "[' 36 ']", "['3 6']", "['inf']", "[36.0000001]", "['0x24']", "['3_6']"], ["36"]),
    (["['nan']", "['NaN']"], ["nan"]), (["['3,729.7']", "[3729.7]"], ["3,729.7"]),
]

messages = ["", "a", "abc", "message digest", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "1234567890" * 8, "é日本😀", "x" * 55, "x" * 56, "x" * 63, "x" * 64, "x" * 65, "x" * 1000]

tables = [[["a", "b"], ["c", None]], [["1", "2"]], [[str(i), "x" * (i % 7)] for i in range(300)], [["é", "日本"], ["", ""]]]


def table_hash(table):
    hashes = sorted(hashlib.md5(",".join(c for c in row if c is not None).encode()).hexdigest()[:5] for row in table)
    return hashlib.md5(",".join(hashes).encode()[:1024]).hexdigest()


print(json.dumps({
    "floats": [{"bits": str(__import__("struct").unpack("<Q", __import__("struct").pack("<d", f))[0]), "text": repr(f)} for f in floats],
    "texts": [{"text": t, "repr": repr(t)} for t in texts],
    "rows": [repr(r) for r in rows],
    "literals": [{"text": t, **read(t)} for t in literals],
    "answers": [{"answer": a, "labels": labels, "right": bool(agentbench(a, labels))} for group, labels in answers for a in group],
    "md5": [{"text": m, "digest": hashlib.md5(m.encode()).hexdigest()} for m in messages],
    "tables": [{"rows": t, "hash": table_hash(t)} for t in tables],
}, ensure_ascii=True, indent=1))
