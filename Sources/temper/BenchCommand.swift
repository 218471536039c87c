import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures training or sampling speed of the native engine on this machine.",
        discussion: """
            Prints the median of several runs with machine and commit; comparisons with other projects live in Benchmarks/.

            Example:
              temper bench train --runs 5
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case train, generate }

    @Argument(help: "train or generate.")
    var subject: Subject
    @Option(help: "How many runs.")
    var runs = 5
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard runs > 0 else { throw TemperError(.usage, "--runs must be at least 1") }
        let result = subject == .train ? try Benchmark.train(runs: runs) : try await Benchmark.generate(runs: runs)
        if output.json { return try Output.json(result) }
        print(
            String(
                format: "%@: %.0f tokens/s (median of %d; %.0f to %.0f), %@", subject.rawValue, result.tokensPerSecond, runs,
                result.slowest, result.fastest, result.machine))
    }
}
