import Foundation
import TemperCore
import TemperData
package import TemperEvaluation

/// Policies of runs, side by side on the same panel: what `temper compare` does.
package struct RunComparison: Sendable {
    /// `RUN`, or `RUN#POLICY`; a run alone means its tuned policy. The first is the baseline.
    package var contestants: [String]
    /// Nil compares every suite that all have.
    package var suite: String?
    /// Nil takes each suite's primary metric.
    package var metric: String?
    /// Whether different panels may be compared, each with its own tasks.
    package var allowsUnpaired: Bool

    package init(contestants: [String], suite: String? = nil, metric: String? = nil, allowsUnpaired: Bool = false) {
        self.contestants = contestants
        self.suite = suite
        self.metric = metric
        self.allowsUnpaired = allowsUnpaired
    }

    /// - Returns: each other contestant against the first, by suite and method.
    /// - Throws: ``TemperError`` with code `data` for a folder that is no run, a policy it did not evaluate, nothing in common, and
    ///   for panels that differ unless that is allowed.
    package func rows() throws -> [SeededComparison] {
        guard contestants.count > 1 else {
            throw TemperError(
                .usage, "a comparison needs two runs or policies",
                hint: "for example: temper compare runs/a runs/b, or runs/a#base runs/a#tuned")
        }
        let loaded = try contestants.map { try Contestant($0) }
        let baseline = loaded[0]
        return try loaded.dropFirst().flatMap { policy -> [SeededComparison] in
            let rows = try policy.cells.compactMap { cell -> SeededComparison? in
                guard suite == nil || cell.suite == suite, let other = baseline.cells.first(where: { $0.isComparable(to: cell) })
                else { return nil }
                return try compare(other, cell)
            }
            guard !rows.isEmpty else {
                throw TemperError(
                    .data, "\(policy.word) and \(baseline.word) have no \(suite.map { "tasks of '\($0)'" } ?? "suite") in common",
                    hint: "\(baseline.word) has: \(baseline.names); \(policy.word) has: \(policy.names)", boundary: .data)
            }
            return rows
        }
    }

    private func compare(_ baseline: Cell, _ policy: Cell) throws -> SeededComparison? {
        var notes: [String] = []
        let difference = Cell.panelDifference(baseline, policy)
        if let difference {
            guard allowsUnpaired else {
                throw TemperError(
                    .data,
                    "\(baseline.word) and \(policy.word) were evaluated on different panels of '\(policy.suite)': \(difference)",
                    hint: "evaluate both on the same tasks, or add --unpaired to compare them all the same", boundary: .data)
            }
            notes.append("different panels: \(difference)")
        } else if baseline.panel == nil || policy.panel == nil {
            notes.append("the runs' panels are not recorded; tasks are compared by id and contents")
        }
        let metric = metric ?? policy.primaryMetric
        return SeededComparison(
            suite: policy.suite, split: policy.split, method: policy.method, metric: metric,
            baseline: try baseline.figures(metric), policy: try policy.figures(metric), isPaired: difference == nil, notes: notes)
    }

    /// One policy's episodes on one suite in one method.
    private struct Cell {
        var word, policy, suite, split: String
        var method: Method
        var primaryMetric: String
        var panel: EvaluationPanel?
        var tasksHash: String
        var isTrained: Bool
        var episodes: [(seed: UInt64, trajectories: [Trajectory])]

        func isComparable(to other: Cell) -> Bool { suite == other.suite && method == other.method }

        /// What keeps two panels apart, in words; nil where they are the same as far as is known.
        static func panelDifference(_ first: Cell, _ second: Cell) -> String? {
            if first.tasksHash != second.tasksHash {
                func tasks(_ cell: Cell) -> [String: AgentTask] {
                    Dictionary(cell.episodes.flatMap { $0.trajectories.map { ($0.task.id, $0.task) } }) { first, _ in first }
                }
                let (mine, others) = (tasks(first), tasks(second))
                let shared = Set(mine.keys).intersection(others.keys)
                let changed = shared.count { mine[$0] != others[$0] }
                return "\(mine.count) and \(others.count) tasks, \(shared.count) ids in common"
                    + (changed > 0 ? ", \(changed) of these with other contents" : "")
            }
            guard let one = first.panel, let other = second.panel, one.hash != other.hash else { return nil }
            if one.environmentVersion != other.environmentVersion {
                return "environment version \(one.environmentVersion) and \(other.environmentVersion)"
            }
            if one.options != other.options { return "the suite has other options" }
            return "instruction or demonstrations differ"
        }

        /// - Throws: ``TemperError`` with code `data` for a metric that no score carries.
        func figures(_ metric: String) throws -> SeededFigures {
            let scores = episodes.flatMap { $0.trajectories.compactMap(\.score) }
            if metric != ResultRow.reward, !scores.isEmpty, !scores.contains(where: { $0.metrics[metric] != nil }) {
                let known = Set(scores.flatMap(\.metrics.keys)).sorted()
                throw TemperError(
                    .data, "\(word) has no metric '\(metric)' in suite '\(suite)'",
                    hint: "it has: \(([ResultRow.reward] + known).joined(separator: ", "))", boundary: .data)
            }
            return SeededFigures(policy: word, isTrained: isTrained, episodes: episodes, metric: metric)
        }
    }

    private struct Contestant {
        var word: String
        var cells: [Cell]

        var names: String { Set(cells.map(\.suite)).sorted().joined(separator: ", ") }

        init(_ word: String) throws {
            self.word = word
            var (path, policy) = (word, "tuned")
            if !FileManager.default.fileExists(atPath: word), let mark = word.lastIndex(of: "#") {
                path = String(word[..<mark])
                policy = String(word[word.index(after: mark)...])
            }
            let folder = try RunFolder.existing(URL(fileURLWithPath: path, isDirectory: true))
            guard FileManager.default.fileExists(atPath: folder.store.path) else {
                throw TemperError(
                    .data, "the run holds no episodes", hint: "run it to its stage 'evaluate' first", place: path, boundary: .data
                )
            }
            let store = try RunStore(folder)
            let groups = try store.totals().map(\.group)
            let own = groups.compactMap { group in EvaluationGroup(group).map { (group, $0) } }
            let chosen = own.filter { $0.1.policy == policy }
            guard !chosen.isEmpty else {
                let known = Set(own.map(\.1.policy)).sorted()
                throw TemperError(
                    .data, "the run has no evaluation of '\(policy)'",
                    hint: known.isEmpty ? "run its stage 'evaluate' first" : "it has: \(known.joined(separator: ", "))",
                    place: path,
                    boundary: .data)
            }
            let evaluation =
                FileManager.default.fileExists(atPath: folder.evaluation.path)
                ? try ReadFile.json(Evaluation.self, from: folder.evaluation) : Evaluation()
            let firstSeed = try Manifest.read(folder)?.seed ?? 0
            let episodes: [(seed: UInt64, trajectories: [Trajectory])] = try chosen.map { group, name in
                (seed: name.trainingSeed ?? firstSeed, trajectories: try store.trajectories(group: group))
            }
            let keys = Set(episodes.flatMap { $0.trajectories.map { [$0.task.suite, $0.key.method.rawValue] } })
            cells = try keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key in
                let bySeed: [(seed: UInt64, trajectories: [Trajectory])] = episodes.map { one in
                    let own = one.trajectories.filter { $0.task.suite == key[0] && $0.key.method.rawValue == key[1] }
                    return (one.seed, own)
                }
                let members = bySeed.filter { !$0.trajectories.isEmpty }.sorted { $0.seed < $1.seed }
                guard let first = members.first?.trajectories.first else { return nil }
                let tasks = Dictionary(members.flatMap { $0.trajectories.map { ($0.task.id, $0.task) } }) { first, _ in first }
                let panel = evaluation.panels.first { $0.suite == key[0] && $0.method == first.key.method }
                return Cell(
                    word: word, policy: policy, suite: key[0], split: first.task.split, method: first.key.method,
                    primaryMetric: evaluation.primaryMetrics[key[0]] ?? ResultRow.reward, panel: panel,
                    tasksHash: try EvaluationPanel.tasksHash(Array(tasks.values)),
                    isTrained: EvaluationGroup.isTrained(policy), episodes: members)
            }
        }
    }
}

/// Under which group of the store a policy's evaluation lies: `evaluate/POLICY`, and `evaluate/POLICY@SEED` for the models of
/// further training seeds.
struct EvaluationGroup: Hashable {
    var policy: String
    /// Nil for the run's own seed.
    var trainingSeed: UInt64?

    init(policy: String, trainingSeed: UInt64? = nil) {
        self.policy = policy
        self.trainingSeed = trainingSeed
    }

    /// Nil for a group of another kind, such as one of `temper evaluate --suite --run`.
    init?(_ text: String) {
        guard text.hasPrefix("evaluate/") else { return nil }
        policy = String(text.dropFirst("evaluate/".count))
        if let mark = policy.lastIndex(of: "@"), let seed = UInt64(policy[policy.index(after: mark)...]) {
            policy = String(policy[..<mark])
            trainingSeed = seed
        }
    }

    var text: String { "evaluate/\(policy)" + (trainingSeed.map { "@\($0)" } ?? "") }

    /// Whether a policy is what the run trained, so that training seeds decide its score.
    static func isTrained(_ policy: String) -> Bool {
        policy == "tuned" || policy == ControlPolicy.mismatchedObservations.rawValue
    }
}
