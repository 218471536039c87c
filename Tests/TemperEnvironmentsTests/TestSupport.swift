import Foundation
import TemperCore
import TemperEnvironments
import Testing

/// Reads a file of the folder `Golden` beside the tests.
func golden<Value: Decodable>(_ name: String, as type: Value.Type, file: String = #filePath) throws -> Value {
    let url = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Golden/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// A file of the real data, or nil after saying what is skipped.
func realData(_ name: String) -> URL? {
    if let url = try? DataFolder.file(name) { return url }
    print("skipped: \(name) is not at hand (set \(DataFolder.variable))")
    return nil
}

/// What came of an episode of a test.
struct Played {
    var opening: String?
    var turns: [Turn]
    var score: Score
}

/// Plays a policy on a task, as the agents' episode loop does, from the given turns on.
func play(
    _ suite: any Suite, _ policy: any Script, _ task: AgentTask, method: TemperCore.Method = .react, seed: UInt64 = 7,
    resuming stored: [Turn] = [], environment given: (any Environment)? = nil
) async throws -> Played {
    var environment = try given ?? suite.makeEnvironment(for: task)
    let opening = try await environment.reset()
    for turn in stored { if let action = turn.action { _ = try await environment.step(action) } }
    var turns = stored
    let key = EpisodeKey(group: "test", suite: suite.id, task: task.id, method: method)
    while turns.count < suite.maximumTurns {
        let choices = policy.wantsChoices && method.usesTools ? environment.admissibleActions ?? [] : []
        let scene = Scene(
            key: key, task: task, turns: turns,
            choices: choices.map { TurnText.write(thought: nil, action: $0, format: task.format) },
            seed: RandomSource.derive(seed, [task.id]))
        let reply = try await policy.reply(in: scene)
        let reading = TurnText.read(reply, method: method, format: task.format)
        guard let action = reading.action else { break }
        let result = try await environment.step(action)
        turns.append(
            Turn(
                index: turns.count, reply: [Span(reply, by: policy.author ?? .teacher)], thought: reading.thought, action: action,
                observation: result.isDone ? nil : result.observation))
        if result.isDone { break }
    }
    let score = try await environment.score()
    await environment.close()
    return Played(opening: opening, turns: turns, score: score)
}

/// An expert writes the same again with the same seed, goes on alike after a stop anywhere, and writes otherwise with another seed
/// on more than so many of the tasks.
func expectSameAgain(
    _ suite: any Suite, _ tasks: [AgentTask], moreThan least: Int, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let expert = try scripted(suite, "expert")
    var differs = 0
    for task in tasks {
        let whole = try await play(suite, expert, task, seed: 3)
        #expect(try await play(suite, expert, task, seed: 3).turns == whole.turns, sourceLocation: sourceLocation)
        for count in 0..<whole.turns.count {
            let resumed = try await play(suite, expert, task, seed: 3, resuming: Array(whole.turns.prefix(count)))
            #expect(resumed.turns == whole.turns, sourceLocation: sourceLocation)
        }
        if try await play(suite, expert, task, seed: 4).turns != whole.turns { differs += 1 }
    }
    #expect(differs > least, sourceLocation: sourceLocation)
}

/// A scripted policy that must be there.
func scripted(_ suite: any Suite, _ name: String) throws -> any Script {
    guard let policy = suite.scriptedPolicy(named: name) else { throw TemperError(.usage, "no policy '\(name)'") }
    return policy
}
