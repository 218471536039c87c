import TemperCore
import TemperSandbox

/// How fast the sandbox plays: what `temper bench` prints for shell environments.
package enum ShellSpeed {
    package struct Figure: Sendable, Hashable {
        package var episodes: Int
        package var steps: Int
        package var seconds: Double
        package var stepsPerSecond: Double { Double(steps) / seconds }
        package var episodesPerSecond: Double { Double(episodes) / seconds }
    }

    /// Plays train tasks of `pocket/terminal` with its expert, each in a sandbox of its own.
    ///
    /// - Parameter concurrency: episodes at once.
    /// - Throws: ``TemperError`` (unavailable) where there is no sandbox.
    package static func measure(episodes: Int, concurrency: Int) async throws -> Figure {
        let suite = TerminalSuite()
        let tasks = try suite.tasks(split: "train", limit: episodes)
        let started = ContinuousClock.now
        let steps = try await withThrowingTaskGroup(of: Int.self) { group in
            var total = 0
            for (index, task) in tasks.enumerated() {
                if index >= concurrency { total += try await group.next() ?? 0 }
                group.addTask { try await play(task, of: suite) }
            }
            for try await count in group { total += count }
            return total
        }
        return Figure(episodes: tasks.count, steps: steps, seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    /// - Returns: how many steps it took.
    private static func play(_ task: AgentTask, of suite: TerminalSuite) async throws -> Int {
        var environment = try suite.makeEnvironment(for: task)
        do {
            _ = try await environment.reset()
            let plan = try TerminalPlan(task)
            var outputs: [String] = []
            while let step = plan.step(after: outputs) {
                outputs.append(try await environment.step(Action("bash", step.command)).observation)
            }
            let answer = plan.answer(from: outputs)
            _ = try await environment.step(answer.map { Action("answer", $0) } ?? Action("finish", ""))
            _ = try await environment.score()
            await environment.close()
            return outputs.count + 1
        } catch {
            await environment.close()
            throw error
        }
    }
}
