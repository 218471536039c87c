import Foundation
package import TemperCore

/// The dataset of a run, as exports read it: documents one at a time.
package struct ExportSource: Sendable {
    /// `train`, and `held_out` where there is such a part.
    enum Part: String, CaseIterable { case train, heldOut = "held_out" }

    let folder: RunFolder
    private let formats: [TurnFormat]

    /// - Parameter formats: the words that the run's tasks may be written in, beside ReAct's.
    /// - Throws: ``TemperError`` with code `data` when the run has no dataset.
    package init(_ folder: RunFolder, formats: [TurnFormat]) throws {
        self.folder = folder
        self.formats = formats
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

    /// What the dataset's card says of the chat template.
    func chatTemplate() throws -> String {
        let url = folder.dataset.appendingPathComponent("card.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return "chatml" }
        return try ReadFile.json(JSONValue.self, from: url)["chat_template"]?.string ?? "chatml"
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
    func baseModel() throws -> String { try Manifest.read(folder)?.recipe["train"]?["base"]?.string ?? "MODEL" }

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

    mutating func append(_ value: JSONValue) throws {
        if style == .array, count > 0 { buffer += Data(",\n".utf8) }
        buffer += try encoder.encode(value)
        if style == .lines { buffer.append(UInt8(ascii: "\n")) }
        count += 1
        guard buffer.count > 1 << 20 else { return }
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
