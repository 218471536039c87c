package import Foundation
package import TemperCore

/// The records of a JSON file one at a time, whatever its size: JSON lines, one array of records, or one object of records by
/// key.
///
/// Only the record at hand is in memory. The file is read up to the size it has when it is opened, so one that grows meanwhile
/// ends where it ended then. A record that is no JSON is reported with its line, and the rest goes on: a text that is not closed
/// on its line ends there, since JSON allows no line end in a text. Lines may end in LF, CR LF or CR.
package final class RecordStream: Sequence, IteratorProtocol {
    /// How records stand in the file.
    package enum Shape: Sendable {
        case lines, array
        /// An object from key to record.
        case keyed
    }

    /// One record, or what is wrong with it.
    package struct Record: Sendable {
        /// Counted from 0.
        package var index: Int
        /// `file:line` of where it starts, `file[key]` in an object of records.
        package var place: String
        /// Its key in an object of records.
        package var key: String?
        package var content: Result<JSONValue, TemperError>

        package init(index: Int, place: String, key: String? = nil, content: Result<JSONValue, TemperError>) {
            self.index = index
            self.place = place
            self.key = key
            self.content = content
        }
    }

    /// The bytes of a record, not yet read as JSON.
    struct Raw: Sendable {
        var index: Int
        /// `:12` or `[key]`.
        var place: String
        var key: String?
        /// Where its bytes begin in the file.
        var offset: Int
        var bytes: [UInt8]
        /// What is wrong, when there are no whole bytes to read.
        var fault: String?

        func value() throws -> JSONValue {
            if let fault { throw RecordFault(fault) }
            return try JSONValue.record(bytes)
        }

        func source() throws -> SourceJSON {
            if let fault { throw RecordFault(fault) }
            return try SourceJSON(bytes)
        }
    }

    /// A record of more bytes ends the file: it is one quote that was never closed.
    static let maximumRecordBytes = 1 << 28

    private let url: URL
    private let handle: FileHandle
    private let chunkSize: Int
    private let size: Int
    /// Bytes of the file that are not read yet.
    private var left: Int
    /// The share of the file that is read, 0…1.
    package var fraction: Double { size == 0 ? 1 : 1 - Double(left) / Double(size) }
    private var buffer: [UInt8] = []
    private var position = 0
    /// Where the buffer begins in the file.
    private var base = 0
    private var line = 1
    private var index = 0
    private var shape: Shape?
    private var hasBegun = false
    private var hasEnded = false
    /// The file became shorter than it was when it was opened.
    private var isShortened = false

    /// - Parameter shape: nil tells lines from an array by the first byte.
    /// - Throws: ``TemperError`` with code `data` when the file is missing or cannot be read.
    package init(_ url: URL, shape: Shape? = nil, chunkSize: Int = 1 << 20) throws {
        self.url = url
        self.chunkSize = chunkSize
        self.shape = shape
        do {
            handle = try FileHandle(forReadingFrom: url)
            size = Int(try handle.seekToEnd())
            left = size
            try handle.seek(toOffset: 0)
        } catch {
            let isThere = FileManager.default.fileExists(atPath: url.path)
            throw TemperError(
                .data, isThere ? "the file cannot be read" : "there is no such file", place: url.relativePath, boundary: .data,
                cause: error)
        }
    }

    package func next() -> Record? { nextRaw().map(record) }

    /// Reads a record's bytes as JSON. May be called on any thread.
    func record(_ raw: Raw) -> Record {
        let place = url.relativePath + raw.place
        do {
            return Record(index: raw.index, place: place, key: raw.key, content: .success(try raw.value()))
        } catch {
            let reason = (error as? RecordFault)?.reason ?? TemperError.describe(error)
            return Record(
                index: raw.index, place: place, key: raw.key,
                content: .failure(TemperError(.data, reason, place: place, boundary: .data)))
        }
    }

    /// The next record, unread.
    func nextRaw() -> Raw? {
        guard !hasEnded else { return nil }
        do {
            guard var raw = try read() else { return nil }
            raw.index = index
            index += 1
            return raw
        } catch {
            hasEnded = true
            return fault("the file cannot be read further: \(TemperError.describe(error))", line: line)
        }
    }

    /// The bytes of a record that was read before.
    ///
    /// - Throws: ``TemperError`` with code `data` when they are no longer there.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        do {
            try handle.seek(toOffset: UInt64(offset))
            if let data = try handle.read(upToCount: count), data.count == count { return [UInt8](data) }
        } catch {
            throw TemperError(.data, "the file cannot be read", place: url.relativePath, boundary: .data, cause: error)
        }
        throw TemperError(.data, "the file changed while it was read", place: url.relativePath, boundary: .data)
    }

    private func read() throws -> Raw? {
        if !hasBegun {
            hasBegun = true
            // A byte order mark is three bytes, none of which starts JSON.
            while let byte = try peek(), [0xEF, 0xBB, 0xBF].contains(byte) { position += 1 }
            try skipSpace(andCommas: false)
            guard let first = try peek() else {
                hasEnded = true
                return nil
            }
            if shape == nil { shape = first == UInt8(ascii: "[") ? .array : .lines }
            let open: UInt8? = shape == .array ? UInt8(ascii: "[") : shape == .keyed ? UInt8(ascii: "{") : nil
            if let open {
                guard first == open else {
                    hasEnded = true
                    return fault(shape == .array ? "the file is not an array" : "the file is not an object", line: line)
                }
                position += 1
            }
        }
        return shape == .lines ? try nextLine() : try nextElement()
    }

    private func nextLine() throws -> Raw? {
        while true {
            let first = line
            var start = position
            var end = position
            while true {
                if end == buffer.count {
                    let count = end - start
                    let isMore = try refill(keepingFrom: start)
                    (start, end) = (position, position + count)
                    if !isMore { break }
                }
                let byte = buffer[end]
                if byte == 0x0A || byte == 0x0D { break }
                end += 1
            }
            let bytes = Array(buffer[start..<end])
            let offset = base + start
            let isLast = end == buffer.count
            position = end
            if isLast { hasEnded = true } else { try skipLineEnd() }
            if bytes.allSatisfy(Self.isSpace) {
                if isLast { return isShortened ? fault("the file became shorter while it was read", line: first) : nil }
                continue
            }
            return Raw(index: 0, place: ":\(first)", offset: offset, bytes: bytes)
        }
    }

    private func skipLineEnd() throws {
        let isReturn = buffer[position] == 0x0D
        position += 1
        line += 1
        if isReturn, try peek() == 0x0A { position += 1 }
    }

    private func nextElement() throws -> Raw? {
        let isKeyed = shape == .keyed
        let whole = isKeyed ? "object" : "array"
        let close = UInt8(ascii: isKeyed ? "}" : "]")
        try skipSpace(andCommas: true)
        guard let first = try peek() else {
            hasEnded = true
            return fault(isShortened ? "the file became shorter while it was read" : "the \(whole) is cut off", line: line)
        }
        if first == close {
            position += 1
            try skipSpace(andCommas: false)
            hasEnded = true
            return try peek() == nil ? nil : fault("there is text after the end of the \(whole)", line: line)
        }
        var key: String?
        var place = ":\(line)"
        if isKeyed {
            let text = try scan { $0 == UInt8(ascii: ":") }
            guard let name = try? JSONValue.record(text.bytes).string, try peek() == UInt8(ascii: ":") else {
                hasEnded = true
                return fault("the object is cut off", line: line)
            }
            position += 1
            try skipSpace(andCommas: false)
            key = name
            place = "[\(name)]"
        }
        let element = try scan { $0 == UInt8(ascii: ",") || $0 == close }
        if element.isWhole { return Raw(index: 0, place: place, key: key, offset: element.offset, bytes: element.bytes) }
        hasEnded = true
        let isHuge = element.bytes.count >= Self.maximumRecordBytes
        let reason = isHuge ? "the record has no end" : "the record is cut off"
        return Raw(index: 0, place: place, key: key, offset: element.offset, bytes: [], fault: reason)
    }

    /// The bytes up to one that ends them outside of texts and brackets.
    private func scan(until ends: (UInt8) -> Bool) throws -> (bytes: [UInt8], offset: Int, isWhole: Bool) {
        var start = position
        var end = position
        var (depth, isInText, isEscaped, isOneLine) = (0, false, false, true)
        while true {
            if end == buffer.count {
                let count = end - start
                let isMore = count < Self.maximumRecordBytes ? try refill(keepingFrom: start) : false
                (start, end) = count < Self.maximumRecordBytes ? (position, position + count) : (start, end)
                guard isMore else {
                    position = end
                    return (Array(buffer[start..<end]), base + start, false)
                }
            }
            let byte = buffer[end]
            if byte == 0x0A {
                // No text goes over a line's end: one that was not closed is broken. Where a record began on this line, the next
                // one begins on the next; in a record of several lines only the text ends.
                if isInText, isOneLine {
                    position = end
                    return (Array(buffer[start..<end]), base + start, true)
                }
                line += 1
                (isInText, isEscaped, isOneLine) = (false, false, false)
            } else if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
            } else if depth == 0, ends(byte) {
                position = end
                return (Array(buffer[start..<end]), base + start, true)
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = Swift.max(0, depth - 1)
                default: break
                }
            }
            end += 1
        }
    }

    private func fault(_ problem: String, line: Int) -> Raw {
        Raw(index: index, place: ":\(line)", offset: base + position, bytes: [], fault: problem)
    }

    private func skipSpace(andCommas: Bool) throws {
        while let byte = try peek(), Self.isSpace(byte) || (andCommas && byte == UInt8(ascii: ",")) {
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    /// The next byte; nil at the end.
    private func peek() throws -> UInt8? {
        if position < buffer.count { return buffer[position] }
        return try refill(keepingFrom: position) ? buffer[position] : nil
    }

    /// Reads on; what stands before `start` is forgotten, and `position` is where it stood.
    ///
    /// - Returns: whether there is more.
    private func refill(keepingFrom start: Int) throws -> Bool {
        // A long record doubles the amount, so that it is not copied once a chunk.
        let wanted = Swift.min(Swift.max(chunkSize, buffer.count - start), left)
        let chunk = wanted > 0 ? try handle.read(upToCount: wanted) ?? Data() : Data()
        if wanted > 0, chunk.isEmpty {
            isShortened = true
            left = 0
        }
        left -= chunk.count
        base += start
        buffer.removeFirst(start)
        buffer += chunk
        position = 0
        return !chunk.isEmpty
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
