package import Foundation
import TemperCore

extension RunFolder {
    /// Imported conversations: `NAME.jsonl`, one ``Document`` a line, and `NAME.json`, what was read, mended and left out.
    package var conversations: URL { url.appendingPathComponent("conversations", isDirectory: true) }
}

/// Imported conversations of a run: chats that are no episodes, which curation takes in beside the episodes.
package struct ConversationFile: Codable, Sendable {
    /// The format's name.
    package var format: String
    /// The file they come from.
    package var path: String
    package var report: ImportReport

    /// Reads a file into a run, as a stream.
    ///
    /// - Throws: ``TemperError`` with code `data` when the run already holds conversations of another file of that name, and as
    ///   ``ImportFormat/read(_:options:keep:)``; nothing is written then.
    package static func write(
        _ file: URL, format: any ImportFormat, options: ImportOptions, into folder: RunFolder
    ) throws -> ImportReport {
        let name = format.name + "-" + file.deletingPathExtension().lastPathComponent
        let target = folder.conversations.appendingPathComponent(name + ".jsonl")
        let card = folder.conversations.appendingPathComponent(name + ".json")
        let path = file.standardizedFileURL.path
        if FileManager.default.fileExists(atPath: card.path) {
            let other = try ReadFile.json(ConversationFile.self, from: card)
            guard other.path == path else {
                throw TemperError(
                    .data, "the run already holds conversations named \(name), of \(other.path)",
                    hint: "import into another folder with --run, or rename the file", place: folder.url.path, boundary: .data)
            }
        }
        do {
            try FileManager.default.createDirectory(at: folder.conversations, withIntermediateDirectories: true)
        } catch {
            throw TemperError(
                .unavailable, "the folder cannot be created: \(error.localizedDescription)", place: folder.conversations.path,
                boundary: .data, cause: error)
        }
        let encoder = JSONEncoder.stable()
        var report = ImportReport()
        try AtomicFile.write(to: target) { handle in
            var lines = Data()
            report = try format.read(file, options: options) { content in
                guard case .conversation(let document) = content else { return }
                lines += try encoder.encode(document)
                lines.append(UInt8(ascii: "\n"))
                if lines.count > 1 << 20 {
                    try handle.write(contentsOf: lines)
                    lines.removeAll(keepingCapacity: true)
                }
            }
            try handle.write(contentsOf: lines)
            // Thrown here, so that the run keeps no file of nothing.
            try report.requireAny(of: file)
        }
        try AtomicFile.writeJSON(ConversationFile(format: format.name, path: path, report: report), to: card)
        return report
    }

    /// The conversations of a run, in order of file and place; in memory.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    package static func documents(in folder: RunFolder) throws -> [Document] {
        guard FileManager.default.fileExists(atPath: folder.conversations.path) else { return [] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.conversations.path)
        } catch {
            throw TemperError(
                .data, "the folder cannot be read", place: folder.conversations.path, boundary: .data, cause: error)
        }
        return try names.filter { $0.hasSuffix(".jsonl") }.sorted().flatMap {
            try CuratedDataset.documents(in: folder.conversations.appendingPathComponent($0))
        }
    }
}
