import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

/// Inputs that users of other tools reported as read wrongly.
@Suite("Inputs that were read wrongly") struct ReportedInputTests {
    private func read(_ name: String, _ text: String, strict: Bool = false) throws -> (
        documents: [Document], report: ImportReport
    ) {
        let temporary = try TemporaryFolder()
        let url = try temporary.write(text, "chats.jsonl")
        var documents: [Document] = []
        let report = try ImportFormats.named(name).read(url, options: ImportOptions(isStrict: strict)) {
            if case .conversation(let document) = $0 { documents.append(document) }
        }
        return (documents, report)
    }

    private static let weather =
        #"{"type": "function", "function": {"name": "get_weather", "parameters": {"z": 20.0, "a": 9007199254740993}}}"#
    private static let parallel = #"""
        {"messages": [{"role": "user", "content": "Weather in Odda and Voss?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{\"town\": \"Odda\"}"}}, {"id": "c2", "type": "function", "function": {"name": "get_weather", "arguments": "{\"town\": \"Voss\"}"}}]}, RESULTS, {"role": "assistant", "content": "Rain in Odda, snow in Voss."}]TOOLS}
        """#

    private static func parallel(_ results: [(String, String)], tools: String? = nil) -> String {
        let texts = results.map { "{\"role\": \"tool\", \"tool_call_id\": \"\($0.0)\", \"content\": \"\($0.1)\"}" }
        return parallel.replacing("RESULTS", with: texts.joined(separator: ", "))
            .replacing("TOOLS", with: tools.map { ", \"tools\": \($0)" } ?? "")
    }

    @Test("Functions that stand as JSON in a text are the same functions; what cannot be read costs its record")
    func toolsAsText() throws {
        let results = [("c1", "rain"), ("c2", "snow")]
        let quoted = String(decoding: try JSONEncoder().encode("[\(Self.weather)]"), as: UTF8.self)
        let list = try read("openai-chat", Self.parallel(results, tools: "[\(Self.weather)]"), strict: true).documents[0]
        #expect(list.tools == "[\(Self.weather)]")
        #expect(try read("openai-chat", Self.parallel(results, tools: quoted), strict: true).documents == [list])
        for none in ["null", #""null""#, #""""#, "[]"] {
            #expect(try read("openai-chat", Self.parallel(results, tools: none), strict: true).documents[0].tools == nil)
        }
        let broken = try read("openai-chat", Self.parallel(results, tools: #""[{'name': 1}]""#))
        #expect(broken.documents.isEmpty)
        #expect(broken.report.dropped.map(\.reason) == ["the tools are a text that is not JSON"])
    }

    @Test("A result that says nothing stays, and the reply after it is a reply of its own") func emptyResults() throws {
        let text = #"""
            [{"conversations": [{"from": "human", "value": "Make the folder a."}, {"from": "function_call", "value": "{\"name\": \"bash\", \"arguments\": {\"command\": \"mkdir a\"}}"}, {"from": "observation", "value": ""}, {"from": "gpt", "value": "It is there."}]}]
            """#
        let document = try #require(read("sharegpt", text, strict: true).documents.first)
        #expect(document.messages.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(document.messages[1].calls == [.init(id: nil, name: "bash", arguments: #"{"command": "mkdir a"}"#)])
        #expect(document.messages[2].result != nil && document.messages[2].text.isEmpty)
        #expect(document.messages.map(\.isTrained) == [false, true, false, true])
    }

    @Test("Arguments keep their numbers, their order and their spacing, as a text and as an object") func arguments() throws {
        let arguments = #"{"reason": "late",  "order_id": 9007199254740993, "amount": 20.0, "note": null, "ratio": 0.1}"#
        let quoted = String(decoding: try JSONEncoder().encode(arguments), as: UTF8.self)
        for written in [arguments, quoted] {
            let text = #"""
                {"messages": [{"role": "user", "content": "Cancel it."}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "cancel", "arguments": ARGUMENTS}}]}]}
                """#.replacing("ARGUMENTS", with: written)
            let document = try #require(read("openai-chat", text, strict: true).documents.first)
            #expect(document.messages[1].calls?.map(\.arguments) == [arguments])
            #expect(try document.worded().messages[1].text.contains("\"arguments\": \(arguments)}"))
        }
    }

    @Test(
        "A turn that is marked as not to be learnt is not, whatever the mark is called",
        arguments: [
            (#""loss": false"#, #""loss": true"#), (#""loss_mask": 0"#, #""loss_mask": 1"#),
            (#""train": false"#, #""train": true"#),
            (#""training": false"#, #""training": 1"#), (#""weight": 0"#, #""weight": 2"#), (#""loss": 0"#, #""loss": null"#),
        ])
    func marks(not: String, learnt: String) throws {
        for (name, list, role, text) in [
            ("openai-chat", "messages", "role", "content"), ("sharegpt", "conversations", "from", "value"),
        ] {
            let record = """
                {"\(list)": [{"\(role)": "user", "\(text)": "2+2?"}, {"\(role)": "assistant", "\(text)": "5", \(not)}, {"\(role)": "user", "\(text)": "No."}, {"\(role)": "assistant", "\(text)": "4", \(learnt)}]}
                """
            let document = try #require(read(name, record, strict: true).documents.first)
            #expect(document.messages.map(\.isTrained) == [false, false, false, true], "\(name) \(not)")
            let whole = record.replacing("\"\(list)\"", with: "\(not), \"\(list)\"")
            #expect(try read(name, whole).report.dropped.map(\.reason) == ["no turn is trained"], "\(name) \(not)")
        }
        let part = #"""
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "5", MARK}]}]}
            """#
        #expect(try read("openai-chat", part.replacing("MARK", with: not)).report.dropped.map(\.reason) == ["no turn is trained"])
    }

    @Test("A key that nobody reads is counted with its place, and refused by a strict import") func unknownKeys() throws {
        let text = #"""
            {"messages": [{"role": "user", "content": "a", "mood": "x"}, {"role": "assistant", "content": "b", "refusal": null, "annotations": []}], "reward": 1, "parallel_tool_calls": false}
            """#
        let (documents, report) = try read("openai-chat", text)
        #expect(documents.count == 1)
        #expect(
            report.found.map(\.reason) == ["the key 'mood' of a turn, not read", "the key 'reward' of the record, not read"])
        #expect(report.found.allSatisfy { $0.places == ["chats.jsonl:1"] })
        let error = #expect(throws: TemperError.self) { try read("openai-chat", text, strict: true) }
        #expect(error?.message == "the key 'mood' of a turn, not read")
        for mark in [#""loss_mask": [0, 1]"#, #""train": "no""#] {
            let odd = text.replacing(#""mood": "x""#, with: mark)
            #expect(try read("openai-chat", odd).report.dropped.first?.reason.hasSuffix("is not true, false, 0 or 1") == true)
        }
    }

    @Test("A record that a template cannot show as it is costs itself, and the run goes on") func oneBadRecord() throws {
        let good = (0..<4).map {
            #"{"messages": [{"role": "user", "content": "\#($0)+1?"}, {"role": "assistant", "content": "\#($0 + 1)"}]}"#
        }
        let bad = #"{"messages": [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Hi there.\n"}]}"#
        let documents = try read("openai-chat", (good + [bad]).joined(separator: "\n"), strict: true).documents
        let jinja =
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content|trim + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
        let tokenizer = try Self.tokenizer(jinja)
        let dataset = try Curation.run(
            [], conversations: documents, options: CurationOptions(), context: Samples.context(tokenizer))
        #expect(dataset.train.count == 4)
        let step = try #require(dataset.card.steps.first { $0.name == "rendering" })
        #expect(step.entering == 5 && step.kept == 4)
        #expect(step.dropped.first?.reason.contains("does not write the reply out as it is") == true)
        #expect(dataset.fates.count { $0.outcome == .dropped } == 1)
    }

    static func tokenizer(_ jinja: String) throws -> Tokenizer {
        let temporary = try TemporaryFolder()
        let url = try temporary.write(jinja, "template.jinja")
        return try ChatPromptTests.tokenizer(url)
    }

    /// Thinks like Qwen3's: thoughts of old replies are left out, the last reply has a block.
    static let rewriting = """
        {%- set ns = namespace(last=-1) -%}
        {%- for m in messages -%}{%- if m.role == 'user' -%}{%- set ns.last = loop.index0 -%}{%- endif -%}{%- endfor -%}
        {%- for m in messages -%}
        {{- '<|im_start|>' + m.role + '\\n' -}}
        {%- if m.role == 'assistant' and loop.index0 > ns.last -%}{{- '<think>\\n' + (m.reasoning_content or '') + '\\n</think>\\n\\n' -}}{%- endif -%}
        {{- m.content + '<|im_end|>\\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{- '<|im_start|>assistant\\n' -}}
        {%- if enable_thinking is defined and enable_thinking is false -%}{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}
        {%- endif -%}
        """

    @Test("A template that rewrites what came before gives one document per reply, each with the prompt as it is shown then")
    func rewritten() throws {
        let tokenizer = try Self.tokenizer(Self.rewriting)
        let template = try #require(tokenizer.chatTemplate)
        let text = #"""
            {"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}, {"role": "user", "content": "3+3?"}, {"role": "assistant", "content": "6", "reasoning_content": "Add."}]}
            """#
        let document = try #require(read("openai-chat", text, strict: true).documents.first)
        let encoded = try TokenRenderer(tokenizer: tokenizer, template: template).encodeAll(document)
        #expect(encoded.map(\.document.provenance.call) == [0, 1])
        let texts = encoded.map { item -> [String] in
            let start = item.tokens.mask.firstIndex(of: 1) ?? 0
            return [item.tokens.ids[..<start], item.tokens.ids[start...]].map { tokenizer.decode($0) }
        }
        #expect(
            texts[0] == [
                "<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n", "4<|im_end|>\n",
            ])
        #expect(
            texts[1] == [
                "<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n4<|im_end|>\n<|im_start|>user\n3+3?<|im_end|>\n<|im_start|>assistant\n",
                "<think>\nAdd.\n</think>\n\n6<|im_end|>\n",
            ])
        #expect(encoded.map { $0.document.messages.map(\.isTrained) } == [[false, true], [false, false, false, true]])
        let dataset = try Curation.run(
            [], conversations: [document], options: CurationOptions(), context: Samples.context(tokenizer))
        #expect(dataset.train.count == 2 && dataset.fates.first?.documents == 2)
        // Temper's own episodes too.
        let episodes = try Curation.run(
            [Samples.trajectory("a")], options: CurationOptions(), context: Samples.context(tokenizer))
        #expect(episodes.train.count == 2)
    }

    @Test("Results go with their calls by id, in any order, and are written so again") func resultsByID() throws {
        let text = Self.parallel([("c2", "snow"), ("c1", "rain")])
        let document = try #require(read("openai-chat", text, strict: true).documents.first)
        #expect(document.messages[2].result?.callID == "c2" && document.messages[2].text == "snow")
        let written = try #require(OpenAIMessages.record(document)["messages"]?.array)
        #expect(written.map { $0["tool_call_id"]?.string } == [nil, nil, "c2", "c1", nil])
        #expect(written[1]["tool_calls"]?.array?.map { $0["id"]?.string } == ["c1", "c2"])
        // Templates that show no ids are shown the results in the order of the calls.
        let shown = try document.worded().messages[2].text
        #expect(shown == "<tool_response>\nrain\n</tool_response>\n<tool_response>\nsnow\n</tool_response>")
        for (results, reason) in [
            ([("c1", "rain"), ("c3", "snow")], "a result answers no call"),
            ([("c1", "rain"), ("c1", "snow")], "two results for one call"),
            ([("c1", "rain"), ("c2", "snow"), ("c2", "hail")], "more results than calls"),
        ] {
            #expect(try read("openai-chat", Self.parallel(results)).report.dropped.map(\.reason) == [reason])
        }
    }

    @Test("Numbers beyond 64 bits and lone surrogates in arguments cost their record, and nothing else") func hostile() throws {
        func text(_ arguments: String) -> String {
            #"""
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": ARGUMENTS}}]}]}
            """#.replacing("ARGUMENTS", with: arguments)
        }
        #expect(
            try read("openai-chat", text(#"{"a": "\ud83d"}"#)).report.dropped.map(\.reason) == ["a string holds a lone surrogate"]
        )
        #expect(
            try read("openai-chat", text(#""{\"a\"""#)).report.dropped.map(\.reason) == ["a tool call's arguments are not JSON"])
        let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        #expect(
            try read("openai-chat", text("{\"a\": \(deep)}")).report.dropped.map(\.reason) == ["JSON nested more than 256 deep"])
        let large = try read("openai-chat", text(#"{"a": 123456789012345678901234567890}"#), strict: true).documents[0]
        #expect(large.messages[1].calls?.first?.arguments == #"{"a": 123456789012345678901234567890}"#)
        let jinja =
            "{% for m in messages %}{{ m.role + m.content + (m.tool_calls|tojson if m.tool_calls else '') }}</s>{% endfor %}{{ tools }}"
        let tokenizer = try Self.tokenizer(jinja)
        var none: [CuratedDocument] = []
        let renderer = try TokenRenderer(tokenizer: tokenizer, template: #require(tokenizer.chatTemplate))
        #expect(renderer.refusal(of: large, into: &none)?.contains("is too large") == true && none.isEmpty)
    }

    @Test("Images are refused") func images() throws {
        let text = #"""
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}, {"role": "assistant", "content": "b"}]}
            """#
        #expect(try read("openai-chat", text).report.dropped.map(\.reason) == ["a message holds an image"])
    }
}
