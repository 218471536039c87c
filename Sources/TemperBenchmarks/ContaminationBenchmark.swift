import Foundation
import TemperCore
package import TemperData

/// Time per training token of the contamination check: what `temper bench contamination` does.
///
/// The test side stays the same while the training side grows; were the check quadratic in anything, its time per token would grow
/// too.
package enum ContaminationBenchmark {
    package struct Row: Codable, Sendable, Hashable {
        package var rule: ContaminationRule.Reading
        package var trainingTokens: Int
        /// The median over the runs.
        package var nanosecondsPerToken: Double
        package var slowest: Double
        package var fastest: Double
        /// Test examples found dirty: the same in every run.
        package var dirty: Int

        enum CodingKeys: String, CodingKey {
            case rule, slowest, fastest, dirty
            case trainingTokens = "training_tokens"
            case nanosecondsPerToken = "nanoseconds_per_token"
        }
    }

    static let testExamples = 1000
    static let wordsOfAnExample = 40

    /// Texts of words drawn by Zipf's law, as words of a language are; of the training texts every 200th holds a test example.
    ///
    /// - Parameter sizes: tokens of the training side.
    package static func run(runs: Int, sizes: [Int] = [100_000, 1_000_000, 10_000_000]) throws -> [Row] {
        let tests = (0..<testExamples).map { text($0, "test") }
        let records = tests.enumerated().map { index, text in
            RecordStream.Record(index: index, place: "test:\(index)", content: .success(.object(["question": .string(text)])))
        }
        // A round of texts that is gone through as often as a size needs: what is in memory does not grow with the size.
        let round = (0..<2500).map { index in
            let own = text(index, "train")
            return JSONValue.object(["instruction": .string(index % 200 == 0 ? own + " " + tests[index % tests.count] : own)])
        }
        let tokens = round.reduce(0) { $0 + WordTokens.split($1["instruction"]?.string ?? "").count }
        var rows: [Row] = []
        for reading in ContaminationRule.Reading.allCases {
            for size in sizes {
                var figures: [Double] = []
                var dirty = 0
                for run in 0...runs {
                    var check = try ContaminationCheck(against: records, rule: ContaminationRule(reading))
                    let wanted = max(1, Int((Double(size) / Double(tokens) * Double(round.count)).rounded()))
                    let started = ContinuousClock.now
                    for index in 0..<wanted { check.scan(round[index % round.count], named: "\(index)") }
                    let nanoseconds = (ContinuousClock.now - started) / .nanoseconds(1)
                    dirty = check.report().dirty
                    // The first run only warms up.
                    if run > 0 { figures.append(nanoseconds / Double(size)) }
                }
                let sorted = figures.sorted()
                rows.append(
                    Row(
                        rule: reading, trainingTokens: size, nanosecondsPerToken: sorted[sorted.count / 2],
                        slowest: sorted[sorted.count - 1], fastest: sorted[0], dirty: dirty))
            }
        }
        return rows
    }

    private static func text(_ index: Int, _ side: String) -> String {
        var random = RandomSource(seed: 1, "contamination bench", side, "\(index)")
        // A power of a uniform number has the density 1/x of Zipf's law.
        let words = (0..<wordsOfAnExample).map { _ in "w" + String(UInt32(pow(10, 5 * random.unit()))) }
        return words.joined(separator: " ") + "."
    }
}
