package import TemperCore

/// Answers a question with a search tool: `search[query]`, `lookup[keyword]`, `finish[answer]`.
///
/// The actions are ReAct's (Yao et al. 2023): a search opens a page and shows its first sentences, a lookup goes through the
/// sentences of the open page that hold a word. A search service that fails throws; it is never an observation.
package struct QuestionAnsweringEnvironment: Environment {
    package static let actionNames = ["search", "lookup", "finish"]
    /// The most characters of a page that one observation shows.
    package static let shownCharacters = 2_000

    package let task: AgentTask
    package let gold: String
    package let metric: AnswerMetric
    package private(set) var answer: String?
    private let backend: any SearchBackend
    private let shownSentences: Int
    private let faults: SearchFaults
    private var reader = PageReader()
    private var history: [QuestionActions.Step] = []
    private var searches = 0
    private var faultySearches = 0

    /// - Parameter task: its tags say which searches fail on purpose (``SearchFaults``).
    package init(
        task: AgentTask, gold: String, metric: AnswerMetric = .exactMatch, search: any SearchBackend, shownSentences: Int = 3
    ) {
        self.task = task
        self.gold = gold
        self.metric = metric
        self.backend = search
        self.shownSentences = shownSentences
        faults = SearchFaults(of: task)
    }

    package mutating func reset() async throws -> String? {
        answer = nil
        reader = PageReader()
        history = []
        (searches, faultySearches) = (0, 0)
        return nil
    }

    package mutating func step(_ action: Action) async throws -> StepResult {
        guard answer == nil else { return StepResult("The question is already answered.", isDone: true, isValid: false) }
        let result: StepResult
        switch action.name {
        case "search":
            result = StepResult(try await search(action.argument))
        case "lookup":
            result = StepResult(reader.lookup(action.argument))
        case "finish":
            answer = action.argument
            result = StepResult("Episode finished.", isDone: true)
        default:
            let known = Self.actionNames.map { "\($0)[…]" }.joined(separator: ", ")
            result = StepResult("There is no action '\(action.name)'. The actions are \(known).", isValid: false)
        }
        history.append(QuestionActions.Step(action: action, observation: result.observation))
        return result
    }

    /// The metric's score; under faults also `faulty_searches`, the share of searches that failed on purpose.
    package mutating func score() async throws -> Score {
        var score = metric.score(answer, gold)
        if !faults.isOff { score.metrics["faulty_searches"] = Double(faultySearches) / Double(max(1, searches)) }
        return score
    }

    package var admissibleActions: [Action]? {
        QuestionActions.admissible(question: task.instruction, history: history, labels: metric.labels)
    }

    private mutating func search(_ query: String) async throws -> String {
        let fault = faults.fault(task: task.id, turn: history.count)
        let page: SearchPage?
        switch fault {
        case nil: page = try await backend.search(query)
        case .nothing: page = nil
        case .another(let draw): page = try otherResult(query, draw)
        }
        searches += 1
        if fault != nil { faultySearches += 1 }
        reader.open(page)
        if fault == .nothing { return "None" }
        guard let shown = page?.opening(sentences: shownSentences) else { return backend.emptyObservation(query) }
        return shown.count <= Self.shownCharacters ? shown : shown.prefix(Self.shownCharacters) + "…"
    }

    private func otherResult(_ query: String, _ draw: Double) throws -> SearchPage {
        let pool = backend.otherResults
        guard let first = pool.first else {
            throw TemperError(
                .unavailable, "the search '\(backend.name)' knows no results of other queries to show by fault",
                hint: "leave out fault_other, or keep FireAct's recorded searches in the data folder", boundary: .environment)
        }
        let start = Int(draw * Double(pool.count))
        let asked = query.lowercased()
        return (0..<pool.count).lazy.map { pool[(start + $0) % pool.count] }.first { $0.title.lowercased() != asked } ?? first
    }
}
