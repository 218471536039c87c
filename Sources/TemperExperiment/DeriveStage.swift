import Foundation
import TemperCore
import TemperData
import TemperEnvironments

/// Makes tasks with a teacher, and keeps those whose references hold.
enum DeriveStage {
    static let group = "derive"

    static func run(_ context: RunContext) async throws -> String {
        guard let derive = context.recipe.derive else { return "" }
        context.observer(.stageStarted(.derive, derive.policy))
        var report = DeriveReport()
        for (id, plan) in derive.suites.sorted(by: { $0.key < $1.key }) {
            let work = try await DeriveWork(derive, suite: context.recipe.derivingSuite(id, in: context.registry), context)
            var tasks: [AgentTask] = []
            var parts: [DeriveReport.Part] = []
            if let source = plan.thoughts { try await work.thoughts(source, &tasks, &parts) }
            if let source = plan.interaction { try await work.interaction(source, &tasks, &parts) }
            if let plan = plan.selfInstruct { try await work.selfInstruct(plan, &tasks, &parts) }
            for index in parts.indices { parts[index].sort() }
            report.parts += parts
            try DerivedTaskFile.write(tasks, to: context.folder.derived(suite: id))
        }
        try AtomicFile.writeJSON(report, to: context.folder.deriveReport)
        let proposed = report.parts.reduce(0) { $0 + $1.proposed }
        let errors = report.parts.reduce(0) { $0 + $1.count(.error) }
        if proposed > 0, errors == proposed {
            let place = report.parts.flatMap(\.rejected).first { $0.reason == .error }?.places.first ?? ""
            throw TemperError(
                .unavailable, "every call failed: \(place)", hint: "fix what failed, then run the same command again",
                boundary: .policy)
        }
        let kept = report.parts.reduce(0) { $0 + $1.kept }
        return "\(proposed) proposed or given, \(kept) kept, \(errors) errors"
    }

    /// The tasks that an earlier stage derived for a suite.
    ///
    /// - Throws: ``TemperError`` with code `data` when there is no such file.
    static func tasks(of suite: String, in folder: RunFolder, limit: Int?) throws -> [AgentTask] {
        let url = folder.derived(suite: suite)
        guard let tasks = try DerivedTaskFile.tasks(at: url.path, of: SuiteRegistry.suite(suite)) else {
            // An empty file holds no line to know its form by.
            if FileManager.default.fileExists(atPath: url.path) { return [] }
            throw TemperError(
                .data, "nothing was derived for '\(suite)' in this run", hint: "'temper derive' comes first", place: url.path,
                boundary: .recipe)
        }
        return limit.map { Array(tasks.prefix($0)) } ?? tasks
    }

    /// The trajectories that solve the derived tasks of a run: what `curate` reads beside collected ones.
    static func kept(_ recipe: Recipe, in folder: RunFolder, _ store: RunStore) throws -> [Trajectory] {
        guard let derive = recipe.derive else { return [] }
        var ids: Set<String> = []
        for suite in derive.suites.keys {
            ids.formUnion(try tasks(of: suite, in: folder, limit: nil).map { "\(suite) \($0.id)" })
        }
        return try DeriveWork.Way.allCases.flatMap { way in
            try store.trajectories(group: way.group).filter { trajectory in
                ids.contains("\(trajectory.key.suite) \(trajectory.key.task)") && trajectory.score?.reward ?? 0 >= 1
            }
        }
    }
}
