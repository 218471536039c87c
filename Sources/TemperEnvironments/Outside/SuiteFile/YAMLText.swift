import Foundation
import TemperCore
import Yams

/// YAML text as nodes, and its errors as a person reads them.
enum YAMLText {
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    static func compose(_ text: String, file: String) throws -> Node {
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
            let hint =
                problem.contains("mapping values") ? "a text that holds ': ' needs quotes, or '|' and lines of its own" : nil
            throw TemperError(
                .data, "not valid YAML: \(problem)", hint: hint, place: "\(file):\(line)", boundary: .data, cause: error)
        }
    }

    /// The line, counted from 1, of the second of two equal keys with the same indentation.
    private static func secondLine(of key: String, in text: String, from first: Int) -> Int? {
        let lines = text.components(separatedBy: "\n").enumerated().dropFirst(first - 1)
        let found = lines.filter { $0.element.drop { $0 == " " }.hasPrefix("\(key):") }
        func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        return found.dropFirst().first { indentation($0.element) == indentation(found[0].element) }.map { $0.offset + 1 }
    }

    static func json(_ node: Node) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            return .object(Dictionary(mapping.map { ($0.key.string ?? "?", json($0.value)) }) { $1 })
        case .sequence(let sequence): return .array(sequence.map(json))
        default:
            if case .scalar(let scalar) = node, scalar.style != .plain { return .string(scalar.string) }
            if node.null != nil { return .null }
            if let value = node.bool { return .bool(value) }
            if let value = node.int { return .number(Double(value)) }
            if let value = node.float, value.isFinite { return .number(value) }
            return .string(node.string ?? "")
        }
    }
}
