import TemperCore

/// Reads JSON from bytes in one pass: a vocabulary of 150,000 entries takes milliseconds, and its keys are compared byte by
/// byte (Swift's dictionaries take `é` and `e` with an accent for the same key).
///
/// It is stricter than it must be nowhere: numbers, escapes and structure are those of RFC 8259.
struct JSONReader {
    /// What is wrong, and at which byte.
    struct Failure: Error {
        var reason: String
        var offset: Int
    }

    private static let maximumDepth = 64
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    /// - Parameter bytes: valid UTF-8 that outlives the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    func failure(_ reason: String) -> Failure { Failure(reason: reason, offset: position) }

    /// The next byte that is not white space, unread; nil at the end.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            if byte != 32 && byte != 10 && byte != 13 && byte != 9 { return byte }
            position += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard take(byte) else {
            throw failure(position < bytes.count ? "'\(Unicode.Scalar(byte))' is missing" : "the text ends early")
        }
    }

    mutating func end() throws {
        if peek() != nil { throw failure("text follows the end") }
    }

    /// Calls `body` with each key; `body` must read the value.
    mutating func object(_ body: (inout JSONReader, [UInt8]) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try body(&self, key)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Calls `body` before each element; `body` must read it.
    mutating func array(_ body: (inout JSONReader) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    mutating func integer() throws -> Int {
        let start = position
        guard case .number(let value) = try number(), let integer = Int(exactly: value) else {
            position = start
            throw failure("a whole number is missing")
        }
        return integer
    }

    /// A value of any kind.
    mutating func value() throws -> JSONValue { try value(depth: 0) }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < Self.maximumDepth else { throw failure("lists are nested more than \(Self.maximumDepth) deep") }
        switch peek() {
        case UInt8(ascii: "{"):
            var fields: [String: JSONValue] = [:]
            try object { reader, key in
                fields[String(decoding: key, as: UTF8.self)] = try reader.value(depth: depth + 1)
            }
            return .object(fields)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try array { elements.append(try $0.value(depth: depth + 1)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(String(decoding: try string(), as: UTF8.self))
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("the text ends early")
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard position + text.count <= bytes.count, bytes[position..<(position + text.count)].elementsEqual(text) else {
            throw failure("a value is missing")
        }
        position += text.count
        return value
    }

    private mutating func number() throws -> JSONValue {
        _ = peek()
        let start = position
        func digits(_ reader: inout JSONReader) -> Int {
            let first = reader.position
            while reader.position < reader.bytes.count, (48...57).contains(reader.bytes[reader.position]) { reader.position += 1 }
            return reader.position - first
        }
        func next(_ choices: UInt8...) -> Bool { position < bytes.count && choices.contains(bytes[position]) }
        if next(UInt8(ascii: "-")) { position += 1 }
        let startsWithZero = next(UInt8(ascii: "0"))
        let count = digits(&self)
        var isNumber = count == 1 || (count > 1 && !startsWithZero)
        if isNumber, next(UInt8(ascii: ".")) {
            position += 1
            isNumber = digits(&self) > 0
        }
        if isNumber, next(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            position += 1
            if next(UInt8(ascii: "+"), UInt8(ascii: "-")) { position += 1 }
            isNumber = digits(&self) > 0
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard isNumber, let value = Double(text), value.isFinite else {
            position = start
            throw failure("a value is missing")
        }
        return .number(value)
    }

    // MARK: Strings

    /// The UTF-8 of a string.
    mutating func string() throws -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            guard bytes[position] >= 32 else { throw failure("a control character stands in a string") }
            position += 1
        }
        var result = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return result
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<32:
                position -= 1
                throw failure("a control character stands in a string")
            default: result.append(byte)
            }
        }
        throw failure("a string has no end")
    }

    private mutating func escape(into result: inout [UInt8]) throws {
        guard position < bytes.count else { throw failure("a string has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(8)
        case UInt8(ascii: "f"): result.append(12)
        case UInt8(ascii: "n"): result.append(10)
        case UInt8(ascii: "r"): result.append(13)
        case UInt8(ascii: "t"): result.append(9)
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if (0xD800..<0xDC00).contains(value), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair stands in a string") }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard Unicode.Scalar(value) != nil else { throw failure("half a surrogate pair stands in a string") }
            result += UTF8Text.bytes(value)
        default: throw failure("an escape in a string is unknown")
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("a string has no end") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure("an escape in a string is unknown")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
