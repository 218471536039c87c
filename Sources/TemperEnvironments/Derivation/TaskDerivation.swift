package import TemperCore

/// A suite for which a teacher can write new tasks, and whose tasks can be solved by their own references.
package protocol DerivingSuite: Suite {
    var derivation: any TaskDerivation { get }
}

/// What a suite knows about making tasks (AgentTuning, section 2.1: task derivation and Self-Instruct).
package protocol TaskDerivation: Sendable {
    /// What a teacher is asked to write, in turn; `world` is the task whose world is used, if the suite takes one.
    func kinds(in world: AgentTask?) throws -> [String]
    /// Whether a proposal needs the world of an existing task (its tables).
    var needsWorld: Bool { get }
    /// The most reference solutions that can be asked for.
    var maximumReferences: Int { get }
    /// The task's text without what is said about its world: what near duplicates are found by.
    func question(of task: AgentTask) -> String
    /// The message that asks a teacher for a task.
    ///
    /// - Throws: ``TemperError`` with code `data` when the world cannot be read.
    func request(_ brief: ProposalBrief) async throws -> String
    /// Reads a teacher's reply and tries what it proposes: its references run in the environment, its check must take them
    /// and must not take work that was not done.
    ///
    /// - Throws: only when the environment itself fails.
    func task(_ reply: String, for brief: ProposalBrief, id: String) async throws -> DerivationResult
    /// The next action of the task's own solution; nil for a task without one.
    func referenceAction(for task: AgentTask, after turns: [Turn]) throws -> Action?
    /// Endings without any work. A check that takes one of them checks nothing.
    func idleActions(for task: AgentTask) -> [Action]
}

/// The result of a proposal or of a task with a reference.
package enum DerivationResult: Sendable, Hashable {
    case task(AgentTask)
    case rejected(Rejection)
}

/// Why a task is not used.
package struct Rejection: Sendable, Hashable {
    package enum Reason: String, Codable, Sendable, CaseIterable {
        /// The reply is not a task in the form that was asked for.
        case unparsable
        /// The task has no reference solution.
        case noReference = "no_reference"
        /// The reference does not run, does nothing, or its own check refuses it.
        case referenceFailed = "reference_failed"
        /// Several references do not reach the same result.
        case referencesDisagree = "references_disagree"
        /// The check takes work that was not done.
        case checkAcceptsNothing = "check_accepts_nothing"
        case duplicate
        /// The solver's result is not the reference's.
        case solutionDisagreed = "solution_disagreed"
        /// The teacher's thought cannot be used before the reference's action.
        case thoughtUnusable = "thought_unusable"
        /// The policy or the environment failed; the next start tries again.
        case error
    }

    package var reason: Reason
    /// One line on what was found.
    package var detail: String

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
