/// Secrets in addresses, and addresses of people.
extension SecretPass {
    private static let authorityEnd = ByteSet(" \t\r\n\"'`<>/?#\\|^,;")
    private static let addressEnd = ByteSet(" \t\r\n\"'`<>\\|^")

    /// What an address holds: a password before `@`, a token in its place, a secret path.
    func address(at place: Int) -> SecretMatch? {
        guard text.has("://", at: place), text[place - 1].isLetter || text[place - 1].isDigit else { return nil }
        let start = place + 3
        if let hook = webhook(at: start) { return hook }
        var (end, sign) = (start, -1)
        while end < text.count, end - start < 512, !Self.authorityEnd.contains(text[end]) {
            if text[end] == 0x40 { sign = end }
            end += 1
            // A character that JSON writes as `\u00fc`.
            if text[end] == 0x5C, text[end + 1] == 0x75, ByteSet.hex.contains(text[end + 2]) { end += 2 }
        }
        let colon = (start..<end).first { text[$0] == 0x3A }
        if sign < 0, let colon, !text[colon + 1].isDigit, text[end] == 0x2F || text[end] == 0x3F || text[end] == 0x23 {
            // A password with a slash or the like in it: the sign comes later.
            var later = end
            while later < text.count, later - start < 256, !Self.addressEnd.contains(text[later]), text[later] != 0x40 {
                later += 1
            }
            if text[later] == 0x40, text[later + 1].isLetter || text[later + 1].isDigit { sign = later }
        }
        guard sign > start else { return nil }
        if let colon, colon < sign {
            let range = colon + 1..<sign
            guard !range.isEmpty, !isTemplate(range) else { return nil }
            return SecretMatch(range: range, kind: kind(of: range) ?? .urlPassword)
        }
        let range = start..<sign
        guard range.count >= 16, looksRandom(range) || kind(of: range) != nil else { return nil }
        return SecretMatch(range: range, kind: kind(of: range) ?? .urlPassword)
    }

    private func webhook(at start: Int) -> SecretMatch? {
        let hosts: [(StaticString, SecretKind)] = [
            ("hooks.slack.com/services/", .slack),
            ("hooks.slack.com/workflows/", .slack),
            ("discord.com/api/webhooks/", .discord),
            ("discordapp.com/api/webhooks/", .discord),
        ]
        guard let (host, kind) = hosts.first(where: { text.has($0.0, at: start) }) else { return nil }
        let path = start + host.utf8CodeUnitCount
        let end = text.end(of: ByteSet.token.union("/"), from: path, limit: 300)
        return end - path >= 20 ? SecretMatch(range: path..<end, kind: kind) : nil
    }

    /// - Parameter length: of the sign, which addresses may write as `%40`.
    func email(at place: Int, length: Int) -> SecretMatch? {
        let local = ByteSet.word.union(".%+-'")
        var start = text.start(of: local, before: place, limit: 64)
        while start < place, !ByteSet.word.contains(text[start]) { start += 1 }
        if text[start - 1] == 0x5C, start > 0, place - start > 1 { start += 1 }  // `\n` before it
        guard start < place, text[place - 1] != 0x2E, !text.has("://", at: start - 3) else { return nil }
        var (end, label) = (place + length, place + length)
        var dots = 0
        while end < text.count, end - place < 253 {
            let next = text.end(of: Self.domain, from: end, limit: 64)
            guard next > end else { break }
            (label, end) = (end, next)
            guard text[end] == 0x2E, Self.domain.contains(text[end + 1]) else { break }
            dots += 1
            end += 1
        }
        guard dots > 0, end - label >= 2, end - label <= 24, text[label..<end].allSatisfy({ $0.isLetter || $0 >= 0x80 }),
            text[end] != 0x28, !Self.notDomains.contains(text.text(label..<end).lowercased())
        else { return nil }
        // `git@host:path` is an address of a repository.
        if text[end] == 0x3A, place - start == 3, text.has("git", at: start) { return nil }
        return SecretMatch(range: start..<end, kind: .email)
    }

    private static let domain: ByteSet = {
        var set = ByteSet("-", isOpen: true)
        for byte in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8 { set.insert(byte) }
        return set
    }()

    /// What stands after a dot in code and in file names, and is no domain.
    private static let notDomains: Set<String> = [
        "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "html", "css", "scss", "js", "jsx", "ts", "tsx", "mjs", "json", "yaml",
        "yml",
        "toml", "txt", "csv", "xml", "swift", "java", "cpp", "hpp", "exe", "dll", "tgz", "tar", "gz", "zip", "whl", "jar", "lock",
        "weight", "bias", "grad", "data", "shape", "value", "mean", "sum", "transpose", "item", "self", "inv", "real", "conj",
        "dtype",
        "class", "method", "property", "setter", "getter", "tgz", "service", "socket", "target", "timer", "mount",
    ]
}
