package import TemperCore

extension RandomPolicy {
    /// A name of the question, yes or no.
    package static func spanOrYesNo(_ task: AgentTask, _ random: inout RandomSource) -> String {
        random.pick(TextSpans.titles(in: task.instruction) + ["yes", "no"])
    }
}
