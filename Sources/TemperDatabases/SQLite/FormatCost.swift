import CSQLite

/// How many characters the precisions in a call of SQLite's `printf` ask for, read as SQLite reads its format (printf.c).
///
/// SQLite writes each of them out one by one and goes on after the text is too long: `printf('%.*c', 2000000000, 'x')` takes
/// seconds for a result that no connection takes.
struct FormatCost {
    private let format: UnsafeBufferPointer<UInt8>
    private let values: UnsafeBufferPointer<OpaquePointer?>
    private var position = 0
    private var used = 1

    /// - Parameter values: the arguments of the call, the format first.
    /// - Returns: the sum over conversions that count their precision out; 0 without a format.
    static func of(_ values: UnsafeBufferPointer<OpaquePointer?>) -> Int64 {
        guard let first = values.first, let start = sqlite3_value_text(first) else { return 0 }
        let format = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(first)))
        var reader = FormatCost(format: format, values: values)
        return reader.sum()
    }

    private init(format: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<OpaquePointer?>) {
        self.format = format
        self.values = values
    }

    private mutating func sum() -> Int64 {
        var sum: Int64 = 0
        while let byte = next() {
            guard byte == UInt8(ascii: "%") else { continue }
            guard let precision = conversion() else { return sum }
            sum += precision
        }
        return sum
    }

    private mutating func next() -> UInt8? {
        guard position < format.count else { return nil }
        position += 1
        return format[position - 1]
    }

    /// Reads one conversion after its `%`.
    ///
    /// - Returns: what its precision costs; nil where SQLite stops reading.
    private mutating func conversion() -> Int64? {
        var precision: Int64 = 0
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: " "), UInt8(ascii: "#"), UInt8(ascii: "!"),
                UInt8(ascii: ","), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "l"):
                continue
            case UInt8(ascii: "*"): _ = integer()
            case UInt8(ascii: "."):
                if position < format.count, format[position] == UInt8(ascii: "*") {
                    position += 1
                    precision = abs(Int64(integer()))
                } else {
                    precision = Int64(digits())
                }
            case UInt8(ascii: "%"), UInt8(ascii: "n"): return 0
            case UInt8(ascii: "s"), UInt8(ascii: "z"), UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "w"):
                used += 1
                return 0
            case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "x"), UInt8(ascii: "X"),
                UInt8(ascii: "o"), UInt8(ascii: "p"), UInt8(ascii: "r"), UInt8(ascii: "f"), UInt8(ascii: "e"), UInt8(ascii: "E"),
                UInt8(ascii: "g"), UInt8(ascii: "G"):
                used += 1
                return precision
            default: return nil
            }
        }
        return nil
    }

    /// The next argument as C's `int`; 0 when there is none.
    private mutating func integer() -> Int32 {
        guard used < values.count else { return 0 }
        used += 1
        return Int32(truncatingIfNeeded: sqlite3_value_int64(values[used - 1]))
    }

    /// A number as SQLite reads it: 31 bits of what overflows.
    private mutating func digits() -> Int32 {
        var value: UInt32 = 0
        while position < format.count, case let byte = format[position], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            value = value &* 10 &+ UInt32(byte - UInt8(ascii: "0"))
            position += 1
        }
        return Int32(truncatingIfNeeded: value & 0x7fff_ffff)
    }
}
