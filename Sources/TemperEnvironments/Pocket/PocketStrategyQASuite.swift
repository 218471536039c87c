package import TemperCore

/// Yes/no questions about generated worlds that rest on two facts: the twin of `strategyqa`.
package struct PocketStrategyQASuite: PocketQuestionSuite {
    package static let identifier = "pocket/strategyqa"

    package let id = Self.identifier
    package let summary = "yes/no questions that rest on two facts of a generated encyclopedia, with search (twin of strategyqa)"
    package let chanceLevel = 0.5
    package let promptSuite = "strategyqa"
    package var settings = PocketSettings()

    package init() {}

    package func metric(of task: AgentTask) -> AnswerMetric { .yesNo }
    package var expert: PocketExpert { PocketExpert { TwinThoughts(random: $0, gold: $1) } }
    package func guess(_ task: AgentTask, _ random: inout RandomSource) -> String { random.pick(["yes", "no"]) }

    /// Yes and no take turns.
    package func drafts(of world: PocketWorld, withHeldOut: Bool) -> [PocketDraft] {
        var maker = TwinMaker(world: world, suite: id)
        return maker.drafts(PocketShape.strategy, withHeldOut: withHeldOut) { maker, shape, number in
            Self.draft(&maker, shape, wantsYes: number.isMultiple(of: 2))
        }
    }

    private static func draft(_ maker: inout TwinMaker, _ shape: PocketShape, wantsYes: Bool) -> PocketDraft? {
        switch shape.form {
        case .same(let relation): same(&maker, shape, relation, wantsYes)
        case .check(let path): check(&maker, shape, path, wantsYes)
        case .before(let first, let second): before(&maker, shape, first, second, wantsYes)
        case .chain, .earlier: preconditionFailure("\(shape.name) is not a shape of this suite")
        }
    }

    private static func same(
        _ maker: inout TwinMaker, _ shape: PocketShape, _ relation: PocketRelation, _ wantsYes: Bool
    ) -> PocketDraft? {
        let world = maker.world
        let candidates = world.entities(of: shape.start)
        let left = maker.random.pick(candidates)
        guard let first = world.fact(relation, of: left) else { return nil }
        let partners = candidates.filter { entity in
            guard entity != left, let fact = world.fact(relation, of: entity) else { return false }
            return (fact.value == first.value) == wantsYes
        }
        guard !partners.isEmpty, let second = world.fact(relation, of: maker.random.pick(partners)),
            let firstHop = world.hop(first), let secondHop = world.hop(second)
        else { return nil }
        let names: [Character: String] = ["x": left.name, "z": second.subject.name, "r": relation.noun]
        return PocketDraft(
            shape: shape, question: maker.say(PocketWordings.Strategy.same(relation), names), answer: wantsYes ? "yes" : "no",
            hops: [firstHop, secondHop])
    }

    private static func check(
        _ maker: inout TwinMaker, _ shape: PocketShape, _ path: [PocketRelation], _ wantsYes: Bool
    ) -> PocketDraft? {
        let world = maker.world
        let relation = path[path.count - 1]
        let start = maker.random.pick(world.entities(of: shape.start))
        guard let way = world.way(from: start, path), world.isHidden(way) else { return nil }
        // A wrong claim is what is true of another thing of this world.
        let others = Set(world.facts.filter { $0.relation == relation && $0.value != way.answer }.map(\.value)).sorted()
        guard wantsYes || !others.isEmpty else { return nil }
        let claim = wantsYes ? way.answer : maker.random.pick(others)
        let subject = maker.phrase(start.name, path.dropLast(), PocketWordings.Questions.nounPhrases)
        let names: [Character: String] = ["x": subject, "c": claim, "a": TwinThoughts.withArticle(claim), "r": relation.noun]
        guard !subject.contains(claim) else { return nil }
        return PocketDraft(
            shape: shape, question: maker.say(PocketWordings.Strategy.check(relation), names), answer: wantsYes ? "yes" : "no",
            hops: way.hops, claim: claim)
    }

    private static func before(
        _ maker: inout TwinMaker, _ shape: PocketShape, _ first: PocketRelation, _ second: PocketRelation, _ wantsYes: Bool
    ) -> PocketDraft? {
        let world = maker.world
        let left = maker.random.pick(world.entities(of: first.subject))
        let right = maker.random.pick(world.entities(of: second.subject))
        guard let one = world.fact(first, of: left), let two = world.fact(second, of: right), one.value != two.value,
            (one.value < two.value) == wantsYes, let firstHop = world.hop(one), let secondHop = world.hop(two)
        else { return nil }
        return PocketDraft(
            shape: shape, question: maker.say(PocketWordings.Strategy.before[first], ["x": left.name, "z": right.name]),
            answer: wantsYes ? "yes" : "no", hops: [firstHop, secondHop])
    }
}
