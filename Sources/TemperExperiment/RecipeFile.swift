package import Foundation
package import TemperCore
package import TemperTraining
import Yams

/// Reads a recipe strictly: every key must exist, every value must have the right type, and an error names file, line and
/// the nearest key.
///
/// Precedence: the defaults of ``Recipe``, then the file, then `--set key.path=value` in the order given.
package enum RecipeFile {
    /// - Parameters:
    ///   - url: the YAML file.
    ///   - overrides: texts like `train.learning_rate=3e-5`, the value in YAML.
    ///   - engines: those whose options may stand under `train`.
    /// - Returns: the recipe, and the dotted paths of the keys that were given.
    /// - Throws: ``TemperError`` with code `data`.
    package static func load(
        _ url: URL, overrides: [String] = [], engines: [any TrainingEngine] = Engines.all
    ) throws -> (recipe: Recipe, givenKeys: [String]) {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw TemperError(
                .data, "the recipe cannot be read", hint: "`temper recipes` lists the shipped ones", place: url.relativePath,
                boundary: .recipe, cause: error)
        }
        return try decode(text, file: url.relativePath, overrides: overrides, engines: engines)
    }

    /// Decodes recipe text; `file` is what errors name.
    package static func decode(
        _ text: String, file: String, overrides: [String] = [], engines: [any TrainingEngine] = Engines.all
    ) throws -> (recipe: Recipe, givenKeys: [String]) {
        var layers = [Layer(node: try parse(text, place: file), place: { "\(file):\($0)" })]
        for override in overrides { layers.append(try overrideLayer(override)) }

        var sample = Recipe.schema
        sample.train?.options = Dictionary(uniqueKeysWithValues: engines.map { ($0.name, $0.options) })
        let schema = try withoutPlanSeeds(jsonValue(sample))
        let sections = try jsonValue(Recipe.complete)
        var merged = try jsonValue(Recipe())
        var given: [String] = []
        for layer in layers {
            let before = given.count
            guard case .mapping = layer.node else {
                if case .scalar(let scalar) = layer.node, scalar.string.isEmpty { continue }
                throw TemperError(.data, "a recipe is a mapping of keys to values", place: layer.place(1), boundary: .recipe)
            }
            try overlay(layer.node, on: &merged, defaults: sections, schema: schema, path: [], layer: layer, given: &given)
            do {
                // Written out again, so that the next layer meets the long form of a value that was given in short.
                merged = try jsonValue(recipe(from: merged))
            } catch let error as DecodingError {
                throw typeError(error, in: layer, blaming: { culprit(given[before...], in: merged, defaults: sections) })
            }
        }
        return (try recipe(from: merged), Set(given).sorted())
    }

    /// An error about a recipe's content with the line of the key it names, where the file has it.
    ///
    /// - Parameter source: the recipe's text.
    package static func located(_ error: TemperError, in source: String, file: String) -> TemperError {
        guard error.boundary == .recipe, error.place == nil else { return error }
        var located = error
        located.place = file
        let quoted = error.message.split(separator: "'", omittingEmptySubsequences: false)
        for name in quoted.indices where name % 2 == 1 {
            let key = quoted[name].split(separator: ".").last.map { "\($0):" } ?? ""
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            if let line = lines.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix(key) }), !key.isEmpty {
                located.place = "\(file):\(line + 1)"
                break
            }
        }
        return located
    }

    /// A recipe as JSON with the keys users write.
    package static func jsonValue(_ recipe: Recipe) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(recipe))
    }

    /// A recipe from the JSON a manifest keeps.
    package static func recipe(from value: JSONValue) throws -> Recipe {
        try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(withMovedKeys(value)))
    }

    /// The order of documents is seeded by the recipe's own seed, so a plan's is no key.
    private static func withoutPlanSeeds(_ schema: JSONValue) -> JSONValue {
        guard case .object(var fields) = schema else { return schema }
        fields["train"] = removing("seed", from: fields["train"])
        if case .object(var pretrain)? = fields["pretrain"] {
            pretrain["plan"] = removing("seed", from: pretrain["plan"])
            fields["pretrain"] = .object(pretrain)
        }
        return .object(fields)
    }

    private static func removing(_ key: String, from value: JSONValue?) -> JSONValue? {
        guard case .object(var fields)? = value else { return value }
        fields[key] = nil
        return .object(fields)
    }

    /// One source of keys: the file, or one `--set`.
    struct Layer {
        var node: Node
        /// What an error about a line of it names.
        var place: (Int) -> String
    }

    private static func parse(_ text: String, place: String) throws -> Node {
        do {
            return try Yams.compose(yaml: text) ?? Node("")
        } catch let error as YamlError {
            var line = 1
            var problem = "\(error)"
            switch error {
            case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
                line = mark.line
                problem = text
            case .duplicatedKeysInMapping(let duplicates, let context):
                let key = duplicates.first ?? "?"
                line = secondLine(of: key, in: text, from: context.mark.line) ?? context.mark.line
                problem = "the key '\(key)' stands twice"
            default: break
            }
            throw TemperError(.data, "not valid YAML: \(problem)", place: "\(place):\(line)", boundary: .recipe, cause: error)
        }
    }

    /// The line, counted from 1, of the second of two equal keys with the same indentation.
    private static func secondLine(of key: String, in text: String, from first: Int) -> Int? {
        let lines = text.components(separatedBy: "\n").enumerated().dropFirst(first - 1)
        let found = lines.filter { $0.element.drop { $0 == " " }.hasPrefix("\(key):") }
        func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        return found.dropFirst().first { indentation($0.element) == indentation(found[0].element) }.map { $0.offset + 1 }
    }

    private static func overrideLayer(_ override: String) throws -> Layer {
        guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
            throw TemperError(.usage, "'--set \(override)' is not KEY=VALUE", hint: "for example --set train.learning_rate=3e-5")
        }
        var node = try parse(String(override[override.index(after: equals)...]), place: "--set \(override)")
        for key in override[..<equals].split(separator: ".").reversed() {
            node = Node([(Node(String(key)), node)])
        }
        return Layer(node: node, place: { _ in "--set \(override)" })
    }

    /// Lays a mapping over what is there already, checking its keys against the schema. A section that is named for the first
    /// time starts from its defaults; a mapping of free keys (`*`) starts empty.
    private static func overlay(
        _ node: Node, on value: inout JSONValue, defaults: JSONValue?, schema: JSONValue, path: [String], layer: Layer,
        given: inout [String]
    ) throws {
        guard case .mapping(let mapping) = node, case .object(let known) = schema else {
            given.append(path.joined(separator: "."))
            value = json(node)
            return
        }
        let isFirst = !given.contains { $0.hasPrefix(path.joined(separator: ".") + ".") }
        var fields = known["*"] != nil && isFirst ? [:] : value.object ?? defaults?.object ?? [:]
        for (keyNode, child) in mapping {
            let key = keyNode.string ?? "?"
            guard let childSchema = known[key] ?? known["*"] else {
                let parent = path.last.map { " in '\($0)'" } ?? ""
                let candidates = known.keys.sorted()
                let moved = movedKeys[(path + [key]).joined(separator: ".")].map { "it is '\($0)' now" }
                let nearest = EditDistance.nearest(to: key, among: candidates)
                throw TemperError(
                    .data, "unknown key '\(key)'\(parent)",
                    hint: moved ?? nearest.map { "did you mean '\($0)'?" }
                        ?? "the keys here are \(candidates.joined(separator: ", "))",
                    place: layer.place(keyNode.mark?.line ?? 1), boundary: .recipe)
            }
            var current = fields[key] ?? .null
            try overlay(
                child, on: &current, defaults: defaults?[key], schema: childSchema, path: path + [key], layer: layer,
                given: &given)
            fields[key] = current
        }
        value = .object(fields)
    }

    private static func json(_ node: Node) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            return .object(Dictionary(mapping.map { ($0.key.string ?? "?", json($0.value)) }) { $1 })
        case .sequence(let sequence): return .array(sequence.map(json))
        default:
            if node.tag == .implicit || node.tag.description == "tag:yaml.org,2002:null", node.null != nil { return .null }
            if case .scalar(let scalar) = node, scalar.style != .plain { return .string(scalar.string) }
            if let value = node.bool { return .bool(value) }
            if let value = node.int { return .number(Double(value)) }
            if let value = node.float, value.isFinite { return .number(value) }
            return .string(node.string ?? "")
        }
    }
}
