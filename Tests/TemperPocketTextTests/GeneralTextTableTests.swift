import Foundation
import TemperCore
import Testing

@testable import TemperPocketText

@Suite struct GeneralTextTableTests {
    private static func expansions(_ templates: [String]) -> Set<String> { Set(templates.flatMap(Wording.expansions)) }

    private static func count(_ slot: String, in text: String) -> Int { text.components(separatedBy: slot).count - 1 }

    @Test("Every relation has at least ten wordings of the fact and eight of the question")
    func enoughWordings() {
        #expect(Relation.all.count >= 70)
        #expect(Set(Relation.all.map(\.id)).count == Relation.all.count)
        for relation in Relation.all {
            #expect(Self.expansions(relation.facts).count + relation.nounPhrases.count >= 10, "facts of \(relation.id)")
            let questions = Self.expansions(relation.questions).count
            #expect(questions >= 4 && questions + SmallWorld.phraseQuestions.count >= 12, "questions of \(relation.id)")
        }
    }

    @Test("Every wording has its slots once, and no wording is written twice")
    func slots() {
        for relation in Relation.all {
            for fact in Self.expansions(relation.facts) {
                #expect(Self.count("{s}", in: fact) == 1 && Self.count("{o}", in: fact) == 1, "\(relation.id): \(fact)")
                #expect(fact.hasSuffix(".") && !fact.contains("  ") && !fact.contains(" ."), "\(relation.id): \(fact)")
            }
            for question in Self.expansions(relation.questions) {
                #expect(
                    Self.count("{s}", in: question) == 1 && Self.count("{o}", in: question) == 0, "\(relation.id): \(question)")
                #expect(question.hasSuffix("?") || question.hasSuffix("."), "\(relation.id): \(question)")
            }
            for question in Self.expansions(relation.inverseQuestions) {
                #expect(
                    Self.count("{o}", in: question) == 1 && Self.count("{s}", in: question) == 0, "\(relation.id): \(question)")
            }
            for clause in Self.expansions(relation.clauses) {
                #expect(Self.count("{o}", in: clause) == 1, "\(relation.id): \(clause)")
            }
            for phrase in relation.nounPhrases { #expect(Self.count("{s}", in: phrase) == 1, "\(relation.id): \(phrase)") }
            for question in Self.expansions((relation.comparison?.lower ?? []) + (relation.comparison?.higher ?? [])) {
                #expect(
                    Self.count("{a}", in: question) == 1 && Self.count("{b}", in: question) == 1, "\(relation.id): \(question)")
            }
        }
    }

    @Test("Every kind of thing can be talked about, and some lead on to others")
    func kinds() {
        for kind in EntityKind.allCases {
            #expect((Relation.bySubject[kind] ?? []).count >= 3, "\(kind)")
            #expect(!(Relation.linksBySubject[kind] ?? []).isEmpty, "\(kind)")
        }
    }

    @Test("Wordings: choices, slots, articles, capitals")
    func wording() {
        #expect(Wording.expansions("<a|b> {s} <c|>.") == ["a {s} c.", "a {s} .", "b {s} c.", "b {s} ."])
        var random = RandomSource(seed: 1)
        #expect(Wording.phrase("{s} is a {o}.", Slots(s: "Eva", o: "actor"), using: &random) == "Eva is an actor.")
        #expect(Wording.phrase("{s} is a {o}.", Slots(s: "Eva", o: "unit"), using: &random) == "Eva is a unit.")
        #expect(Wording.phrase("{\"x\": 1} {q}", Slots(), using: &random) == "{\"x\": 1} {q}")
        #expect(Wording.capitalised("the film") == "The film")
        let drawn = Set((0..<40).map { _ in Wording.phrase("<a|b|c>", Slots(), using: &random) })
        #expect(drawn == ["a", "b", "c"])
    }
}
