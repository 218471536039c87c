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
                markup += " \(attribute.name)=\"\(Self.quoted(attribute.value))\""
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
        guard text.utf8.contains(where: { "&<>".utf8.contains($0) }) else { return text }
        return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// As the value of an attribute.
    static func quoted(_ text: String) -> String {
        let text = escaped(text)
        return text.utf8.contains(UInt8(ascii: "\"")) ? text.replacing("\"", with: "&quot;") : text
    }

    /// White space.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 128 ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
    }
}
