import ArgumentParser
import Foundation
import TemperCore
import TemperEvaluation
import TemperExperiment

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares policies of runs on the same tasks, over tasks and training seeds.",
        discussion: """
            RUN alone means the run's tuned policy; RUN#POLICY names another. The first is the baseline. The verdict is fixed before
            any score is seen: 'better' or 'worse' when the 95 % interval of the difference over tasks and seeds leaves 0, 'not
            enough seeds' with fewer than 3 training seeds or when the seeds differ too much among themselves, else 'no difference
            seen'. 'least called' is the smallest difference that would have been called.

            Examples:
              temper compare runs/filtered runs/unfiltered
              temper compare runs/quickstart#base runs/quickstart#tuned --json
            """)
    @Argument(help: "Run folders, or RUN#POLICY; at least two.")
    var runs: [String]
    @Option(help: "Only this suite.")
    var suite: String?
    @Option(help: "reward, or a metric such as exact_match. Default: each suite's own.")
    var metric: String?
    @Flag(help: "Compare runs of different panels too, each with its own tasks.")
    var unpaired = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = try RunComparison(contestants: runs, suite: suite, metric: metric, allowsUnpaired: unpaired).rows()
        if output.json { return try Output.json(["comparisons": rows]) }
        print(TextTable.comparisons(rows).text)
        let seeds = TextTable.seeds(of: rows)
        if !seeds.rows.isEmpty { print("\n" + seeds.text) }
        for note in Set(rows.flatMap(\.notes)).sorted() { print("note: \(note)") }
    }
}
