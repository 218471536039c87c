/// Reads a Python literal without evaluating anything: lists, tuples, sets, strings, numbers, `None`, `True`, `False`.
///
/// AgentBench calls Python's `eval` on the model's answer, which runs whatever the model wrote; this reads the same answers
/// and nothing else. Names, calls, operators and prefixed strings are not literals. Bare `'a', 'b'` is a tuple, as in Python.
package struct PythonLiteral {
    /// Deeper nesting is refused, so that no text can exhaust the stack.
    static let maximumDepth = 32

    /// The value, or nil when the text is not a literal.
    package static func parse(_ text: String) -> PythonValue? {
        var reader = PythonLiteral(scalars: Array(text.unicodeScalars))
        guard let value = reader.sequence(until: nil, depth: 0), reader.position == reader.scalars.count else { return nil }
        return value
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skipSpace() {
        while let scalar = next, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Items separated by commas up to a closing bracket, or up to the end of the text: there a single item stands for itself.
    private mutating func sequence(until close: Unicode.Scalar?, depth: Int) -> PythonValue? {
        guard depth < Self.maximumDepth else { return nil }
        var items: [PythonValue] = []
        var hasComma = false
        while true {
            skipSpace()
            if let close, take(close) { break }
            if close == nil, next == nil {
                if items.isEmpty { return nil }
                break
            }
            guard items.isEmpty || hasComma, let item = value(depth: depth) else { return nil }
            items.append(item)
            skipSpace()
            hasComma = take(",")
        }
        switch close {
        case "]": return .list(items)
        case "}": return items.isEmpty ? .other : .set(items)
        default: return items.count == 1 && !hasComma ? items[0] : .tuple(items)
        }
    }

    private mutating func value(depth: Int) -> PythonValue? {
        switch next {
        case "[":
            position += 1
            return sequence(until: "]", depth: depth + 1)
        case "(":
            position += 1
            return sequence(until: ")", depth: depth + 1)
        case "{":
            position += 1
            return sequence(until: "}", depth: depth + 1)
        case "'", "\"": return strings()
        default: return word()
        }
    }

    /// Adjacent strings are one, as in Python.
    private mutating func strings() -> PythonValue? {
        var text = ""
        repeat {
            guard let part = string() else { return nil }
            text += part
            skipSpace()
        } while next == "'" || next == "\""
        return .string(text)
    }

    private mutating func string() -> String? {
        guard let quote = next else { return nil }
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = next {
            position += 1
            switch scalar {
            case quote:
                // '''text''' may span lines; it does not occur in answers and is refused.
                if text.isEmpty, next == quote { return nil }
                return String(text)
            case "\n": return nil
            case "\\":
                guard escape(into: &text) else { return nil }
            default: text.append(scalar)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout String.UnicodeScalarView) -> Bool {
        guard let scalar = next else { return false }
        position += 1
        switch scalar {
        case "\n": return true
        case "\\", "'", "\"": text.append(scalar)
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        case "a": text.append("\u{7}")
        case "b": text.append("\u{8}")
        case "f": text.append("\u{C}")
        case "v": text.append("\u{B}")
        case "x": return code(digits: 2, into: &text)
        case "u": return code(digits: 4, into: &text)
        case "U": return code(digits: 8, into: &text)
        case "0"..."7":
            position -= 1
            var value: UInt32 = 0
            for _ in 0..<3 {
                guard let digit = next.flatMap({ Character($0).wholeNumberValue }), digit < 8 else { break }
                value = value * 8 + UInt32(digit)
                position += 1
            }
            guard let decoded = Unicode.Scalar(value) else { return false }
            text.append(decoded)
        default:
            // Python keeps an unknown escape as it is.
            text.append("\\")
            text.append(scalar)
        }
        return true
    }

    private mutating func code(digits: Int, into text: inout String.UnicodeScalarView) -> Bool {
        guard position + digits <= scalars.count else { return false }
        let hex = String(String.UnicodeScalarView(scalars[position..<position + digits]))
        guard hex.allSatisfy(\.isHexDigit), let value = UInt32(hex, radix: 16), let scalar = Unicode.Scalar(value) else {
            return false
        }
        position += digits
        text.append(scalar)
        return true
    }

    private mutating func word() -> PythonValue? {
        let start = position
        while let scalar = next,
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._+-".unicodeScalars.contains(scalar)
        {
            position += 1
        }
        let text = String(String.UnicodeScalarView(scalars[start..<position]))
        switch text {
        case "None": return PythonValue.none
        case "True": return .bool(true)
        case "False": return .bool(false)
        default: return number(text)
        }
    }

    /// Decimal integers and floats with an optional sign. Python refuses leading zeros such as `007`.
    private func number(_ text: String) -> PythonValue? {
        let unsigned = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text[...]
        guard let first = unsigned.first, first.isASCII, first.isNumber || first == "." else { return nil }
        guard unsigned.allSatisfy({ $0.isASCII && !($0.isLetter && $0 != "e" && $0 != "E") }) else { return nil }
        if unsigned.allSatisfy({ $0.isNumber || $0 == "_" }) {
            let digits = unsigned.replacing("_", with: "")
            if digits.count > 1, digits.first == "0", digits.contains(where: { $0 != "0" }) { return nil }
            guard PythonText.float(text) != nil else { return nil }
            return Int64((text.first == "-" ? "-" : "") + digits).map { .integer($0) } ?? .other
        }
        return PythonText.float(text).map { .float($0) }
    }
}
