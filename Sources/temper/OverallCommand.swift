import ArgumentParser
import Foundation
import TemperCore
import TemperData
import TemperEvaluation

struct OverallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overall",
        abstract: "The overall score of AgentTuning: each task over the baselines' mean, averaged over the tasks.",
        discussion: """
            FILE is {"baselines": [NAME, …], "scores": {NAME: {TASK: SCORE, …}, …}}. A task's weight is the mean score of the
            baselines; a policy's overall score is the mean over the tasks of score / weight.

            Example:
              temper overall scores.json --json
            """)
    @Argument(help: "A JSON file with the baselines' names and every policy's scores.")
    var file: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let url = URL(fileURLWithPath: file)
        let table = try ReadFile.json(WeightedOverall.Table.self, from: url, expecting: "baselines and scores")
        let result: WeightedOverall
        do {
            result = try WeightedOverall(table)
        } catch var error as TemperError {
            error.place = error.place ?? url.path
            throw error
        }
        if output.json { return try Output.json(result) }
        print(TextTable.weighted(result).text)
        print("\n" + TextTable.weights(result).text)
    }
}
