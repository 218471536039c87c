/// The UTF-8 bytes of a text while it is scanned, with the small questions that scanners ask. Every answer looks at a bounded stretch or
/// moves forward, so that scanning takes time linear in the text.
struct ByteText {
    let bytes: UnsafeBufferPointer<UInt8>

    var count: Int { bytes.count }

    /// The byte at a place; 0 beyond either end.
    subscript(_ place: Int) -> UInt8 { place >= 0 && place < bytes.count ? bytes[place] : 0 }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func has(_ word: StaticString, at place: Int) -> Bool {
        guard place >= 0, place + word.utf8CodeUnitCount <= bytes.count else { return false }
        return word.withUTF8Buffer { word in
            for offset in word.indices where bytes[place + offset] != word[offset] { return false }
            return true
        }
    }

    func has(_ word: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place + word.count <= bytes.count else { return false }
        for offset in word.indices where bytes[place + offset] != word[offset] { return false }
        return true
    }

    /// As ``has(_:at:)`` with ASCII letters in either case; the word is in lower case.
    func hasIgnoringCase(_ word: StaticString, at place: Int) -> Bool {
        guard place >= 0, place + word.utf8CodeUnitCount <= bytes.count else { return false }
        return word.withUTF8Buffer { word in
            for offset in word.indices where bytes[place + offset].lowercased != word[offset] { return false }
            return true
        }
    }

    /// The end of the run of bytes of a set that starts at a place.
    func end(of set: ByteSet, from place: Int, limit: Int = .max) -> Int {
        var end = place
        let last = limit == .max ? bytes.count : min(bytes.count, place + limit)
        while end < last, set.contains(bytes[end]) { end += 1 }
        return end
    }

    /// The start of the run of bytes of a set that ends before a place, at most `limit` bytes before it.
    func start(of set: ByteSet, before place: Int, limit: Int) -> Int {
        var start = place
        while start > 0, place - start < limit, set.contains(bytes[start - 1]) { start -= 1 }
        return start
    }
}

/// A set of bytes.
struct ByteSet: Sendable {
    private var low: (UInt64, UInt64) = (0, 0)
    private var isOpen = false

    /// - Parameter isOpen: whether bytes of characters beyond ASCII are in it.
    init(_ members: String, isOpen: Bool = false) {
        self.isOpen = isOpen
        for byte in members.utf8 { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        if byte < 64 { low.0 |= 1 << UInt64(byte) } else { low.1 |= 1 << UInt64(byte - 64) }
    }

    func contains(_ byte: UInt8) -> Bool {
        if byte >= 0x80 { return isOpen }
        return byte < 64 ? low.0 >> UInt64(byte) & 1 == 1 : low.1 >> UInt64(byte - 64) & 1 == 1
    }

    func union(_ members: String) -> ByteSet {
        var set = self
        for byte in members.utf8 { set.insert(byte) }
        return set
    }

    static let digit = ByteSet("0123456789")
    static let hex = ByteSet("0123456789abcdefABCDEF")
    static let upper = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    static let lower = ByteSet("abcdefghijklmnopqrstuvwxyz")
    static let upperAlphanumeric = digit.union("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    static let lowerAlphanumeric = digit.union("abcdefghijklmnopqrstuvwxyz")
    static let alphanumeric = upperAlphanumeric.union("abcdefghijklmnopqrstuvwxyz")
    /// What identifiers hold.
    static let word = alphanumeric.union("_")
    /// Base64 for addresses.
    static let token = word.union("-")
    static let base64 = alphanumeric.union("+/")
}

extension UInt8 {
    var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
    var isLetter: Bool { (0x61...0x7A).contains(lowercased) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
