/// Makes of a browser's page what Mind2Web calls a cleaned one: what is seen, and of each element what describes it.
enum PageCleaner {
    /// The attributes that are kept (Mind2Web's release, `dom_utils`), beside the node's identifier.
    static let kept: Set<String> = [
        "role", "aria_role", "type", "alt", "aria_description", "aria_label", "label", "title", "name", "text_value", "value",
        "placeholder", "input_checked", "input_value", "option_selected", PageTree.identifierAttribute,
    ]
    private static let unseen: Set<String> = [
        "head", "script", "style", "noscript", "template", "meta", "link", "title", "base", "svg", "iframe", "object",
    ]

    static func cleaned(_ page: PageTree) -> PageTree {
        var tree = PageTree(root: cleaned(page.nodes[0]))
        var open = page.nodes[0].children.reversed().map { (node: $0, parent: 0) }
        while let (index, parent) = open.popLast() {
            let node = page.nodes[index]
            guard !isUnseen(node) else { continue }
            let place = tree.append(cleaned(node), to: parent)
            open += node.children.reversed().map { (node: $0, parent: place) }
        }
        return tree
    }

    private static func isUnseen(_ node: PageTree.Node) -> Bool {
        if unseen.contains(node.tag) || node.attribute("hidden") != nil || node.attribute("aria-hidden") == "true"
            || node.attribute("type") == "hidden"
        {
            return true
        }
        guard let style = node.attribute("style")?.lowercased().filter({ !$0.isWhitespace }) else { return false }
        return style.contains("display:none") || style.contains("visibility:hidden")
    }

    /// Names as in the cleaned pages: `aria-label` is `aria_label`, a ticked box has `input_checked`, a chosen option
    /// `option_selected`.
    private static func cleaned(_ node: PageTree.Node) -> PageTree.Node {
        var copy = PageTree.Node(tag: node.tag, text: node.text, wasEmpty: node.wasEmpty)
        for attribute in node.attributes {
            switch attribute.name {
            case "checked": copy.attributes.append(PageTree.Attribute(name: "input_checked", value: "true"))
            case "selected": copy.attributes.append(PageTree.Attribute(name: "option_selected", value: "true"))
            default:
                let isDashed = attribute.name.utf8.contains(UInt8(ascii: "-"))
                let name = isDashed ? attribute.name.replacing("-", with: "_") : attribute.name
                if kept.contains(name), !attribute.value.isEmpty {
                    copy.attributes.append(PageTree.Attribute(name: name, value: attribute.value))
                }
            }
        }
        return copy
    }
}
