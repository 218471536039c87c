import Foundation

/// Numbers of an independent implementation, made by `Tests/Golden/tokenizers_golden.py`.
enum GoldenFiles {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    /// When set, tests write what Python is to read instead of comparing with it.
    static let writes = ProcessInfo.processInfo.environment["TEMPER_WRITE_GOLDEN"] != nil

    static func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }

    struct Texts: Decodable {
        var texts: [String]
        var corpus: [String]
    }

    static func texts() throws -> Texts { try read("texts.json") }

    /// A folder of its own below the temporary one; the caller removes it.
    static func temporaryFolder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("temper-tokenizers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
