import Foundation
package import TemperCore
import Yams

/// YAML text as nodes with places, and its errors as a person reads them.
package enum YAMLText {
    /// - Parameters:
    ///   - place: what an error about a line names; lines count from 1.
    ///   - boundary: what an error is attributed to.
    /// - Returns: null for an empty text.
    /// - Throws: ``TemperError`` with code `data` that names the place.
    package static func parse(_ text: String, boundary: TemperError.Boundary, place: (Int) -> String) throws -> ConfigurationNode
    {
        do {
            guard let root = try Yams.compose(yaml: text) else {
                return ConfigurationNode(.scalar("", .null), place: place(1))
            }
            return node(root, line: 1, place)
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
                problem = "the key '\(key)' is given twice"
            default: break
            }
            let hint =
                problem.contains("mapping values") ? "a text that holds ': ' needs quotes, or '|' and lines of its own" : nil
            throw TemperError(
                .data, "not valid YAML: \(problem)", hint: hint, place: place(line), boundary: boundary, cause: error)
        }
    }

    /// The line, counted from 1, of the second of two equal keys with the same indentation.
    private static func secondLine(of key: String, in text: String, from first: Int) -> Int? {
        let lines = text.components(separatedBy: "\n").enumerated().dropFirst(first - 1)
        let found = lines.filter { $0.element.drop { $0 == " " }.hasPrefix("\(key):") }
        func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
        return found.dropFirst().first { indentation($0.element) == indentation(found[0].element) }.map { $0.offset + 1 }
    }

    /// - Parameter line: where the node stands if Yams does not say.
    private static func node(_ node: Node, line: Int, _ place: (Int) -> String) -> ConfigurationNode {
        let line = node.mark?.line ?? line
        let content: ConfigurationNode.Content =
            switch node {
            case .mapping(let mapping):
                .mapping(
                    mapping.map { key, value in
                        let keyLine = key.mark?.line ?? line
                        return ConfigurationNode.Entry(
                            key.string ?? "?", self.node(value, line: keyLine, place), place: place(keyLine))
                    })
            case .sequence(let sequence): .list(sequence.map { self.node($0, line: line, place) })
            default: .scalar(node.string ?? "", meaning(of: node))
            }
        return ConfigurationNode(content, place: place(line))
    }

    private static func meaning(of node: Node) -> JSONValue {
        if case .scalar(let scalar) = node, scalar.style != .plain { return .string(scalar.string) }
        if node.null != nil { return .null }
        if let value = node.bool { return .bool(value) }
        if let value = node.int { return .number(Double(value)) }
        if let value = node.float, value.isFinite { return .number(value) }
        return .string(node.string ?? "")
    }
}
