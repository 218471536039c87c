import Foundation
import TemperCore

/// A value as Python writes it: what a cell of a result holds and what an answer's literal says.
package enum PythonValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// Text that is shown as it is, such as `Decimal('1.50')`.
    case verbatim(String)
    case list([PythonValue])
    case tuple([PythonValue])
    case set([PythonValue])
    /// A literal of another kind that is valid but never part of a right answer (a dictionary, a huge integer).
    case other

    /// What Python's `repr` gives.
    package var representation: String {
        switch self {
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .integer(let value): return String(value)
        case .float(let value): return value.description
        case .string(let text): return PythonText.quoted(text)
        case .bytes(let bytes): return "b" + PythonText.quoted(bytes)
        case .verbatim(let text): return text
        case .list(let values): return "[" + values.map(\.representation).joined(separator: ", ") + "]"
        case .tuple(let values):
            let inner = values.map(\.representation).joined(separator: ", ")
            return values.count == 1 ? "(\(inner),)" : "(\(inner))"
        case .set(let values): return values.isEmpty ? "set()" : "{" + values.map(\.representation).joined(separator: ", ") + "}"
        case .other: return "…"
        }
    }

    /// The value with which Python compares and hashes this one: `1`, `1.0` and `True` are equal, `1` and `'1'` are not.
    package var comparable: PythonValue {
        switch self {
        case .bool(let value): return .float(value ? 1 : 0)
        case .integer(let value): return Double(exactly: value).map { .float($0) } ?? self
        case .tuple(let values): return .tuple(values.map(\.comparable))
        default: return self
        }
    }

    /// The items that Python's `list(value)` makes; nil where it raises a TypeError.
    package var items: [PythonValue]? {
        switch self {
        case .list(let values), .tuple(let values), .set(let values): return values
        case .string(let text): return text.unicodeScalars.map { .string(String($0)) }
        default: return nil
        }
    }

    /// What Python's `float(value)` gives; nil where it raises.
    package var float: Double? {
        switch self {
        case .bool(let value): return value ? 1 : 0
        case .integer(let value): return Double(value)
        case .float(let value): return value
        case .string(let text): return PythonText.float(text)
        default: return nil
        }
    }

    /// Whether a Python set can hold it.
    package var isHashable: Bool {
        switch self {
        case .list, .set, .other: return false
        case .tuple(let values): return values.allSatisfy(\.isHashable)
        default: return true
        }
    }
}

/// Python's rules for text.
package enum PythonText {
    /// What `repr` makes of a string: single quotes unless only double quotes need no escape; what cannot be printed is escaped.
    package static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case " ": result += " "
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
                    result += "\\" + mark + scalar.value.padded(width, radix: 16)
                }
            }
        }
        return result + String(quote)
    }

    /// What `repr` makes of bytes, without the leading `b`.
    static func quoted(_ bytes: [UInt8]) -> String {
        let hasSingle = bytes.contains(UInt8(ascii: "'"))
        let quote: UInt8 = hasSingle && !bytes.contains(UInt8(ascii: "\"")) ? UInt8(ascii: "\"") : UInt8(ascii: "'")
        var result = String(Unicode.Scalar(quote))
        for byte in bytes {
            switch byte {
            case quote, UInt8(ascii: "\\"): result += "\\" + String(Unicode.Scalar(byte))
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x20...0x7E: result += String(Unicode.Scalar(byte))
            default: result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return result + String(Unicode.Scalar(quote))
    }

    /// What `float(text)` gives; nil where Python raises a ValueError.
    package static func float(_ text: String) -> Double? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        var digits = ""
        var previous: Character = " "
        for character in trimmed {
            if character == "_" {
                guard previous.isASCII, previous.isNumber else { return nil }
            } else {
                if previous == "_", !(character.isASCII && character.isNumber) { return nil }
                digits.append(character)
            }
            previous = character
        }
        // Swift also reads hexadecimal numbers, which Python does not.
        guard previous != "_", !digits.contains(where: { "xXpP".contains($0) }) else { return nil }
        return Double(digits)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
        default: true
        }
    }
}
