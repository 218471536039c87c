import Foundation
import TemperCore

/// A shell task as a teacher is asked for it and as it writes it.
struct ShellProposal {
    enum Kind: String, CaseIterable {
        /// Ends with an answer.
        case question
        /// Ends with a changed machine.
        case change
    }

    var question: String
    var setup: OperatingSystemScript?
    var solution: OperatingSystemScript
    var check: OperatingSystemScript

    /// The task in AgentBench's schema.
    var payload: JSONValue {
        func value(_ script: OperatingSystemScript) -> JSONValue {
            .object(["language": .string(script.language.rawValue), "code": .string(script.code)])
        }
        var fields: [String: JSONValue] = [
            "evaluation": .object(["check": .array([value(check)]), "example": value(solution)])
        ]
        if let setup { fields["create"] = .object(["init": value(setup)]) }
        return .object(fields)
    }

    static func read(_ reply: String) -> Result<ShellProposal, ProposalText.Fault> {
        ProposalText.read(reply, labels: ["setup", "solution", "check"]).flatMap { text in
            var scripts: [String: OperatingSystemScript] = [:]
            for label in ["setup", "solution", "check"] {
                guard let block = text.block(label) else { continue }
                let code = block.code.trimmingCharacters(in: .whitespacesAndNewlines)
                if code.isEmpty { continue }
                switch block.language {
                case "", "bash", "sh", "shell": scripts[label] = OperatingSystemScript(code: code)
                case "python", "python3": scripts[label] = OperatingSystemScript(language: .python, code: code)
                default: return .failure(.init("the \(label) is in '\(block.language)', neither bash nor python"))
                }
            }
            guard let solution = scripts["solution"] else { return .failure(.init("there is no block after 'Solution:'")) }
            guard let check = scripts["check"] else { return .failure(.init("there is no block after 'Check:'")) }
            return .success(
                ShellProposal(question: text.question, setup: scripts["setup"], solution: solution, check: check))
        }
    }

    static func request(_ brief: ProposalBrief) -> String {
        var lines = [
            "Write one new task for an agent that works on a Linux machine through a shell, as root and without a network.", "",
        ]
        if !brief.examples.isEmpty { lines += ["Other tasks:"] + brief.examples.map { "- \(TurnText.oneLine($0))" } + [""] }
        if !brief.earlier.isEmpty {
            lines += ["These tasks are written already; yours must be another:"]
            lines += brief.earlier.map { "- \(TurnText.oneLine($0))" } + [""]
        }
        if brief.kind == Kind.question.rawValue {
            lines.append("The task must be a question about the machine that has one short answer (a number, a name, a path).")
            lines.append("The solution's commands print the answer and nothing else.")
        } else {
            lines.append(
                "The task must ask for a change of the machine (files, folders, permissions, contents), not for an answer.")
        }
        lines += [
            "The setup makes the files that the task is about; names in the task must be full paths.",
            "The check finds out by itself whether the task is solved: it gets the agent's answer as its first argument (empty when",
            "there is none), looks at the machine, and exits with 0 when the task is solved and with 1 when it is not.",
            "Reply in this form and write nothing else:", "Task: the task, in a sentence or two", "Setup:", "```bash",
            "mkdir -p /srv/letters && touch /srv/letters/one.txt /srv/letters/two.txt", "```", "Solution:", "```bash",
            "commands that solve it", "```", "Check:", "```bash", "[ \"$1\" = \"$(ls /srv/letters | wc -l)\" ]", "```",
        ]
        return lines.joined(separator: "\n")
    }
}
