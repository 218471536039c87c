import Foundation
import TemperCore
import TemperPocketText

/// Draws the questions of one pocket graph.
struct PocketGraphTaskMaker {
    /// How many questions a graph is asked, by kind.
    static let plan = ["one_hop": 6, "two_hop": 7, "intersection": 4, "count": 3, "extremum": 5]
    static let tasksPerGraph = 25
    /// How many of the two-hop questions have shapes that training never shows, in the test split.
    private static let heldOut = 2

    struct Draft: Sendable {
        var shape: PocketGraphShape
        var question: String
        /// The entities in the order of the question.
        var entities: [GraphEntity]
        var answers: [String]
        var calls: [GraphSolution.Call]
    }

    private let graph: PocketGraph
    private let wording: WordingSet
    private let withHeldOut: Bool
    private var random: RandomSource
    private var asked: Set<String> = []

    init(graph: PocketGraph, wording: WordingSet, withHeldOut: Bool) {
        self.graph = graph
        self.wording = wording
        self.withHeldOut = withHeldOut
        random = RandomSource(seed: graph.number, "pocket-graph", graph.partition.rawValue)
    }

    mutating func drafts() -> [Draft] {
        var shapes: [PocketGraphShape] = []
        for (kind, count) in Self.plan.sorted(by: { $0.key < $1.key }) {
            let all = PocketGraphShape.all.filter { $0.kind == kind }
            let heldOut = withHeldOut ? all.filter(\.isHeldOut).shuffled(using: &random).prefix(Self.heldOut) : []
            let trained = all.filter { !$0.isHeldOut }.shuffled(using: &random)
            shapes += heldOut + (0..<count - heldOut.count).map { trained[$0 % trained.count] }
        }
        shapes.shuffle(using: &random)
        return shapes.map { shape in
            var shape = shape
            while true {
                if let draft = draft(of: shape) { return draft }
                // This graph has nothing left to ask in this shape.
                shape = random.pick(PocketGraphShape.all.filter { $0.kind == "one_hop" || $0.kind == "two_hop" && !$0.isHeldOut })
            }
        }
    }

    private mutating func draft(of shape: PocketGraphShape) -> Draft? {
        for _ in 0..<60 {
            let attempt: Draft? =
                switch shape.form {
                case .path(let path): self.path(shape, path)
                case .both(let first, let second): both(shape, first, second)
                case .count(let relation): count(shape, relation)
                case .extremum(let relation, let attribute, let isMaximum): extremum(shape, relation, attribute, isMaximum)
                }
            guard let attempt else { continue }
            if asked.insert(shape.name + attempt.entities.map(\.id).joined(separator: " ")).inserted { return attempt }
        }
        return nil
    }

    /// An entity that a relation may start from.
    private mutating func start(_ relation: String) -> Int? {
        graph.members[String(relation.prefix { $0 != "." })].map { random.pick($0) }
    }

    private mutating func path(_ shape: PocketGraphShape, _ path: [String]) -> Draft? {
        guard let start = start(path[0]) else { return nil }
        var current: Set<Int> = [start]
        var calls: [GraphSolution.Call] = []
        for (index, relation) in path.enumerated() {
            let place = index == 0 ? graph.entities[start].id : "#\(index - 1)"
            calls += [GraphSolution.Call(.relations, place), GraphSolution.Call(.neighbors, place, relation)]
            current = Set(current.flatMap { graph.targets(of: $0, relation) })
            // The entity that a question names is not an answer, and a way back to it would ask for nothing.
            if current.isEmpty || current.contains(start) { return nil }
        }
        var asked = graph.entities[start].name
        for relation in path.dropLast() { asked = pick(nounPhrases(relation)).filled(isSentence: false, ["x": asked]) }
        let question = pick(PocketWordings.Graph.frames[path[path.count - 1]]).filled(["x": asked])
        return Draft(shape: shape, question: question, entities: [graph.entities[start]], answers: ids(current), calls: calls)
    }

    private func nounPhrases(_ relation: String) -> Phrasing? {
        PocketWordings.Graph.nounPhrases[relation]
            ?? PocketWordings.Questions.nounPhrases[PocketGraphRelation.named(relation).fact]
    }

    private mutating func both(_ shape: PocketGraphShape, _ first: String, _ second: String) -> Draft? {
        // From an element of both sets, so that there is one.
        guard let left = start(first) else { return nil }
        let leftSet = Set(graph.targets(of: left, first))
        let candidates = (graph.members[String(second.prefix { $0 != "." })] ?? []).filter { entity in
            let set = Set(graph.targets(of: entity, second))
            let common = set.intersection(leftSet)
            return !common.isEmpty && common != set && common != leftSet
        }
        guard !candidates.isEmpty else { return nil }
        let right = random.pick(candidates)
        let answers = leftSet.intersection(graph.targets(of: right, second))
        let (x, z) = (graph.entities[left], graph.entities[right])
        let pair = PocketWordings.Graph.Pair(first: first, second: second)
        let question = pick(PocketWordings.Graph.both[pair]).filled(["x": x.name, "z": z.name])
        var order = [(x, first), (z, second)]
        if question.range(of: z.name).map({ question[..<$0.lowerBound].contains(x.name) }) != true { order.reverse() }
        var calls = order.enumerated().flatMap { _, part in
            [GraphSolution.Call(.relations, part.0.id), GraphSolution.Call(.neighbors, part.0.id, part.1)]
        }
        calls.append(GraphSolution.Call(.intersection, "#0", "#1"))
        return Draft(shape: shape, question: question, entities: order.map(\.0), answers: ids(answers), calls: calls)
    }

    /// A set of at least two, with the calls that find it.
    private mutating func several(_ relation: String) -> (start: GraphEntity, set: [Int], calls: [GraphSolution.Call])? {
        guard let start = start(relation) else { return nil }
        let set = graph.targets(of: start, relation)
        guard set.count > 1 else { return nil }
        let id = graph.entities[start].id
        return (
            graph.entities[start], set, [GraphSolution.Call(.relations, id), GraphSolution.Call(.neighbors, id, relation)]
        )
    }

    private mutating func count(_ shape: PocketGraphShape, _ relation: String) -> Draft? {
        guard let (start, set, calls) = several(relation) else { return nil }
        let question = pick(PocketWordings.Graph.counts[relation]).filled(["x": start.name])
        return Draft(
            shape: shape, question: question, entities: [start], answers: [String(set.count)],
            calls: calls + [GraphSolution.Call(.count, "#0")])
    }

    private mutating func extremum(_ shape: PocketGraphShape, _ relation: String, _ attribute: String, _ isMaximum: Bool)
        -> Draft?
    {
        guard let (start, set, calls) = several(relation) else { return nil }
        let years = set.compactMap { graph.year(of: $0, attribute) }
        guard years.count == set.count, let best = isMaximum ? years.max() : years.min() else { return nil }
        let answers = set.filter { graph.year(of: $0, attribute) == best }
        guard answers.count == 1 else { return nil }
        let question = pick(PocketWordings.Graph.extremum(relation, isMaximum: isMaximum)).filled(["x": start.name])
        let last = GraphSolution.Call(isMaximum ? .argmax : .argmin, "#0", attribute)
        return Draft(
            shape: shape, question: question, entities: [start], answers: ids(Set(answers)),
            calls: calls + [GraphSolution.Call(.attributes, "#0"), last])
    }

    private func ids(_ entities: Set<Int>) -> [String] { entities.map { graph.entities[$0].id }.sorted() }

    private mutating func pick(_ phrasing: Phrasing?) -> Wording {
        guard let list = phrasing?[wording], !list.isEmpty else {
            preconditionFailure("a question shape has no \(wording.rawValue) wordings")
        }
        return random.pick(list)
    }
}
