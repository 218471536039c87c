import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Jinja")
struct JinjaLanguageTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            var template: String
            /// Nil: an error.
            var output: String?
        }
        var variables: String
        var cases: [Case]
    }

    private static func render(_ source: String, _ variables: [String: JinjaValue] = [:], now: Date = Date()) throws -> String {
        try JinjaTemplate(source).render(variables, inputLength: 1000, now: now).text.string
    }

    private static func variables(_ json: String) throws -> [String: JinjaValue] {
        guard case .map(let map) = try JinjaJSONReader.value(of: json) else { return [:] }
        return Dictionary(uniqueKeysWithValues: zip(map.keys, map.values).map { ($0.text?.string ?? "", $1) })
    }

    /// What Temper refuses, or gives, by intention otherwise than Jinja.
    private static let differing: Set<String> = [
        "{{ i.real is defined }}", "{{ s.encode('utf-8') }}", "{{ \"{:>{}}\".format('a', 5) }}", "{{ u|urlencode }}",
        "{{ self is defined }}", "{{ d.items()[0] }}", "{% for i in l recursive %}{{ i }}{% endfor %}",
    ]

    @Test("Templates give what Jinja gives, set up as transformers does, and what is an error there is one here")
    func asJinjaGolden() throws {
        let golden: Golden = try GoldenFiles.read("jinja.json")
        let variables = try Self.variables(golden.variables)
        for test in golden.cases where !Self.differing.contains(test.template) {
            var problem = ""
            var ours: String?
            do {
                ours = try Self.render(test.template, variables)
            } catch {
                problem = "\(error)"
            }
            #expect(ours == test.output, "\(test.template) gives \(ours ?? "nothing") \(problem)")
        }
        #expect(golden.cases.count > 700)
    }
}
