public import TemperCore

/// Multi-hop questions about generated worlds, on the environment, search tool and metric of `hotpotqa`.
public struct PocketHotpotQASuite: PocketQuestionSuite {
    public static let identifier = "pocket/hotpotqa"
    static let shownSentences = 3

    public let id = Self.identifier
    public let summary =
        "multi-hop questions over a generated encyclopedia with search (unseen entities, wordings and shapes in test)"
    public let chanceLevel = 0.0
    public var settings = PocketSettings()

    public init() {}

    public func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft] {
        var maker = PocketTaskMaker(world: world, withHeldOut: withHeldOut)
        return maker.drafts()
    }

    public func metric(of task: AgentTask) -> AnswerMetric { .exactMatch }
    public var expert: PocketExpert { PocketExpert { PocketThoughts(random: $0, gold: $1) } }
    public func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { RandomPolicy.spanOrYesNo(task, &random) }
}
