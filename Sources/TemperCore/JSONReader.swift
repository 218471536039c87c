/// Reads JSON (RFC 8259) from bytes, part by part: the caller asks for what it expects, in the order of the text.
///
/// ```swift
/// try reader.openObject()
/// while let key = try reader.key() { fields.append((key, try reader.value())) }
/// try reader.end()
/// ```
///
/// Keys come as they are written, in their order and also twice. Strings are given as bytes where that is enough: a vocabulary of
/// 150,000 entries takes milliseconds, and Swift's dictionaries take `é` and `e` with an accent for the same key.
package struct JSONReader {
    /// What is wrong, and at which byte.
    package struct Failure: Error {
        package enum Kind: Sendable { case syntax, nesting, loneSurrogate, encoding, range }

        package var kind: Kind
        package var reason: String
        package var offset: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    /// How many bytes are read.
    package private(set) var position = 0
    private var depth = 0
    /// Whether an array or object was opened and nothing of it was read.
    private var isOpened = false

    /// - Parameters:
    ///   - bytes: the text; it must outlive the reader.
    ///   - maximumDepth: how deep arrays and objects may be nested, so that a hostile text cannot exhaust the stack.
    package init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = 64) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    package func failure(_ reason: String, _ kind: Failure.Kind = .syntax) -> Failure {
        Failure(kind: kind, reason: reason, offset: position)
    }

    /// The next byte that is not white space, unread; nil at the end.
    package mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return byte }
            position += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        guard take(byte) else { throw missing("'\(Unicode.Scalar(byte))'") }
    }

    private func missing(_ part: String) -> Failure {
        failure(position < bytes.count ? "\(part) is missing" : "the text ends early")
    }

    package mutating func end() throws(Failure) {
        if peek() != nil { throw failure("text follows the end") }
    }

    // MARK: Objects and arrays

    package mutating func openObject() throws(Failure) { try open(UInt8(ascii: "{")) }
    package mutating func openArray() throws(Failure) { try open(UInt8(ascii: "[")) }

    private mutating func open(_ bracket: UInt8) throws(Failure) {
        try expect(bracket)
        depth += 1
        guard depth <= maximumDepth else {
            throw failure("the nesting is too deep: lists are nested more than \(maximumDepth) deep", .nesting)
        }
        isOpened = true
    }

    /// Whether the array that was opened has another element, which is to be read then; past its end otherwise.
    package mutating func element() throws(Failure) -> Bool { try !closes(UInt8(ascii: "]")) }

    /// The next key of the object that was opened, whose value is to be read then; nil past its end.
    package mutating func key() throws(Failure) -> String? {
        try key { (reader) throws(Failure) in try reader.string() }
    }

    /// The UTF-8 of the next key, as of ``stringBytes()``.
    package mutating func keyBytes() throws(Failure) -> [UInt8]? {
        try key { (reader) throws(Failure) in try reader.stringBytes() }
    }

    private mutating func key<Key>(_ read: (inout JSONReader) throws(Failure) -> Key) throws(Failure) -> Key? {
        if try closes(UInt8(ascii: "}")) { return nil }
        guard peek() == UInt8(ascii: "\"") else { throw missing("a key") }
        let key = try read(&self)
        try expect(UInt8(ascii: ":"))
        return key
    }

    private mutating func closes(_ bracket: UInt8) throws(Failure) -> Bool {
        let isFirst = isOpened
        isOpened = false
        if !isFirst, take(UInt8(ascii: ",")) { return false }
        if take(bracket) {
            depth -= 1
            return true
        }
        guard isFirst else { throw missing("',' or '\(Unicode.Scalar(bracket))'") }
        return false
    }

    // MARK: Values

    /// A value of any kind.
    ///
    /// - Parameter refusingRepeatedKeys: whether the second of two equal keys is an error; otherwise its value counts.
    package mutating func value(refusingRepeatedKeys: Bool = false) throws(Failure) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "{"):
            var fields: [String: JSONValue] = [:]
            try openObject()
            while let key = try key() {
                let isNew = fields.updateValue(try value(refusingRepeatedKeys: refusingRepeatedKeys), forKey: key) == nil
                guard isNew || !refusingRepeatedKeys else { throw failure("the key '\(key)' is given twice") }
            }
            return .object(fields)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try openArray()
            while try element() { elements.append(try value(refusingRepeatedKeys: refusingRepeatedKeys)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
        case UInt8(ascii: "n"):
            try null()
            return .null
        default:
            guard let number = Double(try number()), number.isFinite else { throw failure("a number is too large", .range) }
            return .number(number)
        }
    }

    package mutating func null() throws(Failure) { try word("null") }

    package mutating func bool() throws(Failure) -> Bool {
        let isTrue = peek() == UInt8(ascii: "t")
        try word(isTrue ? "true" : "false")
        return isTrue
    }

    private mutating func word(_ word: StaticString) throws(Failure) {
        _ = peek()
        let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: text) else { throw missing("a value") }
        position += text.count
    }

    package mutating func integer() throws(Failure) -> Int {
        let number = try number()
        guard let integer = Int(number) ?? Double(number).flatMap(Int.init(exactly:)) else {
            throw failure("a whole number is missing")
        }
        return integer
    }

    /// A number as it is written.
    package mutating func number() throws(Failure) -> String {
        guard let first = peek(), first == UInt8(ascii: "-") || isDigit(first) else { throw missing("a value") }
        let start = position
        _ = skip { $0 == UInt8(ascii: "-") }
        let startsWithZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let count = skipDigits()
        var isNumber = count == 1 || (count > 1 && !startsWithZero)
        if isNumber, skip({ $0 == UInt8(ascii: ".") }) { isNumber = skipDigits() > 0 }
        if isNumber, skip({ $0 | 0x20 == UInt8(ascii: "e") }) {
            _ = skip { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            isNumber = skipDigits() > 0
        }
        guard isNumber else { throw failure("a value is missing: a number is not well formed") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9") }

    private mutating func skip(_ isFitting: (UInt8) -> Bool) -> Bool {
        guard position < bytes.count, isFitting(bytes[position]) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    // MARK: Strings

    package mutating func string() throws(Failure) -> String {
        try expect(UInt8(ascii: "\""))
        let plain = plainBytes()
        let string: String?
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += 1
            string = String(validating: plain, as: UTF8.self)
        } else {
            // Escapes are checked as they are read, so what is wrong came as bytes.
            string = String(validating: try stringBytes(after: plain), as: UTF8.self)
        }
        guard let string else { throw failure("a string is not valid UTF-8, before", .encoding) }
        return string
    }

    /// What comes before the next quote, escape or control character.
    private mutating func plainBytes() -> UnsafeBufferPointer<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        {
            position += 1
        }
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    /// The UTF-8 of a string; its text without escapes is not checked.
    package mutating func stringBytes() throws(Failure) -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        return try stringBytes(after: plainBytes())
    }

    private mutating func stringBytes(after plain: UnsafeBufferPointer<UInt8>) throws(Failure) -> [UInt8] {
        var result = Array(plain)
        while true {
            guard position < bytes.count else { throw failure("a string has no end") }
            let byte = bytes[position]
            guard byte >= 0x20 else { throw failure("a string holds a control character") }
            position += 1
            if byte == UInt8(ascii: "\"") { return result }
            try escape(into: &result)
            result += plainBytes()
        }
    }

    private mutating func escape(into result: inout [UInt8]) throws(Failure) {
        guard position < bytes.count else { throw failure("a string has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else {
                    throw failure("a string holds half a surrogate pair", .loneSurrogate)
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw failure("a string holds half a surrogate pair", .loneSurrogate)
            }
            result += String(scalar).utf8
        default: throw failure("an escape in a string is unknown")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure("a \\u escape in a string has not four digits")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
