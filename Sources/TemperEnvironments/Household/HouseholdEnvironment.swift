import Foundation
package import TemperCore

/// One household task, acted on by `act[command]` in ALFWorld's command language.
///
/// Reward is 1 when the goal holds, which also ends the episode. A command that is not admissible is answered by
/// "Nothing happens.".
package struct HouseholdEnvironment: Environment {
    package static let actionName = "act"
    package static let nothing = "Nothing happens."

    package let answer: String? = nil
    private let start: HouseholdWorld
    private var world: HouseholdWorld

    package init(_ world: HouseholdWorld) {
        start = world
        self.world = world
    }

    package mutating func reset() async throws -> String? {
        world = start
        return world.opening
    }

    package mutating func step(_ action: Action) async throws -> StepResult {
        guard action.name == Self.actionName else { return Self.unknown(action) }
        guard let text = world.perform(Self.command(action)) else { return StepResult(Self.nothing, isValid: false) }
        return StepResult(Self.shown(text), isDone: world.isWon)
    }

    package mutating func score() async throws -> Score { Self.score(isWon: world.isWon) }

    package var listsAllActions: Bool { true }
    package var admissibleActions: [Action]? { world.admissibleCommands.map { Action(Self.actionName, $0) } }

    static func unknown(_ action: Action) -> StepResult {
        StepResult("There is no action '\(action.name)'. The one action is \(actionName)[command].", isValid: false)
    }

    static func score(isWon: Bool) -> Score { Score(reward: isWon ? 1 : 0, metrics: ["success": isWon ? 1 : 0]) }

    /// The command in lower case, as AgentBench gives it to ALFWorld.
    static func command(_ action: Action) -> String {
        let text = action.argument.lowercased()
        return text.first?.isWhitespace == true || text.last?.isWhitespace == true
            ? text.trimmingCharacters(in: .whitespacesAndNewlines) : text
    }

    /// What the player sees of a text: AgentBench leaves out the arrival at a numbered place, which says nothing.
    static func shown(_ text: String) -> String {
        guard text.hasPrefix("You arrive at loc "), let end = text.firstIndex(ofBytes: ". ") else { return text }
        return String(text[end...].dropFirst(2))
    }
}
