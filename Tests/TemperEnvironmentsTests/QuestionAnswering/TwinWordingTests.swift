import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct TwinWordingTests {
    static let strategy =
        PocketRelation.allCases.flatMap { [PocketWordings.Strategy.same($0), PocketWordings.Strategy.check($0)] }
        + PocketWordings.Strategy.before.values
    static let bamboogleFrames = Array(PocketWordings.Bamboogle.frames.values)
    static let bamboogleNouns = Array(PocketWordings.Bamboogle.nounPhrases.values)
    static let hotpot =
        [
            PocketWordings.Questions.frames, PocketWordings.Questions.earlier, PocketWordings.Questions.same,
            PocketWordings.Questions.nounPhrases,
        ]
        .flatMap { $0.values }

    static func masked(_ patterns: [Wording]) -> Set<String> {
        Set(patterns.map { $0.pattern.replacing(/\{.\}/, with: "#").lowercased() })
    }

    @Test("No wording of the test occurs in training, in this suite or another")
    func disjoint() {
        let all = Self.strategy + Self.bamboogleFrames + Self.bamboogleNouns + Self.hotpot + [PocketWordings.MultipleChoice.stems]
        let train = Self.masked(all.flatMap(\.train))
        let test = Self.masked(all.flatMap(\.test))
        #expect(train.isDisjoint(with: test), "\(train.intersection(test))")
    }

    @Test("Bamboogle's wordings are not HotpotQA's")
    func otherStyle() {
        let frames = PocketWordings.Questions.frames.values.flatMap { $0.train + $0.test }
        #expect(Self.masked(frames).isDisjoint(with: Self.masked(Self.bamboogleFrames.flatMap { $0.train + $0.test })))
        let nouns = PocketWordings.Questions.nounPhrases.values.flatMap { $0.train + $0.test }
        #expect(Self.masked(nouns).isDisjoint(with: Self.masked(Self.bamboogleNouns.flatMap { $0.train + $0.test })))
    }

    @Test("No composed question of the test can be one of training, names masked")
    func disjointQuestions() {
        func all(_ set: WordingSet) -> Set<String> {
            var questions: Set<String> = []
            for shape in PocketShape.bamboogle {
                guard case .chain(let path) = shape.form else { continue }
                let phrases = PocketWordings.Bamboogle.nounPhrases[path[0]]?[set] ?? []
                for frame in PocketWordings.Bamboogle.frames[path[1]]?[set] ?? [] {
                    for phrase in phrases {
                        questions.insert(frame.filled(["x": phrase.filled(isSentence: false, ["x": "#"])]).lowercased())
                    }
                }
            }
            return questions
        }
        let (train, test) = (all(.train), all(.test))
        #expect(train.count > 150 && test.count > 80 && train.isDisjoint(with: test), "\(train.count) \(test.count)")
    }

    @Test("There are enough wordings, and the words of the test wordings are words of training")
    func counts() {
        func words(_ patterns: [Wording]) -> Set<String> {
            Set(Self.masked(patterns).flatMap { $0.split { !$0.isLetter }.map(String.init) })
        }
        for (name, list) in [
            ("strategy", Self.strategy), ("frames", Self.bamboogleFrames), ("mmlu", [PocketWordings.MultipleChoice.stems]),
        ] {
            #expect(list.allSatisfy { Set($0.train).count >= 5 && Set($0.test).count >= 3 }, "\(name)")
        }
        #expect(Self.bamboogleNouns.allSatisfy { Set($0.train).count >= 3 && Set($0.test).count >= 2 })
        for list in [Self.strategy, Self.bamboogleFrames + Self.bamboogleNouns, [PocketWordings.MultipleChoice.stems]] {
            let unknown = words(list.flatMap(\.test)).subtracting(words(list.flatMap(\.train)))
            #expect(unknown.isEmpty, "\(unknown.sorted())")
        }
    }
}
