public import TemperCore

/// Answers a question with a search tool: `search[query]`, `lookup[keyword]`, `finish[answer]`.
///
/// The actions are ReAct's (Yao et al. 2023): a search opens a page and shows its first sentences, a lookup goes through the
/// sentences of the open page that hold a word. Reward is exact match with the gold answer.
public struct QuestionAnsweringEnvironment: Environment {
    public static let actionNames = ["search", "lookup", "finish"]

    public let question: String
    public let gold: String
    public private(set) var answer: String?
    private let index: SearchIndex
    private let shownSentences: Int
    private var reader = PageReader()
    private var history: [QuestionActions.Step] = []

    public init(question: String, gold: String, index: SearchIndex, shownSentences: Int = 3) {
        self.question = question
        self.gold = gold
        self.index = index
        self.shownSentences = shownSentences
    }

    public mutating func reset() async throws -> String? {
        answer = nil
        reader = PageReader()
        history = []
        return nil
    }

    public mutating func step(_ action: Action) async throws -> StepResult {
        guard answer == nil else { return StepResult("The question is already answered.", isDone: true, isValid: false) }
        let result: StepResult
        switch action.name {
        case "search":
            let page = try index.search(action.argument)
            reader.open(page)
            result = StepResult(page?.opening(sentences: shownSentences) ?? "No page matches '\(action.argument.prefix(200))'.")
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

    public mutating func score() async throws -> Score { AnswerMetrics.score(answer, gold) }

    public var admissibleActions: [Action]? {
        QuestionActions.admissible(question: question, history: history)
    }
}
