import Foundation
import Synchronization
import TemperCore
import TemperExperiment
import TemperTraining

/// Shows the events of an experiment on standard error.
final class ExperimentReporter: Sendable {
    private let isQuiet: Bool
    private let bars = Mutex<[String: ProgressBar]>([:])

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    func handle(_ event: ExperimentEvent) {
        switch event {
        case .stageStarted(let stage, let details): say("\(stage.rawValue): \(details)")
        case .stageSkipped(let stage): say("\(stage.rawValue): already done")
        case .rollouts(let label, let progress): bar(label).update(progress)
        case .training(.step(let step)):
            let figures = String(
                format: "step %d/%d, loss %.3f, %.0f tokens/s", step.step, step.totalSteps, step.loss, step.tokensPerSecond)
            bar("train").update(fraction: Double(step.step) / Double(max(1, step.totalSteps)), figures)
        case .training(.resumed(step: let step)): say("training goes on after step \(step)")
        case .training(.evaluation(step: let step, let loss)):
            say(String(format: "held-out loss after step %d: %.3f", step, loss.mean))
        case .training: break
        case .stageFinished(let stage, let seconds, let summary):
            say("\(stage.rawValue): \(summary) (\(ProgressBar.clock(seconds)))")
        }
    }

    private func bar(_ label: String) -> ProgressBar {
        bars.withLock { bars in
            let bar = bars[label] ?? ProgressBar(label, isQuiet: isQuiet)
            bars[label] = bar
            return bar
        }
    }

    private func say(_ text: String) {
        bars.withLock { bars in
            for bar in bars.values { bar.close() }
        }
        if !isQuiet { ProgressBar.write(text.visible + "\n") }
    }
}
