import Foundation

/// Writes pages as Mind2Web's baseline shows them to a model: `<a id=0 visit the gift cards page> Gift Cards </a>`.
///
/// An element is its tag, the number of the candidate it is, and the values of ``shownAttributes`` without their names, in lower
/// case; a text node is its first words.
enum PageText {
    /// The attributes that are shown, in this order (Mind2Web's release, `dom_utils`).
    static let shownAttributes = [
        "role", "aria_role", "type", "alt", "aria_description", "aria_label", "label", "title", "name", "text_value", "value",
        "placeholder", "input_checked", "input_value", "option_selected", "class",
    ]
    /// Words of one attribute, each shorter than ``maximumWordLength``.
    static let maximumValueWords = 5
    static let maximumWordLength = 15
    /// Words of all attributes together, and of a text node.
    static let maximumWords = 20
    /// Words, tags among them, of an option.
    static let maximumOptionWords = 10

    private static let emptyValues: Set<String> = ["hidden", "none", "presentation", "null", "undefined"]
    /// What the release turns back after writing, in its order.
    private static let escapes = [
        ("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&ndash;", "-"), ("&rsquo;", "'"),
        ("&lsquo;", "'"), ("&ldquo;", "\""), ("&rdquo;", "\""), ("&#39;", "'"), ("&#40;", "("), ("&#41;", ")"),
    ]

    /// A pruned page with its candidates.
    struct Shown: Sendable, Hashable {
        /// The whole page as one line.
        var page: String
        /// The candidates in the order of the page: identifier and first words.
        var candidates: [Candidate]
    }

    struct Candidate: Sendable, Hashable {
        var identifier: String
        var tag: String
        var text: String
        /// The options of a list, as they are shown.
        var options: [String]
        /// The `type` of an input.
        var type: String?
    }

    /// - Parameter page: a pruned page, on which only candidates have identifiers.
    static func shown(_ page: PageTree) -> Shown {
        let order = page.subtree(of: 0)
        let found = order.filter { page.nodes[$0].attribute(PageTree.identifierAttribute) != nil }
        let numbers = Dictionary(uniqueKeysWithValues: found.enumerated().map { ($0.element, $0.offset) })
        let candidates = found.map { index in
            let node = page.nodes[index]
            let words = line(page, from: index, numbers).split(separator: " ")
            let options = page.subtree(of: index).filter { page.nodes[$0].tag == "option" }.map { option in
                page.nodes[option].children.map { shortened(page.nodes[$0].text) }.joined(separator: " ")
            }
            return Candidate(
                identifier: node.attribute(PageTree.identifierAttribute) ?? "", tag: node.tag,
                text: words.prefix(maximumOptionWords).joined(separator: " "), options: options, type: node.attribute("type"))
        }
        return Shown(page: line(page, from: 0, numbers), candidates: candidates)
    }

    /// An element and all inside it. Tags and texts are a space apart, as in the published pages, whose lines are indented.
    private static func line(_ page: PageTree, from start: Int, _ numbers: [Int: Int]) -> String {
        var line = ""
        // Ends are written when everything inside is.
        var open: [(node: Int, isEnd: Bool)] = [(start, false)]
        while let (index, isEnd) = open.popLast() {
            let node = page.nodes[index]
            if node.isText {
                let text = PageTree.escaped(shortened(node.text))
                line += (text.utf8.contains(UInt8(ascii: "\"")) ? text.replacing("\"", with: " ") : text) + " "
            } else if isEnd {
                line += "</\(node.tag)> "
            } else {
                line += head(node, numbers[index])
                if node.wasEmpty {
                    line += "/> "
                } else {
                    line += "> "
                    open.append((index, true))
                    open += node.children.reversed().map { ($0, false) }
                }
            }
        }
        if line.utf8.contains(UInt8(ascii: "&")) {
            for (escape, character) in escapes { line = line.replacing(escape, with: character) }
        }
        return words(of: line).joined(separator: " ")
    }

    /// `<a id=0 visit the gift cards page`, ready for `>` or `/>`.
    private static func head(_ node: PageTree.Node, _ number: Int?) -> String {
        let values = values(of: node)
        var head = "<\(node.tag)"
        if let number { head += " id=\(number)" }
        if !values.isEmpty { head += " " + PageTree.quoted(values) }
        return number == nil && values.isEmpty ? head : head + (node.wasEmpty ? " " : "")
    }

    private static func values(of node: PageTree.Node) -> String {
        var seen: Set<String> = []
        var words: [String] = []
        for name in shownAttributes {
            guard let value = node.attribute(name)?.lowercased(), !emptyValues.contains(value), !value.hasPrefix("http") else {
                continue
            }
            let short = Self.words(of: value).filter { $0.unicodeScalars.count < maximumWordLength }.prefix(maximumValueWords)
            if !short.isEmpty, seen.insert(short.joined(separator: " ")).inserted { words += short.map(String.init) }
        }
        return words.prefix(maximumWords).joined(separator: " ")
    }

    private static func shortened(_ text: String) -> String { words(of: text).prefix(maximumWords).joined(separator: " ") }

    private static func words(of text: String) -> [Substring] {
        text.unicodeScalars.split(whereSeparator: PageTree.isBlank).map(Substring.init)
    }
}
