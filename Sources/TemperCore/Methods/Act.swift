extension Method {
    /// Action, observation in turn, without thoughts.
    public static let act = Method(Act())
}

/// ReAct without its thoughts.
struct Act: MethodText {
    let name = "act"
    let summary = "action, observation in turn, without thoughts"
    let usesFormat = true
    let writesThoughts = false

    func expectation(_ format: TurnFormat) -> String {
        format == .react ? "Write one line 'Action: name[argument]'." : format.text.expectation
    }

    func stopStrings(_ format: TurnFormat) -> [String] { format.text.stopStrings }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { format.text.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        format.text.write(thought: nil, action: action)
    }
}
