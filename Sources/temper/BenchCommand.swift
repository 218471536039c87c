import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment
import TemperTraining
import TemperTransformer

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the speed of training, sampling, the environments or the contamination check on this machine.",
        discussion: """
            Prints the median of several runs with machine and commit; comparisons with other projects live in Benchmarks/.

            Example:
              temper bench train --runs 5
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case train, generate, environments, contamination }

    @Argument(help: "train, generate, environments or contamination.")
    var subject: Subject
    @Option(help: "How many runs.")
    var runs = 5
    @Option(help: "With train: the dataset to train on, in its own order (tokens.safetensors)).")
    var dataset: String?
    @Option(help: "With --dataset: the model folder or shipped name.")
    var model = ModelLocator.shipped[0]
    @Option(help: "With --dataset: updates to make.")
    var steps = 30
    @Option(help: "With --dataset: at most so many tokens of documents per update.")
    var tokensPerStep = 8192
    @Option(help: "With --dataset: the constant learning rate.")
    var learningRate = 1e-4
    @Option(help: "With --dataset: fp32, bf16 or auto.")
    var precision = "auto"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard runs > 0 else { throw TemperError(.usage, "--runs must be at least 1") }
        if subject == .environments { return try await environments() }
        if subject == .contamination { return try contamination() }
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

    private func contamination() throws {
        let rows = try ContaminationBenchmark.run(runs: runs)
        if output.json { return try Output.json(["contamination": rows]) }
        for row in rows {
            print(
                String(
                    format: "%@ rule, %d training tokens: %.0f ns a token (median of %d; %.0f to %.0f)", row.rule.rawValue,
                    row.trainingTokens, row.nanosecondsPerToken, runs, row.fastest, row.slowest))
        }
    }
}
