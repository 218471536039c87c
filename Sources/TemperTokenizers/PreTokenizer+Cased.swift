extension PreTokenizer {
    /// Tekken's and GPT-4o's expressions, alternative by alternative as a backtracking engine tries them.
    func casedEnd(from start: Int, digits: Int, contractions: Bool) -> Int {
        let (classes, length) = classes(at: start)
        let kind = classes.kind
        // Words: `X?U*L+`, then `X?U+L*`, each first with and then without the leading character X.
        let mayLead = kind == .other || kind == .space
        let isWordLike = classes.isUpperLike || classes.isLowerLike
        var wordEnd: Int?
        if mayLead, start + length < bytes.count { wordEnd = lowerEnd(from: start + length) }
        if wordEnd == nil, isWordLike { wordEnd = lowerEnd(from: start) }
        if wordEnd == nil, mayLead, start + length < bytes.count { wordEnd = upperEnd(from: start + length) }
        if wordEnd == nil, isWordLike { wordEnd = upperEnd(from: start) }
        if let wordEnd {
            guard contractions, wordEnd < bytes.count, bytes[wordEnd] == UInt8(ascii: "'") else { return wordEnd }
            return contraction(at: wordEnd, limit: bytes.count, ignoringCase: true) ?? wordEnd
        }
        switch kind {
        case .number: return digitEnd(from: start + length, maximum: digits - 1)
        case .other: return punctuationEnd(from: start + length, slashes: true)
        case .space where bytes[start] == UInt8(ascii: " "):
            let next = start + length
            if next < bytes.count, self.classes(at: next).0.kind == .other { return punctuationEnd(from: next, slashes: true) }
            return spaceEndAfterNewlines(from: start)
        case .letter, .space, .newline: return spaceEndAfterNewlines(from: start)
        }
    }

    /// `U*L+`: as many capitals as there are, given back until a small letter can follow.
    private func lowerEnd(from start: Int) -> Int? {
        var end = start
        // The end of the last scalar of the run that counts as both: `L+` takes it when nothing small follows.
        var lastSharedEnd: Int?
        while end < bytes.count, case (let classes, let length) = classes(at: end), classes.isUpperLike {
            end += length
            if classes.isLowerLike { lastSharedEnd = end }
        }
        let capitals = end
        while end < bytes.count, case (let classes, let length) = classes(at: end), classes.isLowerLike { end += length }
        return end > capitals ? end : lastSharedEnd
    }

    /// `U+L*`
    private func upperEnd(from start: Int) -> Int? {
        var end = start
        while end < bytes.count, case (let classes, let length) = classes(at: end), classes.isUpperLike { end += length }
        guard end > start else { return nil }
        while end < bytes.count, case (let classes, let length) = classes(at: end), classes.isLowerLike { end += length }
        return end
    }
}
