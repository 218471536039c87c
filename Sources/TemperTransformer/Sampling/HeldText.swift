/// What of a growing reply may be shown already.
enum HeldText {
    /// The length of the part that cannot change any more: nothing in it can be the start of a stop string or of a character
    /// that the next token completes.
    static func settledLength(_ bytes: [UInt8], stops: [[UInt8]]) -> Int {
        var settled = bytes.count
        for stop in stops where stop.count > 1 {
            var overlap = min(stop.count - 1, bytes.count)
            while overlap > 0, !bytes.suffix(overlap).elementsEqual(stop.prefix(overlap)) { overlap -= 1 }
            settled = min(settled, bytes.count - overlap)
        }
        return wholeCharacters(bytes, settled)
    }

    /// At most `length`, less by the bytes of a character that is not complete there.
    private static func wholeCharacters(_ bytes: [UInt8], _ length: Int) -> Int {
        for back in 1...3 where back <= length {
            let byte = bytes[length - back]
            if byte & 0b1100_0000 == 0b1000_0000 { continue }
            let expected =
                byte >= 0b1111_0000 ? (byte < 0b1111_1000 ? 4 : 1) : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1
            return expected > back ? length - back : length
        }
        return length
    }
}
