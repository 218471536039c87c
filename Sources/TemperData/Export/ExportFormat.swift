package import Foundation
package import TemperCore

/// What `temper export` wrote.
package struct ExportReport: Codable, Sendable, Hashable {
    package struct LeftOut: Codable, Sendable, Hashable {
        package var reason: String
        package var count: Int
    }

    package var format: String
    package var path: String
    /// Documents of the dataset, including held-out ones.
    package var documents = 0
    /// Records written; more than documents where a format needs one for each reply.
    package var records = 0
    package var leftOut: [LeftOut] = []
    /// What the format cannot say, in sentences.
    package var notes: [String] = []

    enum CodingKeys: String, CodingKey {
        case format, path, documents, records, notes
        case leftOut = "left_out"
    }

    init(format: String, path: String) {
        self.format = format
        self.path = path
    }

    mutating func leaveOut(_ reason: String) {
        if let index = leftOut.firstIndex(where: { $0.reason == reason }) {
            leftOut[index].count += 1
        } else {
            leftOut.append(LeftOut(reason: reason, count: 1))
        }
    }
}

/// A format that other trainers read: one file, or a folder. A new one is a type like this and a line in ``ExportFormats``.
package protocol ExportFormat: Sendable {
    var name: String { get }
    var summary: String { get }
    var isFolder: Bool { get }
    /// Whether it has a place for the weight of a reply; where not, the report says how many have one.
    var carriesWeights: Bool { get }
    /// Writes the dataset to a file or into an empty folder that nobody sees yet.
    func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws
}

extension ExportFormat {
    package var carriesWeights: Bool { false }
}

/// The formats by name.
package enum ExportFormats {
    package static let all: [any ExportFormat] =
        [
            RecordFile.openAIChat, RecordFile.shareGPT, RecordFile.agentInstruct, RecordFile.fireActAlpaca,
            RecordFile.fireActChat,
        ] + [HuggingFaceFolder(), MegatronFolder(), MLXFolder(), LlamaFactoryFolder(), AxolotlFolder()]

    /// - Throws: ``TemperError`` with code `usage` that lists the known names.
    package static func named(_ name: String) throws -> any ExportFormat {
        if let format = all.first(where: { $0.name == name }) { return format }
        throw TemperError(
            .usage, "there is no export format '\(name)'", hint: "there are: \(all.map(\.name).joined(separator: ", "))",
            boundary: .data)
    }
}

/// Writes a run's dataset in another program's format: what `temper export` does.
package enum RunExport {
    /// - Parameters:
    ///   - formats: the words that the run's tasks may be written in, beside ReAct's.
    ///   - modelFolder: where a model that the recipe names is.
    /// - Throws: ``TemperError`` with code `unavailable` when `target` exists already or the disk is full, and
    ///   `data` when the run has no dataset. Nothing half-written stays.
    package static func run(
        format name: String, folder: RunFolder, formats: [TurnFormat],
        modelFolder: @escaping @Sendable (String) throws -> URL = { URL(fileURLWithPath: $0) }, to target: URL
    ) throws -> ExportReport {
        let format = try ExportFormats.named(name)
        let dataset = try ExportSource(folder, formats: formats, modelFolder: modelFolder)
        guard !FileManager.default.fileExists(atPath: target.path) else {
            throw TemperError(
                .unavailable, "the path exists already", hint: "choose another with --out, or remove it",
                place: target.path, boundary: .data)
        }
        var report = ExportReport(format: name, path: target.path)
        try dataset.checkRedaction(&report)
        let temporary = AtomicFile.temporary(for: target)
        do {
            if FileManager.default.fileExists(atPath: temporary.path) { try FileManager.default.removeItem(at: temporary) }
            let parent = format.isFolder ? temporary : target.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try format.write(dataset, to: temporary, &report)
            if !format.carriesWeights { report.note(weighted: try dataset.weightedReplies()) }
            // `rename` would replace a file that appeared meanwhile, so the target is looked up once more just before it.
            guard !FileManager.default.fileExists(atPath: target.path), rename(temporary.path, target.path) == 0 else {
                throw CocoaError(.fileWriteFileExists)
            }
        } catch {
            if FileManager.default.fileExists(atPath: temporary.path) { try FileManager.default.removeItem(at: temporary) }
            if let error = error as? TemperError { throw error }
            throw TemperError(
                .unavailable, "the export cannot be written: \(error.localizedDescription)", hint: "is the disk full?",
                place: target.path, boundary: .data, cause: error)
        }
        return report
    }
}
