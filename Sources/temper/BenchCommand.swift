import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEnvironments
import TemperExperiment

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
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard runs > 0 else { throw TemperError(.usage, "--runs must be at least 1") }
        if subject == .environments { return try await environments() }
        if subject == .contamination { return try contamination() }
        let result = subject == .train ? try Benchmark.train(runs: runs) : try await Benchmark.generate(runs: runs)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "%@: %.0f tokens/s (median of %d; %.0f to %.0f), %@", subject.rawValue, result.tokensPerSecond, runs,
                result.slowest, result.fastest, result.machine))
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
