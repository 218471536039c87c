/// A piece of a template's source.
struct JinjaToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Text outside of all marks.
        case data(String)
        /// `{{`, `}}`, `{%`, `%}`.
        case outputBegin, outputEnd, blockBegin, blockEnd
        case name(String)
        case string(String)
        case int(Int)
        case float(Double)
        case symbol(String)
        case end
    }

    var kind: Kind
    var line: Int

    /// For messages.
    var text: String {
        switch kind {
        case .data: "text"
        case .outputBegin: "{{"
        case .outputEnd: "}}"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .name(let name): name
        case .string: "a string"
        case .int(let value): String(value)
        case .float(let value): JinjaNumber.text(value)
        case .symbol(let symbol): symbol
        case .end: "the end of the template"
        }
    }
}
