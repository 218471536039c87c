import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperExperiment

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints the episodes of a run, or one trajectory; with --tokens, the trained tokens marked.",
        discussion: """
            EPISODE is an episode's key, a task id, or a 1-based position. With --tokens, green is trained, dim is not.

            Example:
              temper show runs/quickstart 1 --tokens
            """)
    @Argument(help: "The run folder.")
    var folder: String
    @Argument(help: "An episode's key, a task id, or a position.")
    var episode: String?
    @Flag(help: "Show every token, the trained ones marked.")
    var tokens = false
    @Option(help: "Only episodes of this group, for example collect or evaluate/tuned.")
    var group: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        let runFolder = try RunFolder.existing(URL(fileURLWithPath: folder, isDirectory: true))
        let store = try RunStore(runFolder)
        guard let episode else {
            guard !tokens else {
                throw TemperError(.usage, "--tokens needs an EPISODE", hint: "for example: temper show \(folder) 1 --tokens")
            }
            return try list(store)
        }
        let trajectory = try store.trajectory(matching: episode, group: group)
        if tokens {
            let views = try RunTokens.views(of: trajectory, in: runFolder)
            if output.json {
                try Output.json(["tokens": views.flatMap(\.tokens)])
            } else {
                for view in views { print(view.coloured) }
            }
        } else if output.json {
            try Output.json(trajectory)
        } else {
            Output.text(TranscriptText.text(of: trajectory))
        }
    }

    private func list(_ store: RunStore) throws {
        let trajectories = try store.trajectories(group: group)
        if output.json {
            struct Row: Encodable {
                var key: String
                var outcome: Outcome
                var reward: Double?
                var turns: Int
            }
            struct Listing: Encodable { var episodes: [Row] }
            let rows = trajectories.map {
                Row(key: $0.key.text, outcome: $0.outcome, reward: $0.score?.reward, turns: $0.turns.count)
            }
            return try Output.json(Listing(episodes: rows))
        }
        let rows = trajectories.enumerated().map { index, trajectory in
            [
                "\(index + 1)", trajectory.key.text, trajectory.outcome.rawValue,
                trajectory.score.map { String(format: "%.2f", $0.reward) } ?? "error", "\(trajectory.turns.count) turns",
            ]
        }
        Output.table([["", "episode", "outcome", "reward", ""]] + rows)
    }
}

/// A trajectory for reading.
enum TranscriptText {
    static func text(of trajectory: Trajectory) -> String {
        var lines = ["\(trajectory.key.text)  policy \(trajectory.policy)", "", trajectory.task.instruction]
        if let opening = trajectory.opening { lines.append(opening) }
        for turn in trajectory.turns {
            for reflection in turn.reflections ?? [] { lines += ["", "Reflection: \(reflection)"] }
            lines.append("")
            lines.append(turn.replyText)
            if let action = turn.carriedOut { lines.append("  > carried out: \(action.text)") }
            if let diagnosis = turn.diagnosis { lines.append("  ! \(diagnosis)") }
            if let observation = turn.observation, observation != turn.diagnosis { lines.append("Observation: \(observation)") }
        }
        let reward = trajectory.score.map { "reward \($0.reward)" } ?? "no score"
        let gold = trajectory.task.referenceAnswer.map { ", gold '\($0)'" } ?? ""
        lines += ["", "\(trajectory.outcome.rawValue), answer '\(trajectory.answer ?? "")'\(gold), \(reward)"]
        if let failure = trajectory.failure { lines.append("\(failure.boundary.rawValue): \(failure.message)") }
        return lines.joined(separator: "\n")
    }
}
