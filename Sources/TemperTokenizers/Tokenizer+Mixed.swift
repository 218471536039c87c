extension Tokenizer {
    /// The ids of a text of which only some parts may hold special tokens, as if it were one text.
    ///
    /// The tokens are those that the whole text has, save that what a special token's text spells outside of those parts stays
    /// text.
    ///
    /// - Parameters:
    ///   - text: the text's UTF-8.
    ///   - isControl: one for each byte: whether a special token may stand there.
    ///   - isContinued: as ``encode(_:allowingSpecialTokens:addingSpecialTokens:isContinued:)``.
    func encode(_ text: [UInt8], isControl: [Bool], isContinued: Bool) -> [Int32] {
        guard !findsSpecialTokensLate else { return encodeRuns(text, isControl, isContinued) }
        return text.withUnsafeBufferPointer { bytes in
            encode(bytes, isContinued: isContinued) { range in
                range.allSatisfy { isControl[$0] || bytes[$0] == 0x20 || (0x09...0x0D).contains(bytes[$0]) }
            }
        }
    }

    /// Control text and other text each by itself: what is left where special tokens are found after normalisation.
    private func encodeRuns(_ text: [UInt8], _ isControl: [Bool], _ isContinued: Bool) -> [Int32] {
        var ids: [Int32] = []
        var start = 0
        while start < text.count {
            let end = (start..<text.count).first { isControl[$0] != isControl[start] } ?? text.count
            ids += encode(
                String(decoding: text[start..<end], as: UTF8.self), allowingSpecialTokens: isControl[start],
                isContinued: isContinued || start > 0)
            start = end
        }
        return ids
    }
}
