extension Method {
    /// The answer alone.
    public static let io = Method(AnswerAlone())
}

/// `Answer: …`, or any text: the answer without a thought.
struct AnswerAlone: MethodText {
    let name = "io"
    let summary = "the answer alone"
    let usesTools = false
    let writesThoughts = false
    let sharesDraws = true

    func expectation(_ format: TurnFormat) -> String { "Write 'Answer: ' and the answer." }
    func stopStrings(_ format: TurnFormat) -> [String] { [] }

    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading {
        TurnText.Reading(action: Action("finish", TurnText.after("Answer:", in: text) ?? text))
    }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String { "Answer: \(action.argument)" }
}
