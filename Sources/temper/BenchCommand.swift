import ArgumentParser
import Foundation
import TemperCore
import TemperEnvironments
import TemperExperiment

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the speed of training, sampling or the environments on this machine.",
        discussion: """
            Prints the median of several runs with machine and commit; comparisons with other projects live in Benchmarks/.

            Example:
              temper bench train --runs 5
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case train, generate, environments }

    @Argument(help: "train, generate or environments.")
    var subject: Subject
    @Option(help: "How many runs.")
    var runs = 5
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard runs > 0 else { throw TemperError(.usage, "--runs must be at least 1") }
        if subject == .environments { return try await environments() }
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
}
