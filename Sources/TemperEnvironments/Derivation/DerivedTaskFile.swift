package import Foundation
package import TemperCore

/// Tasks as Temper keeps them, one JSON object a line: `id`, `suite`, `split`, `instruction`, `payload`, `tags`, `format`.
package enum DerivedTaskFile {
    /// Writes the file whole or not at all.
    package static func write(_ tasks: [AgentTask], to url: URL) throws {
        var data = Data()
        for task in tasks {
            data += try JSONEncoder.stable().encode(task)
            data.append(UInt8(ascii: "\n"))
        }
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFile.write(to: url) { try $0.write(contentsOf: data) }
    }

    /// The tasks of a file.
    ///
    /// - Returns: nil when the path is a folder or its first line is a record of another form.
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    package static func tasks(at path: String, of suite: any Suite) throws -> [AgentTask]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { return nil }
        let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first(where: { !$0.isEmpty }), isOurs(first) else { return nil }
        var seen: Set<String> = []
        return try lines.enumerated().compactMap { index, line in
            guard !line.isEmpty else { return nil }
            let place = "\(path):\(index + 1)"
            let task: AgentTask
            do {
                task = try JSONDecoder().decode(AgentTask.self, from: Data(line), configuration: [suite.format])
            } catch {
                throw TemperError(.data, "the line is not a task: \(TemperError.describe(error))", place: place, boundary: .data)
            }
            guard task.suite == suite.id else {
                throw TemperError(
                    .data, "the task is one of '\(task.suite)', not of '\(suite.id)'", place: place, boundary: .data)
            }
            guard seen.insert(task.id).inserted else {
                throw TemperError(.data, "the id '\(task.id)' appears twice", place: place, boundary: .data)
            }
            return task
        }
    }

    /// As ``tasks(at:of:)``, for suites that read nothing else.
    static func onlyTasks(at path: String, of suite: any Suite) throws -> [AgentTask] {
        if let tasks = try tasks(at: path, of: suite) { return tasks }
        throw TemperError(
            .data, "the suite '\(suite.id)' reads files of derived tasks only, and this is not one",
            hint: "'temper derive' writes them, one task a line", place: path, boundary: .data)
    }

    private static func isOurs(_ line: Data) -> Bool {
        do {
            let record = try JSONDecoder().decode(JSONValue.self, from: line)
            return ["suite", "instruction", "payload"].allSatisfy { record[$0] != nil }
        } catch {
            return false  // the reader of the other form says what is wrong with it
        }
    }
}
