import Foundation

/// What a suite's scores say of a tuned model (AgentTuning, Table 4): how well it does the tasks it was trained on, how far that
/// carries, and whether it cost general ability.
package enum SuiteKind: String, Codable, Sendable, Hashable, CaseIterable {
    /// Its training had tasks of this kind, though not these.
    case heldIn = "held_in"
    /// Its training had no task of this kind.
    case heldOut = "held_out"
    /// No agent's task: knowledge, reasoning, conversation.
    case general

    /// `held in`
    package var title: String { rawValue.replacingOccurrences(of: "_", with: " ") }
}
