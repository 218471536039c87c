package import TemperCore

/// Questions with four options about generated worlds: the twin of `mmlu`.
package struct PocketMMLUSuite: PocketQuestionSuite {
    package static let identifier = "pocket/mmlu"

    package let id = Self.identifier
    package let summary = "questions with four options about a generated world, with search in react (twin of mmlu)"
    package let chanceLevel = 0.25
    package let promptSuite = "mmlu"
    package var settings = PocketSettings()

    package init() {}

    package func metric(of task: AgentTask) -> AnswerMetric { .choice(task.options) }
    package var expert: PocketExpert { PocketExpert { TwinThoughts(random: $0, gold: $1) } }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { random.pick(AnswerMetric.letters) }

    /// The letters take turns as answers; wrong options are true of other things of the world.
    package func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft] {
        var maker = TwinMaker(world: world, suite: id)
        return maker.drafts(PocketShape.mmlu, withHeldOut: withHeldOut) { maker, shape, number in
            guard case .chain(let path) = shape.form else { preconditionFailure("\(shape.name) is not a shape of this suite") }
            let relation = path[path.count - 1]
            let start = maker.random.pick(maker.world.entities(of: shape.start))
            guard let way = maker.world.way(from: start, path), maker.world.isHidden(way) else { return nil }
            let asked = maker.phrase(start.name, path.dropLast(), PocketWordings.Questions.nounPhrases)
            let stem = maker.say(PocketWordings.MultipleChoice.stems, ["x": asked, "r": relation.noun])
            var options = Array(Self.wrongOptions(maker.world, relation, way).shuffled(using: &maker.random).prefix(3))
            guard options.count == 3, !stem.contains(way.answer) else { return nil }
            let place = number % AnswerMetric.letters.count
            options.insert(way.answer, at: place)
            return PocketDraft(
                shape: shape, question: QuestionTask.text(stem, options: options), answer: AnswerMetric.letters[place],
                hops: way.hops, options: options)
        }
    }

    /// Other values of the relation in this world.
    private static func wrongOptions(_ world: PocketWorld, _ relation: PocketRelation, _ way: PocketWay) -> [String] {
        let values = world.facts.filter { $0.relation == relation }.map(\.value)
        return Set(values).subtracting([way.answer]).subtracting(way.visited.map(\.name)).sorted()
    }
}
