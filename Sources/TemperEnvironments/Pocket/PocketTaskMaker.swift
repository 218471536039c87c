import TemperCore

/// One step of the way to an answer: the page, what to read there, and the sentence that says it.
public struct PocketHop: Codable, Sendable, Hashable {
    public let title: String
    /// Raw value of a ``PocketRelation``.
    public let relation: String
    public let value: String
    public let sentence: String
}

/// Draws the questions of one world.
struct PocketTaskMaker {
    /// How many questions a world is asked.
    static let tasksPerWorld = 25

    struct Draft: Sendable {
        var shape: PocketShape
        var question: String
        var answer: String
        var hops: [PocketHop]
    }

    private let world: PocketWorld
    private let withHeldOut: Bool
    private var random: RandomSource
    private var asked: Set<String> = []
    private var yesBalance = 0

    /// - Parameter withHeldOut: whether about a quarter of the questions have shapes that training never shows.
    init(world: PocketWorld, withHeldOut: Bool) {
        self.world = world
        self.withHeldOut = withHeldOut
        random = RandomSource(seed: world.number, "pocket-questions", world.partition.rawValue)
    }

    mutating func drafts() -> [Draft] {
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

    private mutating func draft(of shape: PocketShape) -> Draft? {
        for _ in 0..<60 {
            let attempt: Draft? =
                switch shape.form {
                case .chain(let path): chain(shape, path)
                case .earlier(let relation): earlier(shape, relation)
                case .same(let relation): same(shape, relation)
                }
            guard let attempt, accepts(attempt) else { continue }
            let key = shape.name + attempt.hops.map(\.title).sorted().joined(separator: "|")
            if asked.insert(key).inserted { return attempt }
        }
        return nil
    }

    /// Facts that search does not show at once are kept to about one hop in six.
    private mutating func accepts(_ draft: Draft) -> Bool {
        let deep = draft.hops.filter { hop in
            guard let page = world.pages.first(where: { $0.title == hop.title }) else { return false }
            return !page.sentences.prefix(PocketHotpotQASuite.shownSentences).contains(hop.sentence)
        }
        return deep.allSatisfy { _ in random.chance(0.85) }
    }

    private mutating func chain(_ shape: PocketShape, _ path: [PocketRelation]) -> Draft? {
        let start = random.pick(world.entities(of: shape.start))
        var current = start
        var visited = [start]
        var hops: [PocketHop] = []
        var answer = ""
        for (index, relation) in path.enumerated() {
            guard let fact = world.fact(relation, of: current), let hop = hop(fact) else { return nil }
            hops.append(hop)
            answer = fact.value
            if index < path.count - 1 {
                guard let object = fact.object, !visited.contains(object) else { return nil }
                visited.append(object)
                current = object
            }
        }
        let question = question(start: start.name, path: path)
        // The answer must come from the last page alone.
        guard !question.contains(answer) else { return nil }
        for entity in visited {
            let page = world.pages[entity.index]
            if page.title.contains(answer) || (entity != current && page.text.contains(answer)) { return nil }
        }
        return Draft(shape: shape, question: question, answer: answer, hops: hops)
    }

    private mutating func question(start: String, path: [PocketRelation]) -> String {
        var asked = start
        for relation in path.dropLast() {
            asked = pick(QuestionWordings.nounPhrases[relation]).filled(isSentence: false, ["x": asked])
        }
        return pick(QuestionWordings.frames[path[path.count - 1]]).filled(["x": asked])
    }

    private mutating func earlier(_ shape: PocketShape, _ relation: PocketRelation) -> Draft? {
        let candidates = world.entities(of: shape.start)
        let (left, right) = (random.pick(candidates), random.pick(candidates))
        guard left != right, let first = world.fact(relation, of: left), let second = world.fact(relation, of: right),
            first.value != second.value, let firstHop = hop(first), let secondHop = hop(second)
        else { return nil }
        let question = pick(QuestionWordings.earlier[relation]).filled(["x": left.name, "z": right.name])
        let answer = first.value < second.value ? left.name : right.name
        return Draft(shape: shape, question: question, answer: answer, hops: [firstHop, secondHop])
    }

    private mutating func same(_ shape: PocketShape, _ relation: PocketRelation) -> Draft? {
        let candidates = world.entities(of: shape.start)
        let wantsYes = random.chance(0.5)
        let left = random.pick(candidates)
        guard let first = world.fact(relation, of: left) else { return nil }
        let partners = candidates.filter { $0 != left && (world.fact(relation, of: $0)?.value == first.value) == wantsYes }
        guard !partners.isEmpty else { return nil }
        let right = random.pick(partners)
        guard let second = world.fact(relation, of: right), let firstHop = hop(first), let secondHop = hop(second) else {
            return nil
        }
        let question = pick(QuestionWordings.same[relation]).filled(["x": left.name, "z": right.name])
        return Draft(shape: shape, question: question, answer: wantsYes ? "yes" : "no", hops: [firstHop, secondHop])
    }

    private func hop(_ fact: PocketFact) -> PocketHop? {
        guard let index = world.sentenceIndex(of: fact) else { return nil }
        let page = world.pages[fact.subject.index]
        return PocketHop(
            title: page.title, relation: fact.relation.rawValue, value: fact.value, sentence: page.sentences[index])
    }

    private mutating func pick(_ phrasing: PocketPhrasing?) -> SentencePattern {
        guard let list = phrasing?[world.wording], !list.isEmpty else {
            preconditionFailure("a question shape has no \(world.wording.rawValue) wordings")
        }
        return random.pick(list)
    }
}
