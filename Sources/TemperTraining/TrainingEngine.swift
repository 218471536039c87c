package import TemperCore

/// What trains models. An engine is a folder of its own and one line in ``Engines``.
package protocol TrainingEngine: Sendable {
    /// The word of a recipe's `train.engine`, and the key of the engine's own options, `train.NAME`.
    var name: String { get }
    /// One line on what it trains and where.
    var summary: String { get }
    /// What stands under `train.NAME`: its keys, each with its default, range and meaning.
    var options: any Configurable.Type { get }

    /// Whether this machine has what the engine needs.
    ///
    /// - Returns: what it found, for `temper engines`.
    /// - Throws: ``TemperError`` with code `unavailable` that says what is missing.
    func check() async throws -> String

    /// Refuses, before anything is collected or paid for, what could not be trained.
    ///
    /// - Throws: ``TemperError`` that names the recipe's key.
    func check(_ setup: TrainingSetup) throws

    /// Trains on the job's dataset. A job that was interrupted goes on where it stopped and ends with the same model.
    ///
    /// - Parameter onEvent: told of every step; an error thrown here stops the training.
    /// - Throws: ``TemperError``: `data` for a dataset or base that does not fit, `unavailable` when a resource is missing.
    func train(_ job: TrainingJob, onEvent: (TrainingEvent) throws -> Void) async throws -> TrainedModel
}

extension TrainingEngine {
    package var options: any Configurable.Type { NoOptions.self }

    /// The engine's options as a section of `train`.
    package var section: NamedSection { NamedSection(name, options, "Options of the engine `\(name)`.") }
}

/// Every engine by its name. A new engine is one line here.
package enum Engines {
    package static let all: [any TrainingEngine] = [
        NativeEngine()
    ]
}
