import Foundation
package import TemperCore

/// What a teacher is asked to propose.
package struct ProposalBrief: Encodable, DecodableWithConfiguration, Sendable, Hashable {
    /// 0-based, unique in a run.
    package var number: Int
    package var kind: String
    /// How many reference solutions are asked for; they must agree.
    package var references = 1
    /// The task whose world the proposal is about.
    package var world: AgentTask?
    /// Questions of other tasks, as examples.
    package var examples: [String]
    /// Questions that were proposed before and kept.
    package var earlier: [String]

    package init(
        number: Int, kind: String, references: Int = 1, world: AgentTask? = nil, examples: [String] = [], earlier: [String] = []
    ) {
        self.number = number
        self.kind = kind
        self.references = references
        self.world = world
        self.examples = examples
        self.earlier = earlier
    }

    private enum CodingKeys: String, CodingKey { case number, kind, references, world, examples, earlier }

    /// - Parameter formats: what the task may be written in whose world it is.
    package init(from decoder: any Decoder, configuration formats: [TurnFormat]) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        number = try container.decode(Int.self, forKey: .number)
        kind = try container.decode(String.self, forKey: .kind)
        references = try container.decode(Int.self, forKey: .references)
        world = try container.decodeIfPresent(AgentTask.self, forKey: .world, configuration: formats)
        examples = try container.decode([String].self, forKey: .examples)
        earlier = try container.decode([String].self, forKey: .earlier)
    }

    /// The brief that a task to propose a task carries; nil for any other task.
    ///
    /// - Parameter format: the words of the suite that the proposal is for.
    package init?(of task: AgentTask, format: TurnFormat) throws {
        guard let value = task.payload["proposal"] else { return nil }
        self = try JSONDecoder().decode(ProposalBrief.self, from: JSONEncoder.stable().encode(value), configuration: [format])
    }

    /// The payload of a task to propose a task.
    package func payload() throws -> JSONValue {
        let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(self))
        return .object(["proposal": value])
    }
}
