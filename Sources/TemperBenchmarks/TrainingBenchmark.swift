package import Foundation
import TemperCore
package import TemperTraining
package import TemperTransformer

/// Tuning of a model on a dataset for some steps, timed step by step; nothing is written.
///
/// Documents come in the order of the file, so that another implementation can take the same steps (`Benchmarks/training.py`).
package enum TrainingBenchmark {
    package struct Step: Codable, Sendable, Hashable {
        /// Nats per trained token, before the update.
        package var loss: Double
        package var tokens: Int
        package var seconds: Double
    }

    package struct Result: Codable, Sendable, Hashable {
        package var steps: [Step]
        /// The speed of the steps after the first two, which warm up.
        package var tokensPerSecond: Double
        /// The most memory the process has held; nil where the system does not tell.
        package var peakMemory: Int?
        package var workers: Int
        package var precision: String
        package var machine: String
        package var commit: String

        enum CodingKeys: String, CodingKey {
            case steps
            case tokensPerSecond = "tokens_per_second"
            case peakMemory = "peak_memory_bytes"
            case workers, precision, machine, commit
        }
    }

    /// - Parameter rank: the rank of adapters on all linear layers that train in place of the weights, which are then kept in bf16.
    /// - Throws: ``TemperError`` for a folder or dataset that cannot be read or does not fit, or has too few documents.
    package static func run(
        model folder: URL, dataset file: URL, steps: Int, plan: TrainingPlan, precision: Precision = .auto, rank: Int? = nil
    ) throws -> Result {
        let dataset = try TokenDataset(contentsOf: file)
        let model = try TransformerModel(folder: folder, storage: rank == nil ? .fp32 : .bf16)
        try dataset.requireFits(model.configuration)
        let adapter = try rank.map { try Adapter(for: model, AdapterOptions(rank: $0, alpha: Double(2 * $0)), seed: plan.seed) }
        let engine = GradientEngine(model: model, adapter: adapter, precision: precision, GradientEngine.Settings())
        let settings = AdamW.Settings(
            beta1: plan.beta1, beta2: plan.beta2, epsilon: plan.epsilon, weightDecay: plan.weightDecay,
            gradientClip: plan.gradientClip)
        let optimiser = adapter.map { AdamW(adapter: $0, settings: settings) } ?? AdamW(model: model, settings: settings)
        var taken: [Step] = []
        var next = 0
        while taken.count < steps {
            var documents: [TokenDocument] = []
            var tokens = 0
            while next < dataset.documentCount {
                let document = dataset.document(next)
                if !documents.isEmpty, tokens + document.ids.count > plan.tokensPerStep { break }
                documents.append(document)
                tokens += document.ids.count
                next += 1
            }
            guard !documents.isEmpty else {
                throw TemperError(
                    .data, "the dataset has documents for \(taken.count) steps of \(plan.tokensPerStep) tokens, not for \(steps)",
                    hint: "lower --steps", place: file.path, boundary: .data)
            }
            let started = ContinuousClock.now
            let loss = try engine.lossAndGradient(of: documents)
            _ = optimiser.update(engine, learningRate: plan.learningRate)
            taken.append(Step(loss: loss.mean, tokens: tokens, seconds: (ContinuousClock.now - started) / .seconds(1)))
        }
        let measured = taken.dropFirst(min(2, taken.count - 1))
        return Result(
            steps: taken,
            tokensPerSecond: Double(measured.reduce(0) { $0 + $1.tokens }) / measured.reduce(0) { $0 + $1.seconds },
            peakMemory: Benchmark.peakMemory, workers: engine.workerCount, precision: engine.precision.rawValue,
            machine: Benchmark.machine, commit: Benchmark.commit)
    }
}
