package import TemperCore

/// Multi-hop questions about generated worlds, on the environment, search tool and metric of `hotpotqa`.
package struct PocketHotpotQASuite: PocketQuestionSuite {
    package static let identifier = "pocket/hotpotqa"
    static let shownSentences = 3

    package let id = Self.identifier
    package let summary =
        "multi-hop questions over a generated encyclopedia with search (unseen entities, wordings and shapes in test)"
    package let chanceLevel = 0.0
    package var settings = PocketSettings()

    package init() {}

    package func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft] {
        var maker = PocketTaskMaker(world: world, withHeldOut: withHeldOut)
        return maker.drafts()
    }

    package func metric(of task: AgentTask) -> AnswerMetric { .exactMatch }
    package var expert: PocketExpert { PocketExpert { PocketThoughts(random: $0, gold: $1) } }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { RandomPolicy.spanOrYesNo(task, &random) }
}
