import TemperCore
import Testing

@Suite("Options of a suite")
struct SuiteOptionsTests {
    @Test("Values are read by name and type, absent ones take the default")
    func reading() throws {
        let options = SuiteOptions(
            suite: "db",
            ["server": .string("mariadb"), "share": .number(0.5), "rows": .number(8), "quiet": .bool(true), "none": .null])
        #expect(try options.string("server", default: "sqlite", oneOf: ["sqlite", "mariadb"]) == "mariadb")
        #expect(try options.number("share", default: 0, in: 0...1) == 0.5)
        #expect(try options.integer("rows", default: 1, in: 1...10) == 8)
        #expect(try options.flag("quiet", default: false))
        #expect(try options.string("none") == nil)
        #expect(try options.number("absent", default: 0.25, in: 0...1) == 0.25)
        try options.finish()
    }

    @Test("A key nobody read is refused with the nearest one")
    func unknown() throws {
        let options = SuiteOptions(suite: "db", ["sever": .string("mariadb")])
        _ = try options.string("server")
        let error = #expect(throws: TemperError.self) { try options.finish() }
        #expect(error?.message == "the suite 'db' has no option 'sever'")
        #expect(error?.hint == "did you mean 'server'?")
        let none = #expect(throws: TemperError.self) { try SuiteOptions(suite: "db", ["a": .null]).finish() }
        #expect(none?.hint == "it has no options")
    }

    @Test(
        "A value of another type or out of range is refused by its full name",
        arguments: [
            (JSONValue.string("x"), "'suites.db.share' must be a number in 0.0…1.0"),
            (JSONValue.number(2), "'suites.db.share' must be a number in 0.0…1.0"),
        ])
    func values(_ value: JSONValue, _ message: String) {
        let error = #expect(throws: TemperError.self) {
            try SuiteOptions(suite: "db", ["share": value]).number("share", default: 0, in: 0...1)
        }
        #expect(error?.message == message)
        #expect(error?.code == .data)
    }

    @Test("A text outside its list, a broken number and a wrong flag are refused")
    func others() {
        let options = SuiteOptions(suite: "db", ["server": .string("oracle"), "rows": .number(1.5), "quiet": .string("yes")])
        #expect(throws: TemperError.self) { try options.string("server", default: "sqlite", oneOf: ["sqlite"]) }
        #expect(throws: TemperError.self) { try options.integer("rows", default: 1, in: 1...10) }
        #expect(throws: TemperError.self) { try options.flag("quiet", default: false) }
    }
}
