/// How a model is trained; the defaults here are the only ones.
package struct TrainingPlan: Codable, Sendable, Hashable {
    /// The highest rate, reached after the warm-up.
    package var learningRate = 5e-4
    /// Passes over the dataset.
    package var epochs = 1
    /// Ends training earlier, or at all for a source without end.
    package var maximumSteps: Int?
    /// At most so many tokens of documents per update, or one document.
    package var tokensPerStep = 8192
    /// The part of all steps in which the rate rises linearly.
    package var warmupRatio = 0.03
    /// The rate at the end of the cosine, as a part of the highest.
    package var minimumLearningRateRatio = 0.1
    /// Decoupled decay of all weights but the norms'.
    package var weightDecay = 0.1
    package var beta1 = 0.9
    package var beta2 = 0.95
    package var epsilon = 1e-8
    /// The largest global gradient norm; 0 turns clipping off.
    package var gradientClip = 1.0
    /// The part of what attention and feed-forward add to the residual stream that training drops.
    package var hiddenDropout = 0.0
    /// Decides the order of documents, adapters' first weights and dropout.
    package var seed: UInt64 = 0
    /// Held-out loss every so many steps; before and after training always.
    package var evaluateEvery: Int?

    package init() {}

    /// The keys of a recipe.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case learningRate = "learning_rate"
        case epochs
        case maximumSteps = "maximum_steps"
        case tokensPerStep = "tokens_per_step"
        case warmupRatio = "warmup_ratio"
        case minimumLearningRateRatio = "minimum_learning_rate_ratio"
        case weightDecay = "weight_decay"
        case beta1, beta2, epsilon
        case gradientClip = "gradient_clip"
        case hiddenDropout = "hidden_dropout"
        case seed
        case evaluateEvery = "evaluate_every"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        learningRate = try values.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
        epochs = try values.decodeIfPresent(Int.self, forKey: .epochs) ?? epochs
        maximumSteps = try values.decodeIfPresent(Int.self, forKey: .maximumSteps)
        tokensPerStep = try values.decodeIfPresent(Int.self, forKey: .tokensPerStep) ?? tokensPerStep
        warmupRatio = try values.decodeIfPresent(Double.self, forKey: .warmupRatio) ?? warmupRatio
        minimumLearningRateRatio =
            try values.decodeIfPresent(Double.self, forKey: .minimumLearningRateRatio) ?? minimumLearningRateRatio
        weightDecay = try values.decodeIfPresent(Double.self, forKey: .weightDecay) ?? weightDecay
        beta1 = try values.decodeIfPresent(Double.self, forKey: .beta1) ?? beta1
        beta2 = try values.decodeIfPresent(Double.self, forKey: .beta2) ?? beta2
        epsilon = try values.decodeIfPresent(Double.self, forKey: .epsilon) ?? epsilon
        gradientClip = try values.decodeIfPresent(Double.self, forKey: .gradientClip) ?? gradientClip
        hiddenDropout = try values.decodeIfPresent(Double.self, forKey: .hiddenDropout) ?? hiddenDropout
        seed = try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
        evaluateEvery = try values.decodeIfPresent(Int.self, forKey: .evaluateEvery)
    }

    /// What makes the plan impossible, naming the key; nil when it can be carried out.
    package var problem: String? {
        let positive: [(CodingKeys, Double)] = [
            (.learningRate, learningRate), (.epochs, Double(epochs)), (.tokensPerStep, Double(tokensPerStep)),
            (.epsilon, epsilon), (.maximumSteps, Double(maximumSteps ?? 1)), (.evaluateEvery, Double(evaluateEvery ?? 1)),
        ]
        for (key, value) in positive where !(value > 0 && value.isFinite) {
            return "'\(key.rawValue)' is \(value), it must be above 0"
        }
        if epochs > 100_000 { return "'epochs' is \(epochs), it must be at most 100000" }
        let fractions: [(CodingKeys, Double)] = [
            (.warmupRatio, warmupRatio), (.minimumLearningRateRatio, minimumLearningRateRatio), (.weightDecay, weightDecay),
        ]
        for (key, value) in fractions where !(0...1).contains(value) {
            return "'\(key.rawValue)' is \(value), it must be 0…1"
        }
        for (key, value) in [(CodingKeys.beta1, beta1), (.beta2, beta2), (.hiddenDropout, hiddenDropout)]
        where !(value >= 0 && value < 1) {
            return "'\(key.rawValue)' is \(value), it must be 0 or more and less than 1"
        }
        if !(gradientClip >= 0) { return "'gradient_clip' is \(gradientClip), it must be 0 or more" }
        return nil
    }
}
