package import Foundation
package import TemperCore

/// A document with its tokens.
package struct CuratedDocument: Sendable, Hashable {
    package var document: Document
    package var tokens: TokenDocument

    package init(document: Document, tokens: TokenDocument) {
        self.document = document
        self.tokens = tokens
    }

    init(_ encoded: EncodedDocument) {
        self.init(document: encoded.document, tokens: encoded.tokens)
    }
}

/// The result of ``Curation``; writes and reads the dataset folder of a run.
package struct CuratedDataset: Sendable {
    package var train: [CuratedDocument]
    package var heldOut: [CuratedDocument]
    package var card: DatasetCard
    /// What became of every episode and imported conversation, dropped ones too.
    package var fates: [CurationFate] = []

    /// Ids, mask and starts of the training documents, in order.
    package var trainTokens: TokenDataset { Self.tokens(train) }
    package var heldOutTokens: TokenDataset { Self.tokens(heldOut) }

    /// Writes `train.jsonl`, `tokens.safetensors`, `decisions.jsonl`, `card.json`, `card.md` and, where there is a held-out part,
    /// `held_out.jsonl` and `held_out.safetensors`. The cards come last: where they are, the rest is whole.
    ///
    /// - Returns: SHA-256 of each file by its name.
    /// - Throws: ``TemperError`` with code `unavailable` when the disk is full.
    @discardableResult
    package func write(to folder: URL) throws -> [String: String] {
        var names: [String] = []
        func put(_ name: String, _ documents: [CuratedDocument], tokens: String) throws {
            try AtomicFile.write(try Self.lines(documents.map(\.document)), to: folder.appendingPathComponent(name))
            try Self.tokens(documents).write(to: folder.appendingPathComponent(tokens))
            names += [name, tokens]
        }
        try put("train.jsonl", train, tokens: "tokens.safetensors")
        if !heldOut.isEmpty { try put("held_out.jsonl", heldOut, tokens: "held_out.safetensors") }
        try AtomicFile.write(try Self.lines(fates), to: folder.appendingPathComponent(Self.decisionsName))
        try AtomicFile.write(Data(card.markdown.utf8), to: folder.appendingPathComponent("card.md"))
        try AtomicFile.writeJSON(card, to: folder.appendingPathComponent("card.json"))
        names += [Self.decisionsName, "card.md", "card.json"]
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try SHA256.hex(file: folder.appendingPathComponent($0))) })
    }

    static let decisionsName = "decisions.jsonl"

    /// The documents of a `.jsonl` of this form.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    package static func documents(in url: URL) throws -> [Document] {
        try values(of: Document.self, called: "a document", in: url)
    }

    /// What became of every episode when a dataset folder was written; nil where none was, or an earlier version wrote it.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    package static func fates(in folder: URL) throws -> [CurationFate]? {
        let url = folder.appendingPathComponent(decisionsName)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try values(of: CurationFate.self, called: "a decision", in: url)
    }

    private static func values<Value: Decodable>(of type: Value.Type, called name: String, in url: URL) throws -> [Value] {
        let decoder = JSONDecoder()
        return try ReadFile.data(url).split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
            do {
                return try decoder.decode(type, from: line)
            } catch {
                throw TemperError(
                    .data, "not \(name): \(TemperError.describe(error))", place: "\(url.path):\(index + 1)", boundary: .data,
                    cause: error)
            }
        }
    }

    private static func lines(_ values: [some Encodable]) throws -> Data {
        let encoder = JSONEncoder.stable()
        return try values.reduce(into: Data()) { data, value in
            data += try encoder.encode(value)
            data.append(UInt8(ascii: "\n"))
        }
    }

    private static func tokens(_ documents: [CuratedDocument]) -> TokenDataset {
        TokenDataset(documents: documents.map(\.tokens))
    }
}
