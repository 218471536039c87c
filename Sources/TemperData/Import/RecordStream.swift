public import Foundation
public import TemperCore

/// The records of a JSON file one at a time, whatever its size: JSON lines, or one array of records.
///
/// Only the record at hand is in memory. The file is read up to the size it has when it is opened, so one that grows meanwhile
/// ends where it ended then. A record that is no JSON is reported with its line, and the rest goes on.
public final class RecordStream: Sequence, IteratorProtocol {
    /// One record, or what is wrong with it.
    public struct Record: Sendable {
        /// Counted from 0.
        public var index: Int
        /// `file:line` of where it starts.
        public var place: String
        public var content: Result<JSONValue, TemperError>
    }

    private enum Shape { case lines, array }

    private let url: URL
    private let handle: FileHandle
    private let chunkSize: Int
    private let size: Int
    /// Bytes of the file that are not read yet.
    private var left: Int
    /// The share of the file that is read, 0…1.
    public var fraction: Double { size == 0 ? 1 : 1 - Double(left) / Double(size) }
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 1
    private var index = 0
    private var shape: Shape?
    private var hasEnded = false

    /// - Throws: ``TemperError`` with code `data` when the file is missing or cannot be read.
    public init(_ url: URL, chunkSize: Int = 1 << 20) throws {
        self.url = url
        self.chunkSize = chunkSize
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

    public func next() -> Record? {
        guard !hasEnded else { return nil }
        do {
            return try read()
        } catch {
            hasEnded = true
            return fault("the file cannot be read further: \(TemperError.describe(error))", line: line)
        }
    }

    private func read() throws -> Record? {
        if shape == nil {
            // A byte order mark is three bytes, none of which starts JSON.
            while let byte = try peek(), [0xEF, 0xBB, 0xBF].contains(byte) { position += 1 }
            try skipSpace(andCommas: false)
            guard let first = try peek() else {
                hasEnded = true
                return nil
            }
            shape = first == UInt8(ascii: "[") ? .array : .lines
            if shape == .array { position += 1 }
        }
        switch shape {
        case .array: return try nextElement()
        default: return try nextLine()
        }
    }

    private func nextLine() throws -> Record? {
        while true {
            let start = line
            var bytes: [UInt8] = []
            while let byte = try peek(), byte != UInt8(ascii: "\n") {
                bytes.append(byte)
                position += 1
            }
            let isLast = try peek() == nil
            if isLast { hasEnded = true } else { advance() }
            if bytes.allSatisfy(Self.isSpace) {
                if isLast { return nil }
                continue
            }
            return record(bytes, line: start)
        }
    }

    private func nextElement() throws -> Record? {
        try skipSpace(andCommas: true)
        guard let first = try peek() else {
            hasEnded = true
            return fault("the array is cut off", line: line)
        }
        if first == UInt8(ascii: "]") {
            position += 1
            try skipSpace(andCommas: false)
            hasEnded = true
            return try peek() == nil ? nil : fault("there is text after the end of the array", line: line)
        }
        let start = line
        var (bytes, depth, isInString, isEscaped): ([UInt8], Int, Bool, Bool) = ([], 0, false, false)
        while let byte = try peek() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == 0x22 {
                    isInString = false
                }
            } else {
                switch byte {
                case 0x22: isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return record(bytes, line: start) }
                    depth -= 1
                case UInt8(ascii: ",") where depth == 0: return record(bytes, line: start)
                default: break
                }
            }
            bytes.append(byte)
            advance()
        }
        hasEnded = true
        return fault("the record is cut off", line: start)
    }

    private func record(_ bytes: [UInt8], line: Int) -> Record {
        do {
            let value = try JSONValue.parse(Data(bytes), named: "\(url.relativePath):\(line)")
            defer { index += 1 }
            return Record(index: index, place: "\(url.relativePath):\(line)", content: .success(value))
        } catch {
            return fault("not valid JSON", line: line)
        }
    }

    private func fault(_ problem: String, line: Int) -> Record {
        defer { index += 1 }
        let place = "\(url.relativePath):\(line)"
        return Record(index: index, place: place, content: .failure(TemperError(.data, problem, place: place, boundary: .data)))
    }

    private func skipSpace(andCommas: Bool) throws {
        while let byte = try peek(), Self.isSpace(byte) || (andCommas && byte == UInt8(ascii: ",")) { advance() }
    }

    private func advance() {
        if buffer[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    /// The next byte; nil at the end.
    private func peek() throws -> UInt8? {
        if position < buffer.count { return buffer[position] }
        guard left > 0, let chunk = try handle.read(upToCount: Swift.min(chunkSize, left)), !chunk.isEmpty else { return nil }
        left -= chunk.count
        buffer = [UInt8](chunk)
        position = 0
        return buffer[0]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
