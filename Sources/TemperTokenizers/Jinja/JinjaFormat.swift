import Foundation

/// Python's ways to put values into a text.
enum JinjaFormat {
    /// How a value is laid out: `%-5.2f` and `{:<5.2f}` alike.
    private struct Layout {
        var fill: Unicode.Scalar = " "
        var alignment: Unicode.Scalar?
        var showsPlus = false
        var width = 0
        var precision: Int?
        var kind: Unicode.Scalar?
    }

    /// The widest field.
    private static let widest = 4096

    // MARK: %

    /// `format % values`.
    static func percent(_ format: JinjaText, _ values: JinjaValue, _ work: JinjaWork) throws -> JinjaText {
        var rest = format.glyphs[...]
        var result: [JinjaText.Glyph] = []
        var items: [JinjaValue]
        if case .tuple(let list) = values { items = list.items } else { items = [values] }
        var used = 0
        var usesNames = false
        while let glyph = rest.popFirst() {
            guard glyph.scalar == "%" else {
                result.append(glyph)
                continue
            }
            var name: JinjaText?
            if rest.first?.scalar == "(" {
                let end = rest.firstIndex { $0.scalar == ")" }
                guard let end else { throw JinjaFault("incomplete format key") }
                name = JinjaText(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[(end + 1)...]
            }
            var layout = Layout()
            layout.alignment = ">"
            while let flag = rest.first?.scalar, "-0+ #".unicodeScalars.contains(flag) {
                if flag == "-" { layout.alignment = "<" }
                if flag == "0" { layout.fill = "0" }
                if flag == "+" { layout.showsPlus = true }
                if flag == " " || flag == "#" { throw JinjaFault("the flag '\(flag)' of a format is not supported") }
                rest = rest.dropFirst()
            }
            layout.width = try number(&rest) ?? 0
            if rest.first?.scalar == "." {
                rest = rest.dropFirst()
                layout.precision = try number(&rest) ?? 0
            }
            guard let kind = rest.popFirst()?.scalar else { throw JinjaFault("incomplete format") }
            if kind == "%" {
                result += JinjaText("%").glyphs
                continue
            }
            let value: JinjaValue
            if let name {
                guard case .map(let map) = values, let found = try map.value(.text(name)) else {
                    throw JinjaFault("format requires a mapping with the key '\(name.string)'")
                }
                usesNames = true
                value = found
            } else {
                guard used < items.count else { throw JinjaFault("not enough arguments for format string") }
                value = items[used]
                used += 1
            }
            layout.kind = kind
            if "sra".unicodeScalars.contains(kind) { layout.fill = " " }
            result += try laidOut(value, layout, isPercent: true, work).glyphs
            try work.makeText(result.count)
        }
        if case .map = values { items = [] }
        guard usesNames || used >= items.count else { throw JinjaFault("not all arguments converted during string formatting") }
        return JinjaText(result)
    }

    private static func number(_ rest: inout ArraySlice<JinjaText.Glyph>) throws -> Int? {
        var value: Int?
        while let digit = rest.first?.scalar, digit.isASCIIDigit {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            guard value ?? 0 <= widest else { throw JinjaFault("a field is at most \(widest) wide") }
            rest = rest.dropFirst()
        }
        return value
    }

    // MARK: {}

    /// `text.format(…)`.
    static func braces(_ format: JinjaText, _ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaText {
        var rest = format.glyphs[...]
        var result: [JinjaText.Glyph] = []
        var next = 0
        while let glyph = rest.popFirst() {
            if glyph.scalar == "{" || glyph.scalar == "}" {
                if rest.first?.scalar == glyph.scalar {
                    rest = rest.dropFirst()
                    result.append(glyph)
                    continue
                }
                guard glyph.scalar == "{", let end = rest.firstIndex(where: { $0.scalar == "}" }) else {
                    throw JinjaFault("a single '\(glyph.scalar)' in a format")
                }
                let field = JinjaText(rest[rest.startIndex..<end])
                rest = rest[(end + 1)...]
                result += try self.field(field, arguments, &next, interpreter).glyphs
                try interpreter.work.makeText(result.count)
            } else {
                result.append(glyph)
            }
        }
        return JinjaText(result)
    }

    private static func field(
        _ field: JinjaText, _ arguments: JinjaArguments, _ next: inout Int, _ interpreter: JinjaInterpreter
    ) throws -> JinjaText {
        guard !field.contains(JinjaText("{")) else { throw JinjaFault("a format within a format is not supported") }
        let parts = field.split(on: JinjaText(":"), limit: 1)
        var path = parts[0].string
        var isQuoted = false
        if let mark = path.lastIndex(of: "!") {
            let conversion = path[mark...].dropFirst()
            guard conversion == "r" || conversion == "s" else {
                throw JinjaFault("the conversion '\(conversion)' is not supported")
            }
            isQuoted = conversion == "r"
            path = String(path[..<mark])
        }
        guard !path.contains("[") else { throw JinjaFault("an index in a format is not supported") }
        var names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let first = names.isEmpty ? "" : names.removeFirst()
        var value: JinjaValue
        if first.isEmpty || first.allSatisfy(\.isNumber) {
            let index = first.isEmpty ? next : Int(first) ?? .max
            if first.isEmpty { next += 1 }
            guard index < arguments.positional.count else {
                throw JinjaFault("a format names argument \(index), which is missing")
            }
            value = arguments.positional[index]
        } else {
            guard let found = arguments.named.first(where: { $0.0 == first })?.1 else {
                throw JinjaFault("a format names '\(first)', which is missing")
            }
            value = found
        }
        for name in names { value = try interpreter.attribute(name, of: value) }
        if isQuoted { value = .text(try JinjaValue.list(JinjaList([value])).str(interpreter.work).withoutBrackets) }
        return try laidOut(value, layout(parts.count > 1 ? parts[1] : JinjaText("")), isPercent: false, interpreter.work)
    }

    private static func layout(_ specification: JinjaText) throws -> Layout {
        var layout = Layout()
        var rest = specification.glyphs[...]
        func isAlignment(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { "<>^".unicodeScalars.contains($0) } ?? false }
        if let fill = rest.first?.scalar, isAlignment(rest.dropFirst().first?.scalar) {
            layout.fill = fill
            rest = rest.dropFirst()
        }
        if isAlignment(rest.first?.scalar) { layout.alignment = rest.popFirst()?.scalar }
        if rest.first?.scalar == "+" {
            layout.showsPlus = true
            rest = rest.dropFirst()
        }
        if rest.first?.scalar == "0", layout.alignment == nil {
            layout.fill = "0"
            layout.alignment = ">"
        }
        layout.width = try number(&rest) ?? 0
        if rest.first?.scalar == "." {
            rest = rest.dropFirst()
            layout.precision = try number(&rest)
        }
        layout.kind = rest.popFirst()?.scalar
        guard rest.isEmpty else { throw JinjaFault("the format '\(specification.string)' is not supported") }
        return layout
    }

    // MARK: Values

    private static func laidOut(_ value: JinjaValue, _ layout: Layout, isPercent: Bool, _ work: JinjaWork) throws -> JinjaText {
        var text: JinjaText
        switch layout.kind {
        case "s", "r", nil:
            if case .undefined = value, layout.kind != "s" { return JinjaText("") }
            if layout.kind == "r" {
                text = try JinjaValue.list(JinjaList([value])).str(work).withoutBrackets
            } else {
                guard layout.kind == nil || isPercent || value.text != nil else {
                    throw JinjaFault("the format 's' needs a string, not '\(value.typeName)'")
                }
                text = try value.str(work)
            }
            if let precision = layout.precision {
                guard value.text != nil || isPercent else { throw JinjaFault("a precision needs a kind of number") }
                text = JinjaText(text.glyphs.prefix(precision))
            }
        case "d", "i", "u":
            guard let whole = value.whole ?? (isPercent ? value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) } : nil)
            else {
                throw JinjaFault("%d format: a real number is required, not \(value.typeName)")
            }
            text = JinjaText(signed(String(whole), layout))
        case "x", "X", "o", "b":
            guard let whole = value.whole else { throw JinjaFault("an integer is required, not \(value.typeName)") }
            let radix = layout.kind == "o" ? 8 : layout.kind == "b" ? 2 : 16
            text = JinjaText(signed(String(whole, radix: radix, uppercase: layout.kind == "X"), layout))
        case "f", "F", "e", "E", "g", "G":
            guard let number = value.number, let kind = layout.kind else {
                throw JinjaFault("must be real number, not \(value.typeName)")
            }
            text = JinjaText(signed(String(format: "%.\(min(layout.precision ?? 6, 300))\(kind)", number), layout))
        default: throw JinjaFault("unsupported format character '\(layout.kind ?? "?")'")
        }
        return padded(text, layout, isNumber: value.number != nil && layout.kind != "s" && layout.kind != "r")
    }

    private static func signed(_ digits: String, _ layout: Layout) -> String {
        layout.showsPlus && !digits.hasPrefix("-") ? "+" + digits : digits
    }

    private static func padded(_ text: JinjaText, _ layout: Layout, isNumber: Bool) -> JinjaText {
        let missing = layout.width - text.count
        guard missing > 0 else { return text }
        func pad(_ count: Int) -> JinjaText {
            JinjaText(String(String.UnicodeScalarView(repeatElement(layout.fill, count: count))))
        }
        switch layout.alignment ?? (isNumber ? ">" : "<") {
        case "<": return text + (layout.fill == "0" ? JinjaText(String(repeating: " ", count: missing)) : pad(missing))
        case "^": return pad(missing / 2) + text + pad(missing - missing / 2)
        default:
            guard layout.fill == "0", let first = text.glyphs.first, first.scalar == "-" || first.scalar == "+" else {
                return pad(missing) + text
            }
            return JinjaText([first]) + pad(missing) + JinjaText(text.glyphs.dropFirst())
        }
    }

    /// `round(value, precision)` of Python: to even where the decimal digits are exactly in the middle.
    static func rounded(_ value: Double, _ precision: Int) -> Double {
        if precision >= 0 { return Double(String(format: "%.\(precision)f", value)) ?? value }
        let scale = pow(10, Double(-precision))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }
}

extension JinjaText {
    fileprivate var withoutBrackets: JinjaText { JinjaText(glyphs.dropFirst().dropLast()) }
}
