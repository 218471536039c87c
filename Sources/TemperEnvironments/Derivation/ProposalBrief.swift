import Foundation
public import TemperCore

/// What a teacher is asked to propose.
public struct ProposalBrief: Codable, Sendable, Hashable {
    /// 0-based, unique in a run.
    public var number: Int
    public var kind: String
    /// How many reference solutions are asked for; they must agree.
    public var references = 1
    /// The task whose world the proposal is about.
    public var world: AgentTask?
    /// Questions of other tasks, as examples.
    public var examples: [String]
    /// Questions that were proposed before and kept.
    public var earlier: [String]

    public init(
        number: Int, kind: String, references: Int = 1, world: AgentTask? = nil, examples: [String] = [], earlier: [String] = []
    ) {
        self.number = number
        self.kind = kind
        self.references = references
        self.world = world
        self.examples = examples
        self.earlier = earlier
    }

    /// The brief that a task to propose a task carries; nil for any other task.
    public init?(of task: AgentTask) throws {
        guard let value = task.payload["proposal"] else { return nil }
        self = try JSONDecoder().decode(ProposalBrief.self, from: JSONEncoder.stable().encode(value))
    }

    /// The payload of a task to propose a task.
    public func payload() throws -> JSONValue {
        let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder.stable().encode(self))
        return .object(["proposal": value])
    }
}
