public import Foundation
public import TemperCore

/// A document with its tokens.
public struct CuratedDocument: Sendable, Hashable {
    public var document: Document
    public var tokens: TokenDocument
}

/// The result of ``Curation``; writes and reads the dataset folder of a run.
public struct CuratedDataset: Sendable {
    public var train: [CuratedDocument]
    public var heldOut: [CuratedDocument]
    public var card: DatasetCard

    /// Ids, mask and starts of the training documents, in order.
    public var trainTokens: TokenDataset { Self.tokens(train) }
    public var heldOutTokens: TokenDataset { Self.tokens(heldOut) }

    /// Writes `train.jsonl`, `tokens.safetensors`, `card.json`, `card.md` and, where there is a held-out part,
    /// `held_out.jsonl` and `held_out.safetensors`. The cards come last: where they are, the rest is whole.
    ///
    /// - Returns: SHA-256 of each file by its name.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk is full.
    @discardableResult
    public func write(to folder: URL) throws -> [String: String] {
        var names: [String] = []
        func put(_ name: String, _ documents: [CuratedDocument], tokens: String) throws {
            try AtomicFile.write(try Self.lines(documents.map(\.document)), to: folder.appendingPathComponent(name))
            try Self.tokens(documents).write(to: folder.appendingPathComponent(tokens))
            names += [name, tokens]
        }
        try put("train.jsonl", train, tokens: "tokens.safetensors")
        if !heldOut.isEmpty { try put("held_out.jsonl", heldOut, tokens: "held_out.safetensors") }
        try AtomicFile.write(Data(card.markdown.utf8), to: folder.appendingPathComponent("card.md"))
        try AtomicFile.writeJSON(card, to: folder.appendingPathComponent("card.json"))
        names += ["card.md", "card.json"]
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try SHA256.hex(file: folder.appendingPathComponent($0))) })
    }

    /// The documents of a `.jsonl` of this form.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    public static func documents(in url: URL) throws -> [Document] {
        let text = String(decoding: try ReadFile.data(url), as: UTF8.self)
        return try text.split(separator: "\n").enumerated().map { index, line in
            do {
                return try JSONDecoder().decode(Document.self, from: Data(line.utf8))
            } catch {
                throw TemperError(
                    .data, "not a document: \(TemperError.describe(error))", place: "\(url.path):\(index + 1)", boundary: .data,
                    cause: error)
            }
        }
    }

    private static func lines(_ documents: [Document]) throws -> Data {
        let encoder = JSONEncoder.stable()
        return try documents.reduce(into: Data()) { data, document in
            data += try encoder.encode(document)
            data.append(UInt8(ascii: "\n"))
        }
    }

    private static func tokens(_ documents: [CuratedDocument]) -> TokenDataset {
        TokenDataset(documents: documents.map(\.tokens))
    }
}
