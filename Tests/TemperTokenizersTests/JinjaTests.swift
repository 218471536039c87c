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

    @Test(
        "What is not supported or not well formed is named with its line",
        arguments: [
            ("a\n{{ x|frobnicate }}", "2: unknown filter 'frobnicate'"),
            ("\n\n{% if x is frob %}{% endif %}{{ 1 is frob }}", "3: unknown test 'frob'"),
            ("{% frob %}", "1: unknown statement 'frob'"),
            ("\n{% for x in y %}", "2: expected 'else' or 'endfor' before the end"),
            ("{% if f %}\n{{ 1|frob }}{% else %}\n{{ 1|frob }}{% endif %}", "3: unknown filter 'frob'"),
            ("{% for i in [1] recursive %}{% endfor %}", "1: a 'recursive' loop is not supported"),
            ("x\n{{ 'a", "2: a string is never closed"),
            ("{{ a b }}", "1: expected '}}', got 'b'"), ("\n{{ nothing.at.all }}", "2: 'nothing' is undefined"),
            ("{{ [].append(1) }}", "1: access to attribute 'append' of 'list' object is unsafe: a template cannot change it"),
            ("\n\n{{ raise_exception('No.') }}", "3: the chat template refuses the conversation: No."),
            ("{{ 'a'.translate }}", "1: the method 'translate' of 'str' is not supported"),
            ("{{ 9223372036854775807 + 1 }}", "1: the number is too large"),
            ("{{ {[]: 1} }}", "1: unhashable type: 'list'"),
            ("{% macro m(a) %}{% endmacro %}\n{{ m(b=1) }}", "2: macro 'm' has no argument 'b'"),
        ])
    func faults(source: String, message: String) throws {
        let error = #expect(throws: TemperError.self) { try Self.render(source) }
        #expect(error?.description.split(separator: "\n").first == "error: chat template:\(message)")
    }

    @Test(
        "Whatever a template does, it ends soon with an error instead of taking all time or memory",
        arguments: [
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
            "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ 'a' * 999999999999 }}", "{{ 'ab'|center(999999999) }}",
            "{{ [1] * 99999999 }}",
            "{{ ('a' * 800000).replace('a', 'b' * 800000) }}", "{{ range(200000) }}", "{{ '%999999999d' % 1 }}",
            "{{ '{:999999999}'.format(1) }}",
            "{% for i in range(100000) %}{{ 'a' * 100000 }}{% endfor %}", "{% set ns = namespace() %}{% set ns.a = ns %}",
            "{{ [namespace()] }}",
            "{{ 2 ** 9999 }}", "{{ x|indent(99999999999) }}", "{{ [1]|batch(99999999, 0) }}",
            "{{ 'x'.join('a' * 200000)|replace('', 'aaaaaaaaaa') }}",
            String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000),
            "{{ " + String(repeating: "-", count: 5000) + "1 }}",
            String(repeating: "{% if x %}", count: 5000), "{{ " + String(repeating: "[", count: 5000),
            "{{ " + String(repeating: "a(", count: 5000),
            "{{ 1 " + String(repeating: "if 1 ", count: 5000) + "}}", "{% set " + String(repeating: "(", count: 5000),
            String(repeating: "a", count: 2_000_000),
        ])
    func bounds(source: String) throws {
        // Only brackets outside of `{{` are plain text.
        let source = source.hasPrefix("(") ? "{{ \(source) }}" : source
        #expect(throws: TemperError.self) { try Self.render(source) }
    }

    @Test("Long chains without nesting do not count as depth") func chains() throws {
        let count = 3000
        #expect(try Self.render("{{ 1" + String(repeating: " + 1", count: count) + " }}") == "3001")
        #expect(try Self.render("{{ ''" + String(repeating: " ~ 'a'", count: count) + "|length }}").count == 3000)
        #expect(try Self.render("{{ 'a'" + String(repeating: "|upper", count: count) + " }}") == "A")
        #expect(try Self.render("{{ not" + String(repeating: " not", count: count) + " 1 }}") == "False")
    }

    @Test("Dates are written as strftime writes them") func dates() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let date = try #require(calendar.date(from: DateComponents(year: 2025, month: 3, day: 4, hour: 5, minute: 6, second: 7)))
        let source = "{{ strftime_now('%Y-%m-%d %H:%M:%S %y %-d %e %B %b %A %a %I %p %j %%') }}"
        #expect(try Self.render(source, now: date) == "2025-03-04 05:06:07 25 4  4 March Mar Tuesday Tue 05 AM 063 %")
        #expect(throws: TemperError.self) { try Self.render("{{ strftime_now('%Q') }}") }
    }

    @Test("JSON keeps the order of keys and the kind of numbers; what is no JSON is an error")
    func jsonReader() throws {
        let json = #"{"b": [1, 1.0, -2e3, true, null], "a": {"z": "é\u00e9\ud83d\ude42\n\"", "y": {}}}"#
        let value = try JinjaJSONReader.value(of: json)
        #expect(
            try Self.render("{{ v|tojson }}", ["v": value])
                == #"{"b": [1, 1.0, -2000.0, true, null], "a": {"z": "éé🙂\n\"", "y": {}}}"#)
        for text in [
            "", "{", "[1,]", "{\"a\" 1}", "[1] 2", "nul", "\"\u{1}\"", "\"a", "\"\\x\"", "-", "\"\\ud800\"",
            String(repeating: "[", count: 9999),
        ] {
            #expect(throws: JinjaFault.self, "\(text.prefix(9))") { try JinjaJSONReader.value(of: text) }
        }
    }
}
