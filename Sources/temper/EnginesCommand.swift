import ArgumentParser
import TemperCore
import TemperTraining

struct EnginesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines", abstract: "Lists the training engines, and says which of them can train on this machine.",
        discussion: "Example:\n  temper engines")
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var rows: [EngineStatus] = []
        for engine in Engines.all { rows.append(await EngineStatus(engine)) }
        if output.json { return try Output.json(["engines": rows]) }
        Output.table(rows.map { [$0.isReady ? "ok" : "--", $0.id, $0.summary, $0.detail] })
    }
}

/// An engine, and what it says of this machine.
struct EngineStatus: Encodable {
    var id: String
    var summary: String
    var isReady: Bool
    /// What the engine found, or what it lacks.
    var detail: String

    enum CodingKeys: String, CodingKey {
        case id, summary, detail
        case isReady = "ready"
    }

    init(_ engine: any TrainingEngine) async {
        id = engine.name
        summary = engine.summary
        do {
            detail = try await engine.check()
            isReady = true
        } catch {
            detail = TemperError.describe(error)
            isReady = false
        }
    }
}
