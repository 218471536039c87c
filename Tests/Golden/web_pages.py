"""Makes two files of TemperEnvironmentsTests/Golden: needs Python 3.8 or later and lxml 6 (libxml2 2.9 or later).

mind2web-records.json  20 made-up records in the schema of Mind2Web's JSON (no page or person in them is real)
web-pages.json         how groups of their candidates are shown: pruning and text done here with lxml, by the published rules
"""

import json
import pathlib
import random
import re

from lxml import etree

OUT = pathlib.Path(__file__).parent.parent / "TemperEnvironmentsTests" / "Golden"
WORDS = (
    "tickets trains museum garden harbour pickup return one-way weekend adults children search filter price rating menu "
    "account sign in newsletter terms privacy contact help offers new best nearby open late morning evening window aisle"
).split()
ODD = ["Café & Bar", 'the "Old Mill"', "5 < 6 rooms", "über-große Straße", "price > 20 €", "日本語", "A&amp;B"]


class Page:
    """A random page whose nodes are numbered as in Mind2Web's cleaned pages."""

    def __init__(self, rng):
        self.rng = rng
        self.next = rng.randint(100, 900)
        self.root = self.element("html")
        self.body = self.element("body", self.root)
        self.targets = []

    def element(self, tag, parent=None, **attributes):
        node = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
        self.next += self.rng.randint(1, 7)
        node.set("backend_node_id", str(self.next))
        for name, value in attributes.items():
            node.set(name, value)
        return node

    def text(self, parent, words):
        self.element("text", parent).text = words

    def words(self, low, high):
        if self.rng.random() < 0.08:
            return self.rng.choice(ODD)
        return " ".join(self.rng.choice(WORDS) for _ in range(self.rng.randint(low, high)))

    def attributes(self):
        """Some of what cleaned pages keep, odd values among it."""
        found = {}
        for name in ("role", "aria_label", "title", "name", "placeholder", "class"):
            if self.rng.random() < 0.2:
                found[name] = self.rng.choice(
                    [self.words(1, 7), "presentation", "http://example.org/a", "Hidden", "a-very-long-word-of-many-letters x", "", "Button"]
                )
        return found

    def leaf(self, parent):
        kind = self.rng.random()
        if kind < 0.3:
            node = self.element("a", parent, **self.attributes())
            self.text(node, self.words(1, 4))
        elif kind < 0.5:
            node = self.element("button", parent, **self.attributes())
            if self.rng.random() < 0.7:
                self.text(self.element("span", node), self.words(1, 3))
        elif kind < 0.7:
            node = self.element("input", parent, type=self.rng.choice(["text", "checkbox", "search"]), **self.attributes())
        elif kind < 0.85:
            node = self.element("select", parent, **self.attributes())
            for index in range(self.rng.randint(2, 6)):
                option = self.element("option", node, value=str(index))
                if index == 1:
                    option.set("option_selected", "true")
                self.text(option, self.words(1, 2))
        else:
            node = self.element("div", parent)
            self.text(node, self.words(15, 30))
        self.targets.append(node.get("backend_node_id"))
        return node

    def fill(self, parent, depth):
        for _ in range(self.rng.randint(1, 4)):
            draw = self.rng.random()
            if depth > 0 and draw < 0.55:
                tag = self.rng.choice(["div", "div", "section", "ul", "form", "nav"])
                child = self.element(tag, parent, **(self.attributes() if self.rng.random() < 0.4 else {}))
                self.fill(child, depth - 1)
                if self.rng.random() < 0.15:
                    self.targets.append(child.get("backend_node_id"))
            elif draw < 0.65:
                self.element(self.rng.choice(["div", "span", "img", "hr"]), parent, **self.attributes())
            else:
                self.leaf(parent)

    def markup(self):
        etree.indent(self.root, space="")
        return etree.tostring(self.root, encoding="unicode")


def wide(page):
    """More than 50 nodes inside a candidate, more than 6 levels, and more than 7 siblings."""
    box = page.element("div", page.body, aria_label="results list")
    page.targets.append(box.get("backend_node_id"))
    for index in range(30):
        item = page.element("li", box)
        page.text(item, f"result {index}")
    node = page.element("section", page.body)
    page.targets.append(node.get("backend_node_id"))
    for level in range(9):
        node = page.element("div", node, title=f"level {level}")
        page.text(node, f"depth {level}")


# --- what is shown, from the published rules ---

SHOWN = "role aria_role type alt aria_description aria_label label title name text_value value placeholder input_checked input_value option_selected class".split()


def below(node, levels):
    """What is inside a node, in document order, so many levels down."""
    found = []
    for child in node:
        found.append(child)
        if levels > 1:
            found.extend(below(child, levels - 1))
    return found


def pruned(root, group):
    root = etree.fromstring(etree.tostring(root))
    keep = {root}
    chosen = {n for n in root.iter() if n.tag != "text" and n.get("backend_node_id") in group}
    for node in chosen:
        keep.add(node)
        keep.update(node.iterancestors())
        keep.update(below(node, 6)[:50])
        if node.getparent() is not None:
            row = [n for n in node.getparent() if n.tag != "text"]
            place = row.index(node)
            keep.update(row[max(0, place - 3) : place + 4])
    nodes = list(root.iter())
    texts = {n: n.getparent() for n in nodes if n.tag == "text"}
    for node in reversed(nodes):
        parent = node.getparent()
        if node is not root and not (texts[node] in keep if node in texts else node in keep):
            parent.remove(node)
            continue
        if node not in chosen:
            node.attrib.pop("backend_node_id", None)
        children = list(node)
        lone = len(children) <= 1 and not any(c.tag == "text" for c in children)
        if node is not root and node not in texts and not node.attrib and lone:
            for child in children:
                node.addprevious(child)
            parent.remove(node)
    return root


def shown(node, numbers):
    node = etree.fromstring(etree.tostring(node, with_tail=False))
    for each in node.iter():
        if each.tag == "text":
            each.text = " ".join((each.text or "").split()[:20])
            continue
        said, seen = [], set()
        for name in SHOWN:
            value = each.get(name)
            if value is None:
                continue
            value = value.lower()
            if value in ("hidden", "none", "presentation", "null", "undefined") or value.startswith("http"):
                continue
            words = [w for w in value.split() if len(w) < 15][:5]
            if words and tuple(words) not in seen:
                seen.add(tuple(words))
                said += words
        number = each.get("backend_node_id")
        each.attrib.clear()
        if number is not None:
            each.set("id", str(numbers[number]))
        if said:
            each.set("meta", " ".join(said[:20]))
    line = etree.tostring(node, encoding="unicode").replace('"', " ")
    line = line.replace("meta= ", "").replace("id= ", "id=").replace(" >", ">")
    line = re.sub(r"<text>(.*?)</text>", r"\1", line)
    for code, character in [("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&ndash;", "-"),
                            ("&rsquo;", "'"), ("&lsquo;", "'"), ("&ldquo;", '"'), ("&rdquo;", '"'), ("&#39;", "'"),
                            ("&#40;", "("), ("&#41;", ")")]:
        line = line.replace(code, character)
    return re.sub(r"\s+", " ", line).strip()


def case(markup, group):
    page = pruned(etree.fromstring(markup), set(group))
    found = [n for n in page.iter() if n.tag != "text" and n.get("backend_node_id") is not None]
    numbers = {n.get("backend_node_id"): i for i, n in enumerate(found)}
    return {
        "page": shown(page, numbers),
        "identifiers": list(numbers),
        "options": [" ".join(shown(n, numbers).split()[:10]) for n in found],
    }


def record(number, cases):
    rng = random.Random(f"record {number}")
    actions, reprs = [], []
    for step in range(rng.randint(1, 2)):
        page = Page(rng)
        while len(page.targets) < 14:
            page.fill(page.body, 4)
        if number == 3:
            wide(page)
        markup = page.markup()
        tags = {n.get("backend_node_id"): n.tag for n in page.root.iter()}
        chosen = rng.sample(page.targets, min(len(page.targets), rng.randint(12, 16)))
        if number == 3:
            chosen += page.targets[-2:]
        right = chosen[: 1 if rng.random() < 0.8 else 2]
        order = rng.sample(chosen, len(chosen))
        if number % 5 == 4:  # the right one is not among the ten best
            order = [c for c in order if c not in right] + right
        elif number % 2:
            order = right + [c for c in order if c not in right]
        ranked = number % 4 != 2
        kind = tags[right[0]]
        op, original, value = {
            "select": ("SELECT", "SELECT", "weekend"), "input": ("TYPE", "TYPE", "Mill Road 5"),
        }.get(kind, ("CLICK", rng.choice(["CLICK", "HOVER", "ENTER"]), ""))

        def candidate(identifier, positive):
            fields = {
                "tag": tags[identifier],
                "attributes": json.dumps({"backend_node_id": identifier, "bounding_box_rect": "60,170,146,34", "class": "x y"}),
                "backend_node_id": identifier,
            }
            if ranked:
                fields["rank"] = order.index(identifier)
                fields["score"] = round(1 - order.index(identifier) / 50, 3)
            if positive:
                fields.update(is_original_target=identifier == right[0], is_top_level_target=identifier == right[-1])
            return fields

        actions.append({
            "action_uid": f"made-up-{number}-{step}",
            "raw_html": "<html><body>not used where there is a cleaned page</body></html>",
            "cleaned_html": markup,
            "operation": {"op": op, "original_op": original, "value": value},
            "pos_candidates": [candidate(c, True) for c in right],
            "neg_candidates": [candidate(c, False) for c in chosen if c not in right],
        })
        reprs.append(f"[{kind}]  {rng.choice(WORDS)} -> {op}" + (f": {value}" if value else ""))
        for group in (order[:5], order[5:10], rng.sample(chosen, 5), chosen[-2:]):
            cases.append({"record": number, "action": step, "group": group, **case(markup, group)})
    return {
        "annotation_id": f"made-up-{number:02}", "website": rng.choice(["mill", "harbour", "garden"]), "domain": "Travel",
        "subdomain": rng.choice(["Ground", "Hotel", "Other"]),
        "confirmed_task": " ".join(["Find"] + rng.sample(WORDS, 6)) + ".", "action_reprs": reprs, "actions": actions,
    }


def listed(values):
    """A JSON list with one value a line."""
    return "[\n" + ",\n".join(json.dumps(v, ensure_ascii=False) for v in values) + "\n]\n"


def main():
    cases = []
    records = [record(number, cases) for number in range(20)]
    (OUT / "mind2web-records.json").write_text(listed(records), encoding="utf-8")
    (OUT / "web-pages.json").write_text(listed(cases), encoding="utf-8")
    print(len(records), "records", sum(len(r["actions"]) for r in records), "actions", len(cases), "groups")


if __name__ == "__main__":
    main()
