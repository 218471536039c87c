package import TemperCore

/// One step on a web page: which element to act on, what to do with it, and with which value (Mind2Web, Deng et al. 2023).
///
/// The page never changes. Each turn shows the page pruned around a group of candidates and asks for one of them or none
/// (``CandidateTournament``); the episode ends with the last choice. Every reply uses up its group: what cannot be read, or names an
/// option that does not exist, counts as none of the above, as in AgentBench.
package struct WebPageEnvironment: Environment {
    /// How many of the actions before this one are listed.
    static let shownPreviousActions = 5

    private let task: WebPageTask
    private let page: PageTree
    private let instruction: String
    private(set) var tournament: CandidateTournament
    /// The group that is asked about now.
    private(set) var shown: PageText.Shown?

    /// - Throws: ``TemperError`` with code `data` when the task is not one of this family or its page cannot be read.
    package init(_ agentTask: AgentTask) throws {
        task = try WebPageTask(agentTask)
        let parsed = try PageParser.parse(task.page, as: task.markup, named: "\(agentTask.suite), task '\(agentTask.id)'")
        page = task.markup == .html ? PageCleaner.cleaned(parsed) : parsed
        instruction = agentTask.instruction
        tournament = CandidateTournament(candidates: task.candidates)
    }

    package mutating func reset() async throws -> String? { start() }
    package mutating func step(_ action: Action) async throws -> StepResult { take(action) }
    package mutating func score() async throws -> Score { WebScore.score(tournament.result, gold: task.gold) }

    mutating func start() -> String {
        tournament = CandidateTournament(candidates: task.candidates)
        show()
        let previous = task.previousActions.suffix(Self.shownPreviousActions)
        return "Previous actions:\n\(previous.isEmpty ? "None" : previous.joined(separator: "\n"))\n\(question)"
    }

    mutating func take(_ action: Action) -> StepResult {
        guard !tournament.isOver else { return StepResult("The choice is already made.", isDone: true, isValid: false) }
        let (choice, problem) = read(action)
        tournament.answer(choice)
        show()
        if tournament.isOver { return StepResult(problem ?? "The choice is made.", isDone: true, isValid: problem == nil) }
        return StepResult(problem.map { "\($0)\n\(question)" } ?? question, isValid: problem == nil)
    }

    /// The element's identifier, the operation and the value: `136 TYPE Boston`.
    package var answer: String? { tournament.result.map(WebScore.answer) }

    /// Each option with the operation that its element is made for: a list with each of its options, a field with each name,
    /// quotation and number of the task; and none of the above.
    package var admissibleActions: [Action]? {
        let candidates = zip(WebChoice.letters.dropFirst(), shown?.candidates ?? [])
        let spans = spans
        let choices = candidates.flatMap { letter, candidate -> [WebChoice] in
            switch Self.operation(on: candidate) {
            case "SELECT": candidate.options.map { WebChoice(letter: letter, operation: "SELECT", value: $0) }
            case "TYPE": spans.map { WebChoice(letter: letter, operation: "TYPE", value: $0) }
            default: [WebChoice(letter: letter, operation: "CLICK")]
            }
        }
        return [WebChoice(letter: "A").action] + choices.map(\.action)
    }

    /// What an element is made for.
    static func operation(on candidate: PageText.Candidate) -> String {
        switch candidate.tag {
        case "select": return "SELECT"
        case "textarea": return "TYPE"
        case "input":
            let clicked = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]
            return clicked.contains(candidate.type ?? "text") ? "CLICK" : "TYPE"
        default: return "CLICK"
        }
    }

    private mutating func show() {
        shown = tournament.isOver ? nil : PageText.shown(PagePruner.pruned(page, around: tournament.group))
    }

    private func read(_ action: Action) -> (CandidateTournament.Choice?, problem: String?) {
        guard let choice = WebChoice(action) else {
            return (nil, "'\(action.text.prefix(80))' is not choose[letter operation value]: it counts as none of the above.")
        }
        guard let place = WebChoice.letters.firstIndex(of: choice.letter), place > 0 else { return (nil, nil) }
        guard let shown, place <= shown.candidates.count else {
            return (nil, "There is no option \(choice.letter): it counts as none of the above.")
        }
        let candidate = shown.candidates[place - 1].identifier
        return (CandidateTournament.Choice(candidate: candidate, operation: choice.operation, value: choice.value), nil)
    }

    private var question: String {
        guard let shown else { return "" }
        let options = zip(WebChoice.letters.dropFirst(), shown.candidates).map { "\n\($0). \($1.text)" }
        return "Page:\n\(shown.page)\nOptions:\nA. None of the above" + options.joined()
    }

    /// What the task text offers to type.
    var spans: [String] {
        let found = TextSpans.titles(in: instruction) + TextSpans.numbers(in: instruction)
        return found.isEmpty ? [String(instruction.prefix(40))] : Array(found.prefix(8))
    }
}
