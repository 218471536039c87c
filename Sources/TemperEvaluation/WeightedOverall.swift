import TemperCore

/// AgentTuning's overall score (section 3.1, tables 3 and 4): each task's score over a weight, averaged over the tasks.
///
/// A task's weight is the mean score of the baseline policies on it (the paper prints it as "Weight⁻¹"), so that a hard task
/// counts as much as an easy one and the baselines are 1 on average. The paper's baselines are GPT-3.5, GPT-4 and the three Llama 2
/// chat models. ``OverallScore`` does without other policies' scores.
package struct WeightedOverall: Codable, Sendable, Hashable {
    /// What `temper overall` reads.
    package struct Table: Codable, Sendable, Hashable {
        /// Policies whose mean is the weight, by their names in `scores`.
        package var baselines: [String]
        /// The scores by policy, then by task.
        package var scores: [String: [String: Double]]

        package init(baselines: [String], scores: [String: [String: Double]]) {
            self.baselines = baselines
            self.scores = scores
        }
    }

    /// What scores are divided by, by task.
    package var weights: [String: Double]
    /// The overall score of each policy.
    package var overall: [String: Double]

    /// - Throws: ``TemperError`` with code `data` for a table without baselines or tasks, with a baseline that has no scores, a score
    ///   that is missing or not a finite number, or a task on which the baselines' mean is not above 0.
    package init(_ table: Table) throws {
        func fault(_ message: String, hint: String) -> TemperError { TemperError(.data, message, hint: hint, boundary: .data) }
        guard !table.baselines.isEmpty else {
            throw fault("'baselines' is empty, so there are no weights", hint: "name the policies whose mean is the weight")
        }
        guard Set(table.baselines).count == table.baselines.count else {
            throw fault("'baselines' names a policy twice", hint: "name each baseline once")
        }
        if let missing = table.baselines.first(where: { table.scores[$0] == nil }) {
            throw fault(
                "the baseline '\(missing)' has no scores",
                hint: "'scores' has: \(table.scores.keys.sorted().joined(separator: ", "))")
        }
        let tasks = Set(table.scores.values.flatMap(\.keys)).sorted()
        guard !tasks.isEmpty else { throw fault("'scores' holds no task", hint: "give a score for each policy and task") }
        for (policy, scores) in table.scores.sorted(by: { $0.key < $1.key }) {
            if let missing = tasks.first(where: { scores[$0] == nil }) {
                throw fault(
                    "'\(policy)' has no score for '\(missing)'", hint: "an overall score needs every policy on the same tasks")
            }
            if let odd = tasks.first(where: { scores[$0]?.isFinite != true }) {
                throw fault("the score of '\(policy)' for '\(odd)' is not a finite number", hint: "give a number")
            }
        }
        var weights: [String: Double] = [:]
        for task in tasks {
            let scores = table.baselines.compactMap { table.scores[$0]?[task] }
            guard let mean = Statistics.mean(scores), mean > 0 else {
                throw fault(
                    "the baselines' mean for '\(task)' is not above 0, so nothing can be divided by it",
                    hint: "leave the task out, or add a baseline that solves some of it")
            }
            weights[task] = mean
        }
        self.weights = weights
        overall = table.scores.mapValues { scores in
            tasks.reduce(0) { $0 + (scores[$1] ?? 0) / (weights[$1] ?? 1) } / Double(tasks.count)
        }
    }
}

extension TextTable {
    /// Policies in rows, best first, then the weight of each task.
    package static func weighted(_ result: WeightedOverall) -> TextTable {
        let policies = result.overall.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return TextTable(
            columns: [Column("policy"), Column("overall", .right)],
            rows: policies.map { [$0.key, NumberText.fixed($0.value, 2)] })
    }

    /// Tasks with what their scores are divided by.
    package static func weights(_ result: WeightedOverall) -> TextTable {
        TextTable(
            columns: [Column("task"), Column("weight", .right)],
            rows: result.weights.sorted { $0.key < $1.key }.map { [$0.key, NumberText.fixed($0.value, 2)] })
    }
}
