extension Method {
    /// Native function calling: every action of the environment is a function with one text argument.
    public static let tools = Method(FunctionCalling())
}

/// Native function calling, as text in the form of ``ToolText``.
struct FunctionCalling: MethodText {
    let name = "tools"
    let summary = "native function calling, one function per action"
    let callsFunctions = true

    func expectation(_ format: TurnFormat) -> String { ToolText.expectation }
    func stopStrings(_ format: TurnFormat) -> [String] { ["\n" + ToolText.responseMark] }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { ToolText.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        ToolText.write(thought: thought, action: action)
    }

    func instruction(_ instruction: String) -> String { ToolText.instruction(instruction) }
    func write(observation: String, _ format: TurnFormat) -> String { ToolText.write(observation: observation) }
    /// An argument may hold any line.
    func isUnified(_ reply: String) -> Bool { false }
}
