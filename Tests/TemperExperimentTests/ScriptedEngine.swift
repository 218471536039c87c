import Foundation
import Synchronization
import TemperCore
import TemperTraining

/// An engine that trains nothing: it counts steps, remembers how far it came, and names the model it was told to name.
final class ScriptedEngine: TrainingEngine {
    let name = "scripted"
    let summary = "counts steps"
    /// What a recipe gives under `train.scripted`.
    struct Options: Configurable {
        var steps = 5
        /// Names an endpoint as the trained model; without it the base is copied.
        var serve = ""

        static let keys: [ConfigurationKey<Options>] = [
            ConfigurationKey("steps", \.steps, "How many steps it counts."),
            ConfigurationKey("serve", \.serve, "The endpoint of the trained model; without it the base is copied."),
        ]
    }

    var options: any Configurable.Type { Options.self }
    /// The step at which the first training is interrupted.
    private let interruption: Mutex<Int?>
    /// What it was given to train on: the names of the dataset's files.
    let given = Mutex<[String]>([])

    init(interruptedAt step: Int? = nil) {
        interruption = Mutex(step)
    }

    struct Interrupted: Error {}

    func check() async throws -> String { "always there" }

    func check(_ setup: TrainingSetup) throws {
        guard try setup.engineOptions(Options.self, of: self).steps > 0 else {
            throw TemperError(.data, "'train.scripted.steps' must be above 0", boundary: .recipe)
        }
    }

    func train(_ job: TrainingJob, onEvent: (TrainingEvent) throws -> Void) async throws -> TrainedModel {
        try FileManager.default.createDirectory(at: job.output, withIntermediateDirectories: true)
        let names = try FileManager.default.contentsOfDirectory(atPath: job.dataset.path).sorted()
        given.withLock { $0 = names }
        let options: Options = try job.setup.engineOptions(of: self)
        let steps = options.steps
        let file = job.output.appendingPathComponent("steps")
        var done = 0
        if FileManager.default.fileExists(atPath: file.path) {
            done = Int(try String(contentsOf: file, encoding: .utf8)) ?? 0
        }
        try onEvent(.started(totalSteps: steps, parameters: 0, device: "paper"))
        if done > 0 { try onEvent(.resumed(step: done)) }
        while done < steps {
            if interruption.withLock({ $0 == done ? $0.take() : nil }) != nil { throw Interrupted() }
            done += 1
            try onEvent(
                .step(
                    TrainingEvent.Step(
                        step: done, totalSteps: steps, loss: 1 / Double(done), learningRate: job.setup.plan.learningRate,
                        gradientNorm: 1, tokensSeen: 10 * done, trainedTokens: done, tokensPerSecond: 1)))
            try Data("\(done)".utf8).write(to: file)
        }
        try onEvent(.finished(TrainingResult(steps: steps, tokensSeen: 10 * steps, trainedTokens: steps, seconds: 0)))
        if !options.serve.isEmpty { return .endpoint(options.serve) }
        for name in try FileManager.default.contentsOfDirectory(atPath: job.setup.base.path) {
            let target = job.output.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: target.path) { try FileManager.default.removeItem(at: target) }
            try FileManager.default.copyItem(at: job.setup.base.appendingPathComponent(name), to: target)
        }
        return .folder(job.output.path)
    }
}
