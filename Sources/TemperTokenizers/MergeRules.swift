/// Merge rules of vocabularies that state none: there any two neighbours may merge whose text together is a token, and
/// tokens of better rank are made first (SentencePiece's BPE, tiktoken's ranks).
struct MergeRules {
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    var ranks: [Int32] = []

    /// - Parameters:
    ///   - pieces: best first; equal ranks share one number.
    ///   - isBoundary: whether a piece may be divided before a byte.
    ///   - id: the id of a text that may be merged; nil when it has none.
    init(
        _ pieces: some Sequence<(text: [UInt8], id: Int32, rank: Int32)>, isBoundary: (UInt8) -> Bool,
        id: (UnsafeBufferPointer<UInt8>) -> Int32?
    ) {
        for piece in pieces where piece.text.count > 1 {
            piece.text.withUnsafeBufferPointer { text in
                for middle in 1..<text.count where isBoundary(text[middle]) {
                    guard let left = id(UnsafeBufferPointer(rebasing: text[..<middle])),
                        let right = id(UnsafeBufferPointer(rebasing: text[middle...]))
                    else { continue }
                    merges.append((left, right, piece.id))
                    ranks.append(piece.rank)
                }
            }
        }
    }
}
