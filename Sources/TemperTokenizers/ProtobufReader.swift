/// Reads a protobuf message field by field (wire format of protobuf 2 and 3; groups are refused).
struct ProtobufReader {
    /// What is wrong, and at which byte.
    struct Failure: Error {
        var reason: String
        var offset: Int
    }

    enum Value {
        case integer(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(Range<Int>)
    }

    let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    private func failure(_ reason: String) -> Failure { Failure(reason: reason, offset: position) }

    /// The next field's number and value; nil at the end.
    mutating func next() throws -> (field: Int, value: Value)? {
        guard position < end else { return nil }
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw failure("a field has no number") }
        let field = Int(key >> 3)
        switch key & 7 {
        case 0: return (field, .integer(try varint()))
        case 1: return (field, .fixed64(try fixed(8)))
        case 2:
            let count = try varint()
            guard count <= UInt64(end - position) else { throw failure("a field is longer than what is left") }
            let range = position..<(position + Int(count))
            position = range.upperBound
            return (field, .bytes(range))
        case 5: return (field, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw failure("a field has an unknown kind")
        }
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { throw failure("the file ends early") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw failure("a number is too long")
    }

    private mutating func fixed(_ count: Int) throws -> UInt64 {
        guard end - position >= count else { throw failure("the file ends early") }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += count
        return value
    }
}
