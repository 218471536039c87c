package import TemperCore

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
        /// The norm of the gradient before clipping.
        package var gradientNorm: Double
        /// Tokens of all documents so far.
        package var tokensSeen: Int
        /// Those that were trained targets.
        package var trainedTokens: Int
        /// The speed of this step.
        package var tokensPerSecond: Double

        package init(
            step: Int, totalSteps: Int, loss: Double, learningRate: Double, gradientNorm: Double, tokensSeen: Int,
            trainedTokens: Int, tokensPerSecond: Double
        ) {
            self.step = step
            self.totalSteps = totalSteps
            self.loss = loss
            self.learningRate = learningRate
            self.gradientNorm = gradientNorm
            self.tokensSeen = tokensSeen
            self.trainedTokens = trainedTokens
            self.tokensPerSecond = tokensPerSecond
        }
    }

    /// - Parameter device: what computes, in words: `2 threads, bf16`.
    case started(totalSteps: Int, parameters: Int, device: String)
    /// The run goes on after this step; what was reported of later steps before no longer counts.
    case resumed(step: Int)
    case step(Step)
    /// The held-out loss after that many steps.
    case evaluation(step: Int, LossSum)
    case checkpoint(step: Int)
    case finished(TrainingResult)
}

/// What a finished training run says of itself.
package struct TrainingResult: Codable, Sendable, Hashable {
    package var steps: Int
    package var tokensSeen: Int
    package var trainedTokens: Int
    /// Nats per token on the held-out dataset, if there is one.
    package var heldOutLossBefore: Double?
    package var heldOutLossAfter: Double?
    /// What this process spent, without an earlier, interrupted one.
    package var seconds: Double

    package init(
        steps: Int, tokensSeen: Int, trainedTokens: Int, heldOutLossBefore: Double? = nil, heldOutLossAfter: Double? = nil,
        seconds: Double
    ) {
        self.steps = steps
        self.tokensSeen = tokensSeen
        self.trainedTokens = trainedTokens
        self.heldOutLossBefore = heldOutLossBefore
        self.heldOutLossAfter = heldOutLossAfter
        self.seconds = seconds
    }
}
