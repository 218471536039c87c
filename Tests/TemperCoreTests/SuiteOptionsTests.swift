import TemperCore
import Testing

@Suite("Options of a suite")
struct SuiteOptionsTests {
    struct Options: Configurable {
        enum Server: String, Codable, ConfigurationChoice { case sqlite, mariadb }
        var server = Server.sqlite
        var share = 0.25
        var rows = 1
        var isQuiet = false
        var note: String?

        static let keys: [ConfigurationKey<Options>] = [
            ConfigurationKey("server", \.server, "A choice."), ConfigurationKey("share", \.share, in: .within(0...1), "A share."),
            ConfigurationKey("rows", \.rows, in: .within(1...10), "A count."), ConfigurationKey("quiet", \.isQuiet, "A flag."),
            ConfigurationKey("note", \.note, "A text that may be absent."),
        ]
    }

    private func read(_ values: [String: JSONValue]) throws -> Options { try SuiteOptions(suite: "db", values).read() }

    @Test("Values are read by name and type, absent ones take the default")
    func reading() throws {
        let options = try read([
            "server": .string("mariadb"), "share": .number(0.5), "rows": .number(8), "quiet": .bool(true), "note": .null,
        ])
        #expect(options.server == .mariadb && options.share == 0.5 && options.rows == 8 && options.isQuiet && options.note == nil)
        #expect(try read([:]) == Options())
        #expect(try read(["note": .number(0.4)]).note == "0.4")
    }

    @Test(
        "A key that does not exist, a value of another type and one out of range are refused by their full name",
        arguments: [
            (["sever": .string("mariadb")], "unknown key 'sever' in 'db'", "did you mean 'server'?"),
            (["share": .string("x")], "'suites.db.share' should be a number, not 'x'", nil),
            (["share": .number(2)], "'suites.db.share' is 2; it must be in 0…1", nil),
            (
                ["server": .string("mariadv")], "'suites.db.server' is 'mariadv'; it must be one of sqlite, mariadb",
                "did you mean 'mariadb'?"
            ),
            (["rows": .number(1.5)], "'suites.db.rows' should be a whole number, not '1.5'", nil),
            (["rows": .number(0)], "'suites.db.rows' is 0; it must be in 1…10", nil),
            (["quiet": .string("yes")], "'suites.db.quiet' should be true or false, not 'yes'", nil),
            (["rows": .null], "'suites.db.rows' has no value; it should be a whole number", nil),
        ] as [([String: JSONValue], String, String?)])
    func refused(values: [String: JSONValue], message: String, hint: String?) {
        let error = #expect(throws: TemperError.self) { try read(values) }
        #expect(error?.message == message && error?.hint == hint && error?.code == .data && error?.boundary == .recipe)
    }

    @Test("A suite without options says so")
    func none() {
        let error = #expect(throws: TemperError.self) { try SuiteOptions(suite: "db", ["a": .null]).read(NoOptions.self) }
        #expect(error?.message == "unknown key 'a' in 'db'" && error?.hint == "there are no keys here")
    }
}
