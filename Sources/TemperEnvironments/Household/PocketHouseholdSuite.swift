package import TemperCore
import TemperPocketText

/// Household tasks in generated rooms, in the environment, the words and with the reward of `alfworld`.
package struct PocketHouseholdSuite: Suite {
    package static let identifier = "pocket/household"

    package let id = Self.identifier
    package let summary = "six kinds of household task in generated rooms (unseen things, rooms and wordings in test)"
    package let splits = PocketSplit.allCases.map(\.rawValue)
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.household
    package let maximumTurns = 35
    package let primaryMetric = "success"
    /// Acting at random won 13 of 1,500 episodes.
    package let chanceLevel = 0.01
    package let scriptedPolicyNames = ["expert", "random"]
    private let imperfect: Double
    private let dialect: HouseholdDialect

    package init() {
        self.init(imperfect: 0, dialect: .release03)
    }

    private init(imperfect: Double, dialect: HouseholdDialect) {
        self.imperfect = imperfect
        self.dialect = dialect
    }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        let imperfect = try options.number("imperfect", default: 0, in: 0...1)
        let dialect = try HouseholdDialect(options)
        try options.finish()
        return PocketHouseholdSuite(imperfect: imperfect, dialect: dialect)
    }

    /// The first `limit` tasks; without a limit 10,000 of train (there are as many as are asked for), 250 of validation, 500 of
    /// test.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        let split = try PocketSplit(named: split, of: id)
        return (0..<max(0, min(limit ?? split.size, split.maximum))).map { number in
            let home = PocketHome(partition: split.partition, wording: split.wording, number: number)
            return AgentTask(
                id: split.rawValue + "-" + number.padded(6), suite: id,
                split: split.rawValue, instruction: "Your task is to: \(home.goalText).",
                payload: .object(["home": .number(Double(number))]), tags: ["kind": home.kind.rawValue], format: .household)
        }
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let world = try HouseholdWorld(Self.home(of: task).problem(), dialect: dialect, named: task.id)
        return HouseholdEnvironment(world)
    }

    package func prompt(for method: Method) throws -> SuitePrompt { try AlfworldSuite.prompt(for: method, dialect) }

    /// What was done decides, not an answer.
    package func score(answer: String?, for task: AgentTask) -> Score? { nil }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "expert":
            let expert = HouseholdExpert(dialect: dialect, errand: Self.errand)
            if imperfect == 0 { return expert }
            return ImperfectExpert(expert, share: imperfect, wrongTurn: Self.wrongTurn, wrongEnding: Self.wrongEnding)
        case "random": return RandomPolicy { _, _ in "" }
        default: return nil
        }
    }

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of this suite.
    static func home(of task: AgentTask) throws -> PocketHome {
        if let home = knownHome(of: task) { return home }
        throw TemperError(.data, "the task '\(task.id)' names no split or no home", place: task.suite, boundary: .data)
    }

    private static func knownHome(of task: AgentTask) -> PocketHome? {
        guard let split = PocketSplit(rawValue: task.split),
            let number = task.payload["home"]?.number.flatMap({ Int(exactly: $0) }),
            (0..<split.maximum).contains(number)
        else { return nil }
        return PocketHome(partition: split.partition, wording: split.wording, number: number)
    }

    private static func errand(_ task: AgentTask) throws -> HouseholdExpert.Errand {
        let home = try home(of: task)
        return HouseholdExpert.Errand(kind: home.kind, object: home.object, target: home.target, places: home.places)
    }

    /// Goes somewhere, or looks at what helps nothing.
    @Sendable private static func wrongTurn(_ scene: Scene, _ random: inout RandomSource) -> String? {
        guard let places = knownHome(of: scene.task)?.places else { return nil }
        let place = random.pick(places)
        let (thought, command) = random.pick([
            ("I go to \(place) and see.", "go to \(place)"), ("Maybe \(place) is the right place.", "go to \(place)"),
            ("I check what I carry.", "inventory"), ("I look around first.", "look"),
            ("I try to open \(place).", "open \(place)"),
        ])
        return TurnText.write(thought: thought, action: Action("act", command), format: .household)
    }

    /// Stands still until the episode is ended for repeating itself.
    @Sendable private static func wrongEnding(_ scene: Scene, _ random: inout RandomSource) -> String? {
        var choice = RandomSource(seed: scene.seed, "household-ending")
        let thought = choice.pick(["The task is done.", "I can not find it.", "I am done here.", "There is nothing more to do."])
        return TurnText.write(thought: thought, action: Action("act", "look"), format: .household)
    }
}
