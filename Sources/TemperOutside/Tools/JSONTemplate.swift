import Foundation
import TemperCore

/// Fills `{name}` in texts and JSON values. Values are put in as data: percent-encoded in an address, escaped by the encoder
/// in JSON, never as code.
///
/// In JSON a text that is nothing but `{name:number}` or `{name:json}` becomes that number or value; the name must be known.
/// Other braces around anything but a known name stay as they are.
enum JSONTemplate {
    /// A value asked for as a number or JSON that is none: the policy's mistake, said in its words.
    struct BadValue: Error {
        var message: String
    }

    static func fill(_ template: String, _ values: [String: String], encode: (String) -> String = { $0 }) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let after = rest.index(after: open)
            if let close = rest[after...].firstIndex(of: "}"), let value = values[String(rest[after..<close])] {
                result += encode(value)
                rest = rest[rest.index(after: close)...]
            } else {
                result += "{"
                rest = rest[after...]
            }
        }
        return result + rest
    }

    /// - Throws: ``BadValue``.
    static func fill(_ template: JSONValue, _ values: [String: String]) throws -> JSONValue {
        switch template {
        case .string(let text):
            if text.hasPrefix("{"), text.hasSuffix("}") {
                let parts = text.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
                if parts.count == 2, ["number", "json"].contains(parts[1]) {
                    guard let value = values[parts[0]] else { throw BadValue(message: "There is no '\(parts[0])'.") }
                    return try typed(value, as: parts[1])
                }
            }
            return .string(fill(text, values))
        case .array(let entries): return .array(try entries.map { try fill($0, values) })
        case .object(let fields): return .object(try fields.mapValues { try fill($0, values) })
        default: return template
        }
    }

    private static func typed(_ value: String, as kind: String) throws -> JSONValue {
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        if kind == "number" {
            guard let number = Double(trimmed), number.isFinite else {
                throw BadValue(message: "'\(value.prefix(80))' is not a number.")
            }
            return .number(number)
        }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(trimmed.utf8))
        } catch {
            throw BadValue(message: "'\(value.prefix(80))' is not JSON.")
        }
    }

    /// What a record offers to a template: its texts, numbers and truth values by name.
    static func values(of record: JSONValue) -> [String: String] {
        (record.object ?? [:]).compactMapValues(text)
    }

    /// A scalar as text; nil for lists and objects.
    static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
