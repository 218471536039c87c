public import Foundation
public import TemperCore
import Yams

/// Reads a recipe strictly: every key must exist, every value must have the right type, and an error names file, line and
/// the nearest key.
///
/// Precedence: the defaults of ``Recipe``, then the file, then `--set key.path=value` in the order given.
public enum RecipeFile {
    /// - Parameters:
    ///   - url: the YAML file.
    ///   - overrides: texts like `train.learning_rate=3e-5`, the value in YAML.
    /// - Returns: the recipe, and the dotted paths of the keys that were given.
    /// - Throws: ``TemperError`` with code `data`.
    public static func load(_ url: URL, overrides: [String] = []) throws -> (recipe: Recipe, givenKeys: [String]) {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw TemperError(
                .data, "the recipe cannot be read", hint: "`temper recipes` lists the shipped ones", place: url.relativePath,
                boundary: .recipe, cause: error)
        }
        return try decode(text, file: url.relativePath, overrides: overrides)
    }

    /// Decodes recipe text; `file` is what errors name.
    public static func decode(_ text: String, file: String, overrides: [String] = []) throws -> (
        recipe: Recipe, givenKeys: [String]
    ) {
        var layers = [Layer(node: try parse(text, place: file), place: { "\(file):\($0)" })]
        for override in overrides { layers.append(try overrideLayer(override)) }

        let schema = try jsonValue(Recipe.schema)
        let sections = try jsonValue(Recipe.complete)
        var merged = try jsonValue(Recipe())
        var given: [String] = []
        for layer in layers {
            guard case .mapping = layer.node else {
                if case .scalar(let scalar) = layer.node, scalar.string.isEmpty { continue }
                throw TemperError(.data, "a recipe is a mapping of keys to values", place: layer.place(1), boundary: .recipe)
            }
            try overlay(layer.node, on: &merged, defaults: sections, schema: schema, path: [], layer: layer, given: &given)
            do {
                // Written out again, so that the next layer meets the long form of a value that was given in short.
                merged = try jsonValue(recipe(from: merged))
            } catch let error as DecodingError {
                throw typeError(error, in: layer)
            }
        }
        return (try recipe(from: merged), Set(given).sorted())
    }

    /// A recipe as JSON with the keys users write.
    public static func jsonValue(_ recipe: Recipe) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(recipe))
    }

    /// A recipe from the JSON a manifest keeps.
    static func recipe(from value: JSONValue) throws -> Recipe {
        try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(value))
    }

    /// One source of keys: the file, or one `--set`.
    private struct Layer {
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
                line = context.mark.line
                problem = "the key '\(duplicates.first ?? "?")' stands twice"
            default: break
            }
            throw TemperError(.data, "not valid YAML: \(problem)", place: "\(place):\(line)", boundary: .recipe, cause: error)
        }
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
                let nearest = EditDistance.nearest(to: key, among: candidates)
                throw TemperError(
                    .data, "unknown key '\(key)'\(parent)",
                    hint: nearest.map { "did you mean '\($0)'?" } ?? "the keys here are \(candidates.joined(separator: ", "))",
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
            if let value = node.float { return .number(value) }
            return .string(node.string ?? "")
        }
    }

    private static func typeError(_ error: DecodingError, in layer: Layer) -> TemperError {
        var path: [any CodingKey] = []
        var problem = ""
        var but = ", not"
        switch error {
        case .typeMismatch(let type, let context):
            path = context.codingPath
            problem = "should be \(readable(type))"
        case .valueNotFound(let type, let context):
            path = context.codingPath
            problem = "has no value; it should be \(readable(type))"
        case .dataCorrupted(let context):
            path = context.codingPath
            problem = "has a value it cannot have"
            but = ":"
        case .keyNotFound(let key, let context):
            path = context.codingPath
            problem = "lacks '\(key.stringValue)'"
        @unknown default: problem = "is not valid"
        }
        let keys = path.map(\.stringValue)
        let node = find(keys, in: layer.node)
        let found = node?.string.map { "\(but) '\($0)'" } ?? ""
        return TemperError(
            .data, "'\(keys.joined(separator: "."))' \(problem)\(found)", place: layer.place(node?.mark?.line ?? 1),
            boundary: .recipe, cause: error)
    }

    /// The node a path of keys leads to, or the deepest one on the way.
    private static func find(_ keys: [String], in node: Node) -> Node? {
        var current = node
        for (depth, key) in keys.enumerated() {
            if let next = current[key] {
                current = next
            } else if let sequence = current.sequence, let last = sequence.first {
                return last
            } else {
                return depth == 0 ? nil : current
            }
        }
        return current
    }

    private static func readable(_ type: Any.Type) -> String {
        switch type {
        case is Int.Type, is UInt64.Type, is Int64.Type: return "a whole number"
        case is Double.Type, is Float.Type: return "a number"
        case is Bool.Type: return "true or false"
        case is String.Type: return "a text"
        case is [Any].Type: return "a list"
        default: return "\(type)".contains("Dictionary") ? "a mapping" : "\(type)".contains("Array") ? "a list" : "another type"
        }
    }
}
