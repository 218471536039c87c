import Foundation
import TemperCore
import TemperTokenizers
import TemperTransformer
import Testing

@testable import TemperServer

@Suite struct ToolTests {
    private static func tool(_ name: String) -> JSONValue {
        .object([
            "type": .string("function"),
            "function": .object([
                "name": .string(name), "description": .string("Finds a thing."),
                "parameters": .object(["type": .string("object"), "properties": .object([:])]),
            ]),
        ])
    }

    private static func reader(_ fields: [String: JSONValue] = [:]) throws -> ToolCallReader {
        var all: [String: JSONValue] = ["tools": .array([tool("find"), tool("open")])]
        all.merge(fields) { $1 }
        return ToolCallReader(try ChatRequest(TestServer.chat("x", all)))
    }

    @Test("Calls are read in the forms of Hermes, Llama and Mistral, several and with text before them")
    func reading() throws {
        let reader = try Self.reader()
        func read(_ text: String) -> (String, [[String]]) {
            let (content, calls) = reader.read(text)
            return (content, calls.map { [$0.name, $0.arguments] })
        }
        let one = "<tool_call>\n{\"name\": \"find\", \"arguments\": {\"b\": [1, \"}\"], \"a\": \"ü\"}}\n</tool_call>"
        #expect(read("Well.\n" + one) == ("Well.", [["find", #"{"b": [1, "}"], "a": "ü"}"#]]))
        #expect(read(one + "\n" + one).1.count == 2)
        #expect(read("<tool_call>{\"name\": \"open\", \"arguments\": {}}") == ("", [["open", "{}"]]))
        #expect(read(#"{"name": "find", "parameters": {"a": 1}}"#) == ("", [["find", #"{"a": 1}"#]]))
        #expect(read(#"<|python_tag|>{"name": "find", "parameters": {}}; {"name": "open", "parameters": {}}"#).1.count == 2)
        #expect(
            read(#"[TOOL_CALLS] [{"name": "find", "arguments": {"a": "]"}, "id": "ab1"}, {"name": "open", "arguments": {}}]"#)
                == ("", [["find", #"{"a": "]"}"#], ["open", "{}"]]))
        #expect(
            read(#"Well.[TOOL_CALLS]find[ARGS]{"a": 1}[TOOL_CALLS]open[CALL_ID]abc123def[ARGS]{}"#)
                == ("Well.", [["find", #"{"a": 1}"#], ["open", "{}"]]))
        // Other text stays as it is.
        for text in [
            "[TOOL_CALLS] []", #"[TOOL_CALLS] [{"name": "find", "arguments": {}}"#, "[TOOL_CALLS]other[ARGS]{}",
            "[TOOL_CALLS]find[ARGS]{} and more", "[TOOL_CALLS]find[ARGS]{broken}", "[TOOL_CALLS]",
            "Just text.", "<tool_call>broken</tool_call>", "<tool_call>{\"name\": \"other\", \"arguments\": {}}</tool_call>",
            #"{"name": "other", "parameters": {}}"#, #"{"name": "find"}"#, #"{"a": 1} and more"#, "{",
        ] {
            #expect(read(text) == (text, []))
        }
        #expect(try Self.reader(["parallel_tool_calls": .bool(false)]).read(one + one).calls.count == 1)
        #expect(try Self.reader(["tool_choice": .string("none")]).read(one).content == one)
    }

    @Test("Of a growing reply only what cannot become a call is shown")
    func holding() throws {
        let reader = try Self.reader()
        func shown(_ text: String) -> String {
            String(decoding: Array(text.utf8).prefix(reader.settledLength(Array(text.utf8))), as: UTF8.self)
        }
        #expect(shown("Well") == "Well")
        #expect(shown("Well.\n<too") == "Well.")
        #expect(shown("Well.\n<tools") == "Well.\n<tools")
        #expect(shown("Well. <tool_call>{\"name\"") == "Well.")
        #expect(shown("1 < 2 <") == "1 < 2")
        #expect(shown("Well. [TOOL_") == "Well.")
        #expect(shown("Well. [1]") == "Well. [1]")
        #expect(shown(" {\"name\"") == "")
        #expect(shown("<|pyth") == "")
        #expect(shown("<|python_tag|>{") == "")
        // Piece by piece, what was shown never has to be taken back.
        let text = "One < two\n\n<tool_call>\n{\"name\": \"find\", \"arguments\": {}}\n</tool_call>"
        var longest = 0
        for length in 0...text.utf8.count {
            let settled = reader.settledLength(Array(text.utf8.prefix(length)))
            #expect(settled >= longest || settled == 0)
            longest = max(longest, settled)
        }
        #expect(longest == reader.read(text).content.utf8.count)
    }

    @Test("What a stream shows of any reply is where its text begins")
    func beginnings() throws {
        let reader = try Self.reader()
        let parts = [
            "a", " ", "[", "<", "{", "[TOOL_CALLS]", "<tool_call>", "</tool_call>", "[ARGS]", "find", "{}", "[CALL_ID]x",
            "<|python_tag|>", #" [{"name": "open", "arguments": {"a": "ü"}}]"#, #"{"name": "find", "arguments": {}}"#,
            #"{"name": "find", "parameters": {}}"#,
        ]
        var numbers = RandomSource(seed: 7)
        var calls = 0
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...6, using: &numbers)).map { _ in parts.randomElement(using: &numbers) ?? "" }
                .joined()
            let (content, found) = reader.read(text)
            calls += found.isEmpty ? 0 : 1
            let all = Array(text.utf8)
            for length in 0...all.count {
                let shown = all.prefix(reader.settledLength(Array(all.prefix(length))))
                #expect(Array(content.utf8).starts(with: shown), "\(text)")
            }
        }
        #expect(calls > 100)
    }

    @Test("Tools, calls and answers are put into the chat in Qwen's words when the template takes none")
    func prompt() async throws {
        try await TestServer.run { _, _, model in
            let messages = #"""
                [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Find both."},
                 {"role": "assistant", "content": null, "tool_calls": [
                   {"id": "a", "type": "function", "function": {"name": "find", "arguments": "{\"q\": 1}"}},
                   {"id": "b", "type": "function", "function": {"name": "open", "arguments": "{}"}}]},
                 {"role": "tool", "tool_call_id": "a", "content": "one"}, {"role": "tool", "tool_call_id": "b", "content": "two"}]
                """#
            let request = try ChatRequest(
                TestServer.chat(
                    "", ["messages": try JSONReader.read(Array(messages.utf8)), "tools": .array([Self.tool("find")])]))
            let ids = try ChatPrompt.encode(request, ServedModel(name: "tiny", model: model))
            let text = model.tokenizer.decode(ids)
            #expect(text.hasPrefix("<|im_start|>system\nBe brief.\n\n# Tools\n\nYou may call one or more functions"))
            #expect(text.contains("<tools>\n{\"function\": {\"description\": \"Finds a thing.\", \"name\": \"find\""))
            #expect(
                text.hasSuffix(
                    """
                    <|im_start|>user
                    Find both.<|im_end|>
                    <|im_start|>assistant
                    <tool_call>
                    {"name": "find", "arguments": {"q": 1}}
                    </tool_call>
                    <tool_call>
                    {"name": "open", "arguments": {}}
                    </tool_call><|im_end|>
                    <|im_start|>user
                    <tool_response>
                    one
                    </tool_response>
                    <tool_response>
                    two
                    </tool_response><|im_end|>
                    <|im_start|>assistant\n
                    """))
        }
    }

    @Test("A function that must be called is called, whole and streamed")
    func forced() async throws {
        try await TestServer.run { client, _, _ in
            let tools: [String: JSONValue] = [
                "tools": .array([Self.tool("find"), Self.tool("open")]), "seed": .number(3), "temperature": .number(1),
            ]
            var named = tools
            named["tool_choice"] = .object(["type": .string("function"), "function": .object(["name": .string("open")])])
            var required = tools
            required["tool_choice"] = .string("required")
            for fields in [named, required] {
                let whole = try #require(
                    try await client.post(chatPath, TestServer.chat("go", fields)).json["choices"]?.array?.first)
                let call = try #require(whole["message"]?["tool_calls"]?.array?.first)
                let name = try #require(call["function"]?["name"]?.string)
                #expect(fields == named ? name == "open" : ["find", "open"].contains(name))
                #expect(whole["message"]?["content"] == .null)
                #expect(call["id"]?.string?.hasPrefix("call_") == true && call["type"] == .string("function"))
                var streaming = fields
                streaming["stream"] = .bool(true)
                let chunks = try await client.post(chatPath, TestServer.chat("go", streaming)).events.compactMap {
                    $0["choices"]?.array?.first
                }
                let calls = chunks.compactMap { $0["delta"]?["tool_calls"]?.array?.first }
                #expect(calls.count == 1 && calls[0]["index"] == .number(0))
                #expect(calls[0]["function"] == call["function"])
                #expect(chunks.last?["finish_reason"] == whole["finish_reason"])
            }
        }
    }
}
