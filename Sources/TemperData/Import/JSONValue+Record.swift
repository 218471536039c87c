import TemperCore

extension JSONValue {
    /// How deep the JSON of a record may be nested.
    private static let maximumRecordDepth = 256

    /// The JSON of a record, with few reasons of what is wrong, so that a report of an import can count them.
    ///
    /// A lone surrogate (half of a character, which some crawled chats hold) is told apart from text that is no JSON. Of two equal
    /// keys the last counts.
    ///
    /// - Throws: ``RecordFault``.
    static func record(_ bytes: [UInt8]) throws -> JSONValue {
        do {
            return try bytes.withUnsafeBufferPointer { bytes in
                var reader = JSONReader(bytes, maximumDepth: maximumRecordDepth)
                let value = try reader.value()
                try reader.end()
                return value
            }
        } catch let failure as JSONReader.Failure {
            throw RecordFault(failure, maximumDepth: maximumRecordDepth)
        }
    }
}

extension RecordFault {
    /// Few reasons, so that a report of an import can count them.
    init(_ failure: JSONReader.Failure, maximumDepth: Int) {
        switch failure.kind {
        case .syntax: self.init("not valid JSON")
        case .nesting: self.init("JSON nested more than \(maximumDepth) deep")
        case .loneSurrogate: self.init("a string holds a lone surrogate")
        case .encoding: self.init("a string is not valid UTF-8")
        case .range: self.init("a number is out of range")
        }
    }
}
