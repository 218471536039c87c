import TemperCore

extension JSONReader {
    /// The JSON of a request's body. A key given twice is an error: readers disagree on which counts.
    ///
    /// - Throws: ``APIError`` that says at which byte the text stops being JSON.
    static func read(_ bytes: [UInt8]) throws(APIError) -> JSONValue { try readFields(bytes).value }

    /// A value, and the places of its fields' values in the text: as they were written, their keys in order.
    ///
    /// - Throws: as ``read(_:)``.
    static func readFields(_ bytes: [UInt8]) throws(APIError) -> (value: JSONValue, fields: [String: Range<Int>]) {
        do throws(Failure) {
            return try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
                var reader = JSONReader(bytes)
                let read = try reader.fields()
                try reader.end()
                return read
            }
        } catch {
            throw APIError(
                400, .invalidRequest, "The request's body is not valid JSON: \(error.reason) at byte \(error.offset).",
                code: "invalid_json")
        }
    }

    private mutating func fields() throws(Failure) -> (value: JSONValue, fields: [String: Range<Int>]) {
        guard peek() == UInt8(ascii: "{") else { return (try value(refusingRepeatedKeys: true), [:]) }
        var values: [String: JSONValue] = [:]
        var fields: [String: Range<Int>] = [:]
        try openObject()
        while let key = try key() {
            _ = peek()
            let start = position
            let value = try value(refusingRepeatedKeys: true)
            guard values.updateValue(value, forKey: key) == nil else { throw failure("the key '\(key)' is given twice") }
            fields[key] = start..<position
        }
        return (.object(values), fields)
    }
}
