import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct PageParserTests {
    private func parse(_ page: String, as markup: PageParser.Markup = .html) throws -> PageTree {
        try PageParser.parse(page, as: markup, named: "a page")
    }

    private func shown(_ page: String, _ candidates: [String], as markup: PageParser.Markup = .html) throws -> PageText.Shown {
        let tree = try parse(page, as: markup)
        return PageText.shown(PagePruner.pruned(markup == .html ? PageCleaner.cleaned(tree) : tree, around: candidates))
    }

    @Test("A browser's page is cleaned: what is not seen goes, what describes an element stays")
    func cleaning() throws {
        let page = """
            <!DOCTYPE html><html><head><title>T</title><script>var a = "<b>";</script><style>p{}</style></head>
            <body onload="x()"><!-- no --><div hidden>secret</div><p style="display: none">secret</p><div aria-hidden="true">x</div>
            <input type=hidden value=1><svg><text>x</text></svg><template><p>secret</p></template>
            <form><label>Size<select aria-label="Shirt size" id="s" backend_node_id=4><option value=s>Small<option selected>Large
            </select></label><input type=checkbox checked placeholder="Gift" backend_node_id="5"></form></body></html>
            """
        let shown = try shown(page, ["4", "5"])
        #expect(
            shown.page == "<html> <form> <label> Size <select id=0 shirt size> <option s> Small </option> <option true> Large "
                + "</option> </select> </label> <input id=1 checkbox gift true /> </form> </html>")
        #expect(shown.candidates.map(\.options) == [["Small", "Large"], []])
    }

    @Test("Entities, encodings and odd characters come through")
    func characters() throws {
        let page =
            "<p>&copy; Caf&eacute; &#x1F600; &nbsp;&lt;b&gt; &amp;amp; 日本 <a backend_node_id=1 title='a \"b\" &amp; c'>x &unknown; y</a>"
        let shown = try shown(page, ["1"])
        #expect(shown.candidates[0].text == "<a id=0 a \"b\" & c> x &unknown; y </a>")
        let tree = try parse(page)
        #expect(tree.nodes.contains { $0.text.contains("© Café 😀") && $0.text.contains("<b> &amp; 日本") })
        // A page that claims another encoding is still the text it is.
        #expect(try parse("<meta charset=latin1><p>é</p>").nodes.contains { $0.text == "é" })
    }

    @Test("Broken markup is repaired, not refused")
    func broken() throws {
        let page = "<div><a backend_node_id=1>one<a backend_node_id=2>two</div></b><td></p><select><option>x</form>"
        #expect(try shown(page, ["1", "2"]).candidates.map(\.identifier) == ["1", "2"])
        // A cleaned page that is not well formed is read as HTML, and so is one with a document type.
        #expect(
            try shown("<html><a backend_node_id=\"1\"><text>x &nbsp; y</text>", ["1"], as: .cleaned).candidates[0].text
                == "<a id=0> x y </a>")
        #expect(try parse("just text").nodes.contains { $0.text == "just text" })
    }

    @Test("Nothing is fetched and no entity is blown up")
    func entities() throws {
        let bomb = """
            <!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
            <!ENTITY d SYSTEM "file:///etc/passwd"><!ENTITY % e SYSTEM "http://127.0.0.1:9/x">%e;]>
            <html><body><p>&c;&d;</p></body></html>
            """
        for markup in [PageParser.Markup.cleaned, .html] {
            let texts = try parse(bomb, as: markup).nodes.map(\.text).joined()
            #expect(!texts.contains("root:") && !texts.contains("aaaaaaaaaa") && texts.count < 2_000)
        }
        let include =
            "<html xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"/etc/passwd\" parse=\"text\"/><p>x</p></html>"
        #expect(try !parse(include, as: .cleaned).nodes.contains { $0.text.contains("root:") })
    }

    @Test("Empty, huge and very deep pages: named errors or a cut, never a crash")
    func limits() throws {
        for page in ["", "   ", "<!-- only this -->"] {
            let error = #expect(throws: TemperError.self) { try parse(page) }
            #expect(error?.description == "error: a page: the page has no element" && error?.code == .data)
        }
        let huge = String(repeating: "<p>x</p>", count: PageParser.maximumBytes / 8 + 1)
        let error = #expect(throws: TemperError.self) { try parse(huge) }
        #expect(error?.message == "the page has \(huge.utf8.count) bytes, more than 16000000")
        let many = #expect(throws: TemperError.self) {
            try parse(String(repeating: "<b></b>", count: PageParser.maximumNodes + 1))
        }
        #expect(many?.message == "the page has more than 200000 elements and texts")
        for tag in ["div", "b", "table", "select", "a"] {
            let deep = String(repeating: "<\(tag) backend_node_id=1>", count: 5_000) + "x"
            let tree = PageCleaner.cleaned(try parse(deep))
            let line = PageText.shown(PagePruner.pruned(tree, around: ["1"])).page
            #expect(!line.isEmpty)
        }
    }

    @Test("Two hundred mutated pages are read, shown and freed; the same one always gives the same")
    func mutations() throws {
        let draft = PocketWebMaker(number: 7, split: .train)
        var maker = draft
        var pageRandom = RandomSource(seed: 1)
        let base = Array(PocketWebPage(maker.draft(), random: &pageRandom).html.utf8)
        let pieces = [
            "<", ">", "&", "\"", "</", "<!--", "<![CDATA[", "\0", "&#0;", "&#xFFFFFF;", "<script>", "<?", "<!ENTITY", "\u{FFFE}",
        ]
        for number in 0..<200 {
            var random = RandomSource(seed: UInt64(number), "mutations")
            var bytes = base
            for _ in 0..<(1 + random.index(below: 20)) {
                let place = random.index(below: max(1, bytes.count))
                switch random.index(below: 4) {
                case 0: bytes.replaceSubrange(place..<min(bytes.count, place + random.index(below: 60)), with: [])
                case 1: bytes.insert(contentsOf: Array(random.pick(pieces).utf8), at: place)
                case 2: bytes.insert(UInt8(random.index(below: 256)), at: place)
                default: bytes += bytes[place..<min(bytes.count, place + 200)]
                }
                if bytes.isEmpty { bytes = base }
            }
            let page = String(decoding: bytes, as: UTF8.self)
            for markup in [PageParser.Markup.html, .cleaned] {
                let outcomes = (0..<2).map { _ in
                    Result { () -> PageText.Shown in
                        let tree = PageCleaner.cleaned(try PageParser.parse(page, as: markup, named: "m"))
                        let candidates = tree.nodes.compactMap { $0.attribute(PageTree.identifierAttribute) }
                        let reduced = PagePruner.reduced(tree, around: candidates).markup
                        _ = try PageParser.parse(reduced, as: .cleaned, named: "again")
                        return PageText.shown(PagePruner.pruned(tree, around: candidates))
                    }
                }
                switch (outcomes[0], outcomes[1]) {
                case (.success(let first), .success(let second)): #expect(first == second, "mutation \(number)")
                case (.failure(let error as TemperError), .failure): #expect(error.code == .data, "mutation \(number)")
                default: Issue.record("mutation \(number) has two outcomes")
                }
            }
        }
    }

    @Test("Reading pages again and again keeps no memory")
    func memory() throws {
        let page = "<html>" + String(repeating: "<div title=\"some words here\"><p>text</p></div>", count: 3_000) + "</html>"
        func resident() throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
        }
        guard FileManager.default.fileExists(atPath: "/proc/self/statm") else { return }
        // Unfreed, 20 documents of 9,000 nodes would take more than 20 MB, in every round; other tests grow in some rounds only.
        let growth = try (0..<12).map { _ in
            let before = try resident()
            for _ in 0..<20 { _ = try parse(page) }
            return try resident() - before
        }
        #expect(growth.contains { $0 < 10_000_000 }, "\(growth)")
    }
}
