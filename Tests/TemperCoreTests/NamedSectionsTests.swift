import TemperCore
import Testing

@Suite("Sections that a registry names")
struct NamedSectionsTests {
    private struct Kiln: Configurable {
        var heat = 900
        var cone: String?

        static let keys: [ConfigurationKey<Kiln>] = [
            ConfigurationKey("heat", \.heat, in: .within(1...2000), "Degrees."),
            ConfigurationKey("cone", \.cone, "The cone."),
        ]
    }

    private struct Pottery: Configurable {
        var name = ""
        var options: [String: [String: JSONValue]] = [:]

        static let keys: [ConfigurationKey<Pottery>] = [ConfigurationKey("name", \.name, "A name.")]
        static var namedSections: NamedSections<Pottery>? {
            NamedSections(\.options, [NamedSection("kiln", Kiln.self, "The kiln.")])
        }
    }

    private func read(_ layers: [JSONValue], _ reader: ConfigurationReader) throws -> Pottery {
        try layers.reduce(Pottery()) {
            try Pottery.read(ConfigurationNode($1), over: $0, at: ConfigurationPath(["pots"]), reader)
        }
    }

    private func object(_ fields: [String: JSONValue]) -> JSONValue { .object(["kiln": .object(fields)]) }

    @Test("What was given is kept over layers, and the defaults stay with the section's type")
    func layers() throws {
        let reader = ConfigurationReader()
        let pottery = try read([object(["heat": .number(1000)]), object(["cone": .string("6")])], reader)
        #expect(pottery.options == ["kiln": ["heat": .number(1000), "cone": .string("6")]])
        #expect(reader.given == ["pots.kiln.heat", "pots.kiln.cone"])
        #expect(
            pottery.configuration
                == .object(["name": .string(""), "kiln": pottery.options["kiln"].map(JSONValue.object) ?? .null]))
        #expect(try Pottery(stored: pottery.configuration) == pottery)
        let taken = try read([object(["cone": .string("6")]), object(["cone": .null])], ConfigurationReader())
        #expect(taken.options == ["kiln": [:]])
        #expect(Kiln.standardValues == ["heat": .number(900)])
    }

    @Test("A section is read strictly, and documented, by its type")
    func strict() throws {
        func fault(_ value: JSONValue, _ reader: ConfigurationReader = ConfigurationReader()) -> TemperError? {
            #expect(throws: TemperError.self) { try read([value], reader) }
        }
        #expect(fault(object(["heat": .number(0)]))?.message == "'pots.kiln.heat' is 0; it must be in 1…2000")
        #expect(fault(object(["heta": .number(1)]))?.message == "unknown key 'heta' in 'kiln'")
        #expect(fault(.object(["kiln": .string("hot")]))?.message == "'pots.kiln' should be a mapping, not 'hot'")
        #expect(fault(.object(["kilm": .object([:])]))?.hint == "did you mean 'kiln'?")
        let other = ConfigurationReader(
            sections: [NamedSection("oven", Kiln.self, "An oven.")], moved: ["pots.heat": "pots.oven.heat"])
        #expect(fault(object([:]), other)?.message == "unknown key 'kiln' in 'pots'")
        #expect(fault(.object(["heat": .number(3)]), other)?.hint == "it is 'pots.oven.heat' now")
        #expect(try read([.object(["oven": .object(["heat": .number(3)])])], other).options == ["oven": ["heat": .number(3)]])
        #expect(Pottery.descriptions.map(\.name) == ["name", "kiln"])
    }

    @Test("What was stored is read whatever the registry holds")
    func stored() throws {
        let value = JSONValue.object(["raku": .object(["smoke": .bool(true)]), "odd": .number(1)])
        #expect(try Pottery(stored: value).options == ["raku": ["smoke": .bool(true)]])
    }
}
