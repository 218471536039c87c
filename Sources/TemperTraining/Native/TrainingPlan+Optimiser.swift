import TemperTransformer

extension TrainingPlan {
    /// The plan's settings of the native engine's optimiser.
    var optimiser: AdamW.Settings {
        AdamW.Settings(
            beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, gradientClip: gradientClip)
    }
}
