import Foundation

/// Linear warm-up, then a cosine down to a part of the highest rate (Loshchilov and Hutter 2017).
package struct LearningRateSchedule: Sendable, Hashable {
    package var highest: Double
    package var minimumRatio: Double
    package var warmupSteps: Int
    package var totalSteps: Int

    package init(highest: Double, minimumRatio: Double, warmupSteps: Int, totalSteps: Int) {
        self.highest = highest
        self.minimumRatio = minimumRatio
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
    }

    init(_ plan: TrainingPlan, totalSteps: Int) {
        self.init(
            highest: plan.learningRate, minimumRatio: plan.minimumLearningRateRatio,
            warmupSteps: Int((plan.warmupRatio * Double(totalSteps)).rounded(.up)), totalSteps: totalSteps)
    }

    /// The rate of the 0-based step.
    package func rate(at step: Int) -> Double {
        if step < warmupSteps { return highest * Double(step + 1) / Double(warmupSteps) }
        let progress = Double(step - warmupSteps) / Double(max(totalSteps - 1 - warmupSteps, 1))
        let cosine = 0.5 * (1 + cos(.pi * min(progress, 1)))
        return highest * (minimumRatio + (1 - minimumRatio) * cosine)
    }
}
