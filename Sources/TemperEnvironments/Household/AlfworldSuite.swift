import Foundation
package import TemperCore

/// ALFWorld (Shridhar et al. 2021): household tasks in text, from the game files of that project.
///
/// Games in PDDL are played by the simulator here, or by the alfworld package through a bridge; TextWorld's `.z8` games by the
/// bridge alone.
package struct AlfworldSuite: Suite {
    package static let identifier = "alfworld"
    static let gameFileName = "game.tw-pddl"

    enum Engine: String, CaseIterable {
        case simulator, python
    }

    package let id = Self.identifier
    package let summary = "household tasks in text from ALFWorld's game files (test is valid_unseen, as in AgentBench)"
    package let splits = ["test", "valid_unseen", "valid_seen", "train"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.household
    /// AgentBench's limit for this task (Liu et al. 2023, table 2), which AgentTuning keeps.
    package let maximumTurns = 35
    package let primaryMetric = "success"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["gold", "random"]
    private var games: String?
    private var python: String?
    private var dialect = HouseholdDialect.release03
    private var engine = Engine.simulator

    package init() {}

    /// Options: `games` (folder of game files; else the folder that ALFWorld itself uses, `ALFWORLD_DATA`), `python` (an
    /// interpreter with the alfworld package), `engine` (`simulator`, or `python` for the bridge) and `dialect` (whose words the
    /// simulator uses, `0.3` or `0.4`).
    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        suite.games = try options.string("games")
        suite.python = try options.string("python")
        suite.dialect = try HouseholdDialect(options)
        suite.engine =
            Engine(rawValue: try options.string("engine", default: "simulator", oneOf: Engine.allCases.map(\.rawValue)))
            ?? .simulator
        try options.finish()
        return suite
    }

    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else {
            throw TemperError(.usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let folder = try gamesFolder()
        let part = folder.appendingPathComponent(split == "test" ? "valid_unseen" : split)
        if HouseholdGames.isFolder(part) {
            return try HouseholdGames.tasks(of: HouseholdGames.files(in: part), below: folder, split: split, limit: limit)
        }
        guard split == "test" else {
            throw TemperError(.unavailable, "the games have no folder '\(split)'", place: folder.path, boundary: .data)
        }
        return try HouseholdGames.tasks(of: HouseholdGames.files(in: folder), below: folder, split: split, limit: limit)
    }

    /// A game file, a folder of them, or a JSON file with lists of paths as AgentBench has it
    /// (`{"pick_and_place": ["…/game.tw-pddl"]}`).
    package func tasks(from path: String) throws -> [AgentTask] {
        let url = URL(fileURLWithPath: path)
        if HouseholdGames.isFolder(url) {
            return try HouseholdGames.tasks(of: HouseholdGames.files(in: url), below: url, split: "file", limit: nil)
        }
        guard url.pathExtension == "json" else {
            return try HouseholdGames.tasks(of: [url], below: url.deletingLastPathComponent(), split: "file", limit: nil)
        }
        let roots =
            [url.deletingLastPathComponent()]
            + (try games == nil ? [] : [gamesFolder(), gamesFolder().deletingLastPathComponent()])
        let files = try HouseholdGames.listed(in: url, roots: roots)
        return try HouseholdGames.tasks(of: files, below: nil, split: "file", limit: nil)
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        guard let path = task.payload["game"]?.string else {
            throw TemperError(.data, "the task '\(task.id)' names no game", place: id, boundary: .data)
        }
        if engine == .python || !path.hasSuffix(".tw-pddl") {
            guard let python else {
                throw TemperError(
                    .usage, "playing '\(path)' needs Python with the alfworld package", hint: "set suites.alfworld.python=PATH")
            }
            return try AlfworldBridge(python: python, game: path)
        }
        let file = try HouseholdGameFile(path: path)
        return HouseholdEnvironment(try HouseholdWorld(file.problem(), dialect: dialect, named: path))
    }

    package func prompt(for method: Method) throws -> SuitePrompt { try Self.prompt(for: method, dialect) }

    /// The prompt file is written in the words of 0.3.
    static func prompt(for method: Method, _ dialect: HouseholdDialect) throws -> SuitePrompt {
        var prompt = try SuitePromptFile.load(suite: identifier, method: method)
        guard dialect == .release04 else { return prompt }
        prompt.instruction = dialect.rephrased(prompt.instruction)
        for demonstration in prompt.demonstrations.indices {
            for message in prompt.demonstrations[demonstration].indices {
                for span in prompt.demonstrations[demonstration][message].spans.indices {
                    let text = prompt.demonstrations[demonstration][message].spans[span].text
                    prompt.demonstrations[demonstration][message].spans[span].text = dialect.rephrased(text)
                }
            }
        }
        return prompt
    }

    /// What was done decides, not an answer.
    package func score(answer: String?, for task: AgentTask) -> Score? { nil }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": HouseholdWalkthrough(dialect: engine == .simulator ? dialect : nil)
        case "random": RandomPolicy { _, _ in "" }
        default: nil
        }
    }

    private func gamesFolder() throws -> URL {
        let variable = "ALFWORLD_DATA"
        let home = ProcessInfo.processInfo.environment[variable].map { $0 + "/json_2.1.1" }
        guard let path = games ?? home else {
            throw TemperError(
                .unavailable, "the games of ALFWorld are not at hand",
                hint: "set suites.alfworld.games to the folder that 'alfworld-download' made, or \(variable)", boundary: .data)
        }
        let url = URL(fileURLWithPath: path, isDirectory: true)
        guard HouseholdGames.isFolder(url) else {
            throw TemperError(
                .unavailable, "there is no folder of games", hint: "set suites.alfworld.games", place: path, boundary: .data)
        }
        return url
    }
}
