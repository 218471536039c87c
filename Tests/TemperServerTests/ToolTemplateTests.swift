import Foundation
import TemperCore
import TemperTokenizers
import TemperTransformer
import Testing

@testable import TemperServer

/// Against `transformers`: `Tests/Golden/tool_prompts.py`.
@Suite("Tools in the words of models' own templates")
struct ToolTemplateTests {
    private struct Golden: Decodable {
        struct Prompt: Decodable {
            var request: String
            var prompt: String
        }
        struct Reply: Decodable {
            var reply: String
            /// Names and arguments.
            var calls: [[String]]
        }
        var prompts: [Prompt]
        var replies: [Reply]
    }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func golden(_ name: String) throws -> Golden {
        let url = tests.appendingPathComponent("Golden/tool-prompts.json")
        return try #require(try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: url))[name])
    }

    private static func local(_ name: String) -> URL {
        tests.deletingLastPathComponent()
            .appendingPathComponent("TemperTokenizersTests/Golden/chat-templates/\(name).jinja")
    }

    /// A tiny model with a template.
    private static func served(_ template: URL) throws -> ServedModel {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-serve-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try TestServer.writeModel(to: folder)
        let fields: [String: JSONValue] = [
            "jinja": .string(try String(contentsOf: template, encoding: .utf8)),
            "tokens": .object(["bos_token": .string("<s>"), "eos_token": .string("</s>"), "pad_token": .string("<pad>")]),
        ]
        let own = try JSONDecoder().decode(ChatTemplate.self, from: JSONEncoder().encode(JSONValue.object(fields)))
        return ServedModel(name: "tiny", model: try NativeLanguageModel(folder: folder, template: own))
    }

    private static func request(_ text: String) throws -> ChatRequest {
        let bytes = Array(text.utf8)
        let (body, fields) = try JSONReader.readFields(bytes)
        return try ChatRequest(body, toolsText: fields["tools"].map { String(decoding: bytes[$0], as: UTF8.self) })
    }

    private static func compare(_ name: String, _ template: URL, prompts: Int = 8, replies: Int = 2) throws {
        let golden = try golden(name)
        let served = try served(template)
        let tokenizer = served.model.tokenizer
        for (index, given) in golden.prompts.enumerated() {
            let ids = try ChatPrompt.encode(request(given.request), served)
            #expect(tokenizer.decode(ids) == given.prompt, "\(name) \(index)")
        }
        #expect(golden.prompts.count == prompts && golden.replies.count == replies)
        // The first message says '<|im_end|>', which is not a token there.
        let ids = try ChatPrompt.encode(request(golden.prompts[0].request), served)
        let ends = golden.prompts[0].prompt.components(separatedBy: "<|im_end|>").count - 1
        let end = try #require(tokenizer.id(ofSpecial: "<|im_end|>"))
        #expect(ids.count { $0 == end } == ends - 1)

        let reader = ToolCallReader(try request(golden.prompts[1].request))
        for given in golden.replies {
            let (content, calls) = reader.read(given.reply)
            #expect(content.isEmpty && calls.map { [$0.name, $0.arguments] } == given.calls, "\(name)")
            #expect(reader.settledLength(Array(given.reply.utf8)) == 0)
            // A function that must be called is called in the same form.
            let form = served.callForm
            #expect(given.reply.hasPrefix(form.start + given.calls[0][0] + form.middle + given.calls[0][1]), "\(name): \(form)")
        }
    }

    @Test(
        "Tools, calls and answers are put into the chat as transformers puts them, and calls are read from replies",
        arguments: ["hermes", "mistral_tools"])
    func ownTemplatesGolden(name: String) throws {
        try Self.compare(name, Self.local(name))
    }

    @Test(
        "Families' templates put tools, calls and answers into the chat as in transformers, and their calls are read",
        arguments: [("qwen2_5", 8, 2), ("qwen3", 8, 2), ("llama3_1", 8, 1), ("lfm2", 3, 0)])
    func familiesRealData(name: String, prompts: Int, replies: Int) throws {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        try Self.compare(
            name, folder.appendingPathComponent("chat-templates/\(name).jinja"), prompts: prompts, replies: replies)
    }

    @Test("A template that asks for ids of nine letters is given such, whatever the client calls its calls")
    func idsGolden() throws {
        let served = try Self.served(Self.local("mistral_tools"))
        for given in try Self.golden("mistral_tools").prompts {
            let text = given.request.replacing("call00002", with: "call_z").replacing("call00001", with: "call_y")
            let prompt = given.prompt.replacing("call00001", with: "call00000").replacing("call00002", with: "call00001")
            #expect(try served.model.tokenizer.decode(ChatPrompt.encode(Self.request(text), served)) == prompt)
        }
    }

    @Test("A template that knows tools but no calls is given calls and answers in Qwen's words")
    func halfway() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString).jinja")
        defer { try? FileManager.default.removeItem(at: url) }
        let jinja = """
            {%- for tool in tools or [] %}{{ tool.function | tojson }};{% endfor -%}
            {%- for message in messages %}{{ '[' + message.role + '] ' + message.content + '\\n' }}{% endfor -%}
            {%- if add_generation_prompt %}[assistant] {% endif -%}
            """
        try Data(jinja.utf8).write(to: url)
        let served = try Self.served(url)
        let body = #"""
            {"model": "tiny", "tools": [{"type": "function", "function": {"name": "find", "b": 1, "a": 2}}], "messages": [
             {"role": "user", "content": "Find it."}, {"role": "assistant", "tool_calls": [
               {"id": "x", "type": "function", "function": {"name": "find", "arguments": "{\"b\": 1, \"a\": 2}"}}]},
             {"role": "tool", "tool_call_id": "x", "content": "one"}]}
            """#
        let text = try served.model.tokenizer.decode(ChatPrompt.encode(Self.request(body), served))
        #expect(
            text == """
                {"name": "find", "b": 1, "a": 2};[user] Find it.
                [assistant] <tool_call>
                {"name": "find", "arguments": {"b": 1, "a": 2}}
                </tool_call>
                [user] <tool_response>
                one
                </tool_response>
                [assistant]\u{20}
                """)
        #expect(served.callForm == ChatPrompt.callForm)
    }

    @Test("What a template refuses is told to the client")
    func refusal() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString).jinja")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("{{ tools }}{% if messages[0].tool_calls is defined %}{% endif %}{{ raise_exception('no tools today') }}".utf8)
            .write(to: url)
        let served = try Self.served(url)
        let body = #"""
            {"model": "tiny", "tools": [{"type": "function", "function": {"name": "f"}}],
             "messages": [{"role": "user", "content": "a"}]}
            """#
        let error = try #require(throws: TemperError.self) { try ChatPrompt.encode(Self.request(body), served) }
        #expect(error.message.contains("no tools today") && APIError(error).status == 400)
    }

    @Test("A function that must be called is called in the template's form")
    func forcedGolden() async throws {
        let served = try Self.served(Self.local("mistral_tools"))
        let given = try Self.golden("mistral_tools").prompts[1].request
        let body = given.dropLast() + #", "tool_choice": "required", "max_tokens": 8, "temperature": 0}"#
        let job = try ChatJob(Self.request(String(body)), served, created: 0)
        let choice = try await job.whole(deadline: .now + .seconds(60)).body["choices"]?.array?.first
        let call = choice?["message"]?["tool_calls"]?.array?.first
        #expect(["find", "open"].contains(call?["function"]?["name"]?.string))
    }
}
