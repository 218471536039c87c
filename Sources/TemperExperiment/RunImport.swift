package import Foundation
import TemperAgents
import TemperCore
package import TemperData
import TemperEnvironments
package import TemperEvaluation

/// Brings trajectories and conversations of another project into a run folder: what `temper import` does.
package enum RunImport {
    package static let group = "import"

    /// - Parameters:
    ///   - expected: how many episodes there must be; an absent one counts as an episode with outcome `missing` and reward 0.
    /// - Throws: ``TemperError`` with code `data` for a file that is not of the format.
    package static func run(
        format: String, file: URL, into folder: URL, expected: Int? = nil, isStrict: Bool = false
    ) async throws -> ImportReport {
        do {
            return try await read(format: format, file: file, into: folder, expected: expected, isStrict: isStrict)
        } catch let error as TemperError where error.code == .data {
            throw SourceFileForm.explained(error, file)
        }
    }

    private static func read(
        format: String, file: URL, into folder: URL, expected: Int?, isStrict: Bool
    ) async throws -> ImportReport {
        let reader = try ImportFormats.named(format)
        if let expected, !(0...1_000_000).contains(expected) { throw TemperError(.usage, "--expected must be in 0…1000000") }
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw TemperError(.data, "the file does not exist", place: file.relativePath, boundary: .data)
        }
        let options = ImportOptions(
            group: group, policy: "recording:\(file.lastPathComponent)",
            expectedTasks: format == "fireact-results" ? try expectedTasks(expected) : [], expectedCount: expected,
            isStrict: isStrict,
            score: { AnswerMetrics.score($0, $1) })
        if reader.givesConversations {
            guard expected == nil else {
                throw TemperError(.usage, "--expected counts episodes, and '\(format)' holds conversations")
            }
            let runFolder = try RunFolder.create(folder)
            let lock = try runFolder.lock()
            defer { withExtendedLifetime(lock) {} }
            return try ConversationFile.write(file, format: reader, options: options, into: runFolder)
        }
        let (trajectories, report) = try reader.read(file, options: options)
        try report.requireAny(of: file)
        let runFolder = try RunFolder.create(folder)
        let lock = try runFolder.lock()
        defer { withExtendedLifetime(lock) {} }
        let store = try RunStore(runFolder)
        let keys = Set(trajectories.map(\.key))
        if let other = try store.trajectories(group: group).first(where: { keys.contains($0.key) && $0.policy != options.policy })
        {
            throw TemperError(
                .data, "the run already holds \(other.key.text) of '\(other.policy)'",
                hint: "import into another folder with --run",
                place: folder.path, boundary: .data)
        }
        try await store.importEpisodes(trajectories)
        try store.close()
        return report
    }

    /// FireAct's evaluation subset, when all of it is expected and the real questions are available: absent ones are then named.
    private static func expectedTasks(_ count: Int?) throws -> [AgentTask] {
        guard let count, DataFolder.locate() != nil else { return [] }
        let tasks = try HotpotQASuite().tasks(split: "dev-500", limit: nil)
        return count == tasks.count ? tasks : []
    }
}

/// Scores stored trajectories again: what `temper evaluate RUN --rescore` does.
package enum Rescoring {
    /// Reads every reply from its raw text, scores the answer again, and summarises by group and policy. Nothing is written.
    ///
    /// - Throws: ``TemperError`` with code `data` when the folder is not a run.
    package static func rescore(_ folder: URL, seed: UInt64) async throws -> [ResultRow] {
        let store = try RunStore(RunFolder.existing(folder))
        let recipe = try recipe(folder)
        var registry = ExperimentRegistry()
        registry.access = PolicyFactory().worldAccess
        var rescored: [Trajectory] = []
        for stored in try store.trajectories() {
            let id = stored.task.suite
            // For a suite unknown here (a dataset without gold answers) there is only the stored score.
            guard SuiteRegistry.isKnown(id) else {
                rescored.append(stored)
                continue
            }
            rescored.append(try await Recording.rescored(stored, suite: recipe.suite(id, in: registry)))
        }
        guard !rescored.isEmpty else {
            throw TemperError(.data, "the run holds no finished episode", place: folder.path, boundary: .data)
        }
        let byPolicy = Dictionary(grouping: rescored) { "\($0.key.group) \($0.policy)" }
        return try byPolicy.sorted { $0.key < $1.key }.flatMap { _, trajectories in
            let isEvaluated = trajectories[0].key.group.hasPrefix(Stage.evaluate.rawValue)
            let settings = isEvaluated ? recipe.evaluate?.episodes : recipe.collect?.episodes
            return try ResultRow.summarise(
                trajectories, policy: trajectories[0].policy, seed: seed, trials: settings?.trials(in: .reflexion) ?? 1)
        }
    }

    /// The recipe under which the run's episodes were played; an empty one for a folder without.
    private static func recipe(_ folder: URL) throws -> Recipe {
        guard let manifest = try Manifest.read(RunFolder.existing(folder)) else { return Recipe() }
        return try RecipeFile.recipe(from: manifest.recipe)
    }
}

/// Scores a file of predictions: what `temper score` does.
package enum PredictionScores {
    /// The number of predictions and the mean of each of the suite's metrics, 0…1.
    package struct Result: Encodable, Sendable, Hashable {
        package var n: Int
        package var metrics: [String: Double]

        /// `{"n", "exact_match", "f1"}`: the metrics are fields beside n.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(metrics.merging(["n": Double(n)]) { $1 })
        }
    }

    private struct Pair: Decodable {
        var answer: String
        var prediction: String
    }

    /// - Parameter file: JSON lines `{"answer", "prediction"}`.
    /// - Throws: ``TemperError`` with code `data` that names the line.
    package static func score(suite id: String, file: URL) throws -> Result {
        let suite = try SuiteRegistry.suite(id)
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw TemperError(.data, "the predictions cannot be read", place: file.relativePath, boundary: .data, cause: error)
        }
        var scores: [Score] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let pair: Pair
            do {
                pair = try JSONDecoder().decode(Pair.self, from: Data(line.utf8))
            } catch {
                throw TemperError(
                    .data, "not a prediction: \(TemperError.describe(error))",
                    hint: #"each line is {"answer": …, "prediction": …}"#,
                    place: "\(file.relativePath):\(index + 1)", boundary: .data, cause: error)
            }
            let task = AgentTask(
                id: "\(index)", suite: id, split: "", instruction: "", payload: .object(["answer": .string(pair.answer)]))
            guard let score = suite.score(answer: pair.prediction, for: task) else {
                throw TemperError(.usage, "a prediction alone does not decide in suite '\(id)'", hint: "use temper evaluate")
            }
            scores.append(score)
        }
        guard !scores.isEmpty else { throw TemperError(.data, "there is no prediction in the file", place: file.relativePath) }
        let names = Set(scores.flatMap(\.metrics.keys))
        let means = names.map { name in (name, scores.reduce(0) { $0 + ($1.metrics[name] ?? 0) } / Double(scores.count)) }
        return Result(n: scores.count, metrics: Dictionary(uniqueKeysWithValues: means))
    }
}
