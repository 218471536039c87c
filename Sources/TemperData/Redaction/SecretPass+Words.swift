/// Secrets told by the words of a command line or a sentence.
extension SecretPass {
    private static let blank = ByteSet(" \t")
    private static let wordEnd = ByteSet(" \t\r\n\"'`,;<>()|\\")

    /// `--password hunter2`, `-u user:password`, `mysql -phunter2`, `sshpass -p hunter2`: at the first hyphen.
    func option(at place: Int) -> SecretMatch? {
        guard
            place == 0 || text[place - 1].isSpace || text[place - 1] == 0x22 || text[place - 1] == 0x27 || text[place - 1] == 0x60
        else { return nil }
        if text[place + 1] == 0x2D {
            let end = text.end(of: ByteSet.token.union("."), from: place + 2, limit: 80)
            guard Self.blank.contains(text[end]) else { return nil }
            if let naming = naming(of: place + 2..<end) { return argument(from: end, naming) }
            return text.has("--user", at: place) ? userAndPassword(from: end, line: place) : nil
        }
        let letter = text[place + 1]
        if letter == 0x75 { return userAndPassword(from: place + 2, line: place) }
        guard letter == 0x70 else { return nil }
        if text[place + 2].isSpace {
            return lineHas("sshpass", before: place) ? argument(from: place + 2, .password, isSure: true) : nil
        }
        guard lineHas("mysql", before: place) || lineHas("mariadb", before: place) || lineHas("sshpass", before: place) else {
            return nil
        }
        return argument(from: place + 2, .password, isSure: true)
    }

    private func argument(from place: Int, _ naming: Naming, isSure: Bool = false) -> SecretMatch? {
        let range = word(from: text.end(of: Self.blank, from: place, limit: 4))
        guard range.count >= 4, text[range.lowerBound] != 0x2D, !isTemplate(range), !isPath(range) else { return nil }
        let isPassword = naming == .password || naming == .pass
        guard
            isSure || kind(of: range) != nil
                || (isPassword ? hasDigit(range) || hasMark(range) : range.count >= 8 && looksRandom(range))
        else { return nil }
        return SecretMatch(range: range, kind: kind(of: range) ?? (isPassword ? .password : .secretValue))
    }

    private func userAndPassword(from place: Int, line: Int) -> SecretMatch? {
        guard lineHas("curl", before: line) || lineHas("wget", before: line) || lineHas("http", before: line) else { return nil }
        let all = word(from: text.end(of: Self.blank, from: place, limit: 4))
        guard let colon = all.first(where: { text[$0] == 0x3A }) else { return nil }
        let range = colon + 1..<all.upperBound
        guard range.count >= 3, !isTemplate(range) else { return nil }
        return SecretMatch(range: range, kind: kind(of: range) ?? .password)
    }

    /// The word at a place, without the quotes around it.
    private func word(from place: Int) -> Range<Int> {
        var start = place
        while text[start] == 0x5C { start += 1 }
        let mark = text[start]
        var end: Int
        if mark == 0x22 || mark == 0x27 || mark == 0x60 {
            start += 1
            end = start
            while end < text.count, end - start < 512, text[end] != mark, text[end] != 0x0A, text[end] != 0x5C { end += 1 }
        } else {
            end = start
            while end < text.count, end - start < 512, !Self.wordEnd.contains(text[end]) { end += 1 }
        }
        return start..<max(start, end)
    }

    /// Whether the line holds a word within 200 bytes before a place.
    private func lineHas(_ word: StaticString, before place: Int) -> Bool {
        var start = place
        while start > 0, place - start < 200, text[start - 1] != 0x0A {
            start -= 1
            if text.has(word, at: start) { return true }
        }
        return false
    }

    /// `Bearer …`, `the password is …`, `my token: …` and netrc's `login x password y`: at the first letter.
    func phrase(at place: Int) -> SecretMatch? {
        switch (text[place].lowercased, text[place + 1].lowercased) {
        case (0x62, 0x65): return bearer(at: place)
        case (0x70, 0x61), (0x70, 0x77): return sentence(at: place, Self.passwordWords, .password)
        case (0x73, 0x65): return sentence(at: place, Self.secretWords, .secret)
        case (0x74, 0x6F), (0x6B, 0x65): return sentence(at: place, Self.tokenWords, .token)
        default: return nil
        }
    }

    private static let passwordWords: [StaticString] = ["password", "passphrase", "passcode", "passwort", "pwd", "pw"]
    private static let secretWords: [StaticString] = ["secret"]
    private static let tokenWords: [StaticString] = ["token", "key"]
    private static let links: [StaticString] = [
        " is: ", " is ", " was ", " ist ", " to ", ": ", " will be ", " es ", " est ",
    ]

    private func bearer(at place: Int) -> SecretMatch? {
        guard text.hasIgnoringCase("bearer ", at: place) else { return nil }
        let start = text.end(of: Self.blank, from: place + 7, limit: 4)
        let range = start..<text.end(of: Self.credential, from: start, limit: 4096)
        guard range.count >= 16, !isTemplate(range),
            kind(of: range) != nil || (hasDigit(range) && hasLetter(range) && !isWords(range))
        else {
            return nil
        }
        return SecretMatch(range: range, kind: kind(of: range) ?? .bearerToken)
    }

    private func sentence(at place: Int, _ words: [StaticString], _ naming: Naming) -> SecretMatch? {
        guard
            let word = words.first(where: {
                text.hasIgnoringCase($0, at: place) && !ByteSet.word.contains(text[place + $0.utf8CodeUnitCount])
            })
        else { return nil }
        var next = place + word.utf8CodeUnitCount
        if naming == .password, Self.blank.contains(text[next]), lineHas("login ", before: place) {
            let range = self.word(from: text.end(of: Self.blank, from: next, limit: 4))
            if range.count >= 3, !isTemplate(range) { return SecretMatch(range: range, kind: kind(of: range) ?? .password) }
        }
        next = text.end(of: ByteSet("\"'`*"), from: next, limit: 3)
        guard let link = Self.links.first(where: { text.has($0, at: next) }) else { return nil }
        var range = self.word(from: text.end(of: ByteSet(" *"), from: next + link.utf8CodeUnitCount, limit: 4))
        while let last = range.last, [0x2E, 0x3F, 0x2A, 0x3A].contains(text[last]) { range = range.dropLast() }
        guard range.count >= 6, !isTemplate(range), !isPath(range), ![0x28, 0x5B].contains(text[range.upperBound]),
            !range.contains(where: { text[$0].isSpace })
        else { return nil }
        if kind(of: range) == nil {
            switch naming {
            case .password, .pass:
                guard hasLetter(range), hasDigit(range) || hasMark(range), !isWords(range) else { return nil }
                if link.utf8CodeUnitCount <= 3, isIdentifier(range), !hasDigit(range) { return nil }
            case .secret, .token: guard range.count >= 12, looksRandom(range) else { return nil }
            }
        }
        return SecretMatch(range: range, kind: kind(of: range) ?? (naming == .password ? .password : .secretValue))
    }
}
