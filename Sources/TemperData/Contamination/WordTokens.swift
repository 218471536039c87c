/// Texts as lower-cased words and punctuation marks: the tokens of a contamination check.
///
/// A word is a run of letters, digits and combining marks; any other character that is not white space is a token of its own.
public enum WordTokens {
    public static func split(_ text: String) -> [String] {
        var tokens: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            if isWordScalar(scalar) {
                word.append(scalar)
                continue
            }
            if !word.isEmpty {
                tokens.append(String(word))
                word = String.UnicodeScalarView()
            }
            if !scalar.properties.isWhitespace { tokens.append(String(scalar)) }
        }
        if !word.isEmpty { tokens.append(String(word)) }
        return tokens
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A: return true
        case 0..<0x80: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
            return true
        default: return false
        }
    }
}

/// Numbers for the tokens of the test side; every other token is ``unknown``, which matches nothing. So its size does not grow with
/// the training side.
struct TokenNumbers: Sendable {
    static let unknown: Int32 = -1
    private var numbers: [String: Int32] = [:]

    mutating func add(_ tokens: [String]) -> [Int32] {
        tokens.map { token in
            if let known = numbers[token] { return known }
            let number = Int32(numbers.count)
            numbers[token] = number
            return number
        }
    }

    func look(up tokens: [String]) -> [Int32] { tokens.map { numbers[$0] ?? Self.unknown } }
}
