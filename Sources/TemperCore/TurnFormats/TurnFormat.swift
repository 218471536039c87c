/// How the turns of a task are written as text when the policy acts (method `react`): ReAct's own words, or a benchmark's.
///
/// A task carries its format, so that curation writes the same chat that the policy saw.
package enum TurnFormat: String, Codable, Sendable, Hashable, CaseIterable {
    /// `Thought: …\nAction: name[argument]`, answered by `Observation: …` (FireAct).
    case react
    /// AgentBench's database tasks.
    case database
    /// AgentBench's operating-system tasks.
    case operatingSystem = "operating_system"
    /// AgentBench's knowledge-graph tasks.
    case knowledgeGraph = "knowledge_graph"
    /// AgentBench's ALFWorld tasks.
    case household
    /// AgentBench's WebShop tasks.
    case shop
    /// AgentBench's Mind2Web tasks.
    case web

    var text: any TurnFormatText.Type {
        switch self {
        case .react: ReActText.self
        case .database: DatabaseText.self
        case .operatingSystem: OperatingSystemText.self
        case .knowledgeGraph: KnowledgeGraphText.self
        case .household: HouseholdText.self
        case .shop: ShopText.self
        case .web: WebText.self
        }
    }
}

/// Reads and writes the turns of one ``TurnFormat``. Writing and reading again gives the same thought and action.
protocol TurnFormatText {
    /// A reply ends before the first of these: there a model goes on to write the environment's part.
    static var stopStrings: [String] { get }
    /// One sentence on how a turn is written, for diagnoses.
    static var expectation: String { get }
    /// Reads a reply that has no white space around it and is not empty.
    static func read(_ text: String) -> TurnText.Reading
    static func write(thought: String?, action: Action) -> String
    static func write(observation: String) -> String
}
