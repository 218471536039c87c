import Foundation
import TemperCore

/// A teacher without a model: writes shell tasks from fixed sentences, and solves such tasks from their text alone.
///
/// It stands in for a hosted teacher where there is none. Other tasks go to another script, if one is given.
struct ShellTemplates: Script {
    let name = "templates"
    /// The share of proposals that are of no use, each in one of five ways.
    var imperfect = 0.0
    var otherwise: (any Script)?

    func reply(in scene: Scene) async throws -> String {
        if let brief = try ProposalBrief(of: scene.task, format: .operatingSystem) { return proposal(brief, seed: scene.seed) }
        if let sentence = ShellSentence(scene.task.instruction) {
            let action: Action
            let thought: String
            if scene.turns.isEmpty {
                thought = sentence.isQuestion ? "I let the shell find it out." : "I do it with one command."
                action = Action("bash", sentence.command)
            } else {
                thought = sentence.isQuestion ? "The output is the answer." : "It is done."
                action = sentence.isQuestion ? Action("answer", scene.turns.last?.observation ?? "") : Action("finish", "")
            }
            return TurnText.write(thought: thought, action: action, format: .operatingSystem)
        }
        guard let otherwise else {
            throw TemperError(
                .data, "the script 'templates' solves its own tasks only, and '\(scene.task.id)' is none", boundary: .policy)
        }
        return try await otherwise.reply(in: scene)
    }

    private func proposal(_ brief: ProposalBrief, seed: UInt64) -> String {
        var random = RandomSource(seed: seed, "templates")
        var draft = ShellSentence.draft(brief.kind, &random)
        if random.chance(imperfect) {
            switch random.index(below: 5) {
            case 0: return "I can think of no task for this machine."
            case 1: draft.solution = "cat /nowhere"
            case 2:
                // Reference and check agree with each other and with nothing else.
                draft.solution = brief.kind == "question" ? "echo 77" : "touch /srv/done"
                draft.check = brief.kind == "question" ? "[ \"$1\" = 77 ]" : "[ -e /srv/done ]"
            case 3: draft.text = brief.earlier.first ?? brief.examples.first ?? draft.text
            default: draft.check = "true"
            }
        }
        func block(_ label: String, _ code: String) -> String { "\(label):\n```bash\n\(code)\n```" }
        return [
            "Task: \(draft.text)", block("Setup", draft.setup), block("Solution", draft.solution), block("Check", draft.check),
        ].joined(separator: "\n")
    }
}

/// A sentence of ``ShellTemplates`` and the command it means.
struct ShellSentence {
    var command: String
    var isQuestion: Bool

    /// Nil for any other text.
    init?(_ text: String) {
        if let found = text.wholeMatch(of: /How many files are in (\S+)\?/) {
            self.init(command: "ls \(found.1) | wc -l", isQuestion: true)
        } else if let found = text.wholeMatch(of: /How many lines does (\S+) have\?/) {
            self.init(command: "wc -l < \(found.1)", isQuestion: true)
        } else if let found = text.wholeMatch(of: /What is the name of the largest file in (\S+)\?/) {
            self.init(command: "ls -S \(found.1) | head -n 1", isQuestion: true)
        } else if let found = text.wholeMatch(of: /Write the word (\w+) into the file (\S+) and nothing else\./) {
            self.init(command: "echo \(found.1) > \(found.2)", isQuestion: false)
        } else if let found = text.wholeMatch(of: /Rename (\S+) to (\S+), without a change of what it holds\./) {
            self.init(command: "mv \(found.1) \(found.2)", isQuestion: false)
        } else if let found = text.wholeMatch(of: /Remove all files that end with (\S+) from (\S+) and keep the others\./) {
            self.init(command: "rm \(found.2)/*\(found.1)", isQuestion: false)
        } else {
            return nil
        }
    }

    private init(command: String, isQuestion: Bool) {
        self.command = command
        self.isQuestion = isQuestion
    }

    struct Draft {
        var text: String
        var setup: String
        var solution: String
        var check: String
    }

    private static let words = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty", "kelp", "lagoon", "meadow",
        "north", "ocean", "prairie", "quarry", "river", "summit", "tundra", "upland", "valley", "willow", "zephyr",
    ]

    static func draft(_ kind: String, _ random: inout RandomSource) -> Draft {
        let words = words.shuffled(using: &random)
        let folder = "/\(random.pick(["srv", "data", "opt"]))/\(words[0])\(random.index(below: 100))"
        let files = words[1...].prefix(3 + random.index(below: 5)).map { "\($0).\(random.pick(["txt", "log", "tmp"]))" }
        let sizes = Array(1...files.count).shuffled(using: &random)
        let contents = zip(files, sizes).map { "seq \($0.1) > \(folder)/\($0.0)" }
        let setup = (["mkdir -p \(folder)"] + contents).joined(separator: "\n")
        let form = random.index(below: 3)
        let file = random.pick(files)
        if kind == ShellProposal.Kind.question.rawValue {
            let text = [
                "How many files are in \(folder)?", "How many lines does \(folder)/\(file) have?",
                "What is the name of the largest file in \(folder)?",
            ][form]
            let command = ShellSentence(text)?.command ?? "true"
            return Draft(text: text, setup: setup, solution: command, check: "[ \"$1\" = \"$(\(command))\" ]")
        }
        let new = "\(folder)/\(words[12]).md"
        let ending = String(file.suffix(4))
        let text = [
            "Write the word \(words[13]) into the file \(new) and nothing else.",
            "Rename \(folder)/\(file) to \(new), without a change of what it holds.",
            "Remove all files that end with \(ending) from \(folder) and keep the others.",
        ][form]
        let others = files.filter { !$0.hasSuffix(ending) }.count
        let check = [
            "[ \"$(cat \(new))\" = \(words[13]) ]", "[ -e \(new) ] && [ ! -e \(folder)/\(file) ]",
            "[ \"$(ls \(folder) | wc -l)\" -eq \(others) ] && ! ls \(folder)/*\(ending)",
        ][form]
        return Draft(text: text, setup: setup, solution: ShellSentence(text)?.command ?? "true", check: check)
    }
}
