/// A token that is matched as a whole before anything is merged.
struct AddedToken: Sendable, Hashable {
    var id: Int32
    var text: String
    /// Special tokens steer a model; the others are plain text that happens to have an id of its own (runs of spaces).
    var isSpecial: Bool
}

/// Finds added tokens in text: the leftmost, of those the longest.
struct AddedTokenMatcher: Sendable {
    private var byFirstByte: [[(bytes: [UInt8], id: Int32)]] = Array(repeating: [], count: 256)
    let isEmpty: Bool

    init(_ tokens: [AddedToken]) {
        for token in tokens {
            let bytes = Array(token.text.utf8)
            if let first = bytes.first { byFirstByte[Int(first)].append((bytes, token.id)) }
        }
        for byte in byFirstByte.indices { byFirstByte[byte].sort { $0.bytes.count > $1.bytes.count } }
        isEmpty = byFirstByte.allSatisfy(\.isEmpty)
    }

    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (range: Range<Int>, id: Int32)? {
        guard !isEmpty else { return nil }
        for position in start..<text.count {
            for token in byFirstByte[Int(text[position])]
            where position + token.bytes.count <= text.count
                && text[position..<(position + token.bytes.count)].elementsEqual(token.bytes)
            {
                return (position..<(position + token.bytes.count), token.id)
            }
        }
        return nil
    }
}
