import TemperCore

/// Reads the JSON of a request's body: strictly RFC 8259, in time linear in its length, with bounded nesting.
///
/// A key given twice is an error: readers disagree on which counts.
struct JSONReader {
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var place = 0
    /// Where the values of the outermost object stand.
    private var fields: [String: Range<Int>] = [:]

    /// - Throws: ``APIError`` that says at which byte the text stops being JSON.
    static func read(_ bytes: [UInt8]) throws(APIError) -> JSONValue { try readFields(bytes).value }

    /// A value, and where those of its fields stand in the text: as they were written, their keys in order.
    ///
    /// - Throws: as ``read(_:)``.
    static func readFields(_ bytes: [UInt8]) throws(APIError) -> (value: JSONValue, fields: [String: Range<Int>]) {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.fault("something follows the value") }
        return (value, reader.fields)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func fault(_ reason: String) -> APIError {
        APIError(
            400, .invalidRequest, "The request's body is not valid JSON: \(reason) at byte \(place).", code: "invalid_json")
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func value(depth: Int) throws(APIError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw fault("the nesting is too deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{")?: return try object(depth)
        case UInt8(ascii: "[")?: return try array(depth)
        case UInt8(ascii: "\"")?: return .string(try string())
        case UInt8(ascii: "t")?: return try word("true", .bool(true))
        case UInt8(ascii: "f")?: return try word("false", .bool(false))
        case UInt8(ascii: "n")?: return try word("null", .null)
        case nil: throw fault("the text ends early")
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(APIError) -> JSONValue {
        guard bytes[place...].starts(with: word.utf8) else { throw fault("'\(word)' is misspelt") }
        place += word.utf8.count
        return value
    }

    private mutating func object(_ depth: Int) throws(APIError) -> JSONValue {
        var values: [String: JSONValue] = [:]
        place += 1
        skipSpace()
        if next == UInt8(ascii: "}") {
            place += 1
            return .object(values)
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a key is missing") }
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw fault("':' is missing") }
            place += 1
            skipSpace()
            let start = place
            let value = try value(depth: depth + 1)
            if depth == 0 { fields[key] = start..<place }
            guard values.updateValue(value, forKey: key) == nil else { throw fault("the key '\(key)' is given twice") }
            if try ends(with: UInt8(ascii: "}")) { return .object(values) }
        }
    }

    private mutating func array(_ depth: Int) throws(APIError) -> JSONValue {
        var items: [JSONValue] = []
        place += 1
        skipSpace()
        if next == UInt8(ascii: "]") {
            place += 1
            return .array(items)
        }
        while true {
            items.append(try value(depth: depth + 1))
            if try ends(with: UInt8(ascii: "]")) { return .array(items) }
        }
    }

    /// Past a comma, or past the end mark.
    private mutating func ends(with mark: UInt8) throws(APIError) -> Bool {
        skipSpace()
        guard next == mark || next == UInt8(ascii: ",") else { throw fault("',' or the end mark is missing") }
        defer { place += 1 }
        return next == mark
    }

    private mutating func string() throws(APIError) -> String {
        place += 1
        var text: [UInt8] = []
        while true {
            let start = place
            while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
            text += bytes[start..<place]
            guard let byte = next else { throw fault("a text does not end") }
            guard byte >= 0x20 else { throw fault("a control character stands in a text") }
            place += 1
            if byte == UInt8(ascii: "\"") { break }
            try escape(into: &text)
        }
        // Escapes are checked as they are read, so what is wrong came as bytes.
        guard let result = String(validating: text, as: UTF8.self) else { throw fault("a text is not valid UTF-8, before") }
        return result
    }

    private mutating func escape(into text: inout [UInt8]) throws(APIError) {
        guard let byte = next else { throw fault("a text does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), bytes[place...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
                place += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair stands alone") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair stands alone") }
            text += String(scalar).utf8
        default: throw fault("an unknown escape stands in a text")
        }
    }

    private mutating func hexadecimal() throws(APIError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("a \\u escape needs four digits")
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func number() throws(APIError) -> Double {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        let first = next
        let whole = digits()
        guard whole > 0 else { throw fault("there is no value") }
        guard whole == 1 || first != UInt8(ascii: "0") else { throw fault("a number starts with 0") }
        if next == UInt8(ascii: ".") {
            place += 1
            guard digits() > 0 else { throw fault("a number has no digit after its point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            guard digits() > 0 else { throw fault("a number has no digit in its exponent") }
        }
        guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)), value.isFinite else {
            throw fault("a number is too large")
        }
        return value
    }
}
