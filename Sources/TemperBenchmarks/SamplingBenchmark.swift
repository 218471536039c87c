package import Foundation
import TemperCore
package import TemperTransformer

/// Speed of the sampling engine on episodes of an agent, or on one stream: what `temper bench generate --episodes` does.
///
/// The model is loaded and its operands are made before time is taken; every run begins with an empty cache.
package enum SamplingBenchmark {
    package struct Result: Codable, Sendable, Hashable {
        /// The time of each run: all episodes, from the first request to the last reply.
        package var seconds: [Double]
        /// Medians over the runs.
        package var episodesPerMinute: Double
        package var writtenTokensPerSecond: Double
        package var writtenTokens: Int
        /// Prompt tokens of all turns that were computed, and that were taken over from earlier turns and other episodes.
        package var computedPromptTokens: Int
        package var reusedPromptTokens: Int
        /// The tokens that the last run wrote, for each episode and turn.
        package var ids: [[[Int32]]]
        package var setting: Setting

        enum CodingKeys: String, CodingKey {
            case seconds
            case episodesPerMinute = "episodes_per_minute"
            case writtenTokensPerSecond = "written_tokens_per_second"
            case writtenTokens = "written_tokens"
            case computedPromptTokens = "computed_prompt_tokens"
            case reusedPromptTokens = "reused_prompt_tokens"
            case ids, setting
        }
    }

    package struct SingleResult: Codable, Sendable, Hashable {
        /// The times of each run: the prefix with the first token, and the tokens after it.
        package var promptSeconds: [Double]
        package var seconds: [Double]
        /// Medians over the runs.
        package var promptTokensPerSecond: Double
        package var writtenTokensPerSecond: Double
        /// What the last run wrote; the first of these came with the prompt.
        package var ids: [Int32]
        package var setting: Setting

        enum CodingKeys: String, CodingKey {
            case promptSeconds = "prompt_seconds"
            case seconds
            case promptTokensPerSecond = "prompt_tokens_per_second"
            case writtenTokensPerSecond = "written_tokens_per_second"
            case ids, setting
        }
    }

    /// What was measured where.
    package struct Setting: Codable, Sendable, Hashable {
        /// The most memory the process has held, loading included; nil where the system does not tell.
        package var peakMemory: Int?
        package var workers: Int
        package var precision: String
        package var machine: String
        package var commit: String

        enum CodingKeys: String, CodingKey {
            case peakMemory = "peak_memory_bytes"
            case workers, precision, machine, commit
        }

        init(_ engine: SamplingEngine) {
            peakMemory = Benchmark.peakMemory
            workers = engine.workerCount
            precision = engine.precision.rawValue
            machine = Benchmark.machine
            commit = Benchmark.commit
        }
    }

    /// Bytes of keys and values of all episodes, what is kept of finished turns included.
    private static let cacheBytes = 1 << 30
    /// Tokens of a single stream that are timed.
    static let singleTokens = 128

    /// All episodes at once, greedily.
    ///
    /// - Throws: ``TemperError`` for a folder that cannot be read or episodes that do not fit the model.
    package static func run(
        model folder: URL, workload: EpisodeWorkload, precision: Precision = .auto, runs: Int
    ) throws -> Result {
        let model = try load(folder, precision)
        var seconds: [Double] = []
        var engine = try warmEngine(model, precision, concurrency: workload.episodes.count)
        var replay: EpisodeReplay?
        for run in 0..<runs {
            if run > 0 { engine = try warmEngine(model, precision, concurrency: workload.episodes.count) }
            let started = ContinuousClock.now
            replay = try EpisodeReplay(workload, on: engine)
            seconds.append((ContinuousClock.now - started) / .seconds(1))
        }
        let median = median(seconds)
        return Result(
            seconds: seconds, episodesPerMinute: Double(60 * workload.episodes.count) / median,
            writtenTokensPerSecond: Double(workload.writtenTokens) / median, writtenTokens: workload.writtenTokens,
            computedPromptTokens: replay.map { $0.promptTokens - $0.reusedTokens } ?? 0,
            reusedPromptTokens: replay?.reusedTokens ?? 0, ids: replay?.ids ?? [], setting: Setting(engine))
    }

    /// One stream that goes on after the workload's prefix; the time of the prompt apart from that of the tokens after it.
    ///
    /// - Throws: ``TemperError`` for a folder that cannot be read or a prefix that does not fit the model.
    package static func runSingle(
        model folder: URL, workload: EpisodeWorkload, precision: Precision = .auto, runs: Int
    ) throws -> SingleResult {
        let model = try load(folder, precision)
        var promptSeconds: [Double] = [], seconds: [Double] = [], ids: [Int32] = []
        var engine = try warmEngine(model, precision, concurrency: 1)
        for run in 0..<runs {
            if run > 0 { engine = try warmEngine(model, precision, concurrency: 1) }
            let started = ContinuousClock.now
            let first = try write(1, after: workload.prefix, on: engine)
            let prompted = ContinuousClock.now
            let rest = try write(singleTokens, after: workload.prefix + first, on: engine)
            promptSeconds.append((prompted - started) / .seconds(1))
            seconds.append((ContinuousClock.now - prompted) / .seconds(1))
            ids = first + rest
        }
        return SingleResult(
            promptSeconds: promptSeconds, seconds: seconds,
            promptTokensPerSecond: Double(workload.prefix.count) / median(promptSeconds),
            writtenTokensPerSecond: Double(singleTokens) / median(seconds), ids: ids, setting: Setting(engine))
    }

    private static func load(_ folder: URL, _ precision: Precision) throws -> TransformerModel {
        try precision.requireAvailable()
        return try StoredModel(folder: folder, precision: precision).model
    }

    /// An engine that has computed something, so that no run pays for what is made once, with nothing in its cache that a run
    /// could use.
    private static func warmEngine(
        _ model: TransformerModel, _ precision: Precision, concurrency: Int
    ) throws -> SamplingEngine {
        let engine = SamplingEngine(
            model: model, precision: precision, maximumActive: concurrency, cacheBytes: cacheBytes
        ) { _ in [] }
        _ = try write(2, after: [0, 0, 0, 0], on: engine)
        return engine
    }

    private static func write(_ count: Int, after prompt: [Int32], on engine: SamplingEngine) throws -> [Int32] {
        _ = try engine.enqueue(SamplingRequest(prompt: prompt, maximumNewTokens: count))
        var ids: [Int32] = []
        while !engine.isIdle { ids += engine.step().flatMap(\.reply.ids) }
        guard ids.count == count else {
            throw TemperError(
                .data,
                "\(prompt.count) tokens and \(count) more do not fit the model's context of "
                    + "\(engine.model.configuration.contextLength)", boundary: .data)
        }
        return ids
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
