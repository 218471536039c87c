/// How a policy is prompted and its text is read.
package enum Method: String, Codable, Sendable, Hashable, CaseIterable {
    /// The answer alone.
    case io
    /// One thought, then the answer (chain of thought).
    case cot
    /// Action, observation in turn, without thoughts.
    case act
    /// Thought, action, observation in turn (ReAct).
    case react
    /// ReAct with reflection: forced inside one episode (FireAct), or between trials (Shinn et al. 2023).
    case reflexion
    /// All actions planned at once, carried out, then one answer from the evidence (ReWOO, Xu et al. 2023).
    case rewoo
    /// Native function calling: every action of the environment is a function with one text argument.
    case tools

    /// Whether the policy acts on the environment before it answers.
    package var usesTools: Bool { self != .io && self != .cot }

    /// Whether its turns are written in the task's ``TurnFormat``.
    package var usesFormat: Bool { self == .act || self == .react || self == .reflexion }

    /// The method whose prompt a suite shows: Reflexion asks as ReAct does.
    package var promptMethod: Method { self == .reflexion ? .react : self }

    /// One line for `temper methods`.
    package var summary: String {
        switch self {
        case .io: "the answer alone"
        case .cot: "one thought, then the answer (chain of thought)"
        case .act: "action, observation in turn, without thoughts"
        case .react: "thought, action, observation in turn (ReAct)"
        case .reflexion: "ReAct with reflection, forced at given rounds or between trials"
        case .rewoo: "a plan of all actions, their evidence, then the answer (ReWOO)"
        case .tools: "native function calling, one function per action"
        }
    }
}
