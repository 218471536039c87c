package import TemperTransformer

/// What a training run reports while it goes.
package enum TrainingEvent: Sendable, Hashable {
    /// One update.
    package struct Step: Codable, Sendable, Hashable {
        /// 1-based: updates made so far.
        package var step: Int
        package var totalSteps: Int
        /// Nats per trained token of this step's documents, before the update.
        package var loss: Double
        package var learningRate: Double
        /// Before clipping.
        package var gradientNorm: Double
        /// Tokens of all documents so far.
        package var tokensSeen: Int
        /// Those that were trained targets.
        package var trainedTokens: Int
        /// Of this step.
        package var tokensPerSecond: Double
    }

    case started(totalSteps: Int, parameters: Int, workers: Int, precision: Precision)
    /// The run goes on after this step; what was reported of later steps before no longer counts.
    case resumed(step: Int)
    case step(Step)
    /// The held-out loss after that many steps.
    case evaluation(step: Int, LossSum)
    case checkpoint(step: Int)
}

/// What a finished training run says of itself.
package struct TrainingResult: Codable, Sendable, Hashable {
    package var steps: Int
    package var tokensSeen: Int
    package var trainedTokens: Int
    /// Nats per token on the held-out dataset, if there is one.
    package var heldOutLossBefore: Double?
    package var heldOutLossAfter: Double?
    /// Of this process, without what an earlier, interrupted one spent.
    package var seconds: Double
}
