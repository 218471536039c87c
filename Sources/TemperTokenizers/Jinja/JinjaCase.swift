/// Upper and lower case as Python has them, code point by code point.
enum JinjaCase {
    static func upper(_ text: JinjaText) -> JinjaText { text.mapped { $1.properties.uppercaseMapping } }
    static func lower(_ text: JinjaText) -> JinjaText { text.mapped { lowered(text, $0, $1) } }

    static func capitalized(_ text: JinjaText) -> JinjaText {
        text.mapped { $0 == 0 ? $1.properties.titlecaseMapping : lowered(text, $0, $1) }
    }

    static func swapped(_ text: JinjaText) -> JinjaText {
        text.mapped { $1.properties.isUppercase ? lowered(text, $0, $1) : $1.properties.uppercaseMapping }
    }

    /// `str.title`: what follows a letter is small.
    static func titled(_ text: JinjaText) -> JinjaText {
        var follows = false
        let beginnings = text.glyphs.map { glyph in
            defer { follows = glyph.scalar.properties.isCased }
            return !follows
        }
        return text.mapped { beginnings[$0] ? $1.properties.titlecaseMapping : lowered(text, $0, $1) }
    }

    /// A capital sigma at the end of a word becomes ς.
    private static func lowered(_ text: JinjaText, _ index: Int, _ scalar: Unicode.Scalar) -> String {
        guard scalar == "Σ" else { return scalar.properties.lowercaseMapping }
        let before = text.glyphs[..<index].last { !$0.scalar.properties.isCaseIgnorable }
        let after = text.glyphs[(index + 1)...].first { !$0.scalar.properties.isCaseIgnorable }
        let isFinal = before?.scalar.properties.isCased == true && after?.scalar.properties.isCased != true
        return isFinal ? "ς" : "σ"
    }

    static func isUpper(_ text: JinjaText) -> Bool {
        text.glyphs.contains { $0.scalar.properties.isUppercase }
            && !text.glyphs.contains {
                $0.scalar.properties.isLowercase || $0.scalar.properties.generalCategory == .titlecaseLetter
            }
    }

    static func isLower(_ text: JinjaText) -> Bool {
        text.glyphs.contains { $0.scalar.properties.isLowercase }
            && !text.glyphs.contains {
                $0.scalar.properties.isUppercase || $0.scalar.properties.generalCategory == .titlecaseLetter
            }
    }
}

extension Unicode.Scalar {
    /// `str.isalpha` of Python.
    var isPythonAlphabetic: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// `str.isdecimal` of Python.
    var isPythonDecimal: Bool { properties.generalCategory == .decimalNumber }
    /// `str.isdigit` of Python.
    var isPythonDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }
    /// `str.isalnum` of Python.
    var isPythonAlphanumeric: Bool { isPythonAlphabetic || properties.numericType != nil }
}
