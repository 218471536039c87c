import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketWordingTests {
    static let pages: [(String, Phrasing)] =
        PocketWordings.Pages.facts.map { ($0.key.rawValue, $0.value) }
        + PocketWordings.Pages.asides.map { ("aside of \($0.key.rawValue)", $0.value) }
        + [("birth", PocketWordings.Pages.birth), ("film", PocketWordings.Pages.film), ("book", PocketWordings.Pages.book)]
    static let frames: [(String, Phrasing)] =
        [PocketWordings.Questions.frames, PocketWordings.Questions.earlier, PocketWordings.Questions.same].flatMap { table in
            table.map { ($0.key.rawValue, $0.value) }
        }

    static func masked(_ pattern: String) -> String {
        pattern.replacing(/\{.\}/, with: "#").lowercased()
    }

    @Test("Every page relation has eight wordings for training and four others for the test")
    func pageCounts() {
        for relation in PocketRelation.allCases { #expect(PocketWordings.Pages.facts[relation] != nil) }
        for kind in PocketKind.allCases { #expect(PocketWordings.Pages.asides[kind] != nil) }
        for (name, phrasing) in Self.pages {
            #expect(Set(phrasing.train).count >= 8, "\(name)")
            #expect(Set(phrasing.test).count >= 4, "\(name)")
        }
    }

    @Test("No wording of the test occurs in training, names masked")
    func disjoint() {
        for list in [Self.pages, Self.frames, PocketWordings.Questions.nounPhrases.map { ($0.key.rawValue, $0.value) }] {
            let train = Set(list.flatMap(\.1.train).map { Self.masked($0.pattern) })
            let test = Set(list.flatMap(\.1.test).map { Self.masked($0.pattern) })
            #expect(train.intersection(test).isEmpty, "\(train.intersection(test))")
        }
    }

    @Test("No composed question of the test can occur in training, names masked")
    func disjointQuestions() {
        func all(_ set: WordingSet) -> Set<String> {
            var questions: Set<String> = []
            for shape in PocketShape.all {
                guard case .chain(let path) = shape.form, let last = path.last else { continue }
                var asked = ["#"]
                for relation in path.dropLast() {
                    let phrases = PocketWordings.Questions.nounPhrases[relation]?[set] ?? []
                    asked = asked.flatMap { inner in phrases.map { $0.filled(isSentence: false, ["x": inner]) } }
                }
                let frames = PocketWordings.Questions.frames[last]?[set] ?? []
                for inner in asked { questions.formUnion(frames.map { $0.filled(["x": inner]).lowercased() }) }
            }
            return questions
        }
        let (train, test) = (all(.train), all(.test))
        #expect(train.count > 500 && test.count > 100)
        #expect(train.isDisjoint(with: test))
    }

    @Test("The words of the test wordings are words of training")
    func sharedVocabulary() {
        func words(_ list: [String]) -> Set<String> {
            Set(list.flatMap { Self.masked($0).split { !$0.isLetter }.map(String.init) })
        }
        let phrases = PocketWordings.Questions.nounPhrases.map { ($0.key.rawValue, $0.value) }
        let all = Self.pages + Self.frames + phrases
        let unknown = words(all.flatMap(\.1.test).map(\.pattern)).subtracting(words(all.flatMap(\.1.train).map(\.pattern)))
        #expect(unknown.isEmpty, "\(unknown.sorted())")
    }

    @Test("Every sentence of a relation holds one of its keywords")
    func keywords() {
        var list = PocketWordings.Pages.facts.flatMap { relation, phrasing in
            (phrasing.train + phrasing.test).map { (relation, $0.pattern) }
        }
        for (relations, phrasing) in [
            ([PocketRelation.birthplace, .birthYear], PocketWordings.Pages.birth),
            ([.director, .filmYear], PocketWordings.Pages.film),
            ([.author, .bookYear], PocketWordings.Pages.book),
        ] {
            for relation in relations { list += (phrasing.train + phrasing.test).map { (relation, $0.pattern) } }
        }
        for (relation, pattern) in list {
            #expect(relation.keywords.contains { pattern.lowercased().contains($0) }, "\(relation): \(pattern)")
        }
    }

    @Test("Patterns have their slots and end as sentences")
    func slots() {
        for (relation, phrasing) in PocketWordings.Pages.facts {
            for pattern in (phrasing.train + phrasing.test).map(\.pattern) {
                #expect(
                    pattern.contains("{s}") && (pattern.contains("{o}") || pattern.contains("{a}")), "\(relation): \(pattern)")
                #expect(pattern.hasSuffix("."))
            }
        }
        for (name, phrasing) in Self.frames {
            for pattern in (phrasing.train + phrasing.test).map(\.pattern) {
                #expect(pattern.contains("{x}") && (pattern.hasSuffix("?") || pattern.hasSuffix(".")), "\(name): \(pattern)")
            }
        }
    }
}
