/// Secrets told by the name they are given, or by the words before them.
extension SecretPass {
    private static let identifier = ByteSet.token.union(".")
    private static let closing = ByteSet("\"'`\\])")
    private static let blank = ByteSet(" \t")
    /// What stands between a name and the key of its value.
    private static let between = ByteSet(" \t\r\n\"'\\,{-")

    /// `NAME = value`, `"name": "value"`, `name=value&`, `key: String = "value"`: at the sign.
    func assignment(at place: Int) -> SecretMatch? {
        let sign = text[place]
        var next = place + 1
        if text[next] == sign {
            guard sign == 0x3D else { return nil }
            next += 1
        }
        if sign == 0x3D, text[next] == 0x3E { next += 1 }
        if sign == 0x3A, text[next] == 0x3D { next += 1 }
        var end = place
        if sign == 0x3D, [0x3D, 0x21, 0x3A, 0x2B, 0x3F].contains(text[end - 1]) { end -= 1 }
        guard let key = name(before: end) else { return nil }
        guard var naming = named(key) else { return header(key, next) }
        if isHeaderName(key) { naming = .token }
        if let match = header(key, next) { return match }
        return value(from: next, naming, key)
    }

    /// The identifier that a sign gives a value to.
    private func name(before place: Int) -> Range<Int>? {
        var end = text.start(of: Self.blank, before: place, limit: 8)
        end = text.start(of: Self.closing, before: end, limit: 6)
        let start = text.start(of: Self.identifier, before: end, limit: 80)
        var first = start
        // `\n` of JSON before it.
        if text[first - 1] == 0x5C, first > 0, [0x6E, 0x74, 0x72].contains(text[first]) { first += 1 }
        while first < end, text[first] == 0x2D || text[first] == 0x2E { first += 1 }
        return end - first >= 2 ? first..<end : nil
    }

    private func named(_ key: Range<Int>) -> Naming? {
        if let naming = naming(of: key) { return naming }
        let before = text[key.lowerBound - 1]
        if key.count == 3, before == 0x3F || before == 0x26, text.hasIgnoringCase("key", at: key.lowerBound) { return .token }
        if key.count == 3, before == 0x3F || before == 0x26, text.has("sig", at: key.lowerBound) { return .token }
        // `name: DB_PASSWORD`, then `value: …`: the name stands before.
        guard key.count == 5, text.hasIgnoringCase("value", at: key.lowerBound) else { return nil }
        var end = text.start(of: Self.between, before: key.lowerBound, limit: 24)
        // Line breaks as JSON writes them.
        while text[end - 2] == 0x5C, [0x6E, 0x72, 0x74].contains(text[end - 1]), key.lowerBound - end < 24 {
            end = text.start(of: Self.between, before: end - 1, limit: 24)
        }
        guard end < key.lowerBound - 1 else { return nil }
        return naming(of: text.start(of: Self.identifier, before: end, limit: 80)..<end)
    }

    private func isHeaderName(_ key: Range<Int>) -> Bool {
        text.hasIgnoringCase("cookie", at: key.upperBound - 6)
    }

    /// `Authorization: Bearer …`
    private func header(_ key: Range<Int>, _ next: Int) -> SecretMatch? {
        guard text.hasIgnoringCase("authorization", at: key.upperBound - 13) else { return nil }
        var start = text.end(of: ByteSet(" \t\"'\\"), from: next, limit: 8)
        let word = text.end(of: ByteSet.token, from: start, limit: 24)
        if text[word] == 0x20, word > start { start = text.end(of: Self.blank, from: word, limit: 4) }
        let range = start..<text.end(of: Self.credential, from: start, limit: 4096)
        guard range.count >= 8, !isTemplate(range), hasDigit(range) || range.count >= 16, hasLetter(range),
            !(isIdentifier(range) && !looksRandom(range))
        else { return nil }
        return SecretMatch(range: range, kind: kind(of: range) ?? .bearerToken)
    }

    static let credential = ByteSet.token.union(".~+/=:")
    private static let bareEnd = ByteSet(" \t\r\n\"'`,;<>(){}[]|\\")

    /// The secret that a value is; nil where it is none.
    private func value(from place: Int, _ naming: Naming, _ key: Range<Int>) -> SecretMatch? {
        let isTight = !text[place].isSpace && !text[key.upperBound].isSpace
        var start = text.end(of: Self.blank, from: place, limit: 8)
        // `b"…"`, `@"…"`
        if text[start + 1] == 0x22 || text[start + 1] == 0x27, text[start].isLetter || text[start] == 0x40 { start += 1 }
        if let (range, _) = quoted(at: start) {
            guard isSecret(range, quotedAs: naming) else { return nil }
            return match(range, naming)
        }
        var end = start
        let isQuery = text[key.lowerBound - 1] == 0x3F || text[key.lowerBound - 1] == 0x26
        while end < text.count, end - start < 4096, !Self.bareEnd.contains(text[end]), !(isQuery && text[end] == 0x26) {
            end += 1
        }
        // `let password: String = "…"`
        if text[place - 1] == 0x3A, isTypeName(start..<end) {
            let after = text.end(of: ByteSet("?!>] \t"), from: end, limit: 8)
            if text[after] == 0x3D, text[after + 1] != 0x3D { return value(from: after + 1, naming, key) }
        }
        while end > start, [0x2E, 0x3A, 0x3F, 0x21].contains(text[end - 1]), text[end].isSpace || end == text.count,
            naming != .password
        {
            end -= 1
        }
        let range = start..<end
        guard (4...4096).contains(range.count), !isTemplate(range), !isPath(range),
            isBareSecret(range, naming, key, isTight: isTight, isQuery: isQuery)
        else { return nil }
        return match(range, naming)
    }

    private func isTypeName(_ range: Range<Int>) -> Bool { (1...40).contains(range.count) && isIdentifier(range) }

    private func match(_ range: Range<Int>, _ naming: Naming) -> SecretMatch {
        let own = naming == .password || naming == .pass ? SecretKind.password : .secretValue
        return SecretMatch(range: range, kind: kind(of: range) ?? own)
    }

    /// The inside of a quoted text; the quotes may be escaped as in JSON within JSON.
    private func quoted(at place: Int) -> (inside: Range<Int>, quote: Int)? {
        var quote = place
        while text[quote] == 0x5C { quote += 1 }
        let mark = text[quote]
        guard mark == 0x22 || mark == 0x27 || mark == 0x60, quote - place <= 7 else { return nil }
        let depth = quote - place
        var end = quote + 1
        while end < text.count, end - quote < 4096, text[end] != 0x0A {
            if text[end] == mark { break }
            if text[end] == 0x5C {
                var slashes = 0
                while text[end + slashes] == 0x5C { slashes += 1 }
                if text[end + slashes] == mark, slashes <= depth { break }
                // A line break or another character that is escaped.
                end += slashes
            }
            end += 1
        }
        return end <= text.count && end > quote ? (quote + 1..<min(end, text.count), quote) : nil
    }

    /// Whether a value without quotes is a secret: settings, command lines and sentences write them so, and code writes names so.
    private func isBareSecret(_ range: Range<Int>, _ naming: Naming, _ key: Range<Int>, isTight: Bool, isQuery: Bool) -> Bool {
        let after = text[range.upperBound]
        if [0x28, 0x5B, 0x7B].contains(after) || text[range.lowerBound] == 0x26 { return false }
        if kind(of: range) != nil { return true }
        let isSetting = isTight && (isQuery || text[key.lowerBound - 1] == 0x3B || isUpper(key))
        switch naming {
        case .password, .pass:
            if range.count < 4 || !hasLetter(range) { return isSetting && naming == .password && range.count >= 4 }
            if isIdentifier(range) {
                if isSetting { return !isUpper(range) || hasDigit(range) }
                let isLineEnd =
                    after == 0x0A || after == 0x0D || after == 0x5C || range.upperBound == text.count
                    || text[range.upperBound] == 0x20
                if isLineEnd, range.count >= 8, text[key.upperBound] == 0x3A,
                    changesCase(range) || range.count(where: { text[$0].isDigit }) >= 3
                {
                    return true
                }
                guard hasDigit(range), range.count >= 6, ![0x2C, 0x29, 0x2E].contains(after) else { return false }
                let word = text.text(range).lowercased()
                return !["pass", "pwd", "pw", "secret", "token", "key", "value", "arg", "str", "user", "var", "config", "."]
                    .contains(
                        where: word.contains)
            }
            return hasDigit(range) || hasMark(range) || (isSetting && !isWords(range))
        case .secret, .token:
            guard range.count >= 8, hasLetter(range) else { return false }
            if isSetting { return (hasDigit(range) && !isWords(range)) || looksRandom(range) }
            if isIdentifier(range) { return range.count >= 16 && looksRandom(range) && ![0x2E, 0x29].contains(after) }
            return range.count >= 12 && looksRandom(range)
        }
    }

    /// Whether small letters and capitals change places as in base64, and more often than where words begin.
    private func changesCase(_ range: Range<Int>) -> Bool {
        let changes = range.dropFirst().count {
            text[$0].isLetter && text[$0].lowercased != text[$0] && text[$0 - 1].lowercased == text[$0 - 1]
        }
        return range.count >= 12 && changes * 5 >= range.count
    }

    private func isUpper(_ range: Range<Int>) -> Bool { range.allSatisfy { text[$0] == text[$0].uppercased } }

    /// `<password>…</password>`: at the sign that ends the opening tag.
    func element(at place: Int) -> SecretMatch? {
        let start = text.start(of: Self.identifier, before: place, limit: 80)
        guard start < place, text[start - 1] == 0x3C, let naming = naming(of: start..<place) else { return nil }
        let end = text.end(of: Self.elementText, from: place + 1, limit: 4096)
        guard text[end] == 0x3C, text[end + 1] == 0x2F, isSecret(place + 1..<end, quotedAs: naming) else { return nil }
        return match(place + 1..<end, naming)
    }

    private static let elementText: ByteSet = {
        var set = ByteSet("", isOpen: true)
        for byte in UInt8(0x20)..<0x7F where byte != 0x3C { set.insert(byte) }
        return set
    }()
}

extension UInt8 {
    var uppercased: UInt8 { (0x61...0x7A).contains(self) ? self & 0xDF : self }
}
