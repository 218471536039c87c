import Foundation
import TemperCore
import TemperEnvironments
import TemperPocketText
import TemperTokenizers
import TemperTransformer

@testable import TemperExperiment

/// A base so small that a whole experiment takes a second or two.
enum TinyModel {
    private static let tokenizer = Result {
        try Tokenizer.train(
            GeneralText.sample(count: 150, seed: 3), vocabularySize: 400, specialTokens: ChatTemplate.chatML.specialTokens,
            chatTemplate: .chatML)
    }

    /// Writes it as a Hugging Face folder.
    static func write(to folder: URL, context: Int = 4096) throws {
        let tokenizer = try tokenizer.get()
        let configuration = ModelConfiguration(
            vocabularySize: tokenizer.vocabularySize, width: 32, feedForwardWidth: 48, layerCount: 1, headCount: 2,
            keyValueHeadCount: 1, contextLength: context)
        try TransformerModel(configuration: configuration, seed: 1).save(folder: folder)
        try tokenizer.save(to: folder)
    }
}

/// The smallest recipe that has every stage, policy and control.
enum TinyRecipe {
    /// Its YAML; writes the base it names beside it.
    static func text(in folder: URL, tasks: Int = 12, steps: Int = 3) throws -> String {
        let base = folder.appendingPathComponent("base", isDirectory: true)
        if !FileManager.default.fileExists(atPath: base.path) { try TinyModel.write(to: base) }
        return """
            name: tiny
            seed: 5
            collect:
              policy: expert
              suites: { pocket/hotpotqa: { split: train, limit: \(tasks) } }
              methods: { react: 1.0, cot: 0.5 }
            curate: { held_out: 2 }
            train:
              base: \(base.path)
              tokens_per_step: 1024
              maximum_steps: \(steps)
              learning_rate: 1e-3
            evaluate:
              policies: [base, tuned, expert]
              controls: [base-admissible, search-once, mismatched-observations]
              held_in: [pocket/hotpotqa]
              limit: 4
              maximum_new_tokens: 8
              maximum_turns: 2
            """
    }

    /// Writes it to a file.
    static func write(to folder: URL, tasks: Int = 12, steps: Int = 3) throws -> URL {
        let url = folder.appendingPathComponent("tiny.yaml")
        try Data(text(in: folder, tasks: tasks, steps: steps).utf8).write(to: url)
        return url
    }

    /// Runs the file's recipe in the folder `run` beside it.
    @discardableResult
    static func run(
        _ url: URL, in run: String = "run", set: [String] = [], stages: Set<Stage>? = nil,
        registry: ExperimentRegistry = ExperimentRegistry(),
        observer: @escaping @Sendable (ExperimentEvent) -> Void = { _ in }
    ) async throws -> URL {
        let (recipe, given) = try RecipeFile.load(url, overrides: set, engines: registry.engines)
        let folder = url.deletingLastPathComponent().appendingPathComponent(run, isDirectory: true)
        try await Experiment.run(
            recipe, source: String(contentsOf: url, encoding: .utf8), givenKeys: given, in: folder, stages: stages,
            registry: registry, observer: observer)
        return folder
    }
}
