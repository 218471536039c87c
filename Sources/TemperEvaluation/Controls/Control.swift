package import TemperCore

/// A policy that shows how much of a score needs an agent: a model of the run under a handicap, or a script of the suite.
package struct Control: Sendable {
    /// The policy that acts.
    package enum Actor: Sendable, Hashable {
        case base, tuned
        /// The suite's script of the control's own name.
        case script
    }

    /// What it is about to play: a task among the tasks of its suite.
    package struct Round: Sendable {
        package var suite: any Suite
        package var task: AgentTask
        package var tasks: [AgentTask]
        /// The evaluation's seed.
        package var seed: UInt64
    }

    /// The recipe's word for it.
    package let name: String
    /// One line for the report.
    package let explanation: String
    /// The most it should reach in the generated worlds for a score there to mean reading and acting, 0…1.
    package let limit: Double
    package let actor: Actor
    /// Whether it can only write actions that its environment admits.
    package var admissibleOnly = false
    /// A script that a suite must have for it.
    package var neededScript: String?
    /// Makes what is acted on in place of the suite's own environment; nil where that stays.
    ///
    /// It throws ``TemperError`` with code `data` when the tasks do not allow it.
    package var environment: (@Sendable (Round) throws -> @Sendable () throws -> any Environment)?

    package static let all: [Control] = [.baseAdmissible, .searchOnce, .mismatchedObservations]

    package static func named(_ name: String) -> Control? { all.first { $0.name == name } }
}
