extension Method {
    /// Thought, action, observation in turn (ReAct).
    public static let react = Method(ReAct())
}

/// Thought, action, observation in turn (Yao et al. 2023), in the words of the task's format.
struct ReAct: MethodText {
    let name = "react"
    let summary = "thought, action, observation in turn (ReAct)"
    let usesFormat = true
    let sharesDraws = true

    func expectation(_ format: TurnFormat) -> String { format.text.expectation }
    func stopStrings(_ format: TurnFormat) -> [String] { format.text.stopStrings }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { format.text.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        format.text.write(thought: thought, action: action)
    }
}
