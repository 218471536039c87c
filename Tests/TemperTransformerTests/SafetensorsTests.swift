import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// The message of the error `body` throws, its place reduced to the file's name.
func errorText(_ body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return "no error"
    } catch let error as TemperError {
        let name = error.place.map { URL(fileURLWithPath: $0).lastPathComponent + ": " } ?? ""
        return name + error.message
    } catch { return "\(error)" }
}

@Suite struct SafetensorsTests {
    /// A file from a header's text and a number of bytes after it.
    private func file(_ header: String, bytes: Int, in folder: URL) throws -> URL {
        let url = folder.appendingPathComponent("t.safetensors")
        var length = UInt64(header.utf8.count).littleEndian
        try (Data(bytes: &length, count: 8) + Data(header.utf8) + Data(count: bytes)).write(to: url)
        return url
    }

    @Test(
        "A damaged file is refused with what is wrong with it",
        arguments: [
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4,
                "tensor 'a' lies at bytes 0..<8, but the file has 4 of them"
            ),
            (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "tensor 'a' of shape [3] needs 12 bytes and has 8"),
            (#"{"a":{"dtype":"F8","shape":[3],"data_offsets":[0,3]}}"#, 3, "tensor 'a' has the unsupported dtype 'F8'"),
            (#"{"a":{"dtype":"U8","shape":[-3],"data_offsets":[0,3]}}"#, 3, "tensor 'a' has no valid shape and data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[3]}}"#, 3, "tensor 'a' has no valid shape and data_offsets"),
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6,
                "tensor 'b' overlaps the one before it"
            ),
            (
                #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, 4,
                "tensor 'a' has the impossible shape [4294967296, 4294967296]"
            ),
            (
                #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#, 6,
                "the 2 bytes before tensor 'b' belong to no tensor"
            ),
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 6, "the last 4 bytes belong to no tensor"),
            (#"{"a":{"dtype":"U8","shape":[2.5],"data_offsets":[0,2]}}"#, 2, "tensor 'a' has no valid shape and data_offsets"),
            (#"{"a":{"dtype":"U8","shape":[1e300],"data_offsets":[0,2]}}"#, 2, "tensor 'a' has no valid shape and data_offsets"),
            (
                #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[2,0]}}"#, 2,
                "tensor 'a' lies at bytes 2..<0, but the file has 2 of them"
            ),
            (#"{"a":7}"#, 0, "tensor 'a' has the unsupported dtype 'none'"),
            (#"[1]"#, 0, "the safetensors header is not a JSON object"),
        ])
    func damagedFiles(header: String, bytes: Int, expected: String) throws {
        try withTemporaryFolder { folder in
            let url = try file(header, bytes: bytes, in: folder)
            #expect(errorText { try SafetensorsFile(contentsOf: url) } == "t.safetensors: " + expected)
        }
    }

    @Test("Cut, absent and lying files are refused by name")
    func cutFiles() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("t.safetensors")
            #expect(errorText { try SafetensorsFile(contentsOf: url) }.hasPrefix("t.safetensors: the file cannot be read"))
            try Data([1, 2, 3]).write(to: url)
            #expect(
                errorText { try SafetensorsFile(contentsOf: url) }
                    == "t.safetensors: the file is too short for a safetensors header")
            try Data(repeating: 255, count: 40).write(to: url)
            #expect(
                errorText { try SafetensorsFile(contentsOf: url) }
                    == "t.safetensors: the safetensors header claims 18446744073709551615 bytes, the file has 40")
            let text = try file(#"{"a": nonsense"#, bytes: 0, in: folder)
            #expect(errorText { try SafetensorsFile(contentsOf: text) }.hasPrefix("t.safetensors: not valid JSON"))
        }
    }

    @Test("What is written reads back, and the same tensors give the same bytes")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let tensors = [
                SafetensorsFile.Tensor(name: "b", type: .uint8, shape: [3]),
                SafetensorsFile.Tensor(name: "a", type: .float32, shape: [2, 1]),
            ]
            func contents(_ tensor: SafetensorsFile.Tensor) -> Data {
                tensor.name == "b" ? Data([1, 2, 3]) : [Float(1.5), -2].withUnsafeBytes { Data($0) }
            }
            let urls = ["one", "two"].map { folder.appendingPathComponent($0) }
            try SafetensorsFile.write(tensors, metadata: ["k": "v"], to: urls[0], contents: contents)
            try SafetensorsFile.write(tensors.reversed(), metadata: ["k": "v"], to: urls[1], contents: contents)
            #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
            let file = try SafetensorsFile(contentsOf: urls[0])
            #expect(file.metadata == ["k": "v"])
            #expect(try file.array("a", of: Float.self, type: .float32, shape: [2, 1]) == [1.5, -2])
            #expect(try file.array("b", of: UInt8.self, type: .uint8) == [1, 2, 3])
            #expect(errorText { try file.array("c", of: UInt8.self, type: .uint8) } == "one: tensor 'c' is missing")
            #expect(
                errorText { try file.array("b", of: Float.self, type: .float32) } == "one: tensor 'b' has dtype U8, expected F32")
            #expect(
                errorText { try file.array("a", of: Float.self, type: .float32, shape: [2]) }
                    == "one: tensor 'a' has shape [2, 1], expected [2]")
        }
    }

    #if os(Linux)
        @Test("A large file is mapped, not read")
        func mapped() throws {
            func resident() throws -> Int {
                let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                return Int(text.split(separator: " ")[1]).map { $0 * 4096 } ?? 0
            }
            try withTemporaryFolder { folder in
                let size = 1 << 30
                let url = try file(#"{"a":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#, bytes: 0, in: folder)
                let handle = try FileHandle(forWritingTo: url)
                try handle.truncate(atOffset: try handle.seekToEnd() + UInt64(size))
                try handle.close()
                let before = try resident()
                let opened = try SafetensorsFile(contentsOf: url)
                let last = try opened.withBytes(of: "a", shape: [size]) { $0[size - 1] }
                #expect(last == 0)
                #expect(try resident() - before < size / 2)
            }
        }
    #endif

    @Test("Half-precision numbers become the floats they stand for")
    func halfPrecision() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("t.safetensors")
            // 1, -2, the smallest subnormal, the largest one, the smallest normal number, the largest, infinities, NaN, -0.
            let bits: [UInt16] = [
                0x3C00, 0xC000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0x7C00, 0xFC00, 0x7E01, 0x8000,
            ]
            try SafetensorsFile.write([SafetensorsFile.Tensor(name: "h", type: .float16, shape: [10])], to: url) { _ in
                bits.withUnsafeBytes { Data($0) }
            }
            var values = [Float](repeating: 0, count: 10)
            try values.withUnsafeMutableBufferPointer { buffer in
                let base = try #require(buffer.baseAddress)
                try SafetensorsFile(contentsOf: url).readFloats("h", shape: [10], into: base)
            }
            #expect(values[..<8] == [1, -2, 0x1p-24, -0x1.FF8p-15, 0x1p-14, 65504, .infinity, -.infinity])
            #expect(values[8].isNaN)
            #expect(values[9] == 0 && values[9].sign == .minus)
        }
    }

    @Test("A disk that refuses leaves an error and nothing half-written")
    func refusedWrite() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("missing/t.safetensors")
            #expect(
                errorText { try SafetensorsFile.write([], to: url) { _ in Data() } }.hasPrefix(
                    "t.safetensors: the file cannot be written"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.isEmpty)
        }
    }
}

@Suite struct TokenDatasetTests {
    @Test("A dataset reads back as it was written")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let dataset = TokenDataset(documents: randomDocuments([3, 9, 1], vocabulary: 100, seed: 1))
            let url = folder.appendingPathComponent("tokens.safetensors")
            try dataset.write(to: url)
            #expect(try TokenDataset(contentsOf: url) == dataset)
            #expect(dataset.documentCount == 3 && dataset.tokenCount == 13)
            #expect(dataset.document(1).ids.count == 9)
        }
    }

    @Test("A dataset that contradicts itself is refused with the first contradiction")
    func problems() throws {
        var dataset = TokenDataset(documents: randomDocuments([3, 4], vocabulary: 10, seed: 1))
        #expect(dataset.problem == nil)
        dataset.mask[3] = 1
        #expect(dataset.problem == "the first token of document 1 is a target, but nothing precedes it")
        dataset.mask[3] = 2
        #expect(dataset.problem == "mask[3] is 2, neither 0 nor 1")
        dataset.mask.removeLast()
        #expect(dataset.problem == "input_ids has 7 tokens, mask 6")
        dataset = TokenDataset(documents: randomDocuments([3, 4], vocabulary: 10, seed: 1))
        dataset.documentStarts = [0, 9]
        #expect(dataset.problem == "document 1 starts at 9, past the 7 tokens")
        dataset.documentStarts = [0, 3, 3]
        #expect(dataset.problem == "document 1 spans tokens 3..<3")
        dataset.documentStarts = [1]
        #expect(dataset.problem == "the first document starts at 1, not 0")
        dataset.documentStarts = []
        #expect(dataset.problem == "there are tokens but no documents")
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("tokens.safetensors")
            try dataset.write(to: url)
            #expect(errorText { try TokenDataset(contentsOf: url) } == "tokens.safetensors: there are tokens but no documents")
        }
    }
}
