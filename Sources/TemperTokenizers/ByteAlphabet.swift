/// GPT-2's way to write bytes as printable characters, which `tokenizer.json` uses for its vocabulary.
enum ByteAlphabet {
    /// Index: byte.
    static let scalars: [Unicode.Scalar] = {
        var scalars: [Unicode.Scalar] = []
        var next: UInt32 = 256
        for byte in UInt8.min...UInt8.max {
            if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 {
                scalars.append(Unicode.Scalar(byte))
            } else {
                scalars.append(Unicode.Scalar(next) ?? "?")
                next += 1
            }
        }
        return scalars
    }()

    /// Index: scalar; 256 for one that is not of the alphabet.
    private static let bytes: [UInt16] = {
        var bytes = [UInt16](repeating: 256, count: Int(scalars.map(\.value).max() ?? 0) + 1)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = UInt16(byte) }
        return bytes
    }()

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var view = String.UnicodeScalarView()
        for byte in bytes { view.append(scalars[Int(byte)]) }
        return String(view)
    }

    /// Nil when a character is not of the alphabet.
    ///
    /// - Parameter text: valid UTF-8.
    static func bytes(of text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBufferPointer { text in
            var result: [UInt8] = []
            result.reserveCapacity(text.count)
            var index = 0
            while index < text.count {
                let (value, length) = UTF8Text.scalar(text, at: index)
                guard value < bytes.count, bytes[Int(value)] < 256 else { return nil }
                result.append(UInt8(bytes[Int(value)]))
                index += length
            }
            return result
        }
    }
}
