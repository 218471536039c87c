package import Foundation
import TemperCore

/// The files of a model folder that say how its tokens read and write.
package enum TokenizerFiles {
    static let names = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "tokenizer.model", "chat_template.jinja",
        "chat_template.json", "generation_config.json",
    ]

    /// Copies those that are there; a tuned model speaks its base's tokens.
    package static func copy(from source: URL, to target: URL) throws {
        for name in names {
            let file = source.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let data = try Data(contentsOf: file)
            try AtomicFile.write(to: target.appendingPathComponent(name)) { try $0.write(contentsOf: data) }
        }
    }

    static func areIn(_ folder: URL) -> Bool {
        ["tokenizer.json", "tokenizer.model"].contains {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
    }
}
