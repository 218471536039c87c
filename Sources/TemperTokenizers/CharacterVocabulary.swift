/// The single characters of a vocabulary, and what becomes of those it does not have (SentencePiece's manner).
struct CharacterVocabulary: Sendable {
    /// Index: byte; the tokens `<0x00>` to `<0xFF>`; empty without byte fallback, -1 where one is missing.
    var byteIDs: [Int32] = []
    var unknownID: Int32?
    /// Whether neighbouring characters without a token share one unknown token.
    var fusesUnknown = false
    /// Characters that have no token but are part of one; id `virtualStart + i` stands for them while merging.
    var virtualScalars: [UInt32] = []
    var virtualStart: Int32 = .max
    /// Where no merge ever crosses, so that words can be encoded apart and remembered; nil: nowhere.
    var joins: JoinSet?

    /// Index: scalar >> 8; where its page starts in `pages`.
    private var pageStarts = [Int32](repeating: 0, count: 0x1100)
    /// -1 for a character without a token; the first page is empty.
    private var pages = [Int32](repeating: -1, count: 256)

    mutating func insert(_ value: UInt32, _ id: Int32) {
        let page = Int(value >> 8)
        if pageStarts[page] == 0 {
            pageStarts[page] = Int32(pages.count)
            pages += [Int32](repeating: -1, count: 256)
        }
        pages[Int(pageStarts[page]) + Int(value & 255)] = id
    }

    @inline(__always)
    func id(of value: UInt32) -> Int32 { pages[Int(pageStarts[Int(value >> 8)]) + Int(value & 255)] }

    /// Appends what stands for a character without a token.
    func appendFallback(_ value: UInt32, to ids: inout [Int32]) {
        let bytes = UTF8Text.bytes(value)
        if !byteIDs.isEmpty, bytes.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
            for byte in bytes { ids.append(byteIDs[Int(byte)]) }
        } else if let unknownID {
            ids.append(unknownID)
        }
    }

    /// Encodes characters that no merge leaves.
    func encode(_ text: UnsafeBufferPointer<UInt8>, merges: BytePairMerges) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let (value, length) = UTF8Text.scalar(text, at: index)
            let id = id(of: value)
            if id >= 0 { ids.append(id) } else { appendFallback(value, to: &ids) }
            index += length
        }
        merges.apply(to: &ids)
        guard !virtualScalars.isEmpty, ids.contains(where: { $0 >= virtualStart }) else { return ids }
        var resolved: [Int32] = []
        for id in ids {
            if id >= virtualStart {
                appendFallback(virtualScalars[Int(id - virtualStart)], to: &resolved)
            } else {
                resolved.append(id)
            }
        }
        return resolved
    }

    /// The byte a token like `<0x0A>` stands for.
    static func byte(spelling text: some BidirectionalCollection<UInt8>) -> UInt8? {
        guard text.count == 6, text.starts(with: Array("<0x".utf8)) else { return nil }
        let digits = text.dropFirst(3)
        guard digits.last == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: digits.dropLast(), as: UTF8.self), radix: 16)
    }
}

/// Which neighbouring characters some merge may join.
struct JoinSet: Sendable {
    /// Bit left * 128 + right of two ASCII characters.
    private var ascii = [UInt64](repeating: 0, count: 256)
    /// left << 32 | right, plus 1; 0 marks a free slot.
    private var pairs = [UInt64](repeating: 0, count: 64)
    private var count = 0

    mutating func insert(_ left: UInt32, _ right: UInt32) {
        if left < 128, right < 128 {
            let bit = Int(left) << 7 | Int(right)
            ascii[bit >> 6] |= 1 << UInt64(bit & 63)
            return
        }
        guard !contains(left, right) else { return }
        if count * 2 >= pairs.count {
            let old = pairs.filter { $0 != 0 }
            pairs = [UInt64](repeating: 0, count: pairs.count * 2)
            for key in old { place(key) }
        }
        place((UInt64(left) << 32 | UInt64(right)) + 1)
        count += 1
    }

    private mutating func place(_ key: UInt64) {
        let mask = pairs.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
        while pairs[slot] != 0 { slot = (slot + 1) & mask }
        pairs[slot] = key
    }

    @inline(__always)
    func contains(_ left: UInt32, _ right: UInt32) -> Bool {
        if left < 128, right < 128 {
            let bit = Int(left) << 7 | Int(right)
            return ascii[bit >> 6] >> UInt64(bit & 63) & 1 == 1
        }
        let key = (UInt64(left) << 32 | UInt64(right)) + 1
        let mask = pairs.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
        while pairs[slot] != 0 {
            if pairs[slot] == key { return true }
            slot = (slot + 1) & mask
        }
        return false
    }

    /// - Parameter spelling: the text of an id.
    init(_ merges: [(left: Int32, right: Int32, merged: Int32)], spelling: (Int32) -> [UInt8]) {
        for merge in merges {
            let left = spelling(merge.left).withUnsafeBufferPointer { UTF8Text.scalar($0, before: $0.count).value }
            let right = spelling(merge.right).withUnsafeBufferPointer { UTF8Text.scalar($0, at: 0).value }
            insert(left, right)
        }
    }
}
