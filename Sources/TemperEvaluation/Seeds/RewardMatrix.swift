/// The rewards of one policy on every task (rows) by every training seed (columns).
///
/// Tasks and seeds are crossed: each model meets the same tasks, so neither all rewards of a task nor all rewards of a seed are
/// independent of each other.
package struct RewardMatrix: Sendable, Hashable {
    package let taskCount: Int
    package let seedCount: Int
    /// Row by row.
    let values: [Double]

    /// - Parameter values: the rewards task by task, each task's in the order of the seeds.
    package init(taskCount: Int, seedCount: Int, values: [Double]) {
        precondition(taskCount > 0 && seedCount > 0 && values.count == taskCount * seedCount, "one reward per task and seed")
        self.taskCount = taskCount
        self.seedCount = seedCount
        self.values = values
    }

    package var mean: Double { values.reduce(0, +) / Double(values.count) }

    package var taskMeans: [Double] {
        (0..<taskCount).map { task in
            var sum = 0.0
            for seed in 0..<seedCount { sum += values[task * seedCount + seed] }
            return sum / Double(seedCount)
        }
    }

    package var seedMeans: [Double] {
        var sums = [Double](repeating: 0, count: seedCount)
        for task in 0..<taskCount {
            for seed in 0..<seedCount { sums[seed] += values[task * seedCount + seed] }
        }
        return sums.map { $0 / Double(taskCount) }
    }
}

/// The analysis of variance of a two-way layout without repetition: y[t, s] = µ + task t + seed s + rest.
///
/// The mean squares and their expectations are those of the random-effects model (Searle, Casella, McCulloch, *Variance
/// Components*, section 4.5): E[MS tasks] = S σ²(task) + σ²(rest), E[MS seeds] = T σ²(seed) + σ²(rest), E[MS rest] = σ²(rest).
package struct CrossedVariance: Sendable, Hashable {
    /// Mean squares of tasks, seeds and the rest; those of seeds and the rest are 0 with one seed.
    let tasks, seeds, rest: Double
    /// Estimated variances, cut off at 0.
    package let taskVariance, seedVariance, restVariance: Double

    /// - Parameter rewards: those of at least two tasks.
    package init(_ rewards: RewardMatrix) {
        let (t, s) = (Double(rewards.taskCount), Double(rewards.seedCount))
        precondition(t > 1, "one task has no variance")
        let mean = rewards.mean
        func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
        let ofTasks = s * squares(rewards.taskMeans)
        tasks = ofTasks / (t - 1)
        guard s > 1 else {
            (seeds, rest) = (0, 0)
            (taskVariance, seedVariance, restVariance) = (tasks, 0, 0)
            return
        }
        let ofSeeds = t * squares(rewards.seedMeans)
        seeds = ofSeeds / (s - 1)
        // What rounding leaves below 0 is 0.
        rest = max(0, squares(rewards.values) - ofTasks - ofSeeds) / ((t - 1) * (s - 1))
        taskVariance = max(0, tasks - rest) / s
        seedVariance = max(0, seeds - rest) / t
        restVariance = rest
    }
}
