/// One question or goal, with what is needed to score it.
public struct AgentTask: Codable, Sendable, Hashable, Identifiable {
    /// Unique inside its suite and stable between runs.
    public var id: String
    /// The suite's id, such as `hotpotqa` or `pocket/hotpotqa`.
    public var suite: String
    public var split: String
    /// What the policy is told: the question or the goal.
    public var instruction: String
    /// What the environment and the metric need: answer, paragraphs, tables.
    public var payload: JSONValue
    /// Ways to group scores, such as `shape: bridge` or `held_out: true`.
    public var tags: [String: String]

    public init(
        id: String, suite: String, split: String, instruction: String, payload: JSONValue, tags: [String: String] = [:]
    ) {
        self.id = id
        self.suite = suite
        self.split = split
        self.instruction = instruction
        self.payload = payload
        self.tags = tags
    }
}
