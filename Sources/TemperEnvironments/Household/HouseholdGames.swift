import Foundation
import TemperCore

/// Finds game files and makes tasks of them.
enum HouseholdGames {
    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The game files below a folder in order of path. Games with movable receptacles or sliced objects are left out, as ALFWorld
    /// leaves them out.
    static func files(in folder: URL) throws -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let games = files.filter { file in
            let isGame = file.lastPathComponent == AlfworldSuite.gameFileName || file.pathExtension == "z8"
            return isGame && !["movable", "Sliced"].contains { file.path.contains($0) }
        }
        guard !games.isEmpty else {
            throw TemperError(
                .data, "there is no '\(AlfworldSuite.gameFileName)' or '.z8' file below the folder", place: folder.path,
                boundary: .data)
        }
        return games.sorted { $0.path < $1.path }
    }

    /// The games that a JSON file lists, each at the first root where it lies.
    ///
    /// - Throws: ``TemperError`` with code `data` that names a path that is nowhere.
    static func listed(in list: URL, roots: [URL]) throws -> [URL] {
        guard let data = FileManager.default.contents(atPath: list.path) else {
            throw TemperError(.unavailable, "the list of games cannot be read", place: list.path, boundary: .data)
        }
        return try paths(JSONValue.parse(data, named: list.path)).map { path in
            let choices = path.hasPrefix("/") ? [URL(fileURLWithPath: path)] : roots.map { $0.appendingPathComponent(path) }
            guard let file = choices.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
                throw TemperError(
                    .data, "the game '\(path)' does not exist", hint: "set suites.alfworld.games to the folder of the games",
                    place: list.path,
                    boundary: .data)
            }
            return file
        }
    }

    private static func paths(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let path): [path]
        case .array(let items): items.flatMap(paths)
        case .object(let fields): fields.keys.sorted().flatMap { paths(fields[$0] ?? .null) }
        case .null, .bool, .number: []
        }
    }

    /// Tasks whose ids are the paths of the games below a folder. Games that ALFWorld marks as unsolvable are left out.
    static func tasks(of files: [URL], below folder: URL?, split: String, limit: Int?) throws -> [AgentTask] {
        var tasks: [AgentTask] = []
        for file in files where limit.map({ tasks.count < $0 }) ?? true {
            var name =
                folder.map { String(file.standardizedFileURL.path.dropFirst($0.standardizedFileURL.path.count + 1)) } ?? file.path
            if name.hasSuffix("/" + AlfworldSuite.gameFileName) { name.removeLast(AlfworldSuite.gameFileName.count + 1) }
            if file.pathExtension == "z8" {
                let payload = JSONValue.object(["game": .string(file.path)])
                tasks.append(task(name, split, try objective(of: file), payload, kind: "textworld"))
                continue
            }
            let game = try HouseholdGameFile(path: file.path)
            guard game.isSolvable else { continue }
            var payload: [String: JSONValue] = ["game": .string(file.path)]
            if let walkthrough = game.walkthrough { payload["walkthrough"] = .array(walkthrough.map { .string($0) }) }
            let kind = HouseholdKind(goal: try game.problem().goal)
            tasks.append(
                task(name, split, "Your task is to: \(game.goalText).", .object(payload), kind: kind?.rawValue ?? "other"))
        }
        return tasks
    }

    private static func task(_ name: String, _ split: String, _ instruction: String, _ payload: JSONValue, kind: String)
        -> AgentTask
    {
        AgentTask(
            id: name, suite: AlfworldSuite.identifier, split: split, instruction: instruction, payload: payload,
            tags: ["kind": kind],
            format: .household)
    }

    /// What TextWorld's description beside a `.z8` game says is to be done.
    private static func objective(of file: URL) throws -> String {
        let description = file.deletingPathExtension().appendingPathExtension("json")
        guard let data = FileManager.default.contents(atPath: description.path) else { return "Play the game to its end." }
        return try JSONValue.parse(data, named: description.path)["objective"]?.string ?? "Play the game to its end."
    }
}
