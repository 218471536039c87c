import Foundation
import TemperCore

extension JinjaValue {
    /// Python's `str()`.
    func str(_ work: JinjaWork) throws -> JinjaText {
        switch self {
        case .undefined: return JinjaText("")
        case .text(let text): return text
        default:
            var glyphs: [JinjaText.Glyph] = []
            try write(into: &glyphs, work)
            return JinjaText(glyphs)
        }
    }

    /// Python's `repr()`.
    private func write(into glyphs: inout [JinjaText.Glyph], _ work: JinjaWork) throws {
        let before = glyphs.count
        switch self {
        case .undefined: glyphs += JinjaText("Undefined").glyphs
        case .none: glyphs += JinjaText("None").glyphs
        case .bool(let value): glyphs += JinjaText(value ? "True" : "False").glyphs
        case .int(let value): glyphs += JinjaText(String(value)).glyphs
        case .float(let value): glyphs += JinjaText(JinjaNumber.text(value)).glyphs
        case .text(let text): glyphs += Self.quoted(text).glyphs
        case .list(let list):
            try Self.write(list.items, "[", "]", into: &glyphs, work)
            return
        case .tuple(let list):
            try Self.write(list.items, "(", list.items.count == 1 ? ",)" : ")", into: &glyphs, work)
            return
        case .map(let map):
            glyphs += JinjaText("{").glyphs
            for (index, (key, value)) in zip(map.keys, map.values).enumerated() {
                if index > 0 { glyphs += JinjaText(", ").glyphs }
                try key.write(into: &glyphs, work)
                glyphs += JinjaText(": ").glyphs
                try value.write(into: &glyphs, work)
            }
            glyphs += JinjaText("}").glyphs
            return try work.spend(2)
        case .object: throw JinjaFault("a '\(typeName)' cannot be written out")
        }
        try work.makeText(glyphs.count - before)
    }

    private static func write(
        _ items: [JinjaValue], _ open: String, _ close: String, into glyphs: inout [JinjaText.Glyph], _ work: JinjaWork
    ) throws {
        glyphs += JinjaText(open).glyphs
        for (index, item) in items.enumerated() {
            if index > 0 { glyphs += JinjaText(", ").glyphs }
            try item.write(into: &glyphs, work)
        }
        glyphs += JinjaText(close).glyphs
        try work.spend(2)
    }

    private static func quoted(_ text: JinjaText) -> JinjaText {
        let usesDouble = text.glyphs.contains { $0.scalar == "'" } && !text.glyphs.contains { $0.scalar == "\"" }
        let quote: Unicode.Scalar = usesDouble ? "\"" : "'"
        let body = text.mapped { _, scalar in
            switch scalar {
            case "\\": return "\\\\"
            case "\n": return "\\n"
            case "\r": return "\\r"
            case "\t": return "\\t"
            case quote: return "\\\(scalar)"
            default: break
            }
            guard !scalar.isPythonPrintable else { return String(scalar) }
            let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            return "\\" + mark + scalar.value.padded(width, radix: 16)
        }
        let mark = JinjaText(String(quote))
        return mark + body + mark
    }
}

extension Unicode.Scalar {
    /// `str.isprintable` of Python.
    var isPythonPrintable: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }
}

/// Numbers as Python writes and reads them.
enum JinjaNumber {
    /// `repr` of a float: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16 on.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        var shortest = value.description.lowercased()
        let sign = shortest.hasPrefix("-") ? "-" : ""
        if !sign.isEmpty { shortest.removeFirst() }
        let parts = shortest.split(separator: "e", maxSplits: 1)
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        var digits = whole + (mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : "")
        // value = 0.DIGITS × 10^point
        var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.hasPrefix("0") {
            digits.removeFirst()
            point -= 1
        }
        if digits == "0" { return sign + "0.0" }
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        if point > 16 || point < -3 {
            let exponent = point - 1
            let size = String(abs(exponent))
            let rest = digits.dropFirst()
            return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e" + (exponent < 0 ? "-" : "+")
                + (size.count < 2 ? "0" : "") + size
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) + ".0" }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// `int(text, base)` of Python; nil where that is an error.
    static func whole(_ text: JinjaText, base: Int = 10) -> Int? {
        var digits = text.stripped().string[...]
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        let prefix = [2: "0b", 8: "0o", 16: "0x"][base]
        if let prefix, digits.lowercased().hasPrefix(prefix) { digits = digits.dropFirst(2) }
        let parts = digits.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isHexDigit || $0.isLetter } }) else {
            return nil
        }
        return Int((isNegative ? "-" : "") + parts.joined(), radix: base)
    }

    /// `float(text)` of Python; nil where that is an error.
    static func real(_ text: JinjaText) -> Double? {
        let trimmed = text.stripped().string.lowercased()
        let unsigned = trimmed.hasPrefix("-") || trimmed.hasPrefix("+") ? String(trimmed.dropFirst()) : trimmed
        if ["inf", "infinity"].contains(unsigned) { return trimmed.hasPrefix("-") ? -.infinity : .infinity }
        if unsigned == "nan" { return .nan }
        guard unsigned.allSatisfy({ $0.isASCII && ($0.isNumber || ".e+-_".contains($0)) }) else { return nil }
        var digits = trimmed
        let parts = digits.split(separator: "_", omittingEmptySubsequences: false)
        guard
            parts.count == 1
                || zip(parts, parts.dropFirst()).allSatisfy({ $0.last?.isNumber == true && $1.first?.isNumber == true })
        else { return nil }
        digits = parts.joined()
        return strictReal(digits)
    }

    private static func strictReal(_ digits: String) -> Double? {
        var text = digits
        // Swift asks for digits on both sides of the point, Python for one side.
        if text.hasPrefix(".") { text = "0" + text }
        text = text.replacingOccurrences(of: "-.", with: "-0.").replacingOccurrences(of: "+.", with: "+0.")
        text = text.replacingOccurrences(of: ".e", with: ".0e")
        if text.hasSuffix(".") { text += "0" }
        guard text.first(where: { $0.isNumber }) != nil, !digits.hasPrefix(".e"), digits != "." else { return nil }
        return Double(text)
    }
}
