/// One question or goal, with what is needed to score it.
package struct AgentTask: Codable, Sendable, Hashable, Identifiable {
    /// Unique inside its suite and stable between runs.
    package var id: String
    /// The suite's id, such as `hotpotqa` or `pocket/hotpotqa`.
    package var suite: String
    package var split: String
    /// What the policy is told: the question or the goal.
    package var instruction: String
    /// What the environment and the metric need: answer, paragraphs, tables.
    package var payload: JSONValue
    /// Ways to group scores, such as `shape: bridge` or `held_out: true`.
    package var tags: [String: String]
    /// How the turns of this task are written.
    package var format: TurnFormat

    package init(
        id: String, suite: String, split: String, instruction: String, payload: JSONValue, tags: [String: String] = [:],
        format: TurnFormat = .react
    ) {
        self.id = id
        self.suite = suite
        self.split = split
        self.instruction = instruction
        self.payload = payload
        self.tags = tags
        self.format = format
    }

    enum CodingKeys: String, CodingKey { case id, suite, split, instruction, payload, tags, format }

    /// A task that names no format is written as ReAct.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        suite = try container.decode(String.self, forKey: .suite)
        split = try container.decode(String.self, forKey: .split)
        instruction = try container.decode(String.self, forKey: .instruction)
        payload = try container.decode(JSONValue.self, forKey: .payload)
        tags = try container.decode([String: String].self, forKey: .tags)
        format = try container.decodeIfPresent(TurnFormat.self, forKey: .format) ?? .react
    }
}
