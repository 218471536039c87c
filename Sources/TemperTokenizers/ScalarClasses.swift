/// What every Unicode scalar counts as when text is cut and normalised, one byte each.
///
/// The Basic Multilingual Plane is tabulated at first use (64 KiB); other scalars are looked up one by one.
struct ScalarClasses {
    /// `\p{L}`, `\p{N}`, `[\r\n]`, other `\s`, none of these.
    enum Kind: UInt8 {
        case letter, number, newline, space, other
    }

    let rawValue: UInt8

    @inline(__always)
    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    @inline(__always)
    var kind: Kind { Kind(rawValue: rawValue & 7) ?? .other }
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: what may stand at the front of a cased word.
    @inline(__always)
    var isUpperLike: Bool { rawValue & 8 != 0 }
    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
    @inline(__always)
    var isLowerLike: Bool { rawValue & 16 != 0 }
    /// Whether composition (NFC) might change it, or join it to what stands before; Hangul is composed by rule instead.
    @inline(__always)
    var mayCompose: Bool { rawValue & 128 != 0 }

    @inline(__always)
    static func of(_ value: UInt32) -> ScalarClasses {
        ScalarClasses(rawValue: value < 0x10000 ? plane.bytes[Int(value)] : computed(value))
    }

    static func computed(_ value: UInt32) -> UInt8 {
        guard let scalar = Unicode.Scalar(value) else { return Kind.other.rawValue }
        let properties = scalar.properties
        var result: UInt8
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: result = Kind.letter.rawValue | 8
        case .lowercaseLetter: result = Kind.letter.rawValue | 16
        case .modifierLetter, .otherLetter: result = Kind.letter.rawValue | 24
        case .decimalNumber, .letterNumber, .otherNumber: result = Kind.number.rawValue
        case .nonspacingMark, .spacingMark, .enclosingMark: result = Kind.other.rawValue | 24 | 128
        default:
            result = (value == 10 || value == 13 ? Kind.newline : properties.isWhitespace ? .space : .other).rawValue
        }
        // Apart from marks and Hangul, only Kirat Rai's vowels compose with what stands before.
        if (0x16D60...0x16D6A).contains(value) || properties.isFullCompositionExclusion { result |= 128 }
        return result
    }

    private static let plane = Plane()

    // Written once while it is made, then only read, and never freed.
    private struct Plane: @unchecked Sendable {
        let bytes: UnsafePointer<UInt8>

        init() {
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 0x10000)
            for value in UInt32(0)..<0x10000 { (bytes + Int(value)).initialize(to: computed(value)) }
            self.bytes = UnsafePointer(bytes)
        }
    }
}

/// Reads UTF-8 that is known to be valid.
enum UTF8Text {
    /// The scalar that starts at an index, and how many bytes it takes.
    @inline(__always)
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
        let byte = bytes[index]
        if byte < 0x80 { return (UInt32(byte), 1) }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var value = UInt32(byte) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (value, length)
    }

    /// The scalar that ends just before an index.
    @inline(__always)
    static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, before index: Int) -> (value: UInt32, length: Int) {
        var start = index - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(bytes, at: start)
    }

    static func bytes(_ value: UInt32) -> [UInt8] {
        Unicode.Scalar(value).map { Array(String(Character($0)).utf8) } ?? []
    }
}
