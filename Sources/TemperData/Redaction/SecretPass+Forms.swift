/// Secrets with a form of their own.
extension SecretPass {
    /// `eyJ….eyJ….…`: three parts of a signed token, five of an encrypted one.
    func webToken(at place: Int) -> Int? {
        guard text.has("eyJ", at: place), text[place - 1] != 0x2D, text[place - 1] != 0x2E else { return nil }
        var end = text.end(of: .token, from: place)
        guard end - place >= 10, text[end] == 0x2E else { return nil }
        var parts = 1
        while text[end] == 0x2E, parts < 5 {
            let next = text.end(of: .token, from: end + 1)
            // An unsigned token has an empty last part; an encrypted one may have an empty second.
            if next == end + 1, text[next] != 0x2E, parts < 2 { break }
            end = next
            parts += 1
        }
        while end > place, text[end - 1] == 0x2D || text[end - 1] == 0x2E { end -= 1 }
        return parts >= 2 && end - place >= 24 ? end : nil
    }

    /// A bot token: an id, a time and a signature.
    func discordToken(at place: Int) -> SecretMatch? {
        let first = text.end(of: .token, from: place, limit: 30)
        guard (23...28).contains(first - place), text[first] == 0x2E else { return nil }
        let second = text.end(of: .token, from: first + 1, limit: 8)
        guard (5...7).contains(second - first - 1), text[second] == 0x2E else { return nil }
        let third = text.end(of: .token, from: second + 1, limit: 48)
        guard third - second - 1 >= 25 else { return nil }
        return SecretMatch(range: place..<third, kind: .discord)
    }

    /// `123456789:AA…`, a Telegram bot; `AAAA…:APA91…`, a Firebase server.
    func numberedToken(at place: Int) -> SecretMatch? {
        let end = text.end(of: .token, from: place + 1, limit: 240)
        let length = end - place - 1
        guard length >= 35 else { return nil }
        if length == 35 {
            let start = text.start(of: .digit, before: place, limit: 12)
            guard (8...11).contains(place - start), isStart(start) else { return nil }
            return SecretMatch(range: start..<end, kind: .telegram)
        }
        guard length >= 100, text.has("APA91", at: place + 1) else { return nil }
        let start = text.start(of: .token, before: place, limit: 16)
        return SecretMatch(range: start..<end, kind: .firebase)
    }

    /// `…8Q~…`, a client secret of Microsoft Entra.
    func azureSecret(at place: Int) -> SecretMatch? {
        guard text[place - 1] == 0x51, text[place - 2].isDigit else { return nil }
        let set = ByteSet.token.union(".~")
        let start = text.start(of: set, before: place - 2, limit: 3)
        let end = text.end(of: set, from: place + 1, limit: 40)
        guard start == place - 5, (30...36).contains(end - place - 1) else { return nil }
        return SecretMatch(range: start..<end, kind: .azure)
    }

    /// 32 hexadecimal digits and `-us12`.
    func mailchimpKey(at place: Int) -> SecretMatch? {
        guard text.has("-us", at: place), text[place + 3].isDigit else { return nil }
        let start = text.start(of: .hex, before: place, limit: 33)
        let end = text.end(of: .digit, from: place + 3, limit: 2)
        guard place - start == 32, isStart(start) else { return nil }
        return SecretMatch(range: start..<end, kind: .mailchimp)
    }

    /// A block from `-----BEGIN … PRIVATE KEY-----` to its end; without an end, the lines of base64 after it.
    mutating func privateKey(at place: Int) -> SecretMatch? {
        guard text.has("-----BEGIN ", at: place) else { return nil }
        let label = text.end(of: ByteSet.upperAlphanumeric.union(" "), from: place + 11, limit: 48)
        guard text.has("-----", at: label), label - 11 >= place + 11, contains("PRIVATE KEY", in: place + 11..<label) else {
            return nil
        }
        let body = label + 5
        if !hasNoEnd {
            // Up to the next mark: so a text of beginnings without ends is read once.
            var end = body
            while end < text.count, !(text[end] == 0x2D && (text.has("-----END ", at: end) || text.has("-----BEGIN ", at: end))) {
                end += 1
            }
            if text.has("-----END ", at: end) {
                guard longestRun(body..<end) >= 12 else { return nil }
                let last = text.end(of: ByteSet.upperAlphanumeric.union(" "), from: end + 9, limit: 48)
                return SecretMatch(range: place..<(text.has("-----", at: last) ? last + 5 : last), kind: .privateKey)
            }
            hasNoEnd = end == text.count
        }
        let end = text.end(of: ByteSet.base64.union("=\r\n\\ "), from: body)
        guard longestRun(body..<end) >= 40 else { return nil }
        return SecretMatch(range: place..<end, kind: .privateKey)
    }

    private func contains(_ word: StaticString, in range: Range<Int>) -> Bool {
        range.contains { text.has(word, at: $0) && $0 + word.utf8CodeUnitCount <= range.upperBound }
    }

    /// The longest run of base64 in a stretch.
    private func longestRun(_ range: Range<Int>) -> Int {
        var (longest, current) = (0, 0)
        for place in range {
            current = ByteSet.base64.contains(text[place]) ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }

}
