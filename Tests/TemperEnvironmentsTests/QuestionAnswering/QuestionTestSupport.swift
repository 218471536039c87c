import Foundation
import TemperCore

@testable import TemperEnvironments

/// Reads a file of the folder `Golden` beside this folder.
func questionGolden<Value: Decodable>(_ name: String, as type: Value.Type, file: String = #filePath) throws -> Value {
    try golden(name, as: type, file: URL(fileURLWithPath: file).deletingLastPathComponent().path)
}

/// Runs with files in a fresh temporary folder, removed at the end.
func withQuestionFiles<Result>(_ files: [String: String], _ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    return try await body(folder.path)
}

/// An episode as a README shows it.
func transcript(_ suite: any TemperCore.Suite, _ policy: String, _ task: AgentTask) async throws -> String {
    let played = try await play(suite, scripted(suite, policy), task)
    let turns = played.turns.flatMap { turn in
        [turn.replyText] + (turn.observation.map { [TurnText.write(observation: $0)] } ?? [])
    }
    return ([task.instruction] + turns + ["(reward \(played.score.reward))"]).joined(separator: "\n")
}

extension PocketSplit {
    var world: (Int) -> PocketWorld {
        { PocketWorld(number: UInt64($0), partition: partition, wording: wording) }
    }
}
