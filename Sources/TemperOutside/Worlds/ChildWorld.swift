import Foundation
import TemperCore
import TemperSandbox

/// How a user's environment program is started and how long its calls may take.
struct ChildSettings: Sendable {
    var command: [String]
    /// Where it runs; relative program paths start here.
    var folder: String
    /// Added to what it inherits.
    var environment: [String: String] = [:]
    var isSandboxed = false
    /// From the start of the program to the end of its first call, beside that call's own time.
    var startLimit = Duration.seconds(60)
    var callLimit = Duration.seconds(30)
    /// The most bytes of one reply.
    var lineLimit = 1 << 20
}

/// An environment in a child process that speaks JSON lines (the protocol stands in this folder's README).
actor ChildWorld: OutsideWorld {
    static let version = 1

    private let child: ChildProcess
    private let settings: ChildSettings
    private var calls = 0

    /// Starts the program.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when it cannot be started.
    init(_ settings: ChildSettings) async throws {
        self.settings = settings
        child = try await OutsideProgram.start(
            settings.command, folder: settings.folder, environment: settings.environment, isSandboxed: settings.isSandboxed)
    }

    func reset(_ task: AgentTask) async throws -> OutsideOpening {
        let shown = JSONValue.object([
            "id": .string(task.id), "split": .string(task.split), "instruction": .string(task.instruction),
            "record": task.payload,
        ])
        let reply = try await call("reset", ["task": shown])
        guard reply["temper"]?.number == Double(Self.version) else {
            let spoken = reply["temper"].map { "version \(Self.text(of: $0))" } ?? "no version"
            throw nonsense("the reply to reset names \(spoken) of the protocol; this is version \(Self.version)")
        }
        return OutsideOpening(
            observation: try optionalText("observation", in: reply), actions: try OutsideActions.read(reply["actions"]))
    }

    func step(_ action: Action) async throws -> OutsideStep {
        let sent = JSONValue.object([
            "name": .string(action.name), "argument": .string(action.argument), "text": .string(action.text),
        ])
        let reply = try await call("step", ["action": sent])
        guard let observation = try optionalText("observation", in: reply) else {
            throw nonsense("the reply to step has no observation")
        }
        let result = StepResult(
            observation, isDone: try flag("done", in: reply, default: false), isValid: try flag("valid", in: reply, default: true)
        )
        return OutsideStep(result: result, actions: try OutsideActions.read(reply["actions"]))
    }

    func score() async throws -> OutsideScore {
        let reply = try await call("score", [:])
        guard let reward = reply["reward"]?.number, (0...1).contains(reward) else {
            throw nonsense("the reply to score has no reward in 0…1 but \(reply["reward"].map(Self.text) ?? "none")")
        }
        var metrics: [String: Double] = [:]
        for (name, value) in reply["metrics"]?.object ?? [:] {
            guard let value = value.number else { throw nonsense("the metric '\(name)' is not a number") }
            metrics[name] = value
        }
        return OutsideScore(score: Score(reward: reward, metrics: metrics), answer: try optionalText("answer", in: reply))
    }

    func endEpisode() async throws { _ = try await call("close", [:]) }

    func close() async { await child.close() }

    private func call(_ name: String, _ fields: [String: JSONValue]) async throws -> JSONValue {
        calls += 1
        var request = fields
        request["temper"] = .number(Double(Self.version))
        request["id"] = .number(Double(calls))
        request["call"] = .string(name)
        let line = String(decoding: try JSONEncoder.stable().encode(JSONValue.object(request)), as: UTF8.self)
        let limit = calls == 1 ? settings.startLimit + settings.callLimit : settings.callLimit
        let deadline = ContinuousClock.now + limit
        do {
            try await child.write(line: line, deadline: deadline)
        } catch ChildProcess.Failure.timedOut {
            throw failed("does not read its input (\(name), \(limit.secondsText))")
        } catch ChildProcess.Failure.ended {
            throw await ended(name)
        }
        switch try await child.readLine(deadline: deadline, limit: settings.lineLimit) {
        case .line(let text): return try read(text, answering: name)
        case .ended: throw await ended(name)
        case .timedOut: throw failed("did not answer \(name) within \(limit.secondsText)")
        case .tooLong: throw failed("answered \(name) with a line of more than \(settings.lineLimit) bytes")
        }
    }

    private func read(_ line: String, answering name: String) throws -> JSONValue {
        let shown = "'\(line.prefix(120))'"
        guard let reply = try? JSONDecoder().decode(JSONValue.self, from: Data(line.utf8)), reply.object != nil else {
            throw nonsense("the reply to \(name) is not a JSON object: \(shown)")
        }
        guard reply["id"]?.number == Double(calls) else {
            throw nonsense("the reply to \(name) does not repeat the call's id \(calls): \(shown)")
        }
        if let error = reply["error"], error != .null {
            throw failed("reports an error in \(name): \(error["message"]?.string ?? Self.text(of: error))")
        }
        return reply
    }

    private func optionalText(_ key: String, in reply: JSONValue) throws -> String? {
        switch reply[key] {
        case nil, .null: return nil
        case .string(let text): return text
        case let other?: throw nonsense("'\(key)' is not text but \(Self.text(of: other))")
        }
    }

    private func flag(_ key: String, in reply: JSONValue, default value: Bool) throws -> Bool {
        switch reply[key] {
        case nil, .null: return value
        case .bool(let flag): return flag
        case let other?: throw nonsense("'\(key)' is neither true nor false but \(Self.text(of: other))")
        }
    }

    private static func text(of value: JSONValue) -> String {
        guard let data = try? JSONEncoder.stable().encode(value) else { return "a value that is not JSON" }
        return String(String(decoding: data, as: UTF8.self).prefix(120))
    }

    private func nonsense(_ problem: String) -> TemperError { failed("answered nonsense: \(problem)") }

    private func failed(_ problem: String) -> TemperError {
        TemperError(.unavailable, "the environment \(problem)\(errorTail)", place: settings.command.first, boundary: .environment)
    }

    private func ended(_ call: String) async -> TemperError {
        var how = ""
        do {
            switch try await child.wait(deadline: .now + .seconds(1)) {
            case .exited(let code): how = " with exit code \(code)"
            case .signalled(let number): how = " by signal \(number)"
            case nil: how = ""
            }
        } catch {
            how = ""  // the wait was cancelled: the way it ended is not known
        }
        return failed("ended\(how) during \(call)")
    }

    private var errorTail: String {
        let lines = child.errorText.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return lines.last.map { "; its last words: \($0.prefix(200))" } ?? ""
    }
}

extension Duration {
    /// `30 s`, `0.5 s`.
    var secondsText: String {
        let seconds = self / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
