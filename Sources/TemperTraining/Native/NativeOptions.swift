package import TemperCore
package import TemperTransformer

/// What only the native engine has: a recipe's `train.native`. The defaults here are the only ones.
package struct NativeOptions: Configurable {
    /// How matrix products are computed: `fp32`, `bf16`, or `auto` for bf16 where the CPU has instructions for it.
    package var precision = Precision.auto
    /// Keeps only what enters each layer for the backward pass and computes the rest again: the same weights, a third slower, for
    /// long documents in little memory.
    package var recomputeActivations = false
    /// Seconds between checkpoints, from which an interrupted training goes on, 0…86400.
    package var checkpointSeconds = 60.0

    package static let keys: [ConfigurationKey<NativeOptions>] = [
        ConfigurationKey(
            "precision", \.precision, "The number format of matrix products; `auto` takes bf16 where the CPU has it."),
        ConfigurationKey(
            "recompute_activations", \.recomputeActivations,
            "Keeps only the inputs of layers for the backward pass and computes the rest again: the same weights, a third slower, "
                + "in less memory."),
        ConfigurationKey(
            "checkpoint_seconds", \.checkpointSeconds, in: .within(0...86_400),
            "Seconds between checkpoints, from which an interrupted training goes on."),
    ]

    package init() {}

    /// What makes the options impossible, naming the key; nil when they can be carried out.
    package var problem: String? { rangeProblem }
}
