package import TemperCore

/// Two-hop questions about generated worlds, in other words and of other shapes than `pocket/hotpotqa`: the twin of `bamboogle`.
package struct PocketBamboogleSuite: PocketQuestionSuite {
    package static let identifier = "pocket/bamboogle"

    package let id = Self.identifier
    package let summary = "two-hop questions over a generated encyclopedia with search, no comparisons (twin of bamboogle)"
    package let chanceLevel = 0.0
    package let promptSuite = "bamboogle"
    package var settings = PocketSettings()

    package init() {}

    package func metric(of task: AgentTask) -> AnswerMetric { .exactMatch }
    package var expert: PocketExpert { PocketExpert { TwinThoughts(random: $0, gold: $1) } }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { RandomPolicy.spanOrYesNo(task, &random) }

    package func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft] {
        var maker = TwinMaker(world: world, suite: id)
        return maker.drafts(PocketShape.bamboogle, withHeldOut: withHeldOut) { maker, shape, _ in
            guard case .chain(let path) = shape.form else { preconditionFailure("\(shape.name) is not a shape of this suite") }
            let start = maker.random.pick(maker.world.entities(of: shape.start))
            guard let way = maker.world.way(from: start, path), maker.world.isHidden(way) else { return nil }
            let asked = maker.phrase(start.name, path.dropLast(), PocketWordings.Bamboogle.nounPhrases)
            let question = maker.say(PocketWordings.Bamboogle.frames[path[path.count - 1]], ["x": asked])
            guard !question.contains(way.answer) else { return nil }
            return PocketDraft(shape: shape, question: question, answer: way.answer, hops: way.hops)
        }
    }
}
