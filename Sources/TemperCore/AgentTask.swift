public import Foundation

/// One question or goal, with what is needed to score it.
public struct AgentTask: Encodable, DecodableWithConfiguration, Sendable, Hashable, Identifiable {
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
    /// How the turns of this task are written.
    public var format: TurnFormat

    public init(
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

    /// The payload's key of the right answer in words.
    public static let answerKey = "answer"

    /// The right answer in words, where the task has one.
    public var referenceAnswer: String? { payload[Self.answerKey]?.string }

    /// All right answers in words: the one of ``referenceAnswer``, or else a list of them; empty when the task has none.
    public var referenceAnswers: [String] {
        if let answer = referenceAnswer { return [answer] }
        return payload["answers"]?.array?.compactMap(\.string) ?? []
    }

    enum CodingKeys: String, CodingKey { case id, suite, split, instruction, payload, tags, format }

    /// - Parameter formats: what the task may be written in, beside ReAct; a task that names no format is written as ReAct.
    /// - Throws: `DecodingError` for a format that is none of them.
    public init(from decoder: any Decoder, configuration formats: [TurnFormat]) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        suite = try container.decode(String.self, forKey: .suite)
        split = try container.decode(String.self, forKey: .split)
        instruction = try container.decode(String.self, forKey: .instruction)
        payload = try container.decode(JSONValue.self, forKey: .payload)
        tags = try container.decode([String: String].self, forKey: .tags)
        let name = try container.decodeIfPresent(String.self, forKey: .format) ?? TurnFormat.react.name
        guard let format = TurnFormat.named(name, among: formats) else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container,
                debugDescription:
                    "there is no format '\(name)'; there are \(([.react] + formats).map(\.name).joined(separator: ", "))")
        }
        self.format = format
    }
}
