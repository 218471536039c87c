public import Foundation
import TemperCore
public import TemperData
import TemperEndpoint
import TemperEnvironments

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
    ///   - budget: US dollars after which no further paid call is made.
    ///   - observer: told of every step.
    /// - Returns: the run folder.
    /// - Throws: ``TemperError``; with code `data` when the folder holds a run of another recipe.
    @discardableResult
    public static func run(
        _ recipe: Recipe, source: String, givenKeys: [String], in folder: URL, stages: Set<Stage>? = nil, budget: Double? = nil,
        observer: @escaping @Sendable (ExperimentEvent) -> Void = { _ in }
    ) async throws -> RunFolder {
        let wanted = Stage.allCases.filter { recipe.has($0) && stages?.contains($0) ?? true }
        try recipe.check(stages: wanted)
        let runFolder = try RunFolder.create(folder)
        let lock = try runFolder.lock()
        defer { withExtendedLifetime(lock) {} }
        var manifest = try Manifest(
            name: recipe.name, recipe: RecipeFile.jsonValue(recipe), givenKeys: givenKeys, seed: recipe.seed,
            versions: Build.versions, commit: Build.commit?.hash, isDirty: Build.commit?.isDirty
        ).begin(in: runFolder)
        let store = try RunStore(runFolder.store)
        // What an interrupted run paid counts against the budget of this one.
        let spending = try budget.map { SpendingLimit(dollars: $0, alreadySpent: try store.callTotals().price) }
        let policies = PolicyFactory(
            endpoint: recipe.collect?.endpoint ?? EndpointOptions(), spending: spending, cache: store)
        let context = RunContext(
            recipe: recipe, source: source, folder: runFolder, store: store, policies: policies, observer: observer)
        if wanted.contains(.evaluate) { try await EvaluateStage.checkPolicies(context) }

        for stage in wanted {
            // The report is cheap and shows the manifest as it is now, so it is always made anew.
            if manifest.stages[stage.rawValue]?.status == .finished, stage != .report {
                observer(.stageSkipped(stage))
                continue
            }
            var record = manifest.stages[stage.rawValue] ?? Manifest.Stage(.running)
            record.status = .running
            manifest.stages[stage.rawValue] = record
            try manifest.write(to: runFolder)
            let started = ContinuousClock.now
            func seconds() -> Double { record.seconds + (ContinuousClock.now - started) / .seconds(1) }
            do {
                let summary = try await run(stage, context, manifest)
                manifest.stages[stage.rawValue] = Manifest.Stage(.finished, seconds: seconds(), message: summary)
                manifest.hashes.merge(try context.outputHashes(of: stage)) { $1 }
                try manifest.write(to: runFolder)
                observer(.stageFinished(stage, seconds: seconds(), summary: summary))
            } catch {
                let status: Manifest.Stage.Status = (error as? TemperError)?.code == .budget ? .running : .failed
                manifest.stages[stage.rawValue] = Manifest.Stage(status, seconds: seconds(), message: TemperError.describe(error))
                try manifest.write(to: runFolder)
                throw error
            }
        }
        return runFolder
    }

    /// - Returns: one line on what the stage did.
    private static func run(_ stage: Stage, _ context: RunContext, _ manifest: Manifest) async throws -> String {
        switch stage {
        case .pretrain: return try await PretrainStage.run(context)
        case .collect: return try await CollectStage.run(context)
        case .curate: return try await CurateStage.run(context)
        case .train: return try await TrainStage.run(context)
        case .evaluate: return try await EvaluateStage.run(context)
        case .report: return try ReportStage.run(context, manifest: manifest)
        }
    }
}

extension Recipe {
    /// Whether the recipe has something to do in a stage.
    func has(_ stage: Stage) -> Bool {
        switch stage {
        case .pretrain: return pretrain != nil
        case .collect, .curate: return collect != nil
        case .train: return train != nil
        case .evaluate: return evaluate != nil
        case .report: return collect != nil || evaluate != nil
        }
    }

    /// Finds what would only fail hours later.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the key.
    func check(stages: [Stage]) throws {
        let named = [
            ("collect.suites", collect?.suites.keys.sorted() ?? []), ("evaluate.held_in", evaluate?.heldIn ?? []),
            ("evaluate.held_out", evaluate?.heldOut ?? []),
        ]
        for (key, suites) in named {
            for suite in suites {
                do {
                    _ = try SuiteRegistry.suite(suite)
                } catch let error as TemperError {
                    throw TemperError(.data, "'\(key)': \(error.message)", hint: error.hint, boundary: .recipe, cause: error)
                }
            }
        }
        if let train, stages.contains(.train) {
            guard train.engine == "native" else {
                throw TemperError(
                    .data, "'train.engine' is '\(train.engine)', which this version does not have", hint: "engines: native",
                    boundary: .recipe)
            }
            guard train.checkpointSeconds >= 0 else {
                throw TemperError(.data, "'train.checkpoint_seconds' must not be negative", boundary: .recipe)
            }
            _ = try ModelLocator.folder(for: train.base)
        }
        if let collect {
            for method in collect.methods.keys where Method(rawValue: method) == nil {
                throw TemperError(
                    .data, "'collect.methods' names '\(method)', which is no method",
                    hint: "methods: \(Method.allCases.map(\.rawValue).joined(separator: ", "))", boundary: .recipe)
            }
            guard collect.concurrency > 0, collect.attempts > 0 else {
                throw TemperError(.data, "'collect.concurrency' and 'collect.attempts' must be at least 1", boundary: .recipe)
            }
        }
        if let evaluate {
            guard evaluate.concurrency > 0 else {
                throw TemperError(.data, "'evaluate.concurrency' must be at least 1", boundary: .recipe)
            }
            for control in evaluate.controls where ControlPolicy(rawValue: control) == nil {
                throw TemperError(
                    .data, "'evaluate.controls' names '\(control)', which is no control",
                    hint: "controls: \(ControlPolicy.allCases.map(\.rawValue).joined(separator: ", "))", boundary: .recipe)
            }
        }
    }
}
