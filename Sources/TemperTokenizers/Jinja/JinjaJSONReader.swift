import TemperCore

/// JSON as values for a template: keys keep their order, whole numbers stay whole; of two equal keys the last counts.
struct JinjaJSONReader {
    private var reader: JSONReader
    private let origin: Int32

    /// - Parameter origin: of all its texts.
    /// - Throws: ``JinjaFault`` that says where the text stops being JSON.
    static func value(of json: String, origin: Int32 = JinjaText.data) throws -> JinjaValue {
        do {
            return try Array(json.utf8).withUnsafeBufferPointer { bytes in
                var json = JinjaJSONReader(reader: JSONReader(bytes), origin: origin)
                let value = try json.value()
                try json.reader.end()
                return value
            }
        } catch let failure as JSONReader.Failure {
            throw JinjaFault("not valid JSON at byte \(failure.offset): \(failure.reason)")
        }
    }

    private mutating func value() throws -> JinjaValue {
        switch reader.peek() {
        case UInt8(ascii: "{"):
            var map = JinjaMap()
            try reader.openObject()
            while let key = try reader.key() { try map.set(.text(JinjaText(key, origin: origin)), value()) }
            return .map(map)
        case UInt8(ascii: "["):
            var items: [JinjaValue] = []
            try reader.openArray()
            while try reader.element() { items.append(try value()) }
            return .list(try JinjaList(items))
        case UInt8(ascii: "\""): return .text(JinjaText(try reader.string(), origin: origin))
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try reader.bool())
        case UInt8(ascii: "n"):
            try reader.null()
            return .none
        default:
            let number = try reader.number()
            if let whole = Int(number) { return .int(whole) }
            // A whole number that would come out as another one.
            guard number.contains(where: { ".eE".contains($0) }) else {
                throw JinjaFault("the whole number \(number.prefix(24)) is too large")
            }
            return .float(Double(number) ?? .infinity)
        }
    }
}
