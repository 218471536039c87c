import Foundation
import TemperCore
import Yams

/// What a person reads when a value has the wrong type.
extension RecipeFile {
    /// - Parameter blaming: finds the key where the decoder names none.
    static func typeError(_ error: DecodingError, in layer: Layer, blaming: () -> [String]) -> TemperError {
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
        let keys = path.isEmpty ? blaming() : path.map(\.stringValue)
        let node = find(keys, in: layer.node)
        let found = node?.string.map { "\(but) '\($0)'" } ?? ""
        return TemperError(
            .data, "'\(keys.joined(separator: "."))' \(problem)\(found)", place: layer.place(node?.mark?.line ?? 1),
            boundary: .recipe, cause: error)
    }

    /// The key whose value keeps the recipe from being decoded: JSON's decoder does not say where a number stands that does
    /// not fit its type. One given key after the other is put back to its default, until the recipe decodes.
    static func culprit(_ given: ArraySlice<String>, in recipe: JSONValue, defaults: JSONValue) -> [String] {
        var value = recipe
        for key in given {
            let path = key.split(separator: ".").map(String.init)
            value = replace(path[...], in: value, with: path.reduce(Optional(defaults)) { $0?[$1] })
            do {
                _ = try self.recipe(from: value)
                return path
            } catch {
                continue
            }
        }
        return []
    }

    private static func replace(_ path: ArraySlice<String>, in value: JSONValue, with new: JSONValue?) -> JSONValue {
        guard let key = path.first, case .object(var fields) = value else { return value }
        if path.count == 1 {
            fields[key] = new
        } else if let inner = fields[key] {
            fields[key] = replace(path.dropFirst(), in: inner, with: new)
        }
        return .object(fields)
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
