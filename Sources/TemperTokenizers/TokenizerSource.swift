import Foundation
import TemperCore

/// The files a tokenizer can be read from, told apart by name and content.
enum TokenizerSource {
    /// A model's folder holds one of these; the first that is there is read.
    private static let names = ["tokenizer.json", "tekken.json", "tokenizer.model"]

    /// - Throws: ``TemperError`` with code `data`.
    static func data(_ url: URL) throws -> Data {
        do {
            return try Data(contentsOf: url, options: .mappedIfSafe)
        } catch {
            throw TemperError(
                .data, "the tokenizer cannot be read", hint: "is the path right, and is it a folder of Hugging Face files?",
                place: url.path, boundary: .data, cause: error)
        }
    }

    /// The tokenizer file of a folder: `tokenizer.json`, `tekken.json`, `tokenizer.model`, or one `*.tiktoken`.
    static func file(in folder: URL) -> URL {
        let manager = FileManager.default
        for name in names where manager.fileExists(atPath: folder.appendingPathComponent(name).path) {
            return folder.appendingPathComponent(name)
        }
        let entries: [String]
        do {
            entries = try manager.contentsOfDirectory(atPath: folder.path)
        } catch {
            // Reading the usual file fails next and says what is wrong.
            return folder.appendingPathComponent(names[0])
        }
        let ranks = entries.filter { $0.hasSuffix(".tiktoken") }
        return folder.appendingPathComponent(ranks.count == 1 ? ranks[0] : names[0])
    }

    /// - Parameter special: texts of special tokens that stand beside the file; only rank files need them.
    /// - Throws: ``TemperError`` with code `data` that names the file.
    static func read(_ file: URL, special: [(text: String, id: Int, isSpecial: Bool)]) throws -> TokenizerContents {
        try read(data(file), file: file, special: special)
    }

    /// - Throws: as ``read(_:special:)``.
    static func read(_ data: Data, file: URL, special: [(text: String, id: Int, isSpecial: Bool)]) throws -> TokenizerContents {
        var contents: TokenizerContents
        if file.pathExtension == "json" {
            let isTekken = file.lastPathComponent.contains("tekken")
            contents = isTekken ? try TekkenFile.read(data, place: file.path) : try TokenizerFile.read(data, place: file.path)
        } else if RankFile.isOne(data) {
            contents = try RankFile.read(data, place: file.path, special: special)
        } else {
            contents = try SentencePieceFile.read(data, place: file.path)
        }
        // A folder's usual name, whatever the file was called.
        let name =
            file.pathExtension == "json" && !file.lastPathComponent.contains("tekken") ? "tokenizer.json" : file.lastPathComponent
        contents.source = TokenizerContents.Source(name: name, data: data)
        return contents
    }
}
