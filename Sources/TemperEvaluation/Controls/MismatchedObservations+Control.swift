import TemperCore
import TemperEnvironments

extension Control {
    static let mismatchedObservations = Control(
        name: "mismatched-observations",
        explanation: "The tuned model shown another question's observations: what it answers without reading.", limit: 0.25,
        actor: .tuned, neededScript: "expert",
        environment: { round in
            guard let partner = MismatchedObservations.partner(of: round.task, among: round.tasks) else {
                throw TemperError(
                    .data, "'mismatched-observations' needs tasks with different answers", hint: "raise 'evaluate.limit'",
                    boundary: .recipe)
            }
            return { try MismatchedObservations(suite: round.suite, task: round.task, partner: partner, seed: round.seed) }
        })
}
