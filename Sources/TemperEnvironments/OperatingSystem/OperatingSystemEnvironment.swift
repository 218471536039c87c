import Foundation
import TemperCore
import TemperPocketText
import TemperSandbox

/// One task of AgentBench's operating-system kind: a shell in a sandbox, then a check that the shell cannot reach.
final class OperatingSystemEnvironment: Environment {
    /// Turns of AgentBench's `round_limit`.
    static let maximumTurns = 8
    /// An output longer than 800 characters is cut after 780 (AgentBench).
    private static let outputLimit = (longest: 800, kept: 780)

    private let id: String
    private let task: OperatingSystemTask
    private let instruction: String
    private var options: Sandbox.Options
    /// Whether tasks may look through all of the host's `/usr`.
    private let looksAround: Bool
    private var sandbox: Sandbox?
    private var isCommitted = false
    private(set) var answer: String?

    /// - Parameters:
    ///   - instruction: what the policy is asked for; a command that it names may be the policy's to make.
    ///   - looksAround: whether the task may look through all of `/usr`, and should find it as root finds it.
    init(
        _ task: OperatingSystemTask, id: String, instruction: String = "", limits: SandboxLimits = SandboxLimits(),
        looksAround: Bool = false
    ) {
        self.looksAround = looksAround
        self.id = id
        self.task = task
        self.instruction = instruction
        let code = task.code
        options = Sandbox.Options(
            limits: limits, hasManyUsers: code.contains(/\b(useradd|adduser|groupadd|usermod|chown|chgrp|runuser|su|sudo)\b/),
            copies: Set(code.matches(of: /\/usr\/(?:local\/)?s?bin\/[\w.+-]+/).map { String($0.output) }).sorted())
    }

    /// Makes the machine, runs the preparations, types the start into the shell.
    ///
    /// What a preparation exits with does not matter, as in AgentBench.
    func reset() async throws -> String? {
        await close()
        answer = nil
        isCommitted = false
        if looksAround { options.covers = try await SandboxFiles.privateFolders() }
        let sandbox = try await Sandbox(options)
        self.sandbox = sandbox
        for script in task.preparations {
            // From the shell, because background processes belong to what the policy sees.
            let program = script.language == .bash ? "bash -c" : "python3 -c"
            let result = try await sandbox.command("\(program) \(Sandbox.quoted(script.code)) >/dev/null 2>&1")
            guard result.ending == .completed else {
                throw TemperError(
                    .internal, "a preparation of task '\(id)' did not end well (\(result.ending.rawValue))",
                    boundary: .environment)
            }
        }
        if let start = task.start { _ = try await sandbox.type(start) }
        if task.checksReference { try await sandbox.keepTwin() }
        return nil
    }

    func step(_ action: Action) async throws -> StepResult {
        switch action.name {
        case "bash":
            guard let sandbox else { throw TemperError(.internal, "the episode has not begun", boundary: .environment) }
            return StepResult(Self.observation(try await sandbox.command(action.argument), sandbox.options.limits))
        case "answer", "finish":
            // An answer is taken as given; what `finish` carries, if anything, is not an answer.
            answer = action.name == "answer" ? action.argument : nil
            isCommitted = true
            return StepResult("", isDone: true)
        default:
            return StepResult("There is no action '\(action.name)'. The actions are bash, answer and finish.", isValid: false)
        }
    }

    /// 1 when the match or every check holds; an episode that was not ended by `answer` or `finish` scores 0.
    func score() async throws -> Score {
        guard isCommitted else { return Self.score(false) }
        guard case .checks(let checks) = task.goal else { return Self.score(Self.matches(answer, task.goal) ?? false) }
        return Self.score(try await passes(checks))
    }

    func close() async {
        await sandbox?.close()
        sandbox = nil
    }

    static func score(_ isSolved: Bool) -> Score { Score(reward: isSolved ? 1 : 0, metrics: ["success": isSolved ? 1 : 0]) }

    /// Whether an answer is right; nil where it does not decide.
    static func matches(_ answer: String?, _ goal: OperatingSystemTask.Goal) -> Bool? {
        func given(_ strip: Bool) -> String {
            strip ? (answer ?? "").trimmingCharacters(in: .whitespacesAndNewlines) : answer ?? ""
        }
        switch goal {
        case .match(let wanted, let strip): return answer != nil && given(strip) == wanted
        case .pattern(let pattern, let strip):
            let text = given(strip)
            return answer != nil && text.range(of: pattern, options: [.regularExpression, .anchored]) != nil
        case .checks: return nil
        }
    }

    private func passes(_ checks: [OperatingSystemTask.Check]) async throws -> Bool {
        guard let sandbox else { throw TemperError(.internal, "the episode has not begun", boundary: .environment) }
        await sandbox.endShell()
        var arguments = [answer ?? ""]
        for check in checks {
            switch check {
            case .stock(let stock):
                guard arguments.count > 1, stock.accepts(arguments[0], reference: arguments[1]) else { return false }
                arguments.append("")
            case .reference:
                guard let reference = task.reference else { return false }
                let command = reference.command(arguments, prelude: Sandbox.missingProgramEnds)
                let output = try await sandbox.runOnTwin(command)
                // Nothing is right by being as empty as a reference that found nothing.
                guard Self.isSuccess(output), output.output.contains(where: { $0 > 32 }) else { return false }
                arguments.append(output.text)
            case .script(let script):
                let output = try await run(script, arguments, in: sandbox)
                guard Self.isSuccess(output) else { return false }
                arguments.append(output.text)
            }
        }
        return true
    }

    /// A script of the task, on a machine that the policy has not touched and with the policy's data.
    private func run(_ script: OperatingSystemScript, _ arguments: [String], in sandbox: Sandbox) async throws
        -> ChildProcess.Output
    {
        let preparation = (task.preparations.map(\.code) + [task.start ?? ""]).joined(separator: "\n")
        let view = CheckView(of: script.code, task: instruction, preparation: preparation, home: "/root")
        let prelude = script.language == .bash ? try await sandbox.checkPrelude(for: view) : ""
        return try await sandbox.check(script.command(arguments, prelude: prelude), view: view)
    }

    private static func isSuccess(_ output: ChildProcess.Output) -> Bool {
        output.status == .exited(0) && !output.timedOut && !output.isTruncated
    }

    /// Escape sequences removed, cut as AgentBench cuts, and a word on a command that did not come to its end.
    private static func observation(_ command: Sandbox.Command, _ limits: SandboxLimits) -> String {
        var text = command.output.replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
        if text.count > outputLimit.longest {
            text = text.prefix(outputLimit.kept) + "\n[truncated because the output is too long]"
        }
        let note: String
        switch command.ending {
        case .completed: return text
        case .timedOut: note = "the command ran longer than \(limits.commandTime.components.seconds) seconds and was stopped"
        case .flooded: note = "the command was stopped because it printed too much"
        case .outOfMemory: note = "the command was stopped because it took too much memory"
        case .shellEnded: note = "the shell has ended"
        }
        return (text.isEmpty ? "" : text + "\n") + "[\(note); a new shell was started]"
    }
}

extension OperatingSystemScript {
    /// What runs it, with its arguments. Python takes no code from the machine it checks.
    ///
    /// - Parameter prelude: bash text that comes first.
    func command(_ arguments: [String], prelude: String = "") -> [String] {
        switch language {
        case .bash: ["bash", "-c", prelude + code, "bash"] + arguments
        case .python: ["python3", "-I", "-S", "-c", code] + arguments
        }
    }
}
