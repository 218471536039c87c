import Foundation
import TemperCore
import TemperEnvironments
import Testing

/// Games as the alfworld package played them, written by `Tests/Interop/household_games.py`.
struct HouseholdRecord {
    struct Logic: Decodable {
        struct Release: Decodable {
            var domain: String?
            var grammar: String
        }
        var logic: [String: Release]
    }

    struct Game: Decodable {
        struct Step: Decodable {
            var action: String
            var observation: String
            var added: [String]
            var removed: [String]
            var won: Bool
        }
        var name: String
        var release: String
        var task: String
        var problem: String
        var opening: String
        var commands: [String]
        var steps: [Step]
    }

    static let goldenFile = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/household-games.jsonl")

    var games: [Game]
    var grammars: [String: String]

    init(_ file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { Data($0.utf8) }
        let first = try #require(lines.first)
        grammars = try JSONDecoder().decode(Logic.self, from: first).logic.mapValues(\.grammar)
        games = try lines.dropFirst().map { try JSONDecoder().decode(Game.self, from: $0) }
    }

    /// The game as a file of ALFWorld would hold it.
    func gameFile(_ game: Game) throws -> HouseholdGameFile {
        let grammar = try #require(grammars[game.release]).replacing("UNKNOWN GOAL", with: game.task)
        let file = JSONValue.object(["grammar": .string(grammar), "pddl_problem": .string(game.problem)])
        return try HouseholdGameFile(JSONEncoder().encode(file), named: game.name)
    }

    /// Plays every game again and compares word for word.
    ///
    /// - Returns: the numbers of steps and of games won.
    func replay() throws -> (steps: Int, won: Int) {
        var (steps, won) = (0, 0)
        for game in games {
            let file = try gameFile(game)
            #expect(file.dialect.rawValue == game.release && file.goalText == game.task)
            var world = try HouseholdWorld(file.problem(), dialect: file.dialect, named: game.name)
            #expect(
                "-= Welcome to TextWorld, ALFRED! =-\n\n\(world.opening)\n\nYour task is to: \(game.task)." == game.opening,
                "\(game.name)")
            var commands = Set(game.commands)
            #expect(world.admissibleCommands == commands.sorted(), "\(game.name)")
            for (number, step) in game.steps.enumerated() {
                let action = step.action.trimmingCharacters(in: .whitespaces)
                let place = Comment("\(game.name), step \(number): \(action)")
                #expect(world.perform(action) ?? "Nothing happens." == step.observation, place)
                commands = commands.subtracting(step.removed).union(step.added)
                try #require(world.admissibleCommands == commands.sorted(), place)
                try #require(world.isWon == step.won, place)
                steps += 1
            }
            if world.isWon { won += 1 }
        }
        return (steps, won)
    }
}

@Suite struct HouseholdRecordTests {
    @Test("The simulator plays a record of the alfworld package as that package played it")
    func recordGolden() throws {
        let record = try HouseholdRecord(HouseholdRecord.goldenFile)
        let (steps, won) = try record.replay()
        #expect(record.games.count >= 10 && won == record.games.count && steps > 150)
    }

    @Test(
        "The simulator plays the games of an interop run as the alfworld package played them", .enabled(if: interopRecord != nil))
    func playsInteropRecord() throws {
        let record = try HouseholdRecord(URL(fileURLWithPath: #require(interopRecord)))
        let (steps, won) = try record.replay()
        print("household: \(record.games.count) games, \(steps) steps, \(won) won: the same commands, observations and wins")
        #expect(record.games.count >= 60)
    }
}

private let interopRecord = ProcessInfo.processInfo.environment["TEMPER_HOUSEHOLD_RECORD"]
