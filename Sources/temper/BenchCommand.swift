import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment
import TemperTraining
import TemperTransformer

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the speed of training, sampling, tokenizing or the environments on this machine.",
        discussion: """
            Prints the median of several runs with machine and commit; comparisons with other projects live in Benchmarks/.

            Example:
              temper bench train --runs 5
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case train, generate, tokenize, environments }

    @Argument(help: "train, generate, tokenize or environments.")
    var subject: Subject
    @Option(help: "How many runs.")
    var runs = 5
    @Option(help: "With train: the dataset to train on, in its own order (tokens.safetensors)).")
    var dataset: String?
    @Option(help: "With --dataset: the model folder or shipped name; with tokenize also a tokenizer's file.")
    var model = ModelLocator.shipped[0]
    @Option(help: "With --dataset: updates to make.")
    var steps = 30
    @Option(help: "With --dataset: at most so many tokens of documents per update.")
    var tokensPerStep = 8192
    @Option(help: "With --dataset: the constant learning rate.")
    var learningRate = 1e-4
    @Option(help: "With --dataset: fp32, bf16 or auto.")
    var precision = "auto"
    @Option(help: "With tokenize: a UTF-8 file; each line is a text of its own.")
    var file: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard runs > 0 else { throw TemperError(.usage, "--runs must be at least 1") }
        if subject == .environments { return try await environments() }
        if subject == .tokenize { return try tokenize() }
        if let dataset {
            guard subject == .train else { throw TemperError(.usage, "--dataset goes with 'temper bench train'") }
            return try training(on: URL(fileURLWithPath: dataset))
        }
        let result = subject == .train ? try Benchmark.train(runs: runs) : try await Benchmark.generate(runs: runs)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "%@: %.0f tokens/s (median of %d; %.0f to %.0f), %@", subject.rawValue, result.tokensPerSecond, runs,
                result.slowest, result.fastest, result.machine))
    }

    private func training(on dataset: URL) throws {
        guard steps > 0, tokensPerStep > 0 else {
            throw TemperError(.usage, "--steps and --tokens-per-step must be at least 1")
        }
        var plan = TrainingPlan()
        plan.learningRate = learningRate
        plan.tokensPerStep = tokensPerStep
        guard let precision = Precision(rawValue: precision) else {
            throw TemperError(.usage, "--precision is '\(precision)'", hint: "use fp32, bf16 or auto")
        }
        plan.precision = precision
        if let problem = plan.problem { throw TemperError(.usage, problem) }
        let result = try TrainingBenchmark.run(
            model: ModelLocator.folder(for: model), dataset: dataset, steps: steps, plan: plan)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "train: %.0f tokens/s over %d steps, loss %.4f to %.4f, %d workers, %@, peak memory %.0f MiB, %@",
                result.tokensPerSecond, result.steps.count, result.steps.first?.loss ?? 0, result.steps.last?.loss ?? 0,
                result.workers, result.precision, Double(result.peakMemory ?? 0) / 1_048_576, result.machine))
    }

    private func tokenize() throws {
        guard let file else {
            throw TemperError(.usage, "bench tokenize needs a text", hint: "name a UTF-8 file of several megabytes with --file")
        }
        let result = try TokenizerBenchmark.run(model: model, file: file, runs: runs)
        if output.json { return try Output.json(result) }
        let median = result.encodingSeconds.sorted()[runs / 2]
        print(
            String(
                format: "tokenize: %.1f MB/s on one thread (median of %d over %.1f MB, %d tokens), loaded in %.2f s",
                Double(result.byteCount) / 1e6 / median, runs, Double(result.byteCount) / 1e6, result.tokenCount,
                result.loadingSeconds.sorted()[runs / 2]))
    }

    private func environments() async throws {
        let rows = try await EnvironmentBenchmark.run(suites: SuiteRegistry.all, runs: runs)
        if output.json { return try Output.json(["environments": rows]) }
        for row in rows {
            print(
                String(
                    format: "%@: %.0f steps/s (median of %d; %.0f to %.0f), %.0f episodes/s", row.suite, row.stepsPerSecond, runs,
                    row.slowest, row.fastest, row.episodesPerSecond))
        }
    }
}
