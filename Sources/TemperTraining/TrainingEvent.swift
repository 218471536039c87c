public import TemperTransformer

/// What a training run reports while it goes.
public enum TrainingEvent: Sendable, Hashable {
    /// One update.
    public struct Step: Codable, Sendable, Hashable {
        /// 1-based: updates made so far.
        public var step: Int
        public var totalSteps: Int
        /// Nats per trained token of this step's documents, before the update.
        public var loss: Double
        public var learningRate: Double
        /// Before clipping.
        public var gradientNorm: Double
        /// Tokens of all documents so far.
        public var tokensSeen: Int
        /// Those that were trained targets.
        public var trainedTokens: Int
        /// Of this step.
        public var tokensPerSecond: Double
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
public struct TrainingResult: Codable, Sendable, Hashable {
    public var steps: Int
    public var tokensSeen: Int
    public var trainedTokens: Int
    /// Nats per token on the held-out dataset, if there is one.
    public var heldOutLossBefore: Double?
    public var heldOutLossAfter: Double?
    /// Of this process, without what an earlier, interrupted one spent.
    public var seconds: Double
}
