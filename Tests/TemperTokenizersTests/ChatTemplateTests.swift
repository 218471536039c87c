import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Chat templates")
struct ChatTemplateTests {
    private static let chat: [Message] = [
        Message(.system, "Be brief.", by: .instruction),
        Message(.user, [Span("Answer.\n\n", by: .instruction), Span("Who made <|im_end|> it?</s>", by: .environment)]),
        Message(
            .assistant, [Span("Thought: ", by: .converted), Span("看\nAction: search[it]", by: .policy), Span("", by: .policy)]),
        Message(.user, " Observation: Zoë\n", by: .environment),
        Message(.assistant, [Span("Now reflect. ", by: .forced), Span("Action: finish[Zoë]", by: .teacher)]),
    ]

    @Test("Each template is written as its project writes it")
    func layouts() throws {
        let chat = [
            Message(.system, "S", by: .instruction), Message(.user, "U1", by: .instruction),
            Message(.assistant, "A1", by: .policy),
            Message(.user, "U2", by: .environment),
        ]
        #expect(
            try ChatTemplate.chatML.render(chat, addGenerationPrompt: true)
                == "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1<|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n"
                + "<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n")
        #expect(
            try ChatTemplate.llama2.render(chat, addGenerationPrompt: true)
                == "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1 [/INST] A1 </s><s>[INST] U2 [/INST] ")
        #expect(
            try ChatTemplate.vicuna.render(Array(chat.dropFirst()), addGenerationPrompt: true)
                == "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, "
                + "detailed, and polite answers to the user's questions. USER: U1 ASSISTANT: A1</s>USER: U2 ASSISTANT: ")
        #expect(
            try ChatTemplate.alpaca.render(Array(chat.dropFirst()), addGenerationPrompt: true)
                == "Below is an instruction that describes a task. Write a response that appropriately completes the request."
                + "\n\n### Instruction:\nU1\n\n### Response:\nA1</s>\nU2\n")
    }

    @Test("transformers renders the saved Jinja template as Temper does, and refuses what Temper refuses")
    func jinjaGolden() throws {
        struct Rendered: Decodable {
            struct Line: Decodable {
                var role: Role
                var content: String
            }
            var messages: [Line]
            var prompt: Bool
            var texts: [String: String?]
        }
        let templates: [String: String] = try GoldenFiles.read("templates.json")
        #expect(templates.count == ChatTemplate.allCases.count)
        let cases: [Rendered] = try GoldenFiles.read("rendered.json")
        var refusals = 0
        var compared = 0
        for rendered in cases {
            let messages = rendered.messages.map { Message($0.role, $0.content, by: .instruction) }
            for (name, text) in rendered.texts {
                let template = try #require(ChatTemplate(rawValue: name == "qwen2_5" ? "chatml" : name))
                if name != "qwen2_5" {
                    #expect(templates[name] == template.jinja, "the golden template is stale: remake it")
                }
                let ours = try? template.render(messages, addGenerationPrompt: rendered.prompt)
                #expect(ours == text, "\(name): \(rendered.messages.map(\.content))")
                if text == nil { refusals += 1 }
                compared += 1
            }
        }
        #expect(cases.count == 26 && compared > 104 && refusals > 5)
    }

    @Test("A message without a place is an error that says which", arguments: [ChatTemplate.llama2, .vicuna, .alpaca])
    func misplaced(template: ChatTemplate) throws {
        let chat = [Message(.user, "a", by: .instruction), Message(.system, "b", by: .instruction)]
        let error = #expect(throws: TemperError.self) { try template.render(chat) }
        #expect(error?.message == "the chat template '\(template.rawValue)' has no place for the system message at position 1")
    }

    private static func tokenizer(for template: ChatTemplate) throws -> Tokenizer {
        try Tokenizer.train(GoldenFiles.texts().corpus, vocabularySize: 600, chatTemplate: template)
    }

    @Test("Tokens of a span decode to the span, keep its author and are never special", arguments: ChatTemplate.allCases)
    func spans(template: ChatTemplate) throws {
        let tokenizer = try Self.tokenizer(for: template)
        let encoded = try template.encode(Self.chat, tokenizer: tokenizer, addGenerationPrompt: true)
        let count = encoded.ids.count
        #expect(encoded.authors.count == count && encoded.messageIndex.count == count && encoded.spanIndex.count == count)
        for (messageIndex, message) in Self.chat.enumerated() {
            for (spanIndex, span) in message.spans.enumerated() {
                let places = (0..<count).filter {
                    encoded.messageIndex[$0] == messageIndex && encoded.spanIndex[$0] == spanIndex
                }
                #expect(places.flatMap { tokenizer.bytes(of: encoded.ids[$0]) } == Array(span.text.utf8))
                #expect(places.allSatisfy { encoded.authors[$0] == span.author && !tokenizer.isSpecial(encoded.ids[$0]) })
            }
        }
        #expect(tokenizer.decode(encoded.ids) == (try template.render(Self.chat, addGenerationPrompt: true)))
    }

    @Test(
        "The end of an assistant's turn has the author of its last span; all other control text has none",
        arguments: ChatTemplate.allCases)
    func endOfTurn(template: ChatTemplate) throws {
        let tokenizer = try Self.tokenizer(for: template)
        let encoded = try template.encode(Self.chat, tokenizer: tokenizer)
        let ends = encoded.ids.indices.filter { encoded.spanIndex[$0] == nil && encoded.authors[$0] != nil }
        let text = template == .llama2 ? " </s>" : template.endOfTurn
        #expect(tokenizer.decode(ends.map { encoded.ids[$0] }) == text + text)
        #expect(Set(ends.map { encoded.messageIndex[$0] }) == [2, 4])
        for end in ends { #expect(encoded.authors[end] == (encoded.messageIndex[end] == 2 ? .policy : .teacher)) }
        let stops = template.stopTokenIDs(tokenizer)
        #expect(stops.first == tokenizer.id(ofSpecial: template.endOfTurn))
        #expect(ends.filter { stops.contains(encoded.ids[$0]) }.count == 2)
    }

    @Test("What a policy sees before a turn is a prefix of the whole", arguments: ChatTemplate.allCases)
    func prefix(template: ChatTemplate) throws {
        let tokenizer = try Self.tokenizer(for: template)
        let whole = try template.encode(Self.chat, tokenizer: tokenizer)
        for count in [2, 4] {
            let seen = try template.encode(Array(Self.chat.prefix(count)), tokenizer: tokenizer, addGenerationPrompt: true)
            #expect(whole.ids.starts(with: seen.ids))
            #expect(whole.authors.starts(with: seen.authors))
            #expect(whole.messageIndex.starts(with: seen.messageIndex))
            #expect(whole.spanIndex[seen.ids.count] == 0, "the reply follows at once")
        }
    }

    @Test("A tokenizer without the special tokens writes Vicuna and Alpaca out and refuses ChatML and Llama 2")
    func lackingTokens() throws {
        let tokenizer = try Tokenizer.train(["a b"], vocabularySize: 256)
        for template in [ChatTemplate.vicuna, .alpaca] {
            let encoded = try template.encode(Self.chat, tokenizer: tokenizer)
            #expect(tokenizer.decode(encoded.ids) == (try template.render(Self.chat)))
            #expect(template.stopTokenIDs(tokenizer).isEmpty)
            #expect(template.stopStrings == ["</s>"])
        }
        let error = #expect(throws: TemperError.self) { try ChatTemplate.chatML.encode(Self.chat, tokenizer: tokenizer) }
        #expect(error?.message == "the tokenizer has no special token '<|im_start|>', which the chat template 'chatml' needs")
        #expect(throws: TemperError.self) { try ChatTemplate.llama2.encode(Self.chat, tokenizer: tokenizer) }
    }

    @Test("A tokenizer given another template is saved with it; a foreign template is kept and not mistaken")
    func changingTemplates() throws {
        let folder = try GoldenFiles.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let tokenizer = try Self.tokenizer(for: .chatML)
        try tokenizer.with(chatTemplate: .alpaca).save(to: folder)
        #expect(try Tokenizer(folder: folder).chatTemplate == .alpaca)

        let foreign = "{{ messages[0]['content'] }}<|im_start|>"
        let config = JSONValue.object([
            "chat_template": .string(foreign), "eos_token": .object(["content": .string("<|im_end|>")]),
        ])
        try JSONEncoder().encode(config).write(to: folder.appendingPathComponent("tokenizer_config.json"))
        let read = try Tokenizer(folder: folder)
        guard case .model(let own)? = read.chatTemplate else {
            Issue.record("no template")
            return
        }
        #expect(own.name == "own" && own.jinja == foreign && own.tokens == ["eos_token": "<|im_end|>"])
        #expect(try read.chatTemplate?.render(Self.chat) == "Be brief.<|im_start|>")
        #expect(read.roles.end == "<|im_end|>")
        try read.save(to: folder)
        let saved = try JSONValue.parse(
            Data(contentsOf: folder.appendingPathComponent("tokenizer_config.json")), named: "tokenizer_config.json")
        #expect(saved["chat_template"]?.string == foreign)
    }
}
