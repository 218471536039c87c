import Foundation

/// What a value looks like: a secret, a placeholder, code.
extension SecretPass {
    /// How a name says that its value is a secret.
    enum Naming {
        /// A password: short and plain values count too.
        case password
        /// `pass` alone: a password, or a test that passed.
        case pass
        /// `secret`, `client_secret`: values may be words with digits.
        case secret
        /// `token`, `api_key`: values must look made by a machine.
        case token
    }

    private static let passwords = [
        "password", "passwd", "passphrase", "passcode", "pwd", "passwort", "kennwort", "motdepasse", "contrasena", "dbpw",
        "userpw",
        "adminpw", "rootpw", "userpass", "dbpass", "dbpassword", "smtppass", "redispass", "mysqlpass", "requirepass", "sshpass",
    ]
    private static let secrets = [
        "secret", "secretkey", "secretkeybase", "secretaccesskey", "secretvalue", "secrettoken", "sharedsecret",
    ]
    private static let tokens = [
        "token", "apikey", "accesskey", "authkey", "credential", "credentials", "privatekey", "signingkey", "encryptionkey",
        "masterkey",
        "accountkey", "sharedaccesskey", "sharedkey", "storagekey", "sessionkey", "sessionid", "sessid", "connectsid", "hmackey",
        "subscriptionkey", "functionkey", "licensekey", "deploykey", "servicekey", "serverkey", "appkey", "adminkey", "writekey",
        "readkey", "auth", "jwt", "cryptkey", "aeskey", "seedphrase", "authcode", "accesskeyid", "pat", "cookie",
        "sharedaccesssignature",
    ]

    private static let lastLetters: ByteSet = {
        var set = ByteSet("swkn")
        for word in passwords + secrets + tokens { if let last = word.utf8.last { set.insert(last) } }
        return set
    }()

    /// What a key's name says; nil for other keys.
    ///
    /// - Parameter range: of the identifier, at most 80 bytes.
    func naming(of range: Range<Int>) -> Naming? {
        var name = [UInt8]()
        name.reserveCapacity(range.count)
        for place in range where text[place].isLetter || text[place].isDigit { name.append(text[place].lowercased) }
        while name.last?.isDigit == true { name.removeLast() }
        guard name.count >= 3 else { return nil }
        guard let last = name.last, Self.lastLetters.contains(last) else { return nil }
        let word = String(decoding: name, as: UTF8.self)
        if Self.passwords.contains(where: word.hasSuffix) { return .password }
        if Self.secrets.contains(where: word.hasSuffix) { return .secret }
        if Self.tokens.contains(where: { $0.utf8.count > 4 ? word.hasSuffix($0) : endsWithWord($0, range, word) }) {
            return .token
        }
        for short in ["pass", "pw", "psk", "pin"] where endsWithWord(short, range, word) { return .pass }
        return nil
    }

    /// Whether a name ends with a word of its own: `db_pass`, `dbPass` and `PASS`, where `bypass` does not.
    private func endsWithWord(_ word: String, _ range: Range<Int>, _ name: String) -> Bool {
        guard name.hasSuffix(word) else { return false }
        if name == word { return true }
        var end = range.upperBound
        while end > range.lowerBound, text[end - 1].isDigit { end -= 1 }
        let start = end - word.utf8.count
        guard start > range.lowerBound else { return false }
        let (before, first) = (text[start - 1], text[start])
        return !(before.isLetter || before.isDigit) || (first.lowercased != first && before.lowercased == before)
    }

    /// The kind of a value that its prefix tells.
    func kind(of range: Range<Int>) -> SecretKind? {
        if let colon = range.prefix(17).first(where: { text[$0] == 0x3A }), let match = numberedToken(at: colon),
            match.range == range
        {
            return match.kind
        }
        guard let match = prefixed(at: range.lowerBound), match.range.upperBound >= range.upperBound - 2 else { return nil }
        return match.kind
    }

    /// `${X}`, `<x>`, `%s`, `****`, and words that stand for a value that is given elsewhere.
    func isTemplate(_ range: Range<Int>) -> Bool {
        guard let first = range.first else { return true }
        switch text[first] {
        case 0x24, 0x2A:
            // `$NAME`, `${NAME}`, `$(command)`, `*alias`
            let next = text[first + 1]
            if next == 0x7B || next == 0x28 || next == text[first] || range.count == 1 { return true }
            if isIdentifier(first + 1..<range.upperBound), text[first] == 0x24 || !hasDigit(range) { return true }
        case 0x3C: if range.contains(where: { text[$0] == 0x3E }) || text[range.upperBound] == 0x3E { return true }
        case 0x7B: return true
        case 0x5B where text[range.upperBound - 1] == 0x5D, 0x28 where text[range.upperBound - 1] == 0x29: return true
        case 0x25:
            // `%s`, `%(name)s`, `%NAME%`
            if range.count <= 3 || text[first + 1] == 0x28 || text[range.upperBound - 1] == 0x25 { return true }
        case 0x23 where text[first + 1] == 0x7B: return true
        default: break
        }
        for place in range {
            let next = text[place + 1]
            if text[place] == 0x7B, next == 0x7B || text[place - 1] == 0x24 || text[place - 1] == 0x23 { return true }
            if text[place] == 0x5C, next == 0x28 { return true }
        }
        if isFiller(range) { return true }
        let word = text.text(range).lowercased()
        if Self.fillers.contains(word) { return true }
        return Self.fillerStarts.contains(where: word.hasPrefix) || word.hasSuffix("...") || word.hasSuffix("…")
    }

    private static let fillerStarts = [
        "your-", "your_", "<redacted", "redacted", "[redacted", "example-", "example_", "insert-", "replace-",
    ]
    private static let fillers: Set<String> = [
        "none", "null", "nil", "true", "false", "undefined", "string", "text", "required", "optional", "hidden", "input", "field",
        "name",
        "value", "basic", "bearer", "default", "unknown", "invalid", "missing", "empty", "number", "bool", "boolean", "object",
        "bytes",
        "sensitive", "const", "type", "this", "self", "prompt", "stdin", "environment", "plain", "plaintext", "never", "always",
        "forgot", "reset", "confirm", "label", "title", "description", "error", "varchar", "char", "integer", "admin_user",
    ]

    /// Whether letters and digits change places as often as in what a machine draws, and seldom in words.
    func looksRandom(_ range: Range<Int>) -> Bool {
        var (digits, letters, changes) = (0, 0, 0)
        var last = 0
        for place in range {
            let byte = text[place]
            let now = byte.isDigit ? 1 : !byte.isLetter ? last : byte.lowercased == byte ? 2 : 3
            if byte.isDigit { digits += 1 } else if byte.isLetter { letters += 1 }
            // A capital before small letters is how words begin.
            if last != 0, now != last, !(last == 3 && now == 2) { changes += 1 }
            last = now
        }
        if digits == 0 { return range.count >= 20 && changes * 5 >= range.count && !hasSeparators(range) }
        return (letters > 0 && changes >= max(3, range.count / 8)) || (letters == 0 && digits >= 16)
    }

    private func hasSeparators(_ range: Range<Int>) -> Bool {
        range.contains { text[$0] == 0x5F || text[$0] == 0x2D || text[$0] == 0x2E || text[$0] == 0x2F }
    }

    /// Whether a value is made of words: letters with `_`, `-`, `.`, `/` or `:` between, and at most two digits at the end.
    func isWords(_ range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound, range.upperBound - end < 2, text[end - 1].isDigit { end -= 1 }
        return range.lowerBound < end
            && (range.lowerBound..<end).allSatisfy {
                text[$0].isLetter || text[$0] >= 0x80 || [0x5F, 0x2D, 0x2E, 0x2F, 0x3A].contains(text[$0])
            }
    }

    /// Whether a value is a name or a path of names, as code writes them.
    func isIdentifier(_ range: Range<Int>) -> Bool {
        guard let first = range.first, text[first].isLetter || text[first] == 0x5F else { return false }
        return range.allSatisfy { ByteSet.word.contains(text[$0]) || text[$0] == 0x2E }
    }

    func hasDigit(_ range: Range<Int>) -> Bool { range.contains { text[$0].isDigit } }
    func hasLetter(_ range: Range<Int>) -> Bool { range.contains { text[$0].isLetter || text[$0] >= 0x80 } }
    /// Marks that passwords hold and names do not.
    func hasMark(_ range: Range<Int>) -> Bool { range.contains { Self.marks.contains(text[$0]) } }
    private static let base64 = ByteSet.base64.union("=")
    private static let marks = ByteSet("!@#$%^&*+=~?|")

    func isPath(_ range: Range<Int>) -> Bool {
        let (first, second) = (text[range.lowerBound], text[range.lowerBound + 1])
        // Base64 may begin with a slash.
        if first == 0x2F, range.count >= 40, looksRandom(range), range.allSatisfy({ Self.base64.contains(text[$0]) }) {
            return false
        }
        if first == 0x2F || first == 0x7E { return range.dropFirst().contains { text[$0] == 0x2F } }
        return first == 0x2E && (second == 0x2F || second == 0x2E) || text.has("http://", at: range.lowerBound)
            || text.has("https://", at: range.lowerBound) || text.has("file:", at: range.lowerBound)
            || text.has("arn:", at: range.lowerBound)
    }

    /// Whether a quoted value is a secret, by what its name says.
    func isSecret(_ range: Range<Int>, quotedAs naming: Naming) -> Bool {
        guard (4...4096).contains(range.count), !isTemplate(range), !isPath(range), !range.contains(where: { text[$0].isSpace })
        else {
            return false
        }
        switch naming {
        case .password:
            if hasDigit(range) || hasMark(range) { return true }
            let word = text.text(range)
            if ["pass", "pwd", "secret", "token", "kennwort", "credential"].contains(where: word.lowercased().contains) {
                return false
            }
            // One word with a capital is a label.
            return range.count >= 6 && !(word.first?.isUppercase == true && word.dropFirst().allSatisfy(\.isLowercase))
                && !word.hasSuffix(":")
        case .pass: return range.count >= 6 && hasLetter(range) && (hasDigit(range) || hasMark(range))
        case .secret: return range.count >= 8 && hasLetter(range) && (hasDigit(range) || hasMark(range)) && !isWords(range)
        case .token:
            if looksRandom(range) { return range.count >= 8 }
            return range.count >= 12 && hasLetter(range) && hasDigit(range) && !isWords(range)
        }
    }
}
