package import TemperCore
package import TemperTokenizers

/// The tokens of a document with what is trained: `temper show --tokens`.
package struct TokenView: Codable, Sendable, Hashable {
    package struct Token: Codable, Sendable, Hashable {
        package var id: Int32
        /// The token's text; bytes that are not valid UTF-8 by themselves are shown as `<0xE2>`.
        package var text: String
        package var trained: Bool
        /// Nil for what the chat template writes.
        package var author: Author?

        /// Writes `author` as null too, so that every token has the same keys.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(text, forKey: .text)
            try container.encode(trained, forKey: .trained)
            try container.encode(author, forKey: .author)
        }
    }

    package var tokens: [Token]

    init(tokens: [Token]) {
        self.tokens = tokens
    }

    package init(_ document: EncodedDocument, tokenizer: Tokenizer) {
        let ids = document.tokens.ids
        tokens = ids.indices.map { index in
            Token(
                id: ids[index], text: Self.text(tokenizer.bytes(of: ids[index])), trained: document.tokens.mask[index] == 1,
                author: document.authors[index])
        }
    }

    /// For a terminal: trained tokens green, the others dim; spaces at the edge of nothing else are kept, line ends and other
    /// invisible characters are made visible.
    package var coloured: String {
        var text = ""
        var state: Bool?
        for token in tokens {
            if state != token.trained {
                text += "\u{1B}[0m" + (token.trained ? "\u{1B}[32m" : "\u{1B}[2m")
                state = token.trained
            }
            text += Self.visible(token.text)
        }
        return text + "\u{1B}[0m\n"
    }

    /// The text with invisible characters shown: line ends as `⏎` before the break, tabs as `⇥`, other control characters,
    /// odd spaces and characters of no width by their number.
    static func visible(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": return "⏎\n"
            case "\t": return "⇥"
            case " ": return " "
            default:
                let kind = scalar.properties.generalCategory
                let isInvisible = [.control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator].contains(kind)
                return isInvisible ? "<U+\(String(scalar.value, radix: 16, uppercase: true))>" : String(scalar)
            }
        }.joined()
    }

    private static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "<0x\(String($0, radix: 16, uppercase: true))>" }.joined()
    }
}
