import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct WebPageTextTests {
    struct Case: Decodable {
        var record: Int
        var action: Int
        var group: [String]
        var page: String
        var identifiers: [String]
        var options: [String]
    }

    @Test(
        "Pages are pruned and written as an independent implementation with lxml does, from the whole page and from the reduced one"
    )
    func pagesGolden() throws {
        let records = try webGolden("mind2web-records", as: [Mind2WebRecord].self)
        let cases = try webGolden("web-pages", as: [Case].self)
        #expect(cases.count >= 100, "stale? run Tests/Golden/web_pages.py")
        for (number, expected) in cases.enumerated() {
            let action = try #require(records[expected.record].actions?[expected.action])
            let page = try PageParser.parse(#require(action.cleanedHTML), as: .cleaned, named: "golden")
            let candidates = ((action.positive ?? []) + (action.negative ?? [])).compactMap(\.identifier)
            let markup = PagePruner.reduced(page, around: candidates).markup
            let reduced = try PageParser.parse(markup, as: .cleaned, named: "golden")
            for tree in [page, reduced] {
                let shown = PageText.shown(PagePruner.pruned(tree, around: expected.group))
                #expect(shown.page == expected.page, "case \(number)")
                #expect(shown.candidates.map(\.identifier) == expected.identifiers, "case \(number)")
                #expect(shown.candidates.map(\.text) == expected.options, "case \(number)")
            }
        }
    }
}
