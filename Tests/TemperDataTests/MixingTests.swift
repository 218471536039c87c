import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Mixing") struct MixingTests {
    private func agents(_ count: Int, _ renderer: TokenRenderer) throws -> [CuratedDocument] {
        try (0..<count).map { number in
            let document = Document(
                messages: [
                    .init(role: .user, spans: [.init("Q\(number)", by: .instruction, train: false)]),
                    .init(role: .assistant, spans: [.init("A\(number)", by: .teacher, train: true)]),
                ], provenance: .init(run: "r", source: "agent", number: number, id: "a\(number)"))
            return CuratedDocument(document: document, tokens: try renderer.encode(document).tokens)
        }
    }

    private func renderer() throws -> TokenRenderer { try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML) }

    private func shareGPT(_ count: Int, _ name: String, _ temporary: TemporaryFolder, text: String = "yes") throws
        -> MixOptions.Source
    {
        let lines = (0..<count).map {
            #"{"id": "\#(name)\#($0)", "conversations": [{"from": "human", "value": "\#(name) \#($0)?"}, {"from": "gpt", "value": "\#(text)"}]}"#
        }
        return MixOptions.Source(path: try temporary.write(lines.joined(separator: "\n"), name + ".jsonl").path)
    }

    @Test("The agent share holds over 100,000 draws, and sources come by their weights", arguments: [0, 0.1, 0.2, 0.55, 1.0])
    func share(ratio: Double) {
        let count = 100_000
        var (agent, sources) = (0, [0, 0])
        for draw in MixDraws(count: count, ratio: ratio, weights: [1, 4], seed: 5) {
            switch draw {
            case .agent: agent += 1
            case .general(let source): sources[source] += 1
            }
        }
        #expect(abs(Double(agent) - ratio * Double(count)) <= 1)
        let general = Double(count - agent)
        // Four standard deviations of a binomial count.
        #expect(abs(Double(sources[0]) - 0.2 * general) <= 4 * (general * 0.16).squareRoot())
        #expect(sources[0] + sources[1] + agent == count)
    }

    @Test("Each single draw is an agent's with probability η, over seeds") func expectation() {
        var hits = [Int](repeating: 0, count: 7)
        for seed in 0..<4000 as Range<UInt64> {
            for (place, draw) in MixDraws(count: 7, ratio: 0.2, weights: [1], seed: seed).enumerated() where draw == .agent {
                hits[place] += 1
            }
        }
        #expect(hits.allSatisfy { abs(Double($0) - 800) < 4 * (4000 * 0.16).squareRoot() }, "\(hits)")
    }

    @Test("The same seed gives the same bytes with 1 and 16 workers; another seed another mix") func workers() throws {
        let temporary = try TemporaryFolder()
        let renderer = try renderer()
        let options = MixOptions(general: [
            try shareGPT(1500, "one", temporary), try shareGPT(40, "two", temporary),
        ])
        let agent = try agents(20, renderer)
        func mix(_ seed: UInt64, _ workers: Int) throws -> (documents: [CuratedDocument], report: MixReport) {
            try Mixing.run(agent: agent, options: options, seed: seed, run: "r", renderer: renderer, workers: workers)
        }
        let (one, sixteen, other) = (try mix(3, 1), try mix(3, 16), try mix(4, 2))
        #expect(one.documents == sixteen.documents && one.report == sixteen.report)
        #expect(one.documents != other.documents)
        #expect(one.documents.count == 100 && one.report.examples == .init(agent: 20, general: 80))
        // Each agent document once, and no conversation twice while there are enough.
        let names = Set(one.documents.map(\.document.provenance.episode))
        #expect(names.count == 100 - max(0, one.report.sources[1].drawn - 40))
        #expect(one.report.sources.map(\.records) == [1500, 40] && one.report.sources.map(\.usable) == [1500, 40])
        let tokens = one.documents.reduce(0) { $0 + $1.tokens.ids.count }
        #expect(one.report.tokens.agent + one.report.tokens.general == tokens)
        #expect(one.report.markdown.contains("| examples | 20 | 80 | 20.0 % |"))
    }

    @Test("A conversation is drawn as often as any other") func uniform() throws {
        let temporary = try TemporaryFolder()
        let renderer = try renderer()
        let options = MixOptions(general: [try shareGPT(10, "one", temporary)], size: 10)
        let agent = try agents(5, renderer)
        var counts = [Int](repeating: 0, count: 10)
        let rounds = 300
        for seed in 0..<UInt64(rounds) {
            var options = options
            options.size = 5
            let mixed = try Mixing.run(agent: agent, options: options, seed: seed, run: "", renderer: renderer, workers: 1)
            for document in mixed.documents where document.document.provenance.suite.hasPrefix("general/") {
                counts[Int(document.document.provenance.task.dropFirst(3)) ?? 0] += 1
            }
        }
        let mean = Double(counts.reduce(0, +)) / 10
        #expect(abs(mean - Double(rounds) * 0.4) < 1)
        #expect(counts.allSatisfy { abs(Double($0) - mean) < 4.5 * (Double(rounds) * 0.24).squareRoot() }, "\(counts)")
    }

    @Test("What is too long, in another language or broken is not drawn, and is counted") func filters() throws {
        let temporary = try TemporaryFolder()
        let renderer = try renderer()
        let good = try shareGPT(5, "good", temporary)
        var text = try String(contentsOfFile: good.path, encoding: .utf8)
        let long = String(repeating: "word and ", count: 200)
        text +=
            "\n{oops\n"
            + #"{"conversations": [{"from": "human", "value": "Что это такое?"}, {"from": "gpt", "value": "Это дом."}]}"#
        text += "\n" + #"{"conversations": [{"from": "human", "value": "Go on."}, {"from": "gpt", "value": "\#(long)"}]}"#
        let source = MixOptions.Source(path: try temporary.write(text, "mixed.jsonl").path, weight: 2)
        let mixed = try Mixing.run(
            agent: agents(2, renderer), options: MixOptions(general: [source]), seed: 1, run: "", renderer: renderer,
            maximumTokens: 200, workers: 2)
        let report = mixed.report.sources[0]
        #expect(mixed.documents.count == 10 && report.records == 8 && report.usable == 6 && report.tooLong == 1)
        #expect(report.drawn == 8 && report.distinct == 5 && report.weight == 2)
        #expect(report.dropped.map(\.reason) == ["not valid JSON", "not in English"])
        #expect(mixed.documents.allSatisfy { $0.tokens.ids.count <= 200 })
        let any = try Mixing.run(
            agent: agents(2, renderer), options: MixOptions(general: [source], language: "any"), seed: 1, run: "",
            renderer: renderer, workers: 1)
        #expect(any.report.sources[0].usable == 7)
    }

    @Test("Conversations that a test set holds are not drawn, the card says how many, and others take their place")
    func contamination() throws {
        let temporary = try TemporaryFolder()
        let question = "Which of the two rivers that meet below the old mill was named first by the settlers?"
        let lines = (0..<20).map {
            let asked = $0 % 4 == 0 ? "Number \($0): \(question)" : "What is the name of number \($0) in the list of them all?"
            return #"{"conversations": [{"from": "human", "value": "\#(asked)"}, {"from": "gpt", "value": "It is so."}]}"#
        }
        let source = MixOptions.Source(path: try temporary.write(lines.joined(separator: "\n"), "chats.jsonl").path)
        var options = CurationOptions()
        options.mix = MixOptions(general: [source], agentRatio: 0.4)
        options.contamination = .init(against: ["x:test"])
        var context = try Samples.context(Samples.tokenizer())
        context.testSets = [
            TestSet(name: "x:test", instructions: [question]),
            TestSet(name: "y", instructions: ["Nobody asked this, or did they?"]),
        ]
        let trajectories = (0..<10).map { Samples.trajectory("t\($0)") }
        let dataset = try Curation.run(trajectories, options: options, context: context)
        let report = try #require(dataset.card.mix?.sources.first)
        #expect(report.drawn == 15 && report.distinct == 15 && report.usable == 20 && report.contaminated == 5)
        #expect(!dataset.train.contains { $0.document.messages[0].text.contains("rivers") })
        let table = try #require(dataset.card.contamination)
        #expect(
            table.after == [
                .init(test: "x:test", n: 1, rate: 0, dirty: 0, clean: 1), .init(test: "y", n: 1, rate: 0, dirty: 0, clean: 1),
            ])
        #expect(dataset.card.markdown.contains("| chats.jsonl | 1.0 | 20 | 20 | 0 | 5 | 15 | 15 |"))
        // Not asked for, not checked, and said so.
        options.contamination = nil
        let unchecked = try Curation.run(trajectories, options: options, context: context)
        #expect(unchecked.card.mix?.sources[0].contaminated == nil && unchecked.card.contamination == nil)
        #expect(unchecked.card.markdown.contains("| not checked |"))
    }

    @Test("Imported conversations are checked, too, and the card has the table before and after") func importedContamination()
        throws
    {
        let question = "Which of the two rivers that meet below the old mill was named first by the settlers?"
        let chats = [question, "Something else that was never in a test?"].enumerated().map { number, text in
            Document(
                messages: [
                    .init(role: .user, spans: [.init("I wonder: " + text, by: .instruction, train: false)]),
                    .init(role: .assistant, spans: [.init("A\(number)", by: .teacher, train: true)]),
                ], provenance: .init(run: "r", source: "sharegpt", number: number, id: "a\(number)"))
        }
        var options = CurationOptions()
        options.contamination = .init(against: ["x:test"])
        var context = try Samples.context(Samples.tokenizer())
        context.testSets = [TestSet(name: "x:test", instructions: [question])]
        let dataset = try Curation.run([], conversations: chats, options: options, context: context)
        #expect(dataset.train.map(\.document.provenance.task) == ["a1"])
        let table = try #require(dataset.card.contamination)
        #expect(table.before == [.init(test: "x:test", n: 1, rate: 1, dirty: 1, clean: 0)])
        #expect(table.after == [.init(test: "x:test", n: 1, rate: 0, dirty: 0, clean: 1)])
        #expect(dataset.card.markdown.contains("| x:test | 1 | 100.0 % | 1 | 0 | 0.0 % | 0 | 1 |"))
        #expect(dataset.fates[0].dropped?.step == "contamination")
    }

    @Test(
        "A source may make its conversations: each is made once, what is too long or contaminated is passed over, workers change nothing"
    )
    func generated() throws {
        let renderer = try renderer()
        let question = "Which of the two rivers that meet below the old mill was named first by the settlers?"
        let generator = GeneralGenerator(name: "made/chat") { index, seed in
            switch index % 5 {
            case 0: return nil
            case 1: return [Message(.user, "\(question) \(index)", by: .instruction), Message(.assistant, "x", by: .teacher)]
            case 2:
                return [
                    Message(.user, "Q\(index)", by: .instruction),
                    Message(.assistant, String(repeating: "long ", count: 200), by: .teacher),
                ]
            default:
                return [Message(.user, "Q\(index) \(seed)", by: .instruction), Message(.assistant, "A\(index)", by: .teacher)]
            }
        }
        func mix(_ workers: Int, _ seed: UInt64 = 3) throws -> (documents: [CuratedDocument], report: MixReport) {
            try Mixing.run(
                agent: agents(10, renderer), options: MixOptions(general: [.init(path: "made/chat")], agentRatio: 0.1),
                seed: seed,
                run: "r", renderer: renderer, maximumTokens: 150, workers: workers, generators: [generator],
                tests: TestTexts([question], rule: ContaminationRule()))
        }
        let (one, many) = (try mix(1), try mix(16))
        #expect(one.documents == many.documents && one.report == many.report)
        let report = one.report.sources[0]
        #expect(report.name == "made/chat" && report.format == "generated" && report.drawn == 90 && report.distinct == 90)
        #expect(report.contaminated == 45 && report.tooLong == 45 && report.usable == 180)
        #expect(one.documents.allSatisfy { !$0.document.messages[0].text.contains("rivers") })
        #expect(try mix(1, 4).documents != one.documents)
        let hopeless = GeneralGenerator(name: "made/chat") { _, _ in nil }
        let error = #expect(throws: TemperError.self) {
            try Mixing.run(
                agent: agents(2, renderer), options: MixOptions(general: [.init(path: "made/chat")], agentRatio: 0.5), seed: 1,
                run: "r",
                renderer: renderer, generators: [hopeless])
        }
        #expect(error?.message.hasSuffix("conversations of 'made/chat' only 0 can be used") == true)
    }

    @Test("Options that make no sense are errors that name their key") func options() throws {
        let source = MixOptions.Source(path: "x.json")
        let cases: [(MixOptions, String)] = [
            (MixOptions(general: [source], agentRatio: 1.5), "agent_ratio"), (MixOptions(), "names no general"),
            (MixOptions(general: [source], agentRatio: 0), "size"), (MixOptions(general: [source], language: "de"), "language"),
            (MixOptions(general: [.init(path: "x", weight: 0)]), "weight"),
            (MixOptions(general: [.init(path: "x", format: "y")]), "format"),
        ]
        for (options, word) in cases {
            let error = #expect(throws: TemperError.self) { try options.validate() }
            #expect(error?.message.contains(word) == true)
        }
        let decoded = try JSONDecoder().decode(
            MixOptions.self, from: Data(#"{"general": ["a.json", {"path": "b.json", "weight": 4}], "agent_ratio": 0.5}"#.utf8))
        #expect(decoded == MixOptions(general: [.init(path: "a.json"), .init(path: "b.json", weight: 4)], agentRatio: 0.5))
        let odd = #expect(throws: TemperError.self) {
            try MixOptions(
                given: ["general": .array([.object(["path": .string("b"), "wieght": .number(4)])])], at: ["curate", "mix"])
        }
        #expect(odd?.message == "unknown key 'wieght' in 'general[0]'" && odd?.hint == "did you mean 'weight'?")
    }

    @Test("English is told from other languages") func language() {
        #expect(
            LanguageFilter.isEnglish(
                "How do I write a loop in Python? You can use the word for and then a list of the values that it is to take."))
        #expect(LanguageFilter.isEnglish("Hi there"))
        #expect(!LanguageFilter.isEnglish("今日は天気がいいですね"))
        #expect(
            !LanguageFilter.isEnglish(
                "Wie schreibe ich eine Schleife? Man nimmt das Wort und dann eine Liste der Werte, die nacheinander gebraucht werden sollen, und schreibt darunter, was zu tun ist."
            ))
        #expect(!LanguageFilter.isEnglish("123 456"))
    }

    @Test("ShareGPT's sample in FastChat is mixed as it is", .enabled(if: DataFolder.locate() != nil)) func shareGPTRealData()
        throws
    {
        let renderer = try renderer()
        let source = MixOptions.Source(path: try DataFolder.file("sharegpt/dummy_conversation.json").path)
        let mixed = try Mixing.run(
            agent: agents(10, renderer), options: MixOptions(general: [source]), seed: 1, run: "", renderer: renderer, workers: 2)
        #expect(mixed.report.sources[0].records == 500 && mixed.report.sources[0].dropped.isEmpty)
        #expect(mixed.documents.count == 50)
    }
}
