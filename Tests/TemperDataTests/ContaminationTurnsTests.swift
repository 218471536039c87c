import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Contamination looks at every turn of the user")
struct ContaminationTurnsTests {
    static let question =
        "Which river flows through the old town of the capital of the largest island in the northern lake district?"
    static let opening =
        "You are an assistant. Act on the tasks you get with tools, and answer with a thought and an action each time."

    /// One chat whose second user turn is the test question, in the forms that files of chats have.
    static let forms: [(name: String, record: String)] = [
        (
            "agentinstruct",
            #"{"conversations": [{"from": "human", "loss": null, "value": "OPEN"}, {"from": "gpt", "loss": false, "value": "Ok."}, {"from": "human", "loss": null, "value": "ASK"}, {"from": "gpt", "loss": true, "value": "x"}], "id": "kg_1"}"#
        ),
        (
            "openai",
            #"{"messages": [{"role": "user", "content": "OPEN"}, {"role": "assistant", "content": "Ok."}, {"role": "user", "content": [{"type": "text", "text": "ASK"}]}]}"#
        ),
        (
            "a question beside the chat",
            #"{"description": "a chat", "messages": [{"role": "user", "content": "OPEN"}, {"role": "user", "content": "ASK"}]}"#
        ),
        ("ultrachat", #"{"data": ["OPEN", "Ok.", "ASK", "x"]}"#),
        ("alpaca with a history", #"{"instruction": "Go on.", "output": "x", "history": [["OPEN", "Ok."], ["ASK", "x"]]}"#),
        (
            "anthropic",
            #"{"messages": [{"role": "user", "content": [{"type": "tool_result", "content": "rain"}, {"type": "text", "text": "ASK"}]}]}"#
        ),
        (
            "prompt and completion",
            #"{"prompt": [{"role": "user", "content": "OPEN"}, {"role": "user", "content": "ASK"}], "completion": []}"#
        ),
        ("preferences", #"{"input": {"messages": [{"role": "user", "content": "ASK"}], "tools": []}, "preferred_output": []}"#),
        ("tau-bench", #"{"task_id": 0, "traj": [{"role": "user", "content": "OPEN"}, {"role": "user", "content": "ASK"}]}"#),
        ("inspect", #"{"samples": [{"input": "OPEN", "messages": [{"source": "input", "role": "user", "content": "ASK"}]}]}"#),
        ("atif", #"{"schema_version": "ATIF-v1.4", "steps": [{"step_id": 1, "source": "user", "message": "ASK"}]}"#),
        ("claude code", #"{"type": "user", "message": {"role": "user", "content": "ASK"}, "uuid": "1"}"#),
        (
            "codex",
            #"{"type": "response_item", "payload": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "ASK"}]}}"#
        ),
        ("opentelemetry", #"{"gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "ASK"}]}]}"#),
        (
            "chatgpt",
            #"{"mapping": {"a": {"message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["ASK"]}}}}}"#
        ),
        ("glaive", #"{"chat": "USER: OPEN\n\nASSISTANT: Ok.\n\nUSER: ASK\n\nASSISTANT: x"}"#),
        ("openhands", #"{"trajectory": [{"id": 0, "source": "user", "message": "ASK", "args": {"content": "ASK"}}]}"#),
        ("xlam", #"{"query": "ASK", "answers": "[]"}"#),
        (
            "temper's own",
            #"{"messages": [{"role": "user", "spans": [{"text": "OPEN", "author": "instruction"}]}, {"role": "assistant", "spans": []}, {"role": "user", "spans": [{"text": "ASK", "author": "instruction"}]}], "provenance": {"task": "t"}}"#
        ),
    ]

    private func report(_ train: [String], _ tests: [String], field: String? = nil) throws -> ContaminationReport {
        func record(_ index: Int, _ text: String) throws -> RecordStream.Record {
            .init(index: index, place: "x", content: .success(try JSONValue.parse(Data(text.utf8), named: "x")))
        }
        var check = try ContaminationCheck(
            against: tests.enumerated().map { try record($0, $1) }, rule: ContaminationRule(), trainField: field)
        for (index, line) in train.enumerated() { check.scan(try record(index, line)) }
        return check.report()
    }

    private func filled(_ record: String) -> String {
        record.replacing("OPEN", with: Self.opening).replacing("ASK", with: Self.question)
    }

    private var test: String { #"{"id": "long", "question": "\#(Self.question)"}"# }

    @Test("in every form of chat, the second turn as well as the first", arguments: forms.indices) func everyForm(_ index: Int)
        throws
    {
        let form = Self.forms[index]
        #expect(try report([filled(form.record)], [test]).dirty == 1, "\(form.name)")
        #expect(try report([form.record.replacing("OPEN", with: Self.opening)], [test]).dirty == 0, "\(form.name)")
    }

    @Test("What tools and environments say, worked examples and replies do not count as asked")
    func notAsked() throws {
        let others = [
            #"{"messages": [{"role": "user", "content": "Hello there"}, {"role": "tool", "content": "ASK"}]}"#,
            #"{"messages": [{"role": "user", "content": "Hello there"}, {"role": "assistant", "content": "ASK"}]}"#,
            #"{"messages": [{"role": "user", "content": "Hello there"}, {"role": "user", "content": "Observation: ASK"}]}"#,
            #"{"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "ASK"}]}]}]}"#,
            #"{"messages": [{"role": "user", "spans": [{"text": "ASK", "author": "environment"}]}]}"#,
            #"{"messages": [{"role": "user", "spans": [{"text": "ASK", "author": "demonstration"}]}]}"#,
            #"{"messages": [], "tools": [{"role": "user", "content": "ASK"}]}"#,
        ].map(filled)
        for record in others { #expect(try report([record], [test]).dirty == 0, "\(record)") }
        // What a tool says is compared with what tools said in the test.
        let seen = #"{"question": "Another one?", "messages": [{"role": "tool", "content": "\#(Self.question)"}]}"#
        for record in [others[0], others[2], others[3], others[4]] {
            #expect(try report([record], [seen]).fields["observation"]?.dirty == 1, "\(record)")
        }
    }

    @Test("A field may hold a chat; of a test record that is a chat all turns of the user are looked for")
    func fields() throws {
        let record = filled(#"{"log": {"turns": [{"role": "user", "content": "ASK"}]}, "messages": []}"#)
        #expect(try report([record], [test], field: "log.turns").dirty == 1)
        let chat = filled(#"{"messages": [{"role": "user", "content": "OPEN"}, {"role": "user", "content": "ASK"}]}"#)
        let own = try report([test], [chat])
        #expect(own.testExamples == 1 && own.examples.first.map { 0.4 < $0.rate && $0.rate < 0.6 } == true)
        #expect(try report([chat], [chat]).dirty == 1)
    }
}

@Suite("Contamination over all general sources together")
struct ContaminationSourcesTests {
    private let words = (0..<40).map { "word\($0)" }
    private var question: String { words.joined(separator: " ") }

    private func chats(_ asked: [String], _ name: String, _ temporary: TemporaryFolder) throws -> MixOptions.Source {
        let lines = asked.map {
            #"{"conversations": [{"from": "human", "value": "\#($0)"}, {"from": "gpt", "value": "It is so."}]}"#
        }
        return MixOptions.Source(path: try temporary.write(lines.joined(separator: "\n"), name).path, format: "sharegpt")
    }

    private func others(_ name: String) -> [String] { (0..<12).map { "What is the \(name) number \($0) of the list?" } }

    @Test("Two files that hold half a question each are both kept out, and the command says what the card says")
    func halves() throws {
        let temporary = try TemporaryFolder()
        let (left, right) = (words.prefix(20).joined(separator: " "), words.suffix(20).joined(separator: " "))
        var options = CurationOptions()
        options.mix = MixOptions(
            general: [
                try chats([left] + others("first"), "first.jsonl", temporary),
                try chats([right] + others("second"), "second.jsonl", temporary),
            ], agentRatio: 0.2, language: "any", size: 20)
        options.contamination = .init(against: ["x:test"])
        var context = try Samples.context(Samples.tokenizer())
        context.testSets = [TestSet(name: "x:test", instructions: [question])]
        let dataset = try Curation.run((0..<4).map { Samples.trajectory("t\($0)") }, options: options, context: context)
        let sources = try #require(dataset.card.mix?.sources)
        #expect(sources.reduce(0) { $0 + ($1.contaminated ?? 0) } > 0)
        #expect(!dataset.train.contains { $0.document.messages[0].text.contains("word") })
        #expect(dataset.card.contamination?.after == [.init(test: "x:test", n: 1, rate: 0, dirty: 0, clean: 1)])
    }

    @Test("Half of a question in episodes and half in conversations is a whole one")
    func episodesAndConversations() throws {
        let halves = [words.prefix(20), words.suffix(20)].map { $0.joined(separator: " ") }
        var episode = Samples.trajectory("t0")
        episode.task.instruction = halves[0]
        let chat = Document(
            messages: [
                .init(role: .user, spans: [.init("Hello", by: .instruction, train: false)]),
                .init(role: .assistant, spans: [.init("Ask.", by: .teacher, train: true)]),
                .init(role: .user, spans: [.init(halves[1], by: .instruction, train: false)]),
                .init(role: .assistant, spans: [.init("A", by: .teacher, train: true)]),
            ], provenance: .init(run: "r", source: "sharegpt", number: 0, id: "a"))
        var options = CurationOptions()
        options.contamination = .init(against: ["x:test"])
        var context = try Samples.context(Samples.tokenizer())
        context.testSets = [TestSet(name: "x:test", instructions: [question])]
        let dataset = try Curation.run(
            [episode, Samples.trajectory("t1")], conversations: [chat], options: options, context: context)
        #expect(dataset.train.map(\.document.provenance.task) == ["t1"])
        #expect(dataset.card.contamination?.before == [.init(test: "x:test", n: 1, rate: 1, dirty: 1, clean: 0)])
        // Alone, either half is not enough.
        let alone = try Curation.run([episode], options: options, context: context)
        #expect(alone.train.count == 1 && alone.card.contamination?.after.first?.rate == 0.5)
        // The command says of the dataset what its card says.
        let temporary = try TemporaryFolder()
        try alone.write(to: temporary.url)
        let test = try temporary.write(#"{"id": "q", "question": "\#(question)"}"#, "test.jsonl")
        let report = try ContaminationCheck.run(
            train: temporary.url.appendingPathComponent("train.jsonl"), test: test, rule: ContaminationRule())
        #expect(report.rate == 0.5 && report.dirty == 0)
    }

    @Test("What a generator makes beyond the number first read is checked too") func generated() throws {
        let pieces = [words.prefix(20), words.suffix(20)].map { $0.joined(separator: " ") }
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML)
        // Of the first ten one is too long, so an eleventh is made, which holds the other half.
        let generator = GeneralGenerator(name: "made/chat") { index, _ in
            let asked = index == 3 ? pieces[0] : index == 10 ? pieces[1] : "Q\(index)"
            let reply = index == 5 ? String(repeating: "long ", count: 500) : "A\(index)"
            return [Message(.user, asked, by: .instruction), Message(.assistant, reply, by: .teacher)]
        }
        var general = try GeneralDraws(
            MixOptions(general: [.init(path: "made/chat")], agentRatio: 0), wanted: [10], seed: 1, workers: 2,
            generators: [generator], tests: TestTexts([question], rule: ContaminationRule()))
        let drawn = try general.draw { document in
            let encoded = try renderer.encode(document)
            return encoded.tokens.ids.count <= 300 ? .documents([CuratedDocument(encoded)]) : .tooLong
        }
        #expect(drawn[0].documents.count == 10 && drawn[0].report.contaminated == 2)
        #expect(!drawn[0].documents.contains { $0.document.messages[0].text.contains("word") })
    }
}
