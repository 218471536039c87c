import Foundation
import TemperAgents
import TemperCore
import TemperEnvironments
import TemperTraining
import Testing

@testable import TemperExperiment

@Suite("Keys of a recipe")
struct RecipeKeysTests {
    /// Every section below a type, itself included.
    private func sections(of type: any Configurable.Type) -> [any Configurable.Type] {
        func inner(_ shape: ValueShape) -> [any Configurable.Type] {
            switch shape {
            case .section(let type): sections(of: type)
            case .optional(let shape), .list(let shape): inner(shape)
            case .mapping(let shape, let known): inner(shape) + known.flatMap { inner($0.shape) }
            case .either(let shapes): shapes.flatMap(inner)
            default: []
            }
        }
        return [type] + type.descriptions.flatMap { inner($0.shape) }
    }

    /// The stored properties of a section, those of sections that stand directly in it taken for one, and the properties and names
    /// of its keys.
    private func coverage<Section: Configurable>(_ type: Section.Type) -> (stored: Int, described: Int, names: [String]) {
        var properties = Set(Section.keys.map { AnyHashable($0.property as PartialKeyPath<Section>) })
        if let sections = Section.namedSections { properties.insert(AnyHashable(sections.property as PartialKeyPath<Section>)) }
        let names = Section.keys.map(\.name) + (Section.namedSections?.standard.map(\.name) ?? [])
        return (Mirror(reflecting: Section()).children.count, properties.count, names)
    }

    @Test("Every stored property of every section has its key, with a meaning, and no name occurs twice")
    func complete() {
        // The keys of the last three stand among those of their owners.
        let all = sections(of: Recipe.self) + [EpisodeSettings.self, AdapterOptions.self, TrainingPlan.self]
        #expect(Set(all.map { "\($0)" }).count > 25)
        for type in all {
            let found = coverage(type)
            #expect(found.stored == found.described, "\(type)")
            #expect(Set(found.names).count == found.names.count, "\(type)")
            for key in type.descriptions { #expect(key.meaning.count > 5 && key.meaning.hasSuffix("."), "\(type).\(key.name)") }
        }
    }

    @Test("A property without a key would be found")
    func forgotten() {
        struct Forgetful: Configurable {
            var told = 1
            var untold = 2
            static let keys: [ConfigurationKey<Forgetful>] = [ConfigurationKey("told", \.told, "A key.")]
        }
        let found = coverage(Forgetful.self)
        #expect(found.stored == 2 && found.described == 1)
    }

    @Test("Every default is in its key's range, and reads back as it is written")
    func defaults() throws {
        for type in sections(of: Recipe.self) {
            func check<Section: Configurable>(_ type: Section.Type) throws {
                #expect(Section().rangeProblem == nil, "\(type)")
                #expect(try Section(stored: Section().configuration) == Section(), "\(type)")
            }
            try check(type)
        }
    }

    @Test("The reference has a row for every key, and the options of every suite")
    func reference() throws {
        let reference = RecipeReference()
        let rows = Dictionary(uniqueKeysWithValues: reference.sections.map { ($0.path, $0.rows) })
        #expect(rows["train"]?.contains { $0.key == "learning_rate" && $0.standard == "0.0005" && $0.range == "above 0" } == true)
        #expect(rows["train"]?.contains { $0.key == "seed" } == false)
        #expect(rows["collect.reflexion"]?.map(\.key) == ["form", "rounds", "wording", "trials"])
        #expect(rows["train"]?.contains { $0.key == "native" && $0.type == "section" } == true)
        #expect(rows["pretrain.native"]?.map(\.key) == ["precision", "recompute_activations", "checkpoint_seconds"])
        #expect(reference.sections(at: "train.native").map(\.path) == ["pretrain.native"])
        #expect(reference.sections(at: "train").map(\.path) == ["train", "train.tuning", "train.tuning.lora"])
        #expect(reference.sections(at: "trian").isEmpty)
        #expect(rows["suites.db"]?.map(\.key) == ["server", "time_limit", "repair"])
        for suite in SuiteRegistry.all where !suite.options.descriptions.isEmpty {
            #expect(rows["suites.\(suite.id)"]?.count == suite.options.descriptions.count, "\(suite.id)")
        }
        #expect(reference.markdown.contains("| `learning_rate` | number | `0.0005` | above 0 |"))
    }

    @Test("Layers add to free keys that an earlier one gave, and replace defaults")
    func freeKeys() throws {
        func methods(_ text: String, _ set: [String] = []) throws -> [String: Double]? {
            try RecipeFile.decode(text, file: "r.yaml", overrides: set).recipe.collect?.methods
        }
        #expect(try methods("collect: {}") == ["react": 1])
        #expect(try methods("collect: { methods: { cot: 0.5 } }") == ["cot": 0.5])
        #expect(try methods("collect: { methods: { cot: 0.5 } }", ["collect.methods.act=1"]) == ["cot": 0.5, "act": 1])
        #expect(try methods("collect: {}", ["collect.methods.act=1"]) == ["act": 1])
    }

    @Test("The schema refuses what the decoder refuses: unknown keys, other types, numbers out of range")
    func schema() throws {
        let schema = RecipeSchema.json
        #expect(schema["additionalProperties"] == .bool(false))
        let train = schema["properties"]?["train"]?["anyOf"]?.array?.first
        let rate = train?["properties"]?["learning_rate"]
        #expect(rate?["exclusiveMinimum"] == .number(0) && rate?["type"] == .string("number"))
        #expect(rate?["default"] == .number(5e-4))
        #expect(train?["properties"]?["epochs"]?["maximum"] == .number(100_000))
        #expect(train?["properties"]?["seed"] == nil)
        let native = train?["properties"]?["native"]
        #expect(native?["additionalProperties"] == .bool(false))
        #expect(native?["properties"]?["checkpoint_seconds"]?["maximum"] == .number(86_400))
        #expect(train?["additionalProperties"] == .bool(false))
    }
}
