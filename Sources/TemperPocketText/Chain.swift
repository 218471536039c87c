import TemperCore

/// Facts that lead from one entity over others to an answer.
struct Chain {
    /// In reading order; the object of each is the subject of the next.
    let facts: [Fact]

    /// Grows a world along a random path.
    ///
    /// - Parameters:
    ///   - hops: how many facts are needed, at least 1.
    ///   - kind: where the path starts; one that links far enough is drawn when nil.
    static func grow(hops: Int, from kind: EntityKind? = nil, in world: inout SmallWorld, using scribe: inout Scribe) -> Chain {
        var subject = world.addEntity(kind ?? scribe.pick(starts), using: &scribe)
        var facts: [Fact] = []
        for hop in 0..<hops {
            let subjectKind = world.entities[subject].kind
            let isLast = hop == hops - 1
            let known = Set(world.facts(of: subject).map(\.relation.id))
            var choices = (isLast ? Relation.bySubject : Relation.linksBySubject)[subjectKind] ?? []
            choices = choices.filter { !known.contains($0.id) && (isLast || !symmetric.contains($0.id)) }
            guard !choices.isEmpty else { break }
            let fact = world.addFact(scribe.pick(choices), of: subject, using: &scribe)
            facts.append(fact)
            guard case .entity(let next) = fact.value else { break }
            subject = next
        }
        return Chain(facts: facts)
    }

    /// `the birthplace of the director of X`: the subject of the last fact, by way of the others.
    func subjectPhrase(in world: SmallWorld, using scribe: inout Scribe) -> String {
        var phrase = world.entities[facts[0].subject].name
        for fact in facts.dropLast() {
            phrase = world.nounPhrase(fact.relation, of: phrase, using: &scribe)
        }
        return phrase
    }

    /// `the film directed by Eva Tarvik`: the start of the chain, named by what the first fact leads to.
    func startPhrase(in world: SmallWorld, using scribe: inout Scribe) -> String? {
        let fact = facts[0]
        guard !fact.relation.clauses.isEmpty, world.isOnlySubject(of: fact) else { return nil }
        let entity = world.entities[fact.subject]
        let clause = scribe.phrase(fact.relation.clauses, Slots(s: entity.name, o: world.answer(fact)))
        return "the \(entity.kind.nouns[0]) \(clause)"
    }

    /// The question for the end of the chain that names only its start.
    func question(in world: SmallWorld, using scribe: inout Scribe) -> String {
        let last = facts[facts.count - 1]
        let kind = world.entities[last.subject].kind
        return world.question(
            last.relation, kind: kind, of: subjectPhrase(in: world, using: &scribe), isName: facts.count == 1, using: &scribe)
    }

    func answer(in world: SmallWorld) -> String { world.answer(facts[facts.count - 1]) }

    /// The entities whose facts are needed, in order.
    var subjects: [Int] { facts.map(\.subject) }

    /// Links that would lead to a question about the same kind of thing with two right readings.
    private static let symmetric: Set<String> = ["twin"]

    private static let starts: [EntityKind] =
        EntityKind.allCases + [
            .film, .film, .film, .film, .book, .book, .book, .play, .song, .company, .studio, .person, .person,
        ]
}
