import Foundation
import TemperCore

/// Reads a JSON file whose top level is an array or an object one element at a time, so that files of gigabytes need little
/// memory.
struct JSONStream {
    /// One element: its 0-based place, its key when the file is an object, and its text.
    struct Element {
        var index: Int
        var key: String?
        var text: Data
    }

    private static let chunkSize = 1 << 20
    private let name: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var index = 0
    /// The bracket that closes the file; nil before it was opened.
    private var closing: UInt8?

    /// - Throws: ``TemperError`` with code `unavailable` when the file cannot be opened.
    init(_ file: URL) throws {
        name = file.lastPathComponent
        do {
            handle = try FileHandle(forReadingFrom: file)
        } catch {
            throw TemperError(.unavailable, "the file cannot be read", place: file.path, boundary: .data, cause: error)
        }
    }

    /// Calls `body` with every element.
    ///
    /// - Throws: what `body` throws; ``TemperError`` with code `data` where the file stops being JSON.
    mutating func forEach(_ body: (Element) throws -> Void) throws {
        while let element = try next() { try body(element) }
    }

    private mutating func next() throws -> Element? {
        guard let closing else {
            guard let open = try mark(), open == UInt8(ascii: "[") || open == UInt8(ascii: "{") else {
                throw fault("neither an array nor an object")
            }
            closing = open + 2
            return try next()
        }
        guard var byte = try mark() else { throw fault("the file ends before its last bracket") }
        if byte == closing { return nil }
        if index > 0 {
            guard byte == UInt8(ascii: ","), let following = try mark() else { throw fault("a comma is missing") }
            byte = following
        }
        var element = Element(index: index, key: nil, text: Data())
        if closing == UInt8(ascii: "}") {
            guard byte == UInt8(ascii: "\"") else { throw fault("a key is missing") }
            let key = try value(startingWith: byte)
            do {
                element.key = try JSONDecoder().decode(String.self, from: key)
            } catch {
                throw fault("a key is not a string")
            }
            guard try mark() == UInt8(ascii: ":"), let start = try mark() else { throw fault("a value is missing") }
            byte = start
        }
        element.text = try value(startingWith: byte)
        index += 1
        return element
    }

    /// The text of a value, up to where its brackets and quotes are closed.
    private mutating func value(startingWith first: UInt8) throws -> Data {
        var text = [first]
        var depth = 0
        var isString = false
        var byte = first
        while true {
            if isString {
                if byte == UInt8(ascii: "\\") {
                    guard let escaped = try take() else { break }
                    text.append(escaped)
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
            if depth == 0, !isString {
                // Brackets and quotes end by themselves; a number or a word ends before the next mark.
                if byte == UInt8(ascii: "\"") || Self.closes(byte) { return Data(text) }
                guard let following = try peek() else { break }
                if Self.isSpace(following) || following == UInt8(ascii: ",") || Self.closes(following) { return Data(text) }
            }
            guard let following = try take() else { break }
            text.append(following)
            byte = following
        }
        throw fault("the file ends inside a value")
    }

    /// The next byte that is not white space.
    private mutating func mark() throws -> UInt8? {
        while let byte = try take() { if !Self.isSpace(byte) { return byte } }
        return nil
    }

    private mutating func take() throws -> UInt8? {
        guard let byte = try peek() else { return nil }
        position += 1
        return byte
    }

    private mutating func peek() throws -> UInt8? {
        if position == buffer.count {
            do {
                buffer = Array(try handle.read(upToCount: Self.chunkSize) ?? Data())
            } catch {
                throw TemperError(.unavailable, "the file cannot be read", place: name, boundary: .data, cause: error)
            }
            position = 0
        }
        return position < buffer.count ? buffer[position] : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    private static func closes(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") }

    private func fault(_ problem: String) -> TemperError {
        TemperError(.data, "record \(index): not valid JSON: \(problem)", place: name, boundary: .data)
    }
}
