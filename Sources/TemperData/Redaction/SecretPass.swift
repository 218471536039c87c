/// One pass over one text.
struct SecretPass {
    let text: ByteText
    private(set) var found: [SecretMatch] = []
    private var place = 0
    /// Whether no private key ends further on.
    var hasNoEnd = false

    init(_ text: ByteText) { self.text = text }

    mutating func run() {
        while place < text.count {
            let byte = text[place]
            if let match = look(at: place, byte) {
                // What was found may begin before the place, but nothing overlaps.
                let last = found.last?.range.upperBound ?? 0
                let start = max(match.range.lowerBound, last)
                if start < match.range.upperBound, start == match.range.lowerBound || match.kind != .email {
                    found.append(SecretMatch(range: start..<match.range.upperBound, kind: match.kind))
                    if match.kind.name == "aws-access-key" { addSecretKey(after: match.range.upperBound) }
                }
                place = max(place + 1, found.last?.range.upperBound ?? 0)
            } else {
                place += 1
            }
        }
    }

    private mutating func look(at place: Int, _ byte: UInt8) -> SecretMatch? {
        switch byte {
        case 0x3D, 0x3A:  // = :
            if byte == 0x3A, let match = address(at: place) ?? numberedToken(at: place) { return match }
            return assignment(at: place)
        case 0x40: return email(at: place, length: 1)  // @
        case 0x25: return text.has("%40", at: place) ? email(at: place, length: 3) : nil
        case 0x3E: return element(at: place)  // >
        case 0x7E: return azureSecret(at: place)  // ~
        case 0x2D:  // -
            return privateKey(at: place) ?? option(at: place) ?? mailchimpKey(at: place)
        case 0x24: return isStart(place) ? prefixed(at: place) : nil  // $
        default:
            guard byte.isLetter || byte.isDigit, isStart(place) else { return nil }
            return prefixed(at: place) ?? phrase(at: place)
        }
    }

    /// Whether a word may begin here. `\n` and its like, as JSON writes them, end the word before.
    func isStart(_ place: Int) -> Bool {
        guard place > 0 else { return true }
        let before = text[place - 1]
        if !ByteSet.word.contains(before) { return true }
        return (before == 0x6E || before == 0x74 || before == 0x72) && text[place - 2] == 0x5C
    }

    /// A token told by its prefix.
    func prefixed(at place: Int) -> SecretMatch? {
        if text[place] == 0x65, let end = webToken(at: place) { return SecretMatch(range: place..<end, kind: .webToken) }
        if (0x4D...0x4F).contains(text[place]), let match = discordToken(at: place) { return match }
        let index = Int(text[place]) << 8 | Int(text[place + 1])
        guard PrefixedToken.starts[index >> 6] >> UInt64(index & 63) & 1 == 1 else { return nil }
        return tokenTable(at: place)
    }

    private func tokenTable(at place: Int) -> SecretMatch? {
        for token in PrefixedToken.byFirstByte[Int(text[place])] {
            if let end = token.end(in: text, at: place), !isFiller(place + token.prefix.count..<end) {
                return SecretMatch(range: place..<end, kind: token.kind)
            }
        }
        return nil
    }

    /// `xxxxxxxx`, `********`: what stands where a secret would.
    func isFiller(_ range: Range<Int>) -> Bool {
        guard let first = range.first.map({ text[$0].lowercased }) else { return true }
        return range.allSatisfy { text[$0].lowercased == first || text[$0] == 0x2D }
    }

    /// An AWS secret access key has no mark of its own; it stands beside its id.
    private mutating func addSecretKey(after place: Int) {
        let start = text.end(of: ByteSet(" \t\r\n,;:|/\"'"), from: place, limit: 8)
        let end = text.end(of: .base64, from: start, limit: 41)
        guard start > place, end - start == 40, text[start..<end].contains(where: \.isDigit) else { return }
        found.append(SecretMatch(range: start..<end, kind: .secretValue))
    }
}

extension ByteText {
    subscript(_ range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range] }
}
