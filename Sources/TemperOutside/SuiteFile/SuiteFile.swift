import Foundation
import TemperConfiguration
import TemperCore

/// A suite as its YAML file states it, checked.
struct SuiteFile: Sendable {
    /// What an episode acts on.
    enum World: Sendable {
        /// Tools of the file, with a sandbox where one is needed.
        case tools([any OutsideTool], mcp: [MCPSettings], setup: String?)
        case process(ChildSettings)
        case agentGym(AgentGymSettings)
        case openEnv(OpenEnvSettings)
    }

    /// The keys of every file, whatever its world.
    static let keys = [
        "summary", "instruction", "demonstration", "demonstrations", "tasks", "reward", "setup", "maximum_turns", "chance_level",
        "observation_limit",
    ]

    var summary: String
    var prompt: SuitePrompt
    var tasks: FileTasks
    var world: World
    /// Nil takes the world's own score.
    var reward: Reward?
    var maximumTurns: Int
    var chanceLevel: Double
    var observationLimit: Int

    /// - Throws: ``TemperError`` with code `data` that names file, line and the nearest key.
    static func load(_ path: String) throws -> SuiteFile {
        let url = URL(fileURLWithPath: path)
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw TemperError(.data, "the suite's file cannot be read", place: path, boundary: .data, cause: error)
        }
        return try decode(text, file: path, folder: url.deletingLastPathComponent().path)
    }

    /// - Parameters:
    ///   - file: what errors name.
    ///   - folder: where relative paths start.
    static func decode(_ text: String, file: String, folder: String) throws -> SuiteFile {
        let top = try ConfigurationMapping(
            YAMLText.parse(text, boundary: .data) { "\(file):\($0)" }, file: file)
        let reader = SuiteFileReader(folder: folder)
        let summary = try top.text("summary")
        let prompt = try reader.prompt(top)
        let reward = try reader.reward(top)
        var tasks = try reader.tasks(top)
        tasks.reward = reward
        let world = try reader.world(top)
        let suite = SuiteFile(
            summary: summary ?? "a suite of \(file)", prompt: prompt, tasks: tasks, world: world, reward: reward,
            maximumTurns: try top.integer("maximum_turns", in: 1...10_000) ?? 10,
            chanceLevel: try top.number("chance_level", in: 0...1) ?? 0,
            observationLimit: try top.integer("observation_limit", in: 100...1_000_000) ?? 10_000)
        try top.finish()
        try suite.check(top)
        return suite
    }

    /// The longest time limit of any command in the sandbox; setup has 30 s.
    var longestCommand: Duration {
        var limits = [Duration.seconds(30)]
        if case .tools(let tools, _, _) = world { limits += tools.compactMap { ($0 as? ShellTool)?.timeLimit } }
        if case .check(let script) = reward { limits.append(script.timeLimit) }
        return limits.max() ?? .seconds(30)
    }

    /// What fits together only in some ways.
    private func check(_ top: ConfigurationMapping) throws {
        if case .tools = world {
            if reward == nil { throw top.fault("a suite with tools needs a 'reward'") }
            if tasks.source.isNumbers {
                throw top.fault("tasks by number have no answer; give 'files'", at: "tasks", isKey: false)
            }
        } else if case .check = reward {
            throw top.fault("is a check script, which needs a suite with tools and their sandbox", at: "reward")
        }
    }
}
