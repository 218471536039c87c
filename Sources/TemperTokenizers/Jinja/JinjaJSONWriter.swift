import TemperCore

/// `json.dumps` of Python, with the defaults that `transformers` gives its `tojson`.
struct JinjaJSONWriter {
    var escapesNonASCII = false
    var sortsKeys = false
    /// Nil: all on one line.
    var indent: JinjaText?
    var itemSeparator = JinjaText(", ")
    var keySeparator = JinjaText(": ")
    private(set) var output: [JinjaText.Glyph] = []
    private let work: JinjaWork
    private var level = 0

    init(_ work: JinjaWork) { self.work = work }

    mutating func write(_ value: JinjaValue) throws {
        try work.spend(1)
        guard output.count <= work.textLimit else {
            throw JinjaFault("'tojson' makes text of more than \(work.textLimit) characters")
        }
        switch value {
        case .none: add("null")
        case .bool(let value): add(value ? "true" : "false")
        case .int(let value): add(String(value))
        case .float(let value): add(Self.text(value))
        case .text(let text):
            try work.makeText(text.count)
            add(quoted(text))
        case .list(let list), .tuple(let list): try write(list.items)
        case .map(let map): try write(map)
        case .undefined, .object: throw JinjaFault("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return JinjaNumber.text(value)
    }

    private mutating func write(_ items: [JinjaValue]) throws {
        guard !items.isEmpty else { return add("[]") }
        add("[")
        level += 1
        for (index, item) in items.enumerated() {
            if index > 0 { add(itemSeparator) }
            newline()
            try write(item)
        }
        level -= 1
        newline()
        add("]")
    }

    private mutating func write(_ map: JinjaMap) throws {
        guard map.count > 0 else { return add("{}") }
        var order = Array(0..<map.count)
        if sortsKeys {
            let work = work
            order = try order.sorted { try JinjaValue.less(map.keys[$0], map.keys[$1], "<", work) }
        }
        add("{")
        level += 1
        for (index, place) in order.enumerated() {
            if index > 0 { add(itemSeparator) }
            newline()
            add(quoted(try Self.key(map.keys[place])))
            add(keySeparator)
            try write(map.values[place])
        }
        level -= 1
        newline()
        add("}")
    }

    private static func key(_ value: JinjaValue) throws -> JinjaText {
        switch value {
        case .text(let text): return text
        case .none: return JinjaText("null")
        case .bool(let value): return JinjaText(value ? "true" : "false")
        case .int(let value): return JinjaText(String(value))
        case .float(let value): return JinjaText(text(value))
        default: throw JinjaFault("keys must be str, int, float, bool or None, not \(value.typeName)")
        }
    }

    /// A value on one line, as `transformers` writes it.
    static func line(_ value: JinjaValue) throws -> String {
        var writer = JinjaJSONWriter(JinjaWork(inputLength: 0))
        try writer.write(value)
        return JinjaText(writer.output).string
    }

    /// A text as a JSON string.
    static func quoted(_ text: String) -> String {
        JinjaJSONWriter(JinjaWork(inputLength: 0)).quoted(JinjaText(text)).string
    }

    private func quoted(_ text: JinjaText) -> JinjaText {
        JinjaText("\"") + text.mapped { _, scalar in escaped(scalar) } + JinjaText("\"")
    }

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{08}": return "\\b"
        case "\u{0C}": return "\\f"
        default:
            guard scalar.value < 0x20 || (escapesNonASCII && scalar.value > 0x7E) else { return String(scalar) }
            if scalar.value == 0x7F { return String(scalar) }
            return String(scalar).utf16.map { "\\u" + $0.padded(4, radix: 16) }.joined()
        }
    }

    private mutating func newline() {
        guard let indent else { return }
        add("\n")
        for _ in 0..<level { add(indent) }
    }

    private mutating func add(_ text: String) { add(JinjaText(text)) }
    private mutating func add(_ text: JinjaText) { output += text.glyphs }
}
