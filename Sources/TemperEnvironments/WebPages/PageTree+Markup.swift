extension PageTree {
    /// The tree as markup that ``PageParser`` reads back: Mind2Web's cleaned form, texts in `text` elements, without attributes
    /// that are never shown.
    var markup: String {
        var markup = ""
        var open: [(node: Int, isEnd: Bool)] = [(0, false)]
        while let (index, isEnd) = open.popLast() {
            let node = nodes[index]
            if isEnd {
                markup += "</\(node.tag)>"
                continue
            }
            markup += "<\(node.tag)"
            for attribute in node.attributes where PageCleaner.kept.contains(attribute.name) || attribute.name == "class" {
                markup += " \(attribute.name)=\"\(Self.escaped(attribute.value).replacing("\"", with: "&quot;"))\""
            }
            if node.isText {
                markup += ">\(Self.escaped(node.text))</\(node.tag)>"
            } else if node.wasEmpty {
                markup += "/>"
            } else {
                // A blank says that there was something inside.
                markup += "> "
                open.append((index, true))
                open += node.children.reversed().map { ($0, false) }
            }
        }
        return markup
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
