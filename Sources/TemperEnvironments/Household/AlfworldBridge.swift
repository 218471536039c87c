import Foundation
package import TemperCore
import TemperSandbox

/// A game played by the alfworld or the textworld package in a Python process, over JSON lines (`alfworld_bridge.py`).
///
/// Observations are as the package prints them, but for the greeting and the task at the start and the arrival at a numbered
/// place (see ``HouseholdEnvironment``).
package struct AlfworldBridge: Environment {
    private static let startLimit = Duration.seconds(180)
    private static let stepLimit = Duration.seconds(60)

    package let answer: String? = nil
    private let python: String
    private let game: String
    private let script: String
    private var process: ChildProcess?
    private var state = State()

    /// What the script last said of the game.
    private struct State {
        var observation = ""
        var commands: [String]?
        var won = false
        var done = false
    }

    /// A state, or what failed.
    private struct Answer: Decodable {
        var error: String?
        var observation: String?
        var commands: [String]?
        var won: Bool?
        var done: Bool?
    }

    private struct Request: Encodable {
        var `do`: String
        var game: String?
        var command: String?
    }

    /// - Throws: ``TemperError`` with code `internal` when the script is not among the resources.
    package init(python: String, game: String) throws {
        self.python = python
        self.game = game
        script = try Self.scriptPath()
    }

    package mutating func reset() async throws -> String? {
        if process == nil { process = try ChildProcess([python, "-u", script]) }
        state = try await ask(Request(do: "reset", game: game), within: Self.startLimit)
        // AgentBench leaves out the greeting; the task is in the instruction.
        let parts = state.observation.components(separatedBy: "\n\n")
        guard parts.count > 1, parts[0].hasPrefix("-= Welcome to TextWorld, ALFRED!") else { return state.observation }
        return parts.dropFirst().filter { !$0.hasPrefix("Your task is to: ") }.joined(separator: "\n")
    }

    package mutating func step(_ action: Action) async throws -> StepResult {
        guard action.name == HouseholdEnvironment.actionName else { return HouseholdEnvironment.unknown(action) }
        let request = Request(do: "step", command: HouseholdEnvironment.command(action))
        state = try await ask(request, within: Self.stepLimit)
        let isValid = state.observation != HouseholdEnvironment.nothing
        return StepResult(HouseholdEnvironment.shown(state.observation), isDone: state.done, isValid: isValid)
    }

    package mutating func score() async throws -> Score { HouseholdEnvironment.score(isWon: state.won) }

    package var listsAllActions: Bool { true }
    package var admissibleActions: [Action]? { state.commands?.map { Action(HouseholdEnvironment.actionName, $0) } }

    package mutating func close() async {
        await process?.close()
        process = nil
    }

    private func ask(_ request: Request, within limit: Duration) async throws -> State {
        guard let process else {
            throw TemperError(.internal, "the game was not started", place: game, boundary: .environment)
        }
        let deadline = ContinuousClock.now + limit
        func fault(_ problem: String, hint: String? = nil) -> TemperError {
            TemperError(.unavailable, problem, hint: hint, place: game, boundary: .environment)
        }
        do {
            try await process.write(
                line: String(decoding: JSONEncoder.stable().encode(request), as: UTF8.self), deadline: deadline)
        } catch let failure as ChildProcess.Failure {
            throw fault("the alfworld bridge takes no commands: \(failure)", hint: lastLine(process.errorText))
        }
        switch try await process.readLine(deadline: deadline, limit: 1 << 20) {
        case .line(let line):
            let answer: Answer
            do {
                answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
            } catch {
                throw fault("the alfworld bridge answered nonsense: \(line.prefix(200))")
            }
            if let error = answer.error { throw fault("the alfworld bridge failed: \(error)") }
            guard let observation = answer.observation, let won = answer.won, let done = answer.done else {
                throw fault("the alfworld bridge answered without observation, won or done")
            }
            return State(observation: observation, commands: answer.commands, won: won, done: done)
        case .ended: throw fault("the alfworld bridge has ended", hint: lastLine(process.errorText))
        case .timedOut: throw fault("the alfworld bridge did not answer within \(limit.components.seconds) s")
        case .tooLong: throw fault("the alfworld bridge answered a line without end")
        }
    }

    private func lastLine(_ text: String) -> String? { text.split(separator: "\n").last.map(String.init) }

    private static func scriptPath() throws -> String {
        let name = "Household/alfworld_bridge.py"
        let folders = [Bundle.module.bundleURL.appendingPathComponent("Resources"), Bundle.module.resourceURL]
        let files = folders.compactMap { $0?.appendingPathComponent(name).path }
        guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw TemperError(.internal, "the script '\(name)' is not among the resources", boundary: .environment)
        }
        return file
    }
}
