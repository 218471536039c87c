package import Foundation
import TemperCore
package import TemperData
import TemperEndpoint
import TemperEnvironments
import TemperTraining

/// A whole experiment: what `temper run` does.
public enum Experiment {
    /// Runs the stages a recipe names, one after the other, each from what the one before wrote to the run folder.
    ///
    /// A stage that an earlier run of the same recipe finished is skipped; one that was interrupted goes on where it stopped.
    ///
    /// - Parameters:
    ///   - recipe: what to do.
    ///   - source: the recipe's text, for the report.
    ///   - givenKeys: dotted keys that were given rather than defaulted.
    ///   - folder: the run folder; created when absent.
    ///   - stages: which stages to run; nil runs all that the recipe has.
    ///   - registry: the engines and suites that the recipe may name.
    ///   - budget: US dollars after which no further paid call is made.
    ///   - restartsStage: whether a training that was interrupted starts over instead of going on from its checkpoint.
    ///   - observer: told of every step.
    /// - Returns: the run folder.
    /// - Throws: ``TemperError``; with code `data` when the folder holds a run of another recipe.
    @discardableResult
    package static func run(
        _ recipe: Recipe, source: String, givenKeys: [String], in folder: URL, stages: Set<Stage>? = nil,
        registry: ExperimentRegistry = ExperimentRegistry(), budget: Double? = nil,
        restartsStage: Bool = false, observer: @escaping @Sendable (ExperimentEvent) -> Void = { _ in }
    ) async throws -> RunFolder {
        let wanted = try recipe.stages(asked: stages)
        try recipe.check(stages: wanted, registry)
        let recipe = recipe.withDefaults(of: registry)
        let runFolder = try RunFolder.create(folder)
        let lock = try runFolder.lock()
        defer { withExtendedLifetime(lock) {} }
        var manifest = try Manifest(
            name: recipe.name, recipe: RecipeFile.jsonValue(recipe), givenKeys: givenKeys, seed: recipe.seed,
            versions: Build.versions, commit: Build.commit?.hash, isDirty: Build.commit?.isDirty
        ).begin(in: runFolder) { try RecipeFile.jsonValue(RecipeFile.recipe(from: $0).withDefaults(of: registry)) }
        let store = try RunStore(runFolder)
        // What an interrupted run paid counts against the budget of this one.
        let spending = try budget.map { SpendingLimit(dollars: $0, alreadySpent: try store.callTotals().price) }
        let policies = PolicyFactory(
            endpoint: recipe.collect?.endpoint ?? EndpointOptions(), spending: spending, cache: store)
        var registry = registry
        registry.access = policies.worldAccess
        var context = RunContext(
            recipe: recipe, source: source, folder: runFolder, store: store, registry: registry, policies: policies,
            observer: observer, trained: manifest.model)
        if wanted.contains(.evaluate), manifest.stages[Stage.evaluate.rawValue]?.status != .finished {
            try await EvaluateStage.checkPolicies(context)
        }

        for stage in wanted {
            // The report is cheap and shows the manifest as it is now, so it is always made again.
            if try isDone(stage, manifest, store), stage != .report {
                try stage.requireOutputIntact(manifest, recipe, in: runFolder)
                observer(.stageSkipped(stage))
                continue
            }
            try requireInput(of: stage, recipe, manifest)
            try stage.requireInputIntact(manifest, in: runFolder)
            if restartsStage, stage.output == .model { try SeedModels.discardCheckpoints(of: recipe, in: runFolder) }
            var record = manifest.stages[stage.rawValue] ?? Manifest.StageRecord(.running)
            record.status = .running
            manifest.stages[stage.rawValue] = record
            try manifest.write(to: runFolder)
            let started = ContinuousClock.now
            func seconds() -> Double { record.seconds + (ContinuousClock.now - started) / .seconds(1) }
            do {
                let result = try await run(stage, context, manifest)
                manifest.stages[stage.rawValue] = Manifest.StageRecord(.finished, seconds: seconds(), message: result.summary)
                if let model = result.model { manifest.model = model }
                context.trained = manifest.model
                if let output = stage.output { try manifest.record(output, in: runFolder) }
                if stage == .train { try manifest.record(.seedModels, in: runFolder) }
                try manifest.write(to: runFolder)
                observer(.stageFinished(stage, seconds: seconds(), summary: result.summary))
            } catch {
                let status: Manifest.StageRecord.Status = (error as? TemperError)?.code == .budget ? .running : .failed
                manifest.stages[stage.rawValue] = Manifest.StageRecord(
                    status, seconds: seconds(), message: TemperError.describe(error))
                try manifest.write(to: runFolder)
                throw error
            }
        }
        return runFolder
    }

    /// Whether a stage needs no further work. Episodes that ended in an error are tried again as long as no later stage has used
    /// what was collected.
    private static func isDone(_ stage: Stage, _ manifest: Manifest, _ store: RunStore) throws -> Bool {
        guard manifest.stages[stage.rawValue]?.status == .finished else { return false }
        let users: [Stage]
        switch stage {
        case .evaluate: users = []
        case .derive: users = [.collect, .curate]
        case .collect: users = [.curate]
        default: return true
        }
        guard !users.contains(where: { manifest.stages[$0.rawValue]?.status == .finished }) else { return true }
        return try !store.totals().contains { totals in
            totals.group.hasPrefix(stage.rawValue)
                && totals.outcomes.contains { Outcome(rawValue: $0.key)?.isError == true && $0.value > 0 }
        }
    }

    /// - Throws: ``TemperError`` with code `data` when the stage before was not finished.
    private static func requireInput(of stage: Stage, _ recipe: Recipe, _ manifest: Manifest) throws {
        let before: Stage?
        switch stage {
        // A run may hold imported trajectories and conversations instead.
        case .curate: before = recipe.collect != nil ? .collect : recipe.derive != nil ? .derive : nil
        case .collect: before = recipe.derive == nil ? nil : .derive
        case .train: before = .curate
        case .evaluate: before = recipe.train != nil ? .train : recipe.pretrain != nil ? .pretrain : nil
        case .pretrain, .derive, .report: before = nil
        }
        guard let before, manifest.stages[before.rawValue]?.status != .finished else { return }
        throw TemperError(
            .data, "'\(stage.rawValue)' needs '\(before.rawValue)', which is not finished",
            hint: "'temper run' does all stages in order", boundary: .recipe)
    }

    private static func run(_ stage: Stage, _ context: RunContext, _ manifest: Manifest) async throws -> StageResult {
        switch stage {
        case .pretrain: return try await PretrainStage.run(context)
        case .derive: return StageResult(try await DeriveStage.run(context))
        case .collect: return StageResult(try await CollectStage.run(context))
        case .curate: return StageResult(try await CurateStage.run(context))
        case .train: return try await TrainStage.run(context)
        case .evaluate: return StageResult(try await EvaluateStage.run(context))
        case .report: return StageResult(try ReportStage.run(context, manifest: manifest))
        }
    }
}

/// The result of a stage.
struct StageResult: Sendable {
    /// One line on what it did.
    var summary: String
    /// What it trained, if it trains.
    var model: TrainedModel?

    init(_ summary: String, model: TrainedModel? = nil) {
        self.summary = summary
        self.model = model
    }
}
