import Foundation
import TemperCore
import TemperExperiment
import TemperTraining
import TemperTransformer

/// Speed of the native engine on `pocket-base`: what `temper bench` does.
package enum Benchmark {
    package struct Result: Codable, Sendable, Hashable {
        /// Median over the runs.
        package var tokensPerSecond: Double
        package var slowest: Double
        package var fastest: Double
        package var machine: String
        package var commit: String

        enum CodingKeys: String, CodingKey {
            case tokensPerSecond = "tokens_per_second"
            case slowest, fastest, machine, commit
        }

        init(_ figures: [Double]) {
            let sorted = figures.sorted()
            tokensPerSecond = sorted[sorted.count / 2]
            slowest = sorted[0]
            fastest = sorted[sorted.count - 1]
            machine = Benchmark.machine
            commit = Benchmark.commit
        }
    }

    static var machine: String { NativeEngine.machine }
    static var commit: String {
        Build.commit.map { $0.hash.prefix(12) + ($0.isDirty ? " with changes" : "") } ?? "unknown"
    }
    /// Bytes; from the kernel's own count of this process, nil where there is none.
    static var peakMemory: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
    }

    /// Full fine-tuning steps on documents of 200 to 400 tokens, a third of them trained.
    package static func train(runs: Int) throws -> Result {
        let model = try TransformerModel(folder: ModelLocator.folder(for: ModelLocator.shipped[0]))
        let engine = GradientEngine(model: model, precision: .auto, workers: nil)
        let optimiser = AdamW(model: model, settings: AdamW.Settings())
        var random = RandomSource(seed: 1)
        let documents = (0..<28).map { _ -> TokenDocument in
            let length = 200 + random.index(below: 200)
            let ids = (0..<length).map { _ in Int32(random.index(below: model.configuration.vocabularySize)) }
            return TokenDocument(ids: ids, mask: (0..<length).map { $0 % 3 == 1 ? 1 : 0 })
        }
        let tokens = documents.reduce(0) { $0 + $1.ids.count }
        var figures: [Double] = []
        for run in 0...runs {
            let started = ContinuousClock.now
            for _ in 0..<5 {
                _ = try engine.lossAndGradient(of: documents)
                _ = optimiser.update(engine, learningRate: 1e-5)
            }
            // The first run only warms up.
            if run > 0 { figures.append(Double(5 * tokens) / ((ContinuousClock.now - started) / .seconds(1))) }
        }
        return Result(figures)
    }

    /// Greedy sampling of 32 conversations at once.
    package static func generate(runs: Int) async throws -> Result {
        let model = try NativeLanguageModel(folder: ModelLocator.folder(for: ModelLocator.shipped[0]))
        var figures: [Double] = []
        for run in 0...runs {
            let started = ContinuousClock.now
            let tokens = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<32 {
                    group.addTask {
                        let request = CompletionRequest(
                            messages: [
                                Message(.user, "Write a short story about number \(index) in run \(run).", by: .instruction)
                            ],
                            maximumNewTokens: 100, temperature: 1, seed: UInt64(index))
                        return try await model.complete(request).usage.completionTokens
                    }
                }
                return try await group.reduce(0, +)
            }
            if run > 0 { figures.append(Double(tokens) / ((ContinuousClock.now - started) / .seconds(1))) }
        }
        return Result(figures)
    }
}
