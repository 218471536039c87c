package import TemperCore

/// How a model is trained; the defaults here are the only ones.
package struct TrainingPlan: Configurable {
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

    package static let keys: [ConfigurationKey<TrainingPlan>] = [
        ConfigurationKey("learning_rate", \.learningRate, in: .above(0), "The highest rate, reached after the warm-up."),
        ConfigurationKey("epochs", \.epochs, in: .within(1...100_000), "Passes over the dataset."),
        ConfigurationKey("maximum_steps", \.maximumSteps, in: .atLeast(1), "Ends training after this many updates."),
        ConfigurationKey(
            "tokens_per_step", \.tokensPerStep, in: .atLeast(1), "The most tokens of documents per update, or one document."),
        ConfigurationKey(
            "warmup_ratio", \.warmupRatio, in: .within(0...1), "The share of all steps in which the rate rises linearly."),
        ConfigurationKey(
            "minimum_learning_rate_ratio", \.minimumLearningRateRatio, in: .within(0...1),
            "The rate at the end of the cosine, as a share of the highest."),
        ConfigurationKey(
            "weight_decay", \.weightDecay, in: .within(0...1), "Decoupled decay of all weights except those of norms."),
        ConfigurationKey("beta1", \.beta1, in: .atLeast(0, below: 1), "AdamW's decay of the mean gradient."),
        ConfigurationKey("beta2", \.beta2, in: .atLeast(0, below: 1), "AdamW's decay of the mean squared gradient."),
        ConfigurationKey("epsilon", \.epsilon, in: .above(0), "AdamW's term that keeps the division finite."),
        ConfigurationKey(
            "gradient_clip", \.gradientClip, in: .atLeast(0), "The largest global gradient norm; 0 turns clipping off."),
        ConfigurationKey(
            "hidden_dropout", \.hiddenDropout, in: .atLeast(0, below: 1),
            "The share of what attention and feed-forward add to the residual stream that training drops."),
        // The order of documents is seeded by the recipe's own seed.
        ConfigurationKey(
            "seed", \.seed, use: .stored, "Seeds the order of documents, the adapters' first weights and dropout."),
        ConfigurationKey(
            "evaluate_every", \.evaluateEvery, in: .atLeast(1),
            "Steps between measurements of the held-out loss; without it only before and after training."),
    ]

    /// What makes the plan impossible, naming the key; nil when it can be carried out.
    package var problem: String? { rangeProblem }
}
