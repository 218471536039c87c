package import Foundation
package import TemperCore
import TemperTokenizers

/// The dataset of a run, as exports read it: documents one at a time.
package struct ExportSource: Sendable {
    /// `train`, and `held_out` where there is such a part.
    enum Part: String, CaseIterable { case train, heldOut = "held_out" }

    let folder: RunFolder
    private let formats: [TurnFormat]
    /// The folder of a model that the recipe names.
    private let modelFolder: @Sendable (String) throws -> URL

    /// - Parameters:
    ///   - formats: the words that the run's tasks may be written in, beside ReAct's.
    ///   - modelFolder: where a model that the recipe names is; other trainers do not know Temper's names.
    /// - Throws: ``TemperError`` with code `data` when the run has no dataset.
    package init(
        _ folder: RunFolder, formats: [TurnFormat],
        modelFolder: @escaping @Sendable (String) throws -> URL = { URL(fileURLWithPath: $0) }
    ) throws {
        self.folder = folder
        self.formats = formats
        self.modelFolder = modelFolder
        guard FileManager.default.fileExists(atPath: documents(.train).path) else {
            throw TemperError(
                .data, "the run has no dataset", hint: "temper curate makes one", place: folder.url.path, boundary: .data)
        }
    }

    private func documents(_ part: Part) -> URL { folder.dataset.appendingPathComponent(part.rawValue + ".jsonl") }
    var parts: [Part] { Part.allCases.filter { FileManager.default.fileExists(atPath: documents($0).path) } }

    /// - Throws: ``TemperError`` with code `data` that names file and line; what `body` throws.
    func forEach(in part: Part, _ body: (Document) throws -> Void) throws {
        let decoder = JSONDecoder()
        let url = documents(part)
        let stream = try RecordStream(url, shape: .lines)
        while let raw = stream.nextRaw() {
            let document: Document
            do {
                document = try decoder.decode(Document.self, from: Data(raw.bytes))
            } catch {
                throw TemperError(
                    .data, "not a document: \(TemperError.describe(error))", place: url.path + raw.place, boundary: .data,
                    cause: error)
            }
            try body(document)
        }
    }

    func tokens(_ part: Part) throws -> TokenDataset {
        let name = part == .train ? "tokens.safetensors" : "held_out.safetensors"
        return try TokenDataset(contentsOf: folder.dataset.appendingPathComponent(name))
    }

    /// The card as a page; empty where there is none.
    func cardText() throws -> String {
        let url = folder.dataset.appendingPathComponent("card.md")
        guard FileManager.default.fileExists(atPath: url.path) else { return "" }
        return String(decoding: try ReadFile.data(url), as: UTF8.self)
    }

    /// The chat template that the dataset's card holds: one by name, or the text of a model's own.
    ///
    /// - Throws: ``TemperError`` with code `data` for a card without one that can be read.
    func chatTemplate() throws -> ChatTemplate {
        struct Card: Decodable {
            var template: ChatTemplate
            enum CodingKeys: String, CodingKey { case template = "chat_template" }
        }
        let url = folder.dataset.appendingPathComponent("card.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return .chatML }
        return try ReadFile.json(Card.self, from: url).template
    }

    /// What the recipe replaced in the dataset; nil where it asked for nothing.
    func redaction() throws -> RedactionOptions? {
        let url = folder.dataset.appendingPathComponent("card.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try ReadFile.json(DatasetCard.self, from: url).options.redact
    }

    /// How many replies weigh more or less than 1.
    func weightedReplies() throws -> Int {
        var count = 0
        for part in parts { try forEach(in: part) { count += $0.weightedReplies } }
        return count
    }

    /// The base model that the run's recipe names, for the configurations of other trainers.
    ///
    /// A path where the model is on this machine, as it is of those that come with Temper; the recipe's word otherwise.
    func baseModel() throws -> String {
        guard let name = try Manifest.read(folder)?.recipe["train"]?["base"]?.string else { return "MODEL" }
        do {
            return try modelFolder(name).standardizedFileURL.path
        } catch {
            // It may be a name that the other trainer fetches.
            return name
        }
    }

    /// A document as trainers are given it that render it themselves: with functions and calls where a model's own template has words
    /// for them, in words where Temper put them into words.
    func shown(_ document: Document) throws -> Document {
        if case .model = try chatTemplate() { return document }
        return try document.worded()
    }

    /// The last observation of each FireAct record, by the text of its episode's key.
    func endings() throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: folder.store.path) else { return [:] }
        var endings: [String: String] = [:]
        for trajectory in try RunStore(folder.store, formats: formats).trajectories() {
            let reward = (trajectory.score?.reward ?? 0) >= 1 ? 1 : 0
            endings[trajectory.key.text] =
                trajectory.task.payload[FireActText.endingKey]?.string ?? "\(FireActText.endMark)\(reward)\n"
        }
        return endings
    }
}

/// A file of JSON records, written as it comes.
struct RecordWriter {
    enum Style { case lines, array }

    private let handle: FileHandle
    private let style: Style
    private var buffer = Data()
    private(set) var count = 0
    private let encoder = JSONEncoder.stable()

    private init(_ handle: FileHandle, _ style: Style) {
        self.handle = handle
        self.style = style
    }

    /// Writes a whole file; `body` appends its records.
    static func write(_ url: URL, style: Style = .lines, _ body: (inout RecordWriter) throws -> Void) throws {
        try AtomicFile.write(to: url) { handle in
            var writer = RecordWriter(handle, style)
            if style == .array { writer.buffer += Data("[\n".utf8) }
            try body(&writer)
            if style == .array { writer.buffer += Data("\n]\n".utf8) }
            try handle.write(contentsOf: writer.buffer)
        }
    }

    /// - Parameter raw: fields that are JSON already, written as they are in the place of the value's own.
    mutating func append(_ value: JSONValue, raw: [String: String?] = [:]) throws {
        if style == .array, count > 0 { buffer += Data(",\n".utf8) }
        let given = raw.compactMapValues { $0 }.sorted { $0.key < $1.key }
        if given.isEmpty {
            buffer += try encoder.encode(value)
        } else {
            buffer += try encoder.encode(value.object?.filter { raw[$0.key] == nil } ?? [:]).dropLast()
            for (key, text) in given { buffer += Data(", \"\(key)\": \(text)".utf8) }
            buffer += Data("}".utf8)
        }
        if style == .lines { buffer.append(UInt8(ascii: "\n")) }
        count += 1
        guard buffer.count > 1 << 20 else { return }
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
