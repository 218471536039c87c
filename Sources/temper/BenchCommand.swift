import ArgumentParser
import Foundation
import TemperBenchmarks
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment
import TemperTraining
import TemperTransformer

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the speed of training, sampling, tokenizing, the environments or the contamination check.",
        discussion: """
            Prints the median of several runs with machine and commit; comparisons with other projects live in Benchmarks/.

            Example:
              temper bench train --runs 5
            """,
        subcommands: [
            BenchTrainCommand.self, BenchLayersCommand.self, BenchGenerateCommand.self, BenchTokenizeCommand.self,
            BenchEnvironmentsCommand.self, BenchContaminationCommand.self,
        ])
}

/// What every benchmark takes.
struct BenchOptions: ParsableArguments {
    @Option(help: "How many runs.")
    var runs = 5
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
    }
}

struct BenchTrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Training: of pocket-base on made-up documents, or of any model on a dataset.",
        discussion: """
            With --dataset each step is timed and its loss reported, so that another implementation can take the same steps.

            Example:
              temper bench train --dataset runs/tiny/dataset/tokens.safetensors --steps 5
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "The dataset to train on, in its own order (tokens.safetensors).")
    var dataset: String?
    @Option(help: "With --dataset: the model folder or shipped name.")
    var model = ModelLocator.shipped[0]
    @Option(help: "With --dataset: updates to make.")
    var steps = 30
    @Option(help: "With --dataset: the most tokens of documents per update.")
    var tokensPerStep = 8192
    @Option(help: "With --dataset: the constant learning rate.")
    var learningRate = 1e-4
    @Option(help: "With --dataset: the rank of adapters on all linear layers; all weights train without it.")
    var lora: Int?
    @Option(help: "With --dataset: fp32, bf16 or auto.")
    var precision = "auto"

    func run() throws {
        guard let dataset else {
            guard model == ModelLocator.shipped[0], lora == nil, precision == "auto" else {
                throw TemperError(.usage, "--model, --lora and --precision are for a dataset", hint: "give --dataset")
            }
            return try options.report("train", Benchmark.train(runs: options.runs))
        }
        guard steps > 0 else { throw TemperError(.usage, "--steps must be at least 1") }
        guard let precision = Precision(rawValue: precision) else {
            throw TemperError(.usage, "--precision is '\(precision)'", hint: "use fp32, bf16 or auto")
        }
        var plan = TrainingPlan()
        plan.learningRate = learningRate
        plan.tokensPerStep = tokensPerStep
        if let problem = plan.problem { throw TemperError(.usage, problem) }
        let result = try TrainingBenchmark.run(
            model: ModelLocator.folder(for: model), dataset: URL(fileURLWithPath: dataset), steps: steps, plan: plan,
            precision: precision, rank: lora)
        if options.output.json { return try Output.json(result) }
        print(
            String(
                format: "train: %.0f tokens/s over %d steps, loss %.4f to %.4f, %d workers, %@, peak memory %.0f MiB, %@",
                result.tokensPerSecond, result.steps.count, result.steps.first?.loss ?? 0, result.steps.last?.loss ?? 0,
                result.workers, result.precision, Double(result.peakMemory ?? 0) / 1_048_576, result.machine))
    }
}

struct BenchLayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers", abstract: "Where a training step's time goes, and how its cost grows with the documents.",
        discussion: """
            Takes a step of documents with every token in the loss apart by kind of layer, beside the speed of large products
            measured in the same run; then times 1 to 64 documents of one length, and documents of different length.

            Example:
              temper bench layers --shape smollm2-135m
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "The model's shape, with random weights: smollm2-135m or pocket.")
    var shape = LayerBenchmark.Shape.pocket.rawValue
    @Option(help: "Tokens of a document.")
    var length = 512
    @Option(help: "Tokens of a step.")
    var tokens = 8192

    func run() throws {
        guard let shape = LayerBenchmark.Shape(rawValue: shape) else {
            throw TemperError(.usage, "--shape is '\(shape)'", hint: "use smollm2-135m or pocket")
        }
        guard length > 1, length <= 8192 else {
            throw TemperError(.usage, "--length is \(length)", hint: "use 2 to 8192")
        }
        guard tokens >= length else {
            throw TemperError(.usage, "--tokens is \(tokens)", hint: "use no less than --length, which is \(length)")
        }
        let result = try LayerBenchmark.run(shape: shape, length: length, tokens: tokens, runs: options.runs)
        if options.output.json { return try Output.json(result) }
        print(String(format: "layers: products reach at most %.0f GFLOP/s, %@", result.peak / 1e9, result.machine))
        for layer in result.layers {
            let speed =
                layer.operationsPerSecond > 0
                ? String(format: ", %4.0f GFLOP/s, %.2f of the peak", layer.operationsPerSecond / 1e9, layer.fractionOfPeak) : ""
            print(
                layer.kind.rawValue.padding(toLength: 17, withPad: " ", startingAt: 0)
                    + String(format: "%5.1f %% of the step", 100 * layer.share) + speed)
        }
        print(
            String(
                format: "whole step: %.0f tokens/s, %.2f of the peak (median of %d)", result.tokensPerSecond,
                result.fractionOfPeak, options.runs))
        for row in result.byDocuments + result.byLength {
            print(
                String(
                    format: "%d documents of %d tokens: %.0f tokens/s without the optimiser, attention %.0f ns a token",
                    row.documents, row.length, row.tokensPerSecond, row.attentionNanosecondsPerToken))
        }
        let speeds = result.byDocuments.map(\.tokensPerSecond)
        print(String(format: "1 to 64 documents: slowest over fastest %.2f", (speeds.min() ?? 0) / (speeds.max() ?? 1)))
    }
}

struct BenchGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Sampling: 32 conversations at once with pocket-base, or given episodes with any model.",
        discussion: """
            With --episodes every turn of an episode is a request whose prompt is all that came before, and all episodes run at
            once, greedily; each turn writes as many tokens as the file says, so that another implementation can do the same.

            Example:
              temper bench generate --runs 5
              temper bench generate --episodes workload.json --model my-model --json
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "A workload of token ids, as Benchmarks/sampling.py writes it (JSON).")
    var episodes: String?
    @Option(help: "With --episodes: the model folder or shipped name.")
    var model = ModelLocator.shipped[0]
    @Option(help: "With --episodes: fp32, bf16 or auto.")
    var precision = "auto"
    @Flag(help: "With --episodes: one stream that goes on after the episodes' common prefix.")
    var single = false

    func run() async throws {
        guard let episodes else {
            guard !single, model == ModelLocator.shipped[0], precision == "auto" else {
                throw TemperError(.usage, "--model, --precision and --single are for a workload", hint: "give --episodes")
            }
            return try options.report("generate", await Benchmark.generate(runs: options.runs))
        }
        guard let precision = Precision(rawValue: precision) else {
            throw TemperError(.usage, "--precision is '\(precision)'", hint: "use fp32, bf16 or auto")
        }
        let folder = try ModelLocator.folder(for: model)
        let workload = try EpisodeWorkload(contentsOf: URL(fileURLWithPath: episodes))
        if single {
            let result = try SamplingBenchmark.runSingle(
                model: folder, workload: workload, precision: precision, runs: options.runs)
            if options.output.json { return try Output.json(result) }
            return print(
                String(
                    format: "generate: one stream %.1f tokens/s, its prompt of %d tokens %.0f tokens/s",
                    result.writtenTokensPerSecond,
                    workload.prefix.count, result.promptTokensPerSecond) + ending(result.setting))
        }
        let result = try SamplingBenchmark.run(model: folder, workload: workload, precision: precision, runs: options.runs)
        if options.output.json { return try Output.json(result) }
        print(
            String(
                format:
                    "generate: %.1f episodes/min, %d in %.2f s, %.0f tokens/s of %d written; %d prompt tokens computed, %d reused",
                result.episodesPerMinute, workload.episodes.count,
                Double(60 * workload.episodes.count) / result.episodesPerMinute,
                result.writtenTokensPerSecond, result.writtenTokens, result.computedPromptTokens, result.reusedPromptTokens)
                + ending(result.setting))
    }

    private func ending(_ setting: SamplingBenchmark.Setting) -> String {
        String(
            format: " (median of %d), %d workers, %@, peak memory %.0f MiB, %@", options.runs, setting.workers, setting.precision,
            Double(setting.peakMemory ?? 0) / 1_048_576, setting.machine)
    }
}

struct BenchTokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Encoding of text on one thread, and loading of the tokenizer.",
        discussion: """
            Example:
              temper bench tokenize --file README.md
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "A model folder, a shipped name, or a tokenizer's file.")
    var model = ModelLocator.shipped[0]
    @Option(help: "A UTF-8 file, best of several megabytes; each line is encoded by itself.")
    var file: String

    func run() throws {
        let result = try TokenizerBenchmark.run(model: model, file: file, runs: options.runs)
        if options.output.json { return try Output.json(result) }
        let median = result.encodingSeconds.sorted()[options.runs / 2]
        print(
            String(
                format: "tokenize: %.1f MB/s on one thread (median of %d over %.1f MB, %d tokens), loaded in %.2f s",
                Double(result.byteCount) / 1e6 / median, options.runs, Double(result.byteCount) / 1e6, result.tokenCount,
                result.loadingSeconds.sorted()[options.runs / 2]))
    }
}

struct BenchEnvironmentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environments", abstract: "Steps and episodes a second of each suite's environment.",
        discussion: """
            Example:
              temper bench environments --runs 3
            """)

    @OptionGroup var options: BenchOptions

    func run() async throws {
        let rows = try await EnvironmentBenchmark.run(suites: SuiteRegistry.all, runs: options.runs)
        if options.output.json { return try Output.json(["environments": rows]) }
        for row in rows {
            print(
                String(
                    format: "%@: %.0f steps/s (median of %d; %.0f to %.0f), %.0f episodes/s", row.suite, row.stepsPerSecond,
                    options.runs, row.slowest, row.fastest, row.episodesPerSecond))
        }
    }
}

struct BenchContaminationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contamination", abstract: "The contamination check's time per training token, from 10⁵ to 10⁷ tokens.",
        discussion: """
            Example:
              temper bench contamination --runs 3
            """)

    @OptionGroup var options: BenchOptions

    func run() throws {
        let rows = try ContaminationBenchmark.run(runs: options.runs)
        if options.output.json { return try Output.json(["contamination": rows]) }
        for row in rows {
            print(
                String(
                    format: "%@ rule, %d training tokens: %.0f ns a token (median of %d; %.0f to %.0f)", row.rule.rawValue,
                    row.trainingTokens, row.nanosecondsPerToken, options.runs, row.fastest, row.slowest))
        }
    }
}

extension BenchOptions {
    /// Prints the speed of a thing measured in tokens.
    fileprivate func report(_ subject: String, _ result: Benchmark.Result) throws {
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "%@: %.0f tokens/s (median of %d; %.0f to %.0f), %@", subject, result.tokensPerSecond, runs,
                result.slowest, result.fastest, result.machine))
    }
}
