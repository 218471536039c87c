package import TemperAgents
package import TemperTraining

/// The parts of an experiment, in order. Each reads what the one before wrote to the run folder, and nothing else.
package enum Stage: String, Sendable, Hashable, CaseIterable {
    case pretrain, derive, collect, curate, train, evaluate, report
}

/// What an experiment tells whoever started it.
package enum ExperimentEvent: Sendable {
    case stageStarted(Stage, String)
    /// The stage was finished by an earlier run of the same command.
    case stageSkipped(Stage)
    case rollouts(String, RolloutProgress)
    case training(TrainingEvent)
    case stageFinished(Stage, seconds: Double, summary: String)
}
