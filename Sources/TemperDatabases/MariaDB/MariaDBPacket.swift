/// Reads the parts of a packet of the MySQL protocol.
struct MariaDBPacket {
    struct Column {
        var type: UInt8
        var isBinary: Bool
    }

    let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    /// An error packet as Python's MySQL client words it: `1054 (42S22): Unknown column 'x' in 'field list'`.
    var complaint: String {
        guard bytes.count > 3 else { return "unknown error" }
        let number = Int(bytes[1]) | Int(bytes[2]) << 8
        let rest = bytes[3...]
        guard rest.first == UInt8(ascii: "#"), rest.count >= 6 else { return "\(number): \(Self.text(rest))" }
        return "\(number) (\(Self.text(rest.dropFirst().prefix(5)))): \(Self.text(rest.dropFirst(6)))"
    }

    /// A column definition.
    var column: Column {
        var packet = self
        for _ in 0..<6 { _ = packet.block() }
        _ = packet.length()
        let rest = packet.bytes[min(packet.position, packet.bytes.count)...]
        guard rest.count >= 7 else { return Column(type: 253, isBinary: false) }
        let fields = Array(rest.prefix(7))
        return Column(type: fields[6], isBinary: fields[0] == 63 && fields[1] == 0)
    }

    /// A length-encoded number; 0 past the end.
    mutating func length() -> Int {
        guard position < bytes.count else { return 0 }
        let first = bytes[position]
        position += 1
        let width =
            switch first {
            case 0xFC: 2
            case 0xFD: 3
            case 0xFE: 8
            default: 0
            }
        guard width > 0 else { return Int(first) }
        guard position + width <= bytes.count else { return 0 }
        defer { position += width }
        return (0..<width).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    /// A cell of a row as Python's MySQL client gives it.
    mutating func cell(_ column: Column) -> PythonValue {
        if position < bytes.count, bytes[position] == 0xFB {
            position += 1
            return PythonValue.none
        }
        let block = block()
        let text = Self.text(block)
        switch column.type {
        case 1, 2, 3, 8, 9, 13: return Int64(text).map { .integer($0) } ?? .string(text)
        case 4, 5: return Double(text).map { .float($0) } ?? .string(text)
        case 0, 246: return .verbatim("Decimal('\(text)')")
        case 10: return .verbatim("datetime.date(\(Self.numbers(text)))")
        case 7, 12: return .verbatim("datetime.datetime(\(Self.numbers(text)))")
        case 16: return .bytes(Array(block))
        case 249...252 where column.isBinary: return .bytes(Array(block))
        default: return .string(text)
        }
    }

    private mutating func block() -> ArraySlice<UInt8> {
        let count = length()
        let end = min(position + max(0, count), bytes.count)
        defer { position = end }
        return bytes[position..<end]
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// `2020-01-05` as `2020, 1, 5`.
    private static func numbers(_ text: String) -> String {
        text.split { !$0.isNumber }.compactMap { Int($0) }.map(String.init).joined(separator: ", ")
    }
}
