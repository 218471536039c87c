/// What a relation leads to.
enum ObjectKind: Sendable {
    case entity(EntityKind)
    case year(ClosedRange<Int>)
    /// A number with its unit, a multiple of `step`.
    case amount(unit: String, ClosedRange<Int>, step: Int)
    /// One of a list of common words.
    case word([String])
    /// A made-up word, such as a currency.
    case coined
}

/// How two things are compared by an amount or a year; questions with `{a}`, `{b}` and `{k}`.
struct Comparison: Sendable {
    let lower: [String]
    let higher: [String]
}

/// One thing that can be said of entities of some kinds, in many wordings.
///
/// Templates are those of ``Wording``: `{s}` the subject, `{o}` the object, `{k}` the noun of the subject's kind.
final class Relation: Sendable {
    let id: String
    let subjects: [EntityKind]
    let object: ObjectKind
    /// Noun phrases for the object: `the director of {s}`.
    let nounPhrases: [String]
    /// Parts of a longer sentence about the subject, and what may follow `the film`: `directed by {o}`.
    let clauses: [String]
    let facts: [String]
    let questions: [String]
    /// Questions for the subject when the object is known.
    let inverseQuestions: [String]
    let comparison: Comparison?

    /// - Parameters:
    ///   - roles: lines; one without a slot becomes `the ROLE of {s}` and `{s}'s ROLE`.
    ///   - clauses, facts, questions, inverse: lines, one template each.
    init(
        _ id: String, of subjects: [EntityKind], to object: ObjectKind, roles: String, clauses: String = "", facts: String,
        questions: String, inverse: String = "", comparison: Comparison? = nil
    ) {
        self.id = id
        self.subjects = subjects
        self.object = object
        nounPhrases = Self.lines(roles).flatMap { role in
            role.contains("{s}") ? [role] : ["the \(role) of {s}", "{s}'s \(role)"]
        }
        self.clauses = Self.lines(clauses)
        self.facts = Self.lines(facts)
        self.questions = Self.lines(questions)
        inverseQuestions = Self.lines(inverse)
        self.comparison = comparison
    }

    /// The kind of entity it leads to, if to one.
    var objectKind: EntityKind? {
        if case .entity(let kind) = object { return kind }
        return nil
    }

    /// `Who` or `What`, to ask with a noun phrase.
    var questionWord: String { objectKind == .person ? "Who" : "What" }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    static let all: [Relation] = works + people + places + organisations + things

    static let bySubject: [EntityKind: [Relation]] = {
        var table: [EntityKind: [Relation]] = [:]
        for relation in all {
            for kind in relation.subjects { table[kind, default: []].append(relation) }
        }
        return table
    }()

    /// Relations from a kind to an entity.
    static let linksBySubject: [EntityKind: [Relation]] = bySubject.mapValues { $0.filter { $0.objectKind != nil } }

    static let years = 1780...2022
    static let olderOrNewer = Comparison(
        lower: ["Which <is|of the two is> older, {a} or {b}?", "Which is the older {k}: {a} or {b}?"],
        higher: ["Which <is|of the two is> <newer|younger>, {a} or {b}?", "Which is the newer {k}: {a} or {b}?"])
}
