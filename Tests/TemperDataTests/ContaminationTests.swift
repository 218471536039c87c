import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Contamination")
struct ContaminationTests {
    /// What the rules say, position by position, without an index.
    static func bruteForce(_ example: [Int32], _ train: [[Int32]], _ rule: ContaminationRule) -> [Bool] {
        var covered = Array(repeating: false, count: example.count)
        let n = rule.length
        for text in train {
            if example.count < n {
                guard !example.isEmpty, text.count >= example.count else { continue }
                for start in 0...(text.count - example.count) where Array(text[start..<start + example.count]) == example {
                    covered = covered.map { _ in true }
                }
                continue
            }
            guard text.count >= n else { continue }
            example.withUnsafeBufferPointer { example in
                text.withUnsafeBufferPointer { text in
                    for place in 0...(example.count - n) {
                        for start in 0...(text.count - n) {
                            let end = reach(example, place, text, start, rule)
                            for offset in 0..<end { covered[place + offset] = true }
                        }
                    }
                }
            }
        }
        return covered
    }

    /// How many tokens from `place` on a match that begins here covers; 0 when there is none.
    private static func reach(
        _ example: UnsafeBufferPointer<Int32>, _ place: Int, _ text: UnsafeBufferPointer<Int32>, _ start: Int,
        _ rule: ContaminationRule
    ) -> Int {
        var (differing, offset, end) = (0, 0, 0)
        if rule.reading == .paper {
            while offset < rule.length {
                if example[place + offset] != text[start + offset] { differing += 1 }
                if differing > rule.mismatches { return 0 }
                offset += 1
            }
            return rule.length
        }
        while place + offset < example.count, start + offset < text.count {
            if example[place + offset] == text[start + offset] { end = offset + 1 } else { differing += 1 }
            // The first tokens are equal, all of them.
            if offset < rule.length, differing > 0 { return 0 }
            if differing > rule.mismatches { break }
            offset += 1
        }
        return end
    }

    private func compare(_ tests: [[Int32]], _ train: [[Int32]], _ rule: ContaminationRule, _ note: String) {
        var index = ContaminationIndex(tests, rule: rule)
        for text in train { index.scan(text) }
        for (position, example) in tests.enumerated() {
            let wanted = Self.bruteForce(example, train, rule)
            let rate = wanted.isEmpty ? 0 : Double(wanted.count { $0 }) / Double(wanted.count)
            #expect(index.rate(of: position) == rate, "\(note), example \(position)")
        }
    }

    static let rules = [
        ContaminationRule(.paper), ContaminationRule(.strict), ContaminationRule(.paper, length: 10, mismatches: 0),
        ContaminationRule(.paper, length: 5, mismatches: 4), ContaminationRule(.paper, length: 7, mismatches: 2),
        ContaminationRule(.strict, length: 3, mismatches: 1), ContaminationRule(.paper, length: 1, mismatches: 0),
    ]

    @Test("Random texts over small and large vocabularies give what comparing everything gives", arguments: rules)
    func random(_ rule: ContaminationRule) {
        for seed in 0..<30 {
            var random = RandomSource(seed: UInt64(seed), "contamination")
            let words = [2, 3, 8, 40][seed % 4]
            func text(_ longest: Int) -> [Int32] {
                (0..<random.index(below: longest + 1)).map { _ in Int32(random.index(below: words)) }
            }
            var tests = (0..<8).map { _ in text(40) }
            var train = (0..<8).map { _ in text(60) }
            // Copies with a few changed tokens, and texts with words the test side does not know.
            for example in tests.prefix(4) {
                var copy = example
                for _ in 0..<3 where !copy.isEmpty { copy[random.index(below: copy.count)] = Int32(random.index(below: words)) }
                train.append(text(5) + copy + text(5))
            }
            train.append(train[0].map { $0 == 0 ? TokenNumbers.unknown : $0 })
            tests.append([])
            compare(tests, train, rule, "seed \(seed)")
        }
    }

    @Test("Adversarial texts: one word repeated, periods, a match across the edge of an example", arguments: rules)
    func adversarial(_ rule: ContaminationRule) {
        let repeated = [Int32](repeating: 0, count: 60)
        let periodic = (0..<60).map { Int32($0 % 3) }
        compare(
            [repeated, periodic, Array(repeated.prefix(9))], [repeated, periodic, Array(periodic.prefix(11))], rule, "repeated")
        // The end of one example and the start of the next stand together in training, but in no test example.
        let (left, right) = ((0..<12).map { Int32($0) }, (12..<24).map { Int32($0) })
        compare([left, right], [Array(left.suffix(5) + right.prefix(5))], rule, "edge")
        // Exactly as many mismatches as allowed, and one more.
        let example = (0..<10).map { Int32($0) }
        for changed in 0...6 {
            let text = example.enumerated().map { $0 % 2 == 0 && $0 / 2 < changed ? TokenNumbers.unknown : $1 }
            compare([example], [text], rule, "\(changed) changed")
        }
    }

    @Test("The strict reading allows no mismatch before the tenth token and none at the end; the paper's allows both")
    func readings() {
        let example = (0..<20).map { Int32($0) }
        var early = example
        early[2] = TokenNumbers.unknown
        early[12] = TokenNumbers.unknown
        var late = example
        late[15] = TokenNumbers.unknown
        late[19] = TokenNumbers.unknown
        func rate(_ reading: ContaminationRule.Reading, _ text: [Int32]) -> Double {
            var index = ContaminationIndex([example], rule: ContaminationRule(reading))
            index.scan(text)
            return index.rate(of: 0)
        }
        #expect(rate(.paper, early) == 1)
        #expect(rate(.strict, early) == 0)
        #expect(rate(.paper, late) == 1)
        #expect(rate(.strict, late) == 0.95)
    }

    @Test("Words are lower-cased, punctuation marks stand alone")
    func words() {
        #expect(
            WordTokens.split("It's 3.5 km,  n'est-ce pas? ÉTÉ") == [
                "it", "'", "s", "3", ".", "5", "km", ",", "n", "'", "est", "-", "ce", "pas", "?", "été",
            ])
        #expect(WordTokens.split(" \n") == [])
    }

    @Test("Tokens are looked up the same with and without making words of them") func lookingUp() {
        var numbers = TokenNumbers()
        _ = numbers.add(WordTokens.split("It's 3.5 km, n'est-ce pas? ÉTÉ a b ab w12 \u{1}"))
        var random = RandomSource(seed: 3, "looking up")
        let pieces = [
            "It", "IT", "'", "s", "3", ".5", " ", "\n", "km", ",", "é", "ÉTÉ", "a", "b", "W12", "w1", "\u{1}", "\t", "zz", "İ",
            "-",
        ]
        for _ in 0..<500 {
            let text = (0..<random.index(below: 12)).map { _ in pieces[random.index(below: pieces.count)] }.joined()
            #expect(numbers.look(upWordsOf: text) == numbers.look(up: WordTokens.split(text)), "\(text)")
        }
    }

    private func records(_ texts: [String]) -> [RecordStream.Record] {
        texts.enumerated().map { index, text in
            let place = "x:\(index + 1)"
            do {
                return .init(index: index, place: place, content: .success(try JSONValue.parse(Data(text.utf8), named: place)))
            } catch {
                return .init(index: index, place: place, content: .failure(TemperError(.data, "not valid JSON", place: place)))
            }
        }
    }

    @Test("Instructions, answers and observations are compared apart, ids and whole answers are counted")
    func fields() throws {
        let question = "Which river runs past the town where the author of the long book was born ?"
        var check = try ContaminationCheck(
            against: records([
                #"{"qid": "a1", "question": "\#(question)", "answer": "the long and winding river"}"#,
                #"{"qid": "a2", "question": "Who is it?", "answer": "yes"}"#, "{broken",
            ]), rule: ContaminationRule(.strict))
        for record in records([
            #"{"id": "t7", "instruction": "\#(question)", "input": "", "output": "Thought: x\nAction: finish[yes]\nObservation: 1"}"#,
            #"{"id": "a2", "messages": [{"role": "user", "content": "Other"}, {"role": "assistant", "content": "finish[the long and winding river]"}]}"#,
            "nonsense",
        ]) { check.scan(record) }
        let report = check.report()
        #expect(report.testExamples == 2 && report.trainExamples == 2)
        #expect(report.dirty == 1 && report.clean == 1)
        #expect(report.examples == [.init(id: "a1", rate: 1, matches: ["t7"])])
        #expect(report.fields["answer"]?.testExamples == 2)
        // Answers of fewer than ten tokens count when they occur whole.
        #expect(report.fields["answer"]?.dirty == 2)
        #expect(report.sharedIDs == ["a2"])
        #expect(report.sharedAnswers == 1)
        #expect(report.unreadable.map(\.reason) == ["test: not valid JSON", "train: not valid JSON"])
        #expect(report.unreadable[0].places == ["x:3"])
    }

    @Test("A test set without instructions is refused")
    func nothing() {
        let error = #expect(throws: TemperError.self) {
            try ContaminationCheck(against: records([#"{"x": 1}"#]), rule: ContaminationRule())
        }
        #expect(error?.message == "no test record has an instruction")
    }

    @Test(
        "Every StrategyQA question that stands in FireAct's training file is found, under both rules, as comparing everything does"
    )
    func strategyQARealData() throws {
        let (train, test) = (try DataFolder.file("fireact/multitask.json"), try DataFolder.file("strategyqa/dev.json"))
        func texts(_ url: URL, _ key: String) throws -> [String] {
            try (JSONValue.parse(Data(contentsOf: url), named: "x").array ?? []).compactMap { $0[key]?.string }
        }
        let (questions, instructions) = (try texts(test, "question"), try texts(train, "instruction"))
        let verbatim = questions.filter { question in instructions.contains { $0.contains(question) } }
        #expect(!verbatim.isEmpty)
        for reading in ContaminationRule.Reading.allCases {
            let rule = ContaminationRule(reading)
            let report = try ContaminationCheck.run(train: train, test: test, rule: rule)
            #expect(report.testExamples == 229 && report.trainExamples == 1344)
            let dirty = Set(report.examples.filter { $0.rate == 1 }.map(\.id))
            let ids = try (JSONValue.parse(Data(contentsOf: test), named: "x").array ?? []).filter {
                verbatim.contains($0["question"]?.string ?? "")
            }.compactMap { $0["qid"]?.string }
            #expect(Set(ids).isSubset(of: dirty), "\(reading)")
            print("contamination, \(reading): \(verbatim.count) verbatim, \(report.dirty) dirty of \(report.testExamples)")

            var numbers = TokenNumbers()
            let tests = questions.map { numbers.add(WordTokens.split($0)) }
            let trained = instructions.map { numbers.look(up: WordTokens.split($0)) }
            let wanted = tests.map { Self.bruteForce($0, trained, rule).count { $0 } }
            let rates = Dictionary(uniqueKeysWithValues: report.examples.map { ($0.id, $0.rate) })
            let all = try (JSONValue.parse(Data(contentsOf: test), named: "x").array ?? []).compactMap { $0["qid"]?.string }
            for (index, id) in all.enumerated() {
                #expect(rates[id, default: 0] == Double(wanted[index]) / Double(max(1, tests[index].count)), "\(reading) \(id)")
            }
        }
    }

    @Test(
        "On HotpotQA's 7,405 questions both rules give what comparing everything gives: on all that match and a sample of the others"
    )
    func hotpotQARealData() throws {
        let train = try DataFolder.file("fireact/multitask.json")
        let test = try DataFolder.file("hotpotqa/dev.json")
        func texts(_ url: URL, _ keys: [String]) throws -> [(id: String, text: String)] {
            try RecordStream(url).compactMap { record in
                let value = try record.content.get()
                guard let text = keys.lazy.compactMap({ value[$0]?.string }).first else { return nil }
                return (value["_id"]?.string ?? value["id"]?.string ?? "\(record.index)", text)
            }
        }
        let questions = try texts(test, ["question"])
        let instructions = try texts(train, ["instruction"])
        #expect(questions.count == 7405 && instructions.count == 1344)
        var numbers = TokenNumbers()
        let tests = questions.map { numbers.add(WordTokens.split($0.text)) }
        let trained = instructions.map { numbers.look(up: WordTokens.split($0.text)) }
        for reading in ContaminationRule.Reading.allCases {
            let rule = ContaminationRule(reading)
            var index = ContaminationIndex(tests, rule: rule)
            for text in trained { index.scan(text) }
            let matching = tests.indices.filter { index.rate(of: $0) > 0 }
            let dirty = tests.indices.filter { index.rate(of: $0) > rule.dirtyAbove }
            print("contamination, \(reading): of 7405 questions of HotpotQA \(matching.count) match, \(dirty.count) are dirty")
            // Of many matching ones an even sample too: comparing everything takes long.
            let share = max(1, matching.count / 60)
            let sample = Set(matching.enumerated().filter { $0.offset % share == 0 }.map(\.element))
                .union(tests.indices.filter { $0 % 120 == 7 })
            for position in sample.sorted() {
                let wanted = Self.bruteForce(tests[position], trained, rule)
                let rate = wanted.isEmpty ? 0 : Double(wanted.count { $0 }) / Double(wanted.count)
                #expect(index.rate(of: position) == rate, "\(reading) \(questions[position].id)")
            }
            let report = try ContaminationCheck.run(train: train, test: test, rule: rule)
            #expect(report.testExamples == 7405 && report.dirty == dirty.count && report.examples.count == matching.count)
        }
    }

    @Test("GSM8K's 7,473 training questions against its 1,319 test questions") func gsm8kRealData() throws {
        let (train, test) = (try DataFolder.file("gsm8k/train.jsonl"), try DataFolder.file("gsm8k/test.jsonl"))
        let started = ContinuousClock.now
        let report = try ContaminationCheck.run(train: train, test: test, rule: ContaminationRule(.paper))
        print("contamination, paper: GSM8K in \(ContinuousClock.now - started), \(report.dirty) dirty, rate \(report.rate)")
        #expect(report.testExamples == 1319 && report.trainExamples == 7473)
        // A few questions against a part of the training side, as comparing everything does.
        var numbers = TokenNumbers()
        let questions = try RecordStream(test).compactMap { try $0.content.get()["question"]?.string }
        let tests = questions.map { numbers.add(WordTokens.split($0)) }
        let texts = try RecordStream(train).compactMap { try $0.content.get()["question"]?.string }
        let trained = texts.prefix(1000).map { numbers.look(up: WordTokens.split($0)) }
        var index = ContaminationIndex(tests, rule: ContaminationRule(.paper))
        for text in trained { index.scan(text) }
        for position in [0, 400, 800, 1200] {
            let wanted = Self.bruteForce(tests[position], trained, ContaminationRule(.paper))
            #expect(index.counts(of: position).covered == wanted.count { $0 })
        }
    }
}
