import Mustache

/// Escapes by Unicode scalar.
///
/// The library's own HTML escaping goes by grapheme: a quote followed by a combining accent is another character to it and
/// stays as it is, which is enough to leave an attribute.
struct ScalarHTML: MustacheContentType {
    /// The name the template asks for in its first line.
    static let name = "SCALAR_HTML"

    private static let registration: Void = MustacheContentTypes.register(ScalarHTML(), named: name)

    /// Makes the content type known to the library, once.
    static func register() { registration }

    func escapeText(_ text: String) -> String { Self.escape(text) }

    /// Text for element content and quoted attributes, in HTML and SVG. Control characters become U+FFFD.
    static func escape(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t", "\r": escaped.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
