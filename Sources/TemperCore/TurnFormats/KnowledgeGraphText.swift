/// The words of AgentBench's knowledge-graph tasks.
enum KnowledgeGraphText: TurnFormatText {
    static let stopStrings = ReActText.stopStrings
    static let expectation = ReActText.expectation

    static func read(_ text: String) -> TurnText.Reading { ReActText.read(text) }
    static func write(thought: String?, action: Action) -> String { ReActText.write(thought: thought, action: action) }
    static func write(observation: String) -> String { ReActText.write(observation: observation) }
}
