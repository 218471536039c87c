import TemperCore

/// Texts as lower-cased words and punctuation marks: the tokens of a contamination check.
///
/// A word is a run of letters, digits and combining marks; any other character that is not white space is a token of its own.
package enum WordTokens {
    package static func split(_ text: String) -> [String] {
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
    /// The same by the hash of a token's UTF-8, with the bytes to compare: what ``look(upWordsOf:)`` reads.
    private var byHash: [UInt64: Int32] = [:]
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Whether two tokens share a hash: then nothing is looked up by it.
    private var hasCollision = false

    mutating func add(_ tokens: [String]) -> [Int32] {
        tokens.map { token in
            if let known = numbers[token] { return known }
            let number = Int32(numbers.count)
            numbers[token] = number
            bytes += token.utf8
            ends.append(bytes.count)
            let hash = StableHash.fnv1a(token)
            if byHash.updateValue(number, forKey: hash) != nil { hasCollision = true }
            return number
        }
    }

    func look(up tokens: [String]) -> [Int32] { tokens.map { numbers[$0] ?? Self.unknown } }

    /// The numbers of a text's tokens, as of ``WordTokens/split(_:)``; of a text in ASCII without making a string of each.
    func look(upWordsOf text: String) -> [Int32] {
        guard !hasCollision, let found = text.utf8.withContiguousStorageIfAvailable(lookUpASCII), let found else {
            return look(up: WordTokens.split(text))
        }
        return found
    }

    /// - Returns: nil for a text with other characters.
    private func lookUpASCII(_ text: UnsafeBufferPointer<UInt8>) -> [Int32]? {
        var found: [Int32] = []
        found.reserveCapacity(text.count / 4 + 1)
        var (start, hash) = (0, StableHash.empty)
        func end(_ position: Int) {
            if position > start { found.append(number(of: text, start..<position, hash)) }
            (start, hash) = (position + 1, StableHash.empty)
        }
        for (position, byte) in text.enumerated() {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: hash = StableHash.mix(hash, UInt64(byte))
            case 0x41...0x5A: hash = StableHash.mix(hash, UInt64(byte | 0x20))
            case 0x80...: return nil
            default:
                end(position)
                guard !(0x09...0x0D).contains(byte), byte != 0x20 else { continue }
                found.append(number(of: text, position..<position + 1, StableHash.mix(StableHash.empty, UInt64(byte))))
            }
        }
        end(text.count)
        return found
    }

    private func number(of text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ hash: UInt64) -> Int32 {
        guard let number = byHash[hash] else { return Self.unknown }
        let own = ends[Int(number)]..<ends[Int(number) + 1]
        guard own.count == range.count else { return Self.unknown }
        for offset in 0..<own.count {
            let byte = text[range.lowerBound + offset]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lower == bytes[own.lowerBound + offset] else { return Self.unknown }
        }
        return number
    }
}
