/// JSON as values for a template: keys keep their order, whole numbers stay whole.
struct JinjaJSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private let origin: Int32

    private init(_ bytes: [UInt8], origin: Int32) {
        self.bytes = bytes
        self.origin = origin
    }

    /// - Parameter origin: of all its texts.
    /// - Throws: ``JinjaFault`` that says where the text stops being JSON.
    static func value(of json: String, origin: Int32 = JinjaText.data) throws -> JinjaValue {
        var reader = JinjaJSONReader(Array(json.utf8), origin: origin)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.index == reader.bytes.count else { throw reader.fault() }
        return value
    }

    private func fault() -> JinjaFault { JinjaFault("not valid JSON at byte \(index)") }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skip(_ word: String) -> Bool {
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func value() throws -> JinjaValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JinjaValue.maximumDepth else { throw JinjaFault("JSON stands more than \(JinjaValue.maximumDepth) deep") }
        skipSpace()
        guard index < bytes.count else { throw fault() }
        switch bytes[index] {
        case UInt8(ascii: "{"): return .map(try map())
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "\""): return .text(JinjaText(try string(), origin: origin))
        default:
            if skip("null") { return .none }
            if skip("true") { return .bool(true) }
            if skip("false") { return .bool(false) }
            return try number()
        }
    }

    private mutating func map() throws -> JinjaMap {
        index += 1
        var map = JinjaMap()
        if skip(UInt8(ascii: "}")) { return map }
        repeat {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw fault() }
            let key = try string()
            guard skip(UInt8(ascii: ":")) else { throw fault() }
            try map.set(.text(JinjaText(key, origin: origin)), value())
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw fault() }
        return map
    }

    private mutating func list() throws -> JinjaList {
        index += 1
        if skip(UInt8(ascii: "]")) { return try JinjaList([]) }
        var items: [JinjaValue] = []
        repeat { items.append(try value()) } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw fault() }
        return try JinjaList(items)
    }

    private mutating func number() throws -> JinjaValue {
        let start = index
        while index < bytes.count, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
        let digits = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let first = digits.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { throw fault() }
        if let whole = Int(digits) { return .int(whole) }
        guard let real = Double(digits) else { throw fault() }
        return .float(real)
    }

    private mutating func string() throws -> String {
        index += 1
        var result: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            guard bytes[index] == UInt8(ascii: "\\") else {
                guard bytes[index] >= 0x20 else { throw fault() }
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { throw fault() }
            index += 2
            switch bytes[index - 1] {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(bytes[index - 1])
            case UInt8(ascii: "u"): result += Array(String(try codePoint()).utf8)
            default: throw fault()
            }
        }
        guard index < bytes.count else { throw fault() }
        index += 1
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func unit() throws -> UInt32 {
        guard index + 4 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw fault() }
        index += 4
        return unit
    }

    private mutating func codePoint() throws -> Unicode.Scalar {
        let first = try unit()
        if (0xD800..<0xDC00).contains(first), skip("\\u") {
            let second = try unit()
            if (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00)
            {
                return scalar
            }
        }
        guard let scalar = Unicode.Scalar(first) else { throw fault() }
        return scalar
    }
}
