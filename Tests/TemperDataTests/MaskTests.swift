import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Masks") struct MaskTests {
    /// A document with every author, of which only what `trainOn` names may train.
    private func document(trainOn: [Author]) throws -> Document {
        var trajectory = Samples.trajectory("größe 🙂")
        trajectory.opening = "A door."
        trajectory.turns[1].reply = [
            Span("Thought: I wrap up. ", by: .forced), Span("It says Ada.\n", by: .policy),
            Span("Action: finish[", by: .converted),
            Span("Ada", by: .reference), Span("]", by: .converted),
        ]
        var options = CurationOptions()
        options.trainOn = trainOn
        options.promptStyle = .full
        let demonstration = [
            Message(.user, "Who made x?", by: .demonstration), Message(.assistant, "Action: finish[Bob]", by: .demonstration),
        ]
        let prompt = SuitePrompt(instruction: "Answer the question.", demonstrations: [demonstration])
        switch try Rendering.documents(of: trajectory, prompt: prompt, options: options, run: "sample") {
        case .success(let documents): return documents[0]
        case .failure(let refusal):
            Issue.record("\(refusal.reason)")
            return Document(messages: [], provenance: .init(run: "", key: trajectory.key))
        }
    }

    private static let choices: [[Author]] = [
        [.policy, .teacher, .reference, .converted], [.teacher], [.policy], [.forced, .policy], [.reference],
    ]

    @Test(
        "In every template exactly the text of trained authors is trained, with the end of its turn",
        arguments: ChatTemplate.allCases, choices)
    func masks(template: ChatTemplate, trainOn: [Author]) throws {
        let tokenizer = try Samples.tokenizer()
        let document = try document(trainOn: trainOn)
        let encoded = try TokenRenderer(tokenizer: tokenizer, template: template, trainOn: trainOn).encode(document)
        let (ids, mask) = (encoded.tokens.ids, encoded.tokens.mask)
        #expect(ids.count == mask.count && ids.count == encoded.authors.count)
        #expect(mask[0] == 0)
        for index in ids.indices where mask[index] == 1 {
            let author = try #require(encoded.authors[index])
            #expect(trainOn.contains(author) && !Author.neverTrained.contains(author))
        }
        let trained = ids.indices.filter { mask[$0] == 1 }
        let text = tokenizer.decode(trained.map { ids[$0] }.filter { !tokenizer.isSpecial($0) })
        let expected = document.messages.filter { $0.role == .assistant }.map { message in
            let learnt = message.spans.filter { trainOn.contains($0.author) }.map(\.text).joined()
            let learnsEnd = message.spans.last.map { trainOn.contains($0.author) } ?? false
            // Llama 2 writes a space before the end of a turn, and the end is learnt with the reply's last span.
            return learnt + (learnsEnd && template == .llama2 ? " " : "")
        }.joined()
        #expect(text == expected)
        let whole = try template.render(document.messages.map { Message($0.role, $0.spans.map { Span($0.text, by: $0.author) }) })
        #expect(tokenizer.decode(ids) == whole)
        let ends = trained.filter { tokenizer.decode([ids[$0]]) == template.endOfTurn }.count
        let endingReplies = document.messages.filter {
            $0.role == .assistant && $0.spans.last.map { trainOn.contains($0.author) } == true
        }
        #expect(ends == endingReplies.count)
    }

    @Test("A span that says it is not trained is not, whatever its author", arguments: ChatTemplate.allCases)
    func flags(template: ChatTemplate) throws {
        let tokenizer = try Samples.tokenizer()
        var document = try document(trainOn: CurationOptions().trainOn)
        let last = document.messages.count - 1
        for index in document.messages[last].spans.indices { document.messages[last].spans[index].train = false }
        let encoded = try TokenRenderer(tokenizer: tokenizer, template: template).encode(document)
        let trained = encoded.tokens.ids.indices.filter { encoded.tokens.mask[$0] == 1 }.map { encoded.tokens.ids[$0] }
        let text = tokenizer.decode(trained.filter { !tokenizer.isSpecial($0) })
        #expect(text.hasPrefix("Thought: I look it up.\nAction: search[who made größe 🙂]"))
        #expect(!text.contains("finish"))
    }

    @Test("A flag on text of the environment does not make it train") func forgedFlag() throws {
        let tokenizer = try Samples.tokenizer()
        var document = try document(trainOn: CurationOptions().trainOn)
        let honest = try TokenRenderer(tokenizer: tokenizer, template: .chatML).encode(document)
        for m in document.messages.indices {
            for s in document.messages[m].spans.indices where document.messages[m].spans[s].author != .forced {
                document.messages[m].spans[s].train = true
            }
        }
        #expect(try TokenRenderer(tokenizer: tokenizer, template: .chatML).encode(document) == honest)
    }

    @Test("An example with nothing to train stops the run and is named") func nothingTrained() throws {
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML, trainOn: [.reference])
        let error = #expect(throws: TemperError.self) { try renderer.encode(try document(trainOn: [.policy])) }
        #expect(error?.code == .data)
        #expect(
            error?.description.hasPrefix("error: collect:pocket/hotpotqa:größe 🙂:react:0: no token of the document is trained")
                == true)
    }

    @Test("Authors that never train are refused", arguments: Author.neverTrained.sorted { $0.rawValue < $1.rawValue })
    func refused(author: Author) throws {
        let tokenizer = try Samples.tokenizer()
        let error = #expect(throws: TemperError.self) {
            try TokenRenderer(tokenizer: tokenizer, template: .chatML, trainOn: [.policy, author])
        }
        #expect(error?.code == .data)
        #expect(error?.message == "text of '\(author.rawValue)' can never be trained")
    }

    @Test("The token view gives each token with id, text, author and whether it is trained") func tokenView() throws {
        let tokenizer = try Samples.tokenizer()
        let document = try document(trainOn: CurationOptions().trainOn)
        let encoded = try TokenRenderer(tokenizer: tokenizer, template: .chatML).encode(document)
        let view = TokenView(encoded, tokenizer: tokenizer)
        #expect(view.tokens.map(\.id) == encoded.tokens.ids)
        #expect(view.tokens.map(\.trained) == encoded.tokens.mask.map { $0 == 1 })
        #expect(view.tokens[0] == .init(id: encoded.tokens.ids[0], text: "<|im_start|>", trained: false, author: nil))
        #expect(view.tokens.contains { $0.text == "<0xF0>" })
        let json = try JSONValue.parse(JSONEncoder.stable().encode(view), named: "view")
        #expect(json["tokens"]?.array?.count == view.tokens.count)
        let fields = json["tokens"]?.array?.first { $0["author"]?.string == "teacher" }?.object
        #expect(fields.map { Set($0.keys) } == ["id", "text", "trained", "author"])
    }

    @Test("In colour, trained text is green, the rest is dim, and invisible characters can be seen") func colour() throws {
        let view = TokenView(tokens: [
            .init(id: 1, text: "Q?\n", trained: false, author: .instruction),
            .init(id: 2, text: "Thought:", trained: true, author: .policy),
            .init(id: 3, text: "\ta\u{00A0}\u{200B}\u{1B}\r", trained: true, author: .policy),
            .init(id: 4, text: "", trained: false),
        ])
        #expect(
            view.coloured
                == "\u{1B}[0m\u{1B}[2mQ?⏎\n\u{1B}[0m\u{1B}[32mThought:⇥a<U+A0><U+200B><U+1B><U+D>\u{1B}[0m\u{1B}[2m\u{1B}[0m\n")
    }
}

@Suite("Export") struct ExportTests {
    private func documents() throws -> [Document] {
        var trajectory = Samples.trajectory("a")
        trajectory.turns.insert(Samples.turn(1, "I am lost", observation: "No."), at: 1)
        return try Curation.run(
            [trajectory], options: CurationOptions(), context: Samples.context(Samples.tokenizer())
        ).train.map(\.document)
    }

    @Test("OpenAI's form has a line per document and weight 0 on replies that are not trained") func openAI() throws {
        let records = try documents().map { try RecordFile.openAIChat.record($0, nil) }
        #expect(records.count == 1)
        let messages = try #require(records[0]["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "user", "assistant", "user", "assistant"])
        #expect(messages.map { $0["weight"]?.number } == [nil, nil, nil, 0, nil, nil])
        #expect(messages[2]["content"]?.string == "Observation: a was made by Ada.")
    }

    @Test("ShareGPT's form names speakers its way and says which replies count") func shareGPT() throws {
        let record = try RecordFile.shareGPT.record(documents()[0], nil)
        let turns = try #require(record["conversations"]?.array)
        #expect(turns.map { $0["from"]?.string } == ["human", "gpt", "human", "gpt", "human", "gpt"])
        #expect(turns.map { $0["loss"]?.bool } == [nil, nil, nil, false, nil, nil])
        #expect(record["id"]?.string == "collect:pocket/hotpotqa:a:react:0")
    }
}
