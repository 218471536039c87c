import TemperCore

/// What a fact leads to.
enum Value: Sendable, Hashable {
    /// An index into the world's entities.
    case entity(Int)
    /// A year, an amount or a word as it is in the text.
    case text(String)
}

/// One statement about one entity.
struct Fact: Sendable {
    let relation: Relation
    let subject: Int
    let value: Value
    /// The year or amount, for comparisons.
    let number: Int?
}

/// The entities and facts of one document, all made up for it.
struct SmallWorld: Sendable {
    private(set) var entities: [Entity] = []
    private(set) var facts: [Fact] = []

    // MARK: Growing

    mutating func addEntity(_ kind: EntityKind, using scribe: inout Scribe) -> Int {
        entities.append(Entity(kind, using: &scribe))
        return entities.count - 1
    }

    /// States something new of an entity; the object is fresh unless `object` is given.
    @discardableResult
    mutating func addFact(_ relation: Relation, of subject: Int, object: Int? = nil, using scribe: inout Scribe) -> Fact {
        var number: Int?
        let value: Value
        switch relation.object {
        case .entity(let kind): value = .entity(object ?? addEntity(kind, using: &scribe))
        case .year(let range):
            let year = scribe.number(range)
            number = year
            value = .text(String(year))
        case .amount(let unit, let range, let step):
            let amount = scribe.number(range.lowerBound / step...range.upperBound / step) * step
            number = amount
            value = .text("\(Self.grouped(amount)) \(unit)")
        case .word(let words): value = .text(scribe.pick(words))
        case .coined: value = .text(scribe.root(syllables: 2...2))
        }
        let fact = Fact(relation: relation, subject: subject, value: value, number: number)
        facts.append(fact)
        return fact
    }

    /// States a few things of an entity that were not stated before.
    mutating func addFacts(
        _ count: Int, of subject: Int, except: Set<String> = [], using scribe: inout Scribe
    ) {
        let known = Set(facts(of: subject).map(\.relation.id)).union(except)
        let open = (Relation.bySubject[entities[subject].kind] ?? []).filter { !known.contains($0.id) }
        for relation in scribe.sample(count, of: open) { addFact(relation, of: subject, using: &scribe) }
    }

    // MARK: Asking

    func facts(of subject: Int) -> [Fact] { facts.filter { $0.subject == subject } }

    func fact(_ relation: Relation, of subject: Int) -> Fact? {
        facts.first { $0.subject == subject && $0.relation.id == relation.id }
    }

    func text(of value: Value) -> String {
        switch value {
        case .entity(let index): return entities[index].name
        case .text(let text): return text
        }
    }

    func answer(_ fact: Fact) -> String { text(of: fact.value) }

    /// Whether the subject is the only one of its kind of which this holds.
    func isOnlySubject(of fact: Fact) -> Bool {
        facts.filter { $0.relation.id == fact.relation.id && $0.value == fact.value }.count == 1
    }

    // MARK: Wording

    /// A fact as a sentence with full names.
    func statement(_ fact: Fact, using scribe: inout Scribe) -> String {
        sentence(fact, subject: entities[fact.subject].name, templates: fact.relation.facts, using: &scribe)
    }

    /// `The director of The Silver Harbor is Eva Tarvik.`
    func plainStatement(_ fact: Fact, using scribe: inout Scribe) -> String {
        let phrases = fact.relation.nounPhrases.filter { !$0.contains(" who ") }
        let phrase = scribe.phrase(phrases, Slots(s: entities[fact.subject].name))
        return scribe.say("{a} is {o}.", Slots(o: answer(fact), a: phrase))
    }

    func sentence(_ fact: Fact, subject: String, templates: [String], using scribe: inout Scribe) -> String {
        let kind = entities[fact.subject].kind
        return scribe.say(templates, Slots(s: subject, o: answer(fact), k: scribe.pick(kind.nouns)))
    }

    /// `the director of The Silver Harbor`; the subject may itself be such a phrase.
    func nounPhrase(_ relation: Relation, of subject: String, using scribe: inout Scribe) -> String {
        var phrases = relation.nounPhrases
        if subject.hasPrefix("the ") { phrases = phrases.filter { !$0.hasPrefix("{s}") } }
        return scribe.phrase(phrases, Slots(s: subject))
    }

    /// A question for the object of a fact.
    ///
    /// - Parameters:
    ///   - subject: a name, or a noun phrase that stands for it.
    ///   - isName: which of the two.
    func question(
        _ relation: Relation, kind: EntityKind, of subject: String, isName: Bool = true, using scribe: inout Scribe
    ) -> String {
        if scribe.chance(0.25) {
            let phrase = nounPhrase(relation, of: subject, using: &scribe)
            return scribe.say(Self.phraseQuestions, Slots(a: phrase, b: relation.questionWord))
        }
        // "the film The Silver Harbor" cannot be said of a noun phrase.
        let templates = isName ? relation.questions : relation.questions.filter { !$0.contains("{k} {s}") }
        return scribe.say(templates, Slots(s: subject, k: scribe.pick(kind.nouns)))
    }

    /// `{a}` a noun phrase, `{b}` Who or What.
    static let phraseQuestions = [
        "{b} is {a}?", "{b} is {a}?", "Please tell me {a}.", "I would like to know {a}.", "Can you tell me {a}?",
        "Please give {a}.",
        "What do we learn about {a}?", "{a}: {b}?",
    ]

    private static func grouped(_ number: Int) -> String {
        guard number >= 10_000 else { return String(number) }
        return "\(number / 1_000)," + (number % 1_000).padded(3)
    }
}
