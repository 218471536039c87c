import Foundation
package import TemperCore

/// A JSON value as it stands in its file: keys in their order, and the text of every value byte for byte, so that no number and no
/// spacing is lost. Of two equal keys the last counts.
package struct SourceJSON: Sendable {
    package enum Kind: Sendable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([SourceJSON])
        case object([(key: String, value: SourceJSON)])
    }

    package let kind: Kind
    /// The whole record's bytes, shared by all its values.
    private let source: [UInt8]
    private let range: Range<Int>

    /// How deep the JSON of a record may be nested.
    static let maximumDepth = 256

    /// - Throws: ``RecordFault`` with one of few reasons, so that a report of an import can count them.
    package init(_ bytes: [UInt8]) throws {
        do {
            self = try bytes.withUnsafeBufferPointer { buffer in
                var reader = JSONReader(buffer, maximumDepth: Self.maximumDepth)
                let value = try Self.read(&reader, bytes)
                try reader.end()
                return value
            }
        } catch let failure as JSONReader.Failure {
            throw RecordFault(failure, maximumDepth: Self.maximumDepth)
        }
    }

    /// The JSON that stands in a text.
    init(text: String) throws { try self.init(Array(text.utf8)) }

    /// A value that no file spells; its keys come sorted.
    init(_ value: JSONValue) throws { try self.init([UInt8](try JSONEncoder.stable().encode(value))) }

    private init(_ kind: Kind, _ source: [UInt8], _ range: Range<Int>) {
        self.kind = kind
        self.source = source
        self.range = range
    }

    private static func read(_ reader: inout JSONReader, _ source: [UInt8]) throws(JSONReader.Failure) -> SourceJSON {
        let first = reader.peek()
        let start = reader.position
        let kind: Kind
        switch first {
        case UInt8(ascii: "{"):
            var fields: [(key: String, value: SourceJSON)] = []
            var places: [String: Int] = [:]
            try reader.openObject()
            while let key = try reader.key() {
                let value = try read(&reader, source)
                if let place = places[key] {
                    fields[place].value = value
                } else {
                    places[key] = fields.count
                    fields.append((key, value))
                }
            }
            kind = .object(fields)
        case UInt8(ascii: "["):
            var items: [SourceJSON] = []
            try reader.openArray()
            while try reader.element() { items.append(try read(&reader, source)) }
            kind = .array(items)
        default:
            switch try reader.value() {
            case .bool(let value): kind = .bool(value)
            case .number(let value): kind = .number(value)
            case .string(let value): kind = .string(value)
            default: kind = .null
            }
        }
        return SourceJSON(kind, source, start..<reader.position)
    }

    /// The value as it is written.
    package var text: String { String(decoding: source[range], as: UTF8.self) }

    /// Without order and spelling.
    package var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .array(let items): .array(items.map(\.value))
        case .object(let fields): .object(Dictionary(fields.map { ($0.key, $0.value.value) }) { $1 })
        }
    }

    package subscript(key: String) -> SourceJSON? { object?.last { $0.key == key }?.value }

    var isNull: Bool {
        if case .null = kind { return true }
        return false
    }

    /// Whether nothing is lost with it: null, an empty text, list or object.
    var isEmpty: Bool {
        switch kind {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let fields): fields.isEmpty
        case .bool, .number: false
        }
    }

    var string: String? {
        if case .string(let value) = kind { return value }
        return nil
    }

    var number: Double? {
        if case .number(let value) = kind { return value }
        return nil
    }

    var bool: Bool? {
        if case .bool(let value) = kind { return value }
        return nil
    }

    package var array: [SourceJSON]? {
        if case .array(let items) = kind { return items }
        return nil
    }

    package var object: [(key: String, value: SourceJSON)]? {
        if case .object(let fields) = kind { return fields }
        return nil
    }
}
