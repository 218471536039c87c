/// What shows how much of a score needs an agent.
package enum ControlPolicy: String, Sendable, CaseIterable {
    /// The base with demonstrations, only able to write actions its environment admits.
    case baseAdmissible = "base-admissible"
    /// A script that searches the question once and copies a span.
    case searchOnce = "search-once"
    /// The tuned model, shown the observations of another question.
    case mismatchedObservations = "mismatched-observations"

    /// The most it should reach in the generated world for a score there to mean reading and acting.
    package var limit: Double {
        switch self {
        case .baseAdmissible: 0.15
        case .searchOnce: 0.30
        case .mismatchedObservations: 0.25
        }
    }

    /// One line for the report.
    package var explanation: String {
        switch self {
        case .baseAdmissible: "The base with demonstrations and only admissible actions: what the format alone gives."
        case .searchOnce: "A script that searches the question once and copies a span: what needs no reasoning."
        case .mismatchedObservations:
            "The tuned model shown another question's observations: what it answers without reading."
        }
    }
}
