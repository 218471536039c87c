import Foundation
import TemperCore
import TemperSandbox

/// Reads tasks in AgentBench's schema from a JSON file (one record or a list), a file of JSON lines, or a folder of such files.
enum OperatingSystemTaskFile {
    /// - Throws: ``TemperError`` with code `data` that names file and record.
    static func tasks(at url: URL, suite: String, split: String) throws -> [AgentTask] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw TemperError(.usage, "there is no such file or folder", place: url.path)
        }
        let root = isFolder.boolValue ? url : url.deletingLastPathComponent()
        let files = isFolder.boolValue ? try jsonFiles(in: url) : [url.lastPathComponent]
        var tasks: [AgentTask] = []
        for file in files {
            let scripts = ScriptFolder(root: root, file: file)
            let name = file.split(separator: "/").joined(separator: "-").replacing(/\.jsonl?$/, with: "")
            let records = try records(of: root.appendingPathComponent(file), named: file)
            for (index, (place, record)) in records.enumerated() {
                guard let description = record["description"]?.string, record["evaluation"]?.object != nil else {
                    throw TemperError(.data, "the record lacks 'description' or 'evaluation'", place: place, boundary: .data)
                }
                let id = "\(name)-\(index.padded(3))"
                let task = AgentTask(
                    id: id, suite: suite, split: split, instruction: description, payload: try payload(record, scripts),
                    tags: ["group": String(file.split(separator: "/").first ?? "tasks")], format: .operatingSystem)
                try check(task, place)
                tasks.append(task)
            }
        }
        return tasks
    }

    /// A faulty record is named here; one whose scripts are missing is still a task, which cannot be played.
    private static func check(_ task: AgentTask, _ place: String) throws {
        do {
            _ = try OperatingSystemTask(task.payload, id: task.id)
        } catch let error as TemperError where error.code == .data {
            throw TemperError(.data, error.message, place: place, boundary: .data)
        } catch let error as TemperError where error.code == .unavailable {
            return
        }
    }

    private static func jsonFiles(in folder: URL) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return paths.filter { path in
            (path.hasSuffix(".json") || path.hasSuffix(".jsonl")) && !path.split(separator: "/").dropLast().contains("scripts")
        }.sorted()
    }

    private static func records(of url: URL, named name: String) throws -> [(place: String, record: JSONValue)] {
        let data = try Data(contentsOf: url)
        if name.hasSuffix(".jsonl") {
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            return try lines.enumerated().filter { !$0.element.allSatisfy { $0 == 32 || $0 == 13 } }.map { index, line in
                ("\(name):\(index + 1)", try JSONValue.parse(Data(line), named: "\(name):\(index + 1)"))
            }
        }
        let value = try JSONValue.parse(data, named: name)
        guard let list = value.array else { return [(name, value)] }
        return list.enumerated().map { ("\(name), record \($0.offset + 1)", $0.element) }
    }

    /// The parts that playing needs, with the code of script files in place of their names.
    private static func payload(_ record: JSONValue, _ scripts: ScriptFolder) throws -> JSONValue {
        var payload: [String: JSONValue] = [:]
        for key in ["create", "start", "evaluation"] { payload[key] = try record[key].map(scripts.resolved) }
        return .object(payload)
    }

    /// Where the scripts that tasks name may lie: `scripts/<group>/`, `scripts/` of the data, `scripts/` beside the file.
    private struct ScriptFolder {
        let folders: [URL]

        init(root: URL, file: String) {
            let scripts = root.appendingPathComponent("scripts")
            let beside = root.appendingPathComponent(file).deletingLastPathComponent().appendingPathComponent("scripts")
            folders = [scripts.appendingPathComponent(String(file.split(separator: "/")[0])), scripts, beside]
        }

        func resolved(_ value: JSONValue) throws -> JSONValue {
            switch value {
            case .array(let values): return .array(try values.map(resolved))
            case .object(var fields):
                if let file = fields["file"]?.string, StockCheck(file: file) == nil, let code = try text(file) {
                    fields["file"] = nil
                    fields["code"] = .string(code)
                    if file.hasSuffix(".py") { fields["language"] = .string("python") }
                    return .object(fields)
                }
                return .object(try fields.mapValues(resolved))
            default: return value
            }
        }

        private func text(_ file: String) throws -> String? {
            guard !file.split(separator: "/").contains("..") else { return nil }
            let url = folders.map { $0.appendingPathComponent(file) }.first { FileManager.default.fileExists(atPath: $0.path) }
            return try url.map { try String(contentsOf: $0, encoding: .utf8) }
        }
    }
}
