import Foundation
import TemperCore

/// Reads one JSON value from bytes (RFC 8259), with faults that say what is wrong.
///
/// Beside ``JSONValue/parse(_:named:)`` for two reasons: files of a gigabyte pass through here, and a lone surrogate (half of a
/// character, which some crawled chats hold) is told apart from text that is no JSON. Of two equal keys the last counts.
struct JSONText {
    /// Deeper nesting is refused, so that a hostile file cannot exhaust the stack.
    static let maximumDepth = 256
    static let notJSON = RecordFault("not valid JSON")

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// - Throws: ``RecordFault``.
    static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer in
            var text = JSONText(buffer)
            let value = try text.value()
            text.skipSpace()
            guard text.position == buffer.count else { throw notJSON }
            return value
        }
    }

    private mutating func value() throws -> JSONValue {
        skipSpace()
        switch try next() {
        case UInt8(ascii: "{"): return try nested { try $0.object() }
        case UInt8(ascii: "["): return try nested { try $0.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("rue", .bool(true))
        case UInt8(ascii: "f"): return try word("alse", .bool(false))
        case UInt8(ascii: "n"): return try word("ull", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            position -= 1
            return .number(try number())
        default: throw Self.notJSON
        }
    }

    private mutating func nested(_ body: (inout JSONText) throws -> JSONValue) throws -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw RecordFault("JSON nested more than \(Self.maximumDepth) deep") }
        return try body(&self)
    }

    private mutating func object() throws -> JSONValue {
        var fields: [String: JSONValue] = [:]
        if try closes(UInt8(ascii: "}")) { return .object(fields) }
        while true {
            skipSpace()
            guard try next() == UInt8(ascii: "\"") else { throw Self.notJSON }
            let key = try string()
            skipSpace()
            guard try next() == UInt8(ascii: ":") else { throw Self.notJSON }
            fields[key] = try value()
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return .object(fields)
            default: throw Self.notJSON
            }
        }
    }

    private mutating func array() throws -> JSONValue {
        var values: [JSONValue] = []
        if try closes(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value())
            skipSpace()
            switch try next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return .array(values)
            default: throw Self.notJSON
            }
        }
    }

    private mutating func closes(_ end: UInt8) throws -> Bool {
        skipSpace()
        guard position < bytes.count else { throw Self.notJSON }
        guard bytes[position] == end else { return false }
        position += 1
        return true
    }

    /// The text after its opening quote.
    private mutating func string() throws -> String {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            guard bytes[position] >= 0x20 else { throw Self.notJSON }
            position += 1
        }
        guard position < bytes.count else { throw Self.notJSON }
        if bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try Self.text(bytes[start..<position])
        }
        var plain = Array(bytes[start..<position])
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""): return try Self.text(plain[...])
            case UInt8(ascii: "\\"): plain += try escape()
            case 0..<0x20: throw Self.notJSON
            default: plain.append(byte)
            }
        }
    }

    private mutating func escape() throws -> [UInt8] {
        let byte = try next()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw Self.notJSON
        }
        let alone = RecordFault("a text holds a lone surrogate")
        var code = try hexadecimal()
        guard !(0xDC00...0xDFFF).contains(code) else { throw alone }
        if (0xD800...0xDBFF).contains(code) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            else {
                throw alone
            }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low) else { throw alone }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Self.notJSON }
        return Array(String(scalar).utf8)
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): code = code << 4 + UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): code = code << 4 + UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): code = code << 4 + UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw Self.notJSON
            }
        }
        return code
    }

    private mutating func number() throws -> Double {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw Self.notJSON }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw Self.notJSON }
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "e") || bytes[position] == UInt8(ascii: "E") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { throw Self.notJSON }
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw RecordFault("a number is out of range")
        }
        return value
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func word(_ rest: StaticString, _ value: JSONValue) throws -> JSONValue {
        let isThere = rest.withUTF8Buffer { rest in
            position + rest.count <= bytes.count && bytes[position..<position + rest.count].elementsEqual(rest)
        }
        guard isThere else { throw Self.notJSON }
        position += rest.utf8CodeUnitCount
        return value
    }

    private mutating func next() throws -> UInt8 {
        guard position < bytes.count else { throw Self.notJSON }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw RecordFault("a text is not valid UTF-8") }
        return text
    }
}
