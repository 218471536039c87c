import TemperCore

/// Writes a made-up page as a browser would get it: head, script, hidden parts and wrappers around what is seen.
struct PocketWebPage {
    /// The page.
    private(set) var html = ""
    /// The identifier of each element, in the order of the page.
    private(set) var identifiers: [String] = []

    init(_ draft: PocketWebMaker.Draft, random: inout RandomSource) {
        let site = PageTree.escaped(draft.site)
        var next = 10 + random.index(below: 90)
        var rows: [String] = []
        for element in draft.elements {
            next += 1 + random.index(below: 9)
            identifiers.append(String(next))
            rows.append(Self.row(element, String(next), &random))
        }
        let tag = random.pick(["form", "section", "nav", "ul"])
        let items = rows.map { tag == "ul" ? "<li>\($0)</li>" : "<div class=\"row\">\($0)</div>" }
        html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(site)</title><style>.row { margin: 4px }</style>
            <script>const page = "<div>" + 1;</script></head>
            <body class="page"><!-- made for practice -->
            <header><h1>\(site)</h1><input type="hidden" value="7"></header>
            <main>
            <\(tag) class="part">
            \(items.joined(separator: "\n"))
            </\(tag)>
            </main>
            <footer><p>&copy; \(site)<br>All rights reserved</footer>
            </body></html>
            """
    }

    private static func row(_ element: PocketWebElement, _ identifier: String, _ random: inout RandomSource) -> String {
        let mark = "\(PageTree.identifierAttribute)=\"\(identifier)\""
        let label = PageTree.escaped(element.label)
        // The same words in the places where pages have them.
        let name = "\(random.pick(["aria-label", "title", "placeholder"]))=\"\(label)\""
        switch element.kind {
        case .field: return "<input type=\"text\" \(name) \(mark)>"
        case .list:
            let options = element.options.map { "<option>\(PageTree.escaped($0))" }.joined()
            return "<select \(name) \(mark)>\(options)</select>"
        case .box: return "<input type=\"checkbox\" \(name) \(mark)>"
        case .link: return "<a href=\"/\(identifier)\" \(mark)>\(label)</a>"
        case .button: return "<button class=\"b\" \(mark)>\(label)</button>"
        }
    }
}
