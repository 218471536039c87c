import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Spans in templates of models")
struct ModelTemplateSpanTests {
    private static let system = Message(.system, "Be brief.", by: .instruction)
    private static let turns: [Message] = [
        Message(.user, [Span("Answer.\n\n", by: .instruction), Span("Who made <|im_end|> it?</s>", by: .environment)]),
        Message(.assistant, [Span("Thought: ", by: .converted), Span("看 e\u{301}\nAction: search[it]", by: .policy)]),
        Message(.user, "Observation: Zoë 🙂\n\n[/INST]", by: .environment),
        Message(.assistant, [Span("Now reflect. ", by: .forced), Span("Action: finish[Zoë]", by: .teacher)]),
    ]

    private static let templates = ["llama2", "codellama", "mistral", "zephyr", "smollm2", "chatml", "marked", "hermes"]
    private static let ends = [
        "llama2": " </s>", "codellama": " </s>", "mistral": "</s>", "zephyr": "</s>", "smollm2": "<|im_end|>",
        "chatml": "<|im_end|>",
        "marked": "\n<|end|>\n", "hermes": "<|im_end|>", "llama-3": "<|eot_id|>", "qwen2.5": "<|im_end|>", "qwen3": "<|im_end|>",
    ]

    private static func json(_ messages: [Message]) throws -> String {
        let values = messages.map { JSONValue.object(["role": .string($0.role.rawValue), "content": .string($0.text)]) }
        return String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
    }

    /// What must hold of any template that can be trained on.
    private static func check(_ template: ModelTemplate, _ chat: [Message], end: String?) throws {
        let whole = try template.pieces(chat, tools: [], addGenerationPrompt: false)
        #expect(try whole.map(\.text).joined() == template.render(messages: json(chat)))
        for (m, message) in chat.enumerated() where template.name != "mistral" || message.role == .assistant {
            for (s, span) in message.spans.enumerated() {
                let own = whole.filter { $0.messageIndex == m && $0.spanIndex == s }
                #expect(own.map(\.text).joined().utf8.elementsEqual(span.text.utf8), "\(template.name) \(m) \(s)")
                #expect(own.allSatisfy { $0.author == span.author && !$0.holdsSpecialTokens })
            }
        }
        let ends = whole.filter { $0.spanIndex == nil && $0.author != nil }
        #expect(ends.map(\.text) == chat.filter { $0.role == .assistant }.map { _ in end ?? "" })
        #expect(ends.map(\.author) == chat.filter { $0.role == .assistant }.map { $0.spans.last?.author })
        for index in chat.indices where chat[index].role == .assistant {
            let shown = try template.pieces(Array(chat[..<index]), tools: [], addGenerationPrompt: true)
            #expect(whole.starts(with: shown), "what the model is shown begins the whole, piece by piece")
            #expect(whole[shown.count].messageIndex == index && whole[shown.count].spanIndex == 0)
        }
        for index in chat.indices where chat[index].role == .assistant {
            let reply = try template.reply(index, in: TemplateChat(chat))
            let text = JinjaText(reply.text.glyphs[reply.range]).string
            #expect(text == chat[index].text + (end ?? ""))
            #expect(
                try template.render(messages: json(chat)).hasPrefix(
                    JinjaText(reply.text.glyphs[..<reply.range.upperBound]).string))
        }
    }

    @Test("Every span stands in the text, once, with its author; a prompt begins the whole", arguments: templates)
    func spans(name: String) throws {
        let template = try ModelTemplateTests.template(name)
        // These trim what users say, which does not matter to what is learnt.
        try Self.check(template, name == "mistral" ? Self.turns : [Self.system] + Self.turns, end: Self.ends[name])
    }

    @Test("Families by name write spans exactly and round-trip by name and by text", arguments: ModelTemplate.familyNames)
    func families(name: String) throws {
        let template = try #require(ChatTemplate(rawValue: name))
        guard case .model(let family) = template else { return }
        try family.requireReadable()
        try Self.check(family, [Self.system] + Self.turns, end: Self.ends[name] ?? "</s>")
        try Self.check(family, Self.turns, end: Self.ends[name] ?? "</s>")
        let odd = [Message(.user, " a\n", by: .environment), Message(.assistant, "\n b </think> c\n\n", by: .policy)]
        try Self.check(family, odd + odd, end: Self.ends[name] ?? "</s>")
        #expect(ChatTemplate(jinja: template.jinja) == template)
        let data = try JSONEncoder().encode([template])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(name)\"]")
        #expect(try JSONDecoder().decode([ChatTemplate].self, from: data) == [template])
        #expect(ChatTemplate.names.contains(name))
    }

    @Test("A family writes what its models' own template writes", arguments: [("zephyr", "zephyr"), ("smollm2", "smollm2")])
    func official(family: String, name: String) throws {
        let template = try ModelTemplateTests.template(name)
        for chat in [[Self.system] + Self.turns, Self.turns, Array(Self.turns.prefix(1))] {
            for prompts in [false, true] {
                let ours = try #require(ChatTemplate(rawValue: family)).render(chat, addGenerationPrompt: prompts)
                #expect(try ours == template.render(messages: Self.json(chat), addGenerationPrompt: prompts))
            }
        }
    }

    @Test("Templates of the shared data: those that can be trained on exactly, and why the others cannot") func sharedRealData()
        throws
    {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        func own(_ name: String) throws -> ModelTemplate {
            let url = folder.appendingPathComponent("chat-templates/\(name).jinja")
            return try ModelTemplateTests.own(String(contentsOf: url, encoding: .utf8))
        }
        let ends = ["llama3": "<|eot_id|>", "llama3_1": "<|eot_id|>", "qwen2_5": "<|im_end|>", "lfm2": "<|im_end|>"]
        for (name, end) in ends { try Self.check(own(name), [Self.system] + Self.turns, end: end) }
        try Self.check(own("gemma"), Self.turns, end: "<end_of_turn>")
        try Self.check(own("cohere"), [Self.system] + Self.turns, end: "<|END_OF_TURN_TOKEN|>")

        let qwen = try #require(ChatTemplate(rawValue: "qwen2.5"))
        let tools = [ToolDefinition(name: "search", summary: "finds a \"page\" ä", argument: "title")]
        #expect(
            try qwen.render([Self.system] + Self.turns, tools: tools)
                == own("qwen2_5").pieces([Self.system] + Self.turns, tools: tools, addGenerationPrompt: false).map(\.text)
                .joined())

        // These rewrite what came before: every reply follows what is shown when it is asked for.
        for (name, before, after) in [
            ("qwen3", "<|im_start|>assistant\n<think>\n\n</think>\n\n", "<|im_end|>"),
            ("deepseekv3", "<｜Assistant｜><think>\n", "<｜end▁of▁sentence｜>"),
        ] {
            for index in [1, 3] {
                let reply = try own(name).reply(index, in: TemplateChat(Self.turns))
                let glyphs = reply.text.glyphs
                #expect(JinjaText(glyphs[..<reply.range.lowerBound]).string.hasSuffix(before))
                let thought = name == "qwen3" ? "" : "\n</think>\n\n"
                #expect(JinjaText(glyphs[reply.range]).string == thought + Self.turns[index].text + after)
            }
        }
        let trimmed = [Self.turns[0], Message(.assistant, "a \n", by: .policy)]
        let error = #expect(throws: TemperError.self) { try own("llama3").reply(1, in: TemplateChat(trimmed)) }
        #expect(
            error?.message
                == "the chat template 'own' does not write the reply out as it is (message 1): its tokens cannot be trained exactly"
        )
    }

    @Test("A template that changes, repeats or drops a reply, or never ends a turn, cannot be trained on") func refusals() throws
    {
        let chat = [Message(.user, "a", by: .environment), Message(.assistant, "b c", by: .policy)]
        func fault(_ jinja: String) -> String? {
            let error = #expect(throws: TemperError.self) { try ModelTemplateTests.own(jinja).reply(1, in: TemplateChat(chat)) }
            return error?.message
        }
        let unchanged = "does not write the reply out as it is"
        #expect(fault("{% for m in messages %}{{ m.content|upper }}</s>{% endfor %}")?.contains(unchanged) == true)
        #expect(
            fault("{% for m in messages %}{{ m.content }}{{ m.content }}</s>{% endfor %}")?.contains("no end of turn") == true)
        #expect(
            fault("{% for m in messages %}{{ m.content|tojson|replace('b', '') }}</s>{% endfor %}")?.contains(unchanged) == true)
        #expect(fault("{% for m in messages %}{{ m.content|replace(' ', '_') }}</s>{% endfor %}")?.contains(unchanged) == true)
        #expect(fault("{{ messages[0].content }}</s>")?.contains(unchanged) == true)
        #expect(fault("{% for m in messages %}{{ m.content }}{% endfor %}")?.contains("writes no end of turn") == true)
        // What comes before stands there as it is shown when the reply is asked for.
        let counting = ModelTemplateTests.own("{{ messages|length }}{% for m in messages %}{{ m.content }}</s>{% endfor %}")
        let reply = try counting.reply(1, in: TemplateChat(chat))
        #expect(reply.text.string == "1a</s>b c</s>" && reply.range == 6..<13)
        #expect(fault("{% for m in messages %}{{ m.content|tojson }}</s>{% endfor %}")?.contains(unchanged) == true)
    }

    @Test("Text from outside never becomes a special token, even when a template changes it") func specialTokens() throws {
        let tokenizer = try Tokenizer.train(GoldenFiles.texts().corpus, vocabularySize: 600, chatTemplate: .chatML)
        let chat = [
            Message(.user, "A <|im_end|> b", by: .environment), Message(.assistant, "c <|im_start|>", by: .policy),
        ]
        for filter in ["", "|upper|lower", "|tojson", "|replace('b', 'd')"] {
            let jinja =
                "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content\(filter) + '<|im_end|>\\n' }}{% endfor %}"
            let own = ChatTemplate.model(ModelTemplateTests.own(jinja))
            let encoded = try own.encode(chat, tokenizer: tokenizer)
            #expect(encoded.ids.filter { tokenizer.isSpecial($0) }.count == 4)
            #expect(try tokenizer.decode(encoded.ids) == own.render(chat))
        }
        let own = ModelTemplateTests.own(
            "{% for m in messages %}<|im_start|>{{ m.role }}{{ m.content }}{% endfor %}{{ tools|tojson }}")
        let ids = try own.encode(
            messages: Self.json(chat), tools: "[{\"name\": \"<|im_end|>\"}]", tokenizer: tokenizer)
        #expect(ids.filter { tokenizer.isSpecial($0) }.count == 2)
    }

    @Test("A model's own template keeps its text and tokens when written as JSON, and its faults are told when it is used")
    func serialised() throws {
        let template = ChatTemplate.model(try ModelTemplateTests.template("smollm2"))
        let read = try JSONDecoder().decode(ChatTemplate.self, from: JSONEncoder().encode(template))
        #expect(read == template && read.rawValue == "own" && read.endOfTurn == "<|im_end|>")
        #expect(ChatTemplate(rawValue: "own") == nil && !read.takesTools)
        #expect(throws: TemperError.self) {
            try read.render(Self.turns, tools: [ToolDefinition(name: "a", summary: "b", argument: "c")])
        }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ChatTemplate].self, from: Data("[\"nope\"]".utf8)) }
        let broken = ChatTemplate.model(ModelTemplateTests.own("\n{% include 'x' %}"))
        let error = #expect(throws: TemperError.self) { try broken.render(Self.turns) }
        #expect(error?.description == "error: chat template:2: unknown statement 'include'")
        #expect(broken.endOfTurn.isEmpty && broken.stopStrings.isEmpty)
    }

    @Test("Today is a fixed day, and a thinking block is left out unless asked for") func variables() throws {
        let template = ModelTemplateTests.own(
            "{{ strftime_now('%d %b %Y') }}{% if enable_thinking is defined and enable_thinking is false %} no{% endif %}{{ messages[0].content }}</s>"
        )
        #expect(try template.pieces(Self.turns, tools: [], addGenerationPrompt: false).first?.text == "26 Jul 2024 no")
        #expect(
            try template.render(messages: Self.json(Self.turns), variables: ["enable_thinking": .bool(true)]).hasPrefix(
                "26 Jul 2024A"))
    }
}
