import TemperCore
import TemperPocketText

/// One step of the way to an answer: the page, what to read there, and the sentence that says it.
package struct PocketHop: Codable, Sendable, Hashable {
    package let title: String
    /// Raw value of a ``PocketRelation``.
    package let relation: String
    package let value: String
    package let sentence: String
}

/// A question about a world, with its answer and the way to it.
package struct PocketDraft: Sendable {
    var shape: PocketShape
    var question: String
    var answer: String
    var hops: [PocketHop]
    /// The texts of the options, for a question that has them.
    var options: [String] = []
    /// What a yes/no question claims.
    var claim: String?
}

/// Draws the questions of one world for `pocket/hotpotqa`.
struct PocketTaskMaker {
    /// How many questions a world is asked.
    static let tasksPerWorld = 25

    private let world: PocketWorld
    private let withHeldOut: Bool
    private var random: RandomSource
    private var asked: Set<String> = []

    /// - Parameter withHeldOut: whether about a quarter of the questions have shapes that training never shows.
    init(world: PocketWorld, withHeldOut: Bool) {
        self.world = world
        self.withHeldOut = withHeldOut
        random = RandomSource(seed: world.number, "pocket-questions", world.partition.rawValue)
    }

    mutating func drafts() -> [PocketDraft] {
        let trained = PocketShape.all.filter { !$0.isHeldOut }
        var plan: [PocketShape] = []
        // Comparisons, whose answers are one of two, stay below a fifth.
        let heldOut = withHeldOut ? PocketShape.all.filter(\.isHeldOut).shuffled(using: &random) : []
        plan += heldOut + heldOut.filter { !$0.isComparison }.prefix(1)
        plan += cycled(trained.filter(\.isComparison).shuffled(using: &random), count: withHeldOut ? 3 : 4)
        plan += cycled(trained.filter { !$0.isComparison }.shuffled(using: &random), count: Self.tasksPerWorld - plan.count)
        plan.shuffle(using: &random)
        return plan.map { shape in
            var shape = shape
            while true {
                if let draft = draft(of: shape) { return draft }
                // This world has nothing left to ask in this shape.
                let others = PocketShape.all.filter { $0.isHeldOut == shape.isHeldOut && !$0.isComparison }
                shape = random.pick(others)
            }
        }
    }

    private func cycled(_ shapes: [PocketShape], count: Int) -> [PocketShape] {
        (0..<count).map { shapes[$0 % shapes.count] }
    }

    private mutating func draft(of shape: PocketShape) -> PocketDraft? {
        for _ in 0..<60 {
            let attempt: PocketDraft? =
                switch shape.form {
                case .chain(let path): chain(shape, path)
                case .earlier(let relation): earlier(shape, relation)
                case .same(let relation): same(shape, relation)
                case .check, .before: preconditionFailure("\(shape.name) is not a shape of this suite")
                }
            guard let attempt, accepts(attempt) else { continue }
            let key = shape.name + attempt.hops.map(\.title).sorted().joined(separator: "|")
            if asked.insert(key).inserted { return attempt }
        }
        return nil
    }

    /// Facts that search does not show at once are kept to about one hop in six.
    private mutating func accepts(_ draft: PocketDraft) -> Bool {
        draft.hops.filter(world.isDeep).allSatisfy { _ in random.chance(0.85) }
    }

    private mutating func chain(_ shape: PocketShape, _ path: [PocketRelation]) -> PocketDraft? {
        let start = random.pick(world.entities(of: shape.start))
        guard let way = world.way(from: start, path) else { return nil }
        let question = question(start: start.name, path: path)
        // The answer must come from the last page alone.
        guard !question.contains(way.answer), world.isHidden(way) else { return nil }
        return PocketDraft(shape: shape, question: question, answer: way.answer, hops: way.hops)
    }

    private mutating func question(start: String, path: [PocketRelation]) -> String {
        var asked = start
        for relation in path.dropLast() {
            asked = pick(PocketWordings.Questions.nounPhrases[relation]).filled(isSentence: false, ["x": asked])
        }
        return pick(PocketWordings.Questions.frames[path[path.count - 1]]).filled(["x": asked])
    }

    private mutating func earlier(_ shape: PocketShape, _ relation: PocketRelation) -> PocketDraft? {
        let candidates = world.entities(of: shape.start)
        let (left, right) = (random.pick(candidates), random.pick(candidates))
        guard left != right, let first = world.fact(relation, of: left), let second = world.fact(relation, of: right),
            first.value != second.value, let firstHop = world.hop(first), let secondHop = world.hop(second)
        else { return nil }
        let question = pick(PocketWordings.Questions.earlier[relation]).filled(["x": left.name, "z": right.name])
        let answer = first.value < second.value ? left.name : right.name
        return PocketDraft(shape: shape, question: question, answer: answer, hops: [firstHop, secondHop])
    }

    private mutating func same(_ shape: PocketShape, _ relation: PocketRelation) -> PocketDraft? {
        let candidates = world.entities(of: shape.start)
        let wantsYes = random.chance(0.5)
        let left = random.pick(candidates)
        guard let first = world.fact(relation, of: left) else { return nil }
        let partners = candidates.filter { $0 != left && (world.fact(relation, of: $0)?.value == first.value) == wantsYes }
        guard !partners.isEmpty else { return nil }
        let right = random.pick(partners)
        guard let second = world.fact(relation, of: right), let firstHop = world.hop(first), let secondHop = world.hop(second)
        else {
            return nil
        }
        let question = pick(PocketWordings.Questions.same[relation]).filled(["x": left.name, "z": right.name])
        return PocketDraft(shape: shape, question: question, answer: wantsYes ? "yes" : "no", hops: [firstHop, secondHop])
    }

    private mutating func pick(_ phrasing: Phrasing?) -> Wording {
        guard let list = phrasing?[world.wording], !list.isEmpty else {
            preconditionFailure("a question shape has no \(world.wording.rawValue) wordings")
        }
        return random.pick(list)
    }
}
