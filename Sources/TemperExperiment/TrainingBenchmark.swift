public import Foundation
import TemperCore
public import TemperTraining
import TemperTransformer

/// Full fine-tuning of a model on a dataset for some steps, timed step by step; nothing is written.
///
/// Documents come in the order of the file, so that another implementation can take the same steps (`Benchmarks/training.py`).
public enum TrainingBenchmark {
    public struct Step: Codable, Sendable, Hashable {
        /// Nats per trained token, before the update.
        public var loss: Double
        public var tokens: Int
        public var seconds: Double
    }

    public struct Result: Codable, Sendable, Hashable {
        public var steps: [Step]
        /// Of the steps after the first two, which warm up.
        public var tokensPerSecond: Double
        /// The most memory the process has held; nil where the system does not tell.
        public var peakMemory: Int?
        public var workers: Int
        public var precision: String
        public var machine: String
        public var commit: String

        enum CodingKeys: String, CodingKey {
            case steps
            case tokensPerSecond = "tokens_per_second"
            case peakMemory = "peak_memory_bytes"
            case workers, precision, machine, commit
        }
    }

    /// - Throws: ``TemperError`` for a folder or dataset that cannot be read or does not fit, or has too few documents.
    public static func run(model folder: URL, dataset file: URL, steps: Int, plan: TrainingPlan) throws -> Result {
        let dataset = try TokenDataset(contentsOf: file)
        let model = try TransformerModel(folder: folder)
        try dataset.requireFits(model.configuration)
        let engine = GradientEngine(model: model, precision: plan.precision)
        let optimiser = AdamW(
            model: model,
            settings: AdamW.Settings(
                beta1: plan.beta1, beta2: plan.beta2, epsilon: plan.epsilon, weightDecay: plan.weightDecay,
                gradientClip: plan.gradientClip))
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
