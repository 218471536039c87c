/// SentencePiece's own normalisation (`normalizer.cc`): character map, spaces, and the space put before a text.
struct SentencePieceNormalizer: Sendable {
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true
    var map: CharacterMap?
    /// Texts that stay as they are.
    var userSymbols = ByteTrie()

    func normalize(_ bytes: UnsafeBufferPointer<UInt8>, isContinued: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4 + 3)
        var start = 0
        let space = UInt8(ascii: " ")
        let written = escapesSpaces ? Self.space : [space]
        if removesExtraSpaces, !isContinued {
            while start < bytes.count, case (let text, let length) = prefix(bytes, from: start), text.elementsEqual([space]) {
                start += length
            }
        }
        guard start < bytes.count else { return [] }
        if addsDummyPrefix, !isContinued { result += written }
        var followsSpace = removesExtraSpaces && !isContinued
        while start < bytes.count {
            if map == nil, userSymbols.isEmpty {
                // Nothing to map: whole stretches between spaces are copied.
                var end = start
                while end < bytes.count, bytes[end] != space { end += 1 }
                if end > start {
                    result.append(contentsOf: bytes[start..<end])
                    followsSpace = false
                    start = end
                    continue
                }
            }
            var (text, length) = prefix(bytes, from: start)
            while followsSpace, text.first == space { text = text.dropFirst() }
            if !text.isEmpty {
                for byte in text {
                    if byte == space { result += written } else { result.append(byte) }
                }
                followsSpace = text.last == space
            }
            start += length
            if !removesExtraSpaces { followsSpace = false }
        }
        if removesExtraSpaces {
            while result.suffix(written.count).elementsEqual(written) { result.removeLast(written.count) }
        }
        return result
    }

    /// What the text from `start` begins with after mapping, and how many of its bytes that stands for.
    private func prefix(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (
        text: Slice<UnsafeBufferPointer<UInt8>>, length: Int
    ) {
        if !userSymbols.isEmpty, let match = userSymbols.longestMatch(in: bytes, from: start) {
            return (bytes[start..<match.end], match.end - start)
        }
        if let map, let match = map.longestMatch(in: bytes, from: start) { return (map.text(at: match.value), match.length) }
        let length = UTF8Text.scalar(bytes, at: start).length
        return (bytes[start..<(start + length)], length)
    }
}

/// A `precompiled_charsmap`: a double-array trie (Darts) of what is replaced, and the texts put there instead.
struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let texts: ByteBox

    // The bytes are only read, and live as long as the box.
    private final class ByteBox: @unchecked Sendable {
        let bytes: UnsafeMutableBufferPointer<UInt8>

        init(_ source: ArraySlice<UInt8>) {
            bytes = .allocate(capacity: source.count)
            _ = bytes.initialize(from: source)
        }

        deinit { bytes.deallocate() }
    }

    /// Nil when the blob is not one.
    init?(_ blob: [UInt8]) {
        guard blob.count >= 4 else { return nil }
        let size = (0..<4).reduce(0) { $0 | Int(blob[$1]) << (8 * $1) }
        guard size > 0, size % 4 == 0, 4 + size < blob.count, blob.last == 0 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map { index in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(blob[index + $1]) << UInt32(8 * $1) }
        }
        texts = ByteBox(blob[(4 + size)...])
        guard String(validating: texts.bytes, as: UTF8.self) != nil else { return nil }
    }

    private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }

    func longestMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (value: Int, length: Int)? {
        var node = Self.offset(units[0])
        var best: (value: Int, length: Int)?
        var index = start
        while index < bytes.count {
            node ^= Int(bytes[index])
            guard node < units.count else { return best }
            let unit = units[node]
            guard unit & (1 << 31 | 0xFF) == UInt32(bytes[index]) else { return best }
            node ^= Self.offset(unit)
            index += 1
            if unit >> 8 & 1 == 1, node < units.count {
                let value = Int(units[node] & ~(1 << 31))
                let isWhole = index == bytes.count || bytes[index] & 0xC0 != 0x80
                if value < texts.bytes.count, isWhole { best = (value, index - start) }
            }
        }
        return best
    }

    /// The text that starts at an offset, up to the zero that ends it.
    func text(at offset: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
        let bytes = UnsafeBufferPointer(texts.bytes)
        var end = offset
        while bytes[end] != 0 { end += 1 }
        return bytes[offset..<end]
    }
}
