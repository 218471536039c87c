import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Shapes of chats") struct ReportedShapeTests {
    private func document(_ format: String, _ text: String) throws -> Document {
        let temporary = try TemporaryFolder()
        var documents: [Document] = []
        _ = try ImportFormats.named(format).read(temporary.write(text, "chats.json"), options: ImportOptions()) {
            if case .conversation(let document) = $0 { documents.append(document) }
        }
        return try #require(documents.first)
    }

    private static let shapes: [(String, String)] = [
        (
            "openai-chat",
            #"{"messages": [{"role": "user", "content": "Weather in Odda?"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{\"town\": \"Odda\"}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "rain"}, {"role": "assistant", "content": "It rains."}]}"#
        ),
        (
            "openai-chat",
            #"{"messages": [{"role": "user", "content": "Weather in Odda?"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "get_weather", "input": {"town": "Odda"}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "rain"}]}]}, {"role": "assistant", "content": "It rains."}]}"#
        ),
        (
            "openai-chat",
            #"[{"task_id": 0, "traj": [{"role": "user", "content": "Weather in Odda?"}, {"content": null, "role": "assistant", "tool_calls": [{"function": {"arguments": "{\"town\": \"Odda\"}", "name": "get_weather"}, "id": "c1", "type": "function"}], "function_call": null}, {"role": "tool", "tool_call_id": "c1", "name": "get_weather", "content": "rain"}, {"content": "It rains.", "role": "assistant"}, {"role": "user", "content": "STOP"}]}]"#
        ),
        (
            "openai-chat",
            #"{"version": 2, "samples": [{"id": 1, "messages": [{"role": "user", "content": "Weather in Odda?"}, {"content": "", "role": "assistant", "tool_calls": [{"id": "c1", "function": "get_weather", "arguments": {"town": "Odda"}, "type": "function"}]}, {"content": "rain", "role": "tool", "tool_call_id": "c1", "function": "get_weather"}, {"content": "It rains.", "role": "assistant"}]}]}"#
        ),
        (
            "openai-chat",
            #"{"history": [{"role": "user", "content": "Weather in Odda?"}, {"type": "function_call", "call_id": "c1", "name": "get_weather", "arguments": "{\"town\": \"Odda\"}"}, {"type": "function_call_output", "call_id": "c1", "output": "rain"}, {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It rains."}]}]}"#
        ),
        (
            "openai-chat",
            #"{"messages": [{"role": "user", "content": "Weather in Odda?"}, {"role": "tool_call", "content": "{\"name\": \"get_weather\", \"arguments\": {\"town\": \"Odda\"}}"}, {"role": "tool_response", "content": "rain"}, {"role": "assistant", "content": "It rains."}]}"#
        ),
        (
            "openai-chat",
            #"{"messages": [{"role": "user", "content": "Weather in Odda?"}, {"role": "assistant", "content": null, "function_call": {"name": "get_weather", "arguments": "{\"town\": \"Odda\"}"}}, {"role": "function", "name": "get_weather", "content": "rain"}, {"role": "assistant", "content": "It rains."}], "functions": []}"#
        ),
        (
            "sharegpt",
            #"{"conversations": [{"from": "human", "value": "Weather in Odda?"}, {"from": "function_call", "value": "[{\"name\": \"get_weather\", \"arguments\": {\"town\": \"Odda\"}}]"}, {"from": "observation", "value": "rain"}, {"from": "gpt", "value": "It rains."}], "tools": "[]"}"#
        ),
        (
            "glaive",
            #"{"system": "", "chat": "USER: Weather in Odda?\n\n\nASSISTANT: <functioncall> {\"name\": \"get_weather\", \"arguments\": '{\"town\": \"Odda\"}'} <|endoftext|>\n\n\nFUNCTION RESPONSE: rain\n\n\nASSISTANT: It rains. <|endoftext|>\n"}"#
        ),
        (
            "prompt-completion",
            #"{"prompt": [{"role": "user", "content": "Weather in Odda?"}], "completion": [{"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{\"town\": \"Odda\"}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "rain"}, {"role": "assistant", "content": "It rains."}]}"#
        ),
    ]

    @Test("A call, its result and the answer are the same in every shape", arguments: shapes)
    func same(format: String, text: String) throws {
        let messages = try document(format, text).messages
        #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(messages.map(\.text) == ["Weather in Odda?", "", "rain", "It rains."])
        #expect(messages[1].calls?.map(\.name) == ["get_weather"])
        #expect(messages[1].calls?.map(\.arguments) == [#"{"town": "Odda"}"#])
        #expect(messages[2].result != nil && messages.map(\.isTrained) == [false, true, false, true])
    }

    @Test("xLAM's answers are calls, and its functions are functions") func xlam() throws {
        let document = try document(
            "xlam",
            #"[{"id": 0, "query": "Weather in Odda?", "answers": "[{\"name\": \"get_weather\", \"arguments\": {\"town\": \"Odda\"}}]", "tools": "[{\"name\": \"get_weather\", \"parameters\": {\"town\": {\"type\": \"str\"}}}]"}]"#
        )
        #expect(document.messages[1].calls?.map(\.arguments) == [#"{"town": "Odda"}"#] && document.messages[1].isTrained)
        #expect(
            document.tools
                == #"[{"type": "function", "function": {"name": "get_weather", "parameters": {"town": {"type": "str"}}}}]"#)
    }

    @Test("Thoughts of Anthropic's blocks and of reasoning fields are kept beside the text") func reasoning() throws {
        for text in [
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "x"}, {"type": "text", "text": "b"}]}]}"#,
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "reasoning_content": "Hm."}]}"#,
        ] {
            let document = try document("openai-chat", text)
            #expect(document.messages[1].reasoning == "Hm." && document.messages[1].text == "b")
            #expect(try document.worded().messages[1].text == "<think>\nHm.\n</think>\n\nb")
        }
    }

    @Test("A file of another shape is refused with what it looks like and the way out")
    func foreign() throws {
        let cases: [(format: String, text: String, hint: String)] = [
            (
                "openai-chat", #"{"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []}"#,
                "preferences (DPO)"
            ),
            ("openai-chat", #"[{"id": 0, "source": "user", "action": "message", "args": {}}]"#, "OpenHands' events"),
            (
                "openai-chat", "{\n \"trajectory\": [\n {\"action\": \"ls\", \"observation\": \"a\"}], \"history\": []}",
                "SWE-agent's .traj"
            ),
            ("openai-chat", "{\n  \"a\": 1\n}", "JSON written over several lines"),
            ("sharegpt", #"{"query": "a", "answers": "[]", "tools": "[]"}"#, "temper import xlam"),
            ("alpaca", #"{"prompt": "a", "completion": "b"}"#, "temper import prompt-completion"),
            ("openai-chat", #"{"system": "", "chat": "USER: a"}"#, "temper import glaive"),
        ]
        for item in cases {
            let temporary = try TemporaryFolder()
            let url = try temporary.write(item.text, "file.json")
            let folder = RunFolder(temporary.file("run"))
            let error = #expect(throws: TemperError.self) {
                try ConversationFile.write(url, format: ImportFormats.named(item.format), options: ImportOptions(), into: folder)
            }
            #expect(error?.code == .data && error?.hint?.contains(item.hint) == true, "\(item.text): \(error?.hint ?? "")")
        }
    }

    @Test("The files that were read wrongly are read, or refused with one message") func reportedRealData() throws {
        guard let data = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let folder = data.appendingPathComponent("reports/shapes")
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        for (name, format) in [
            ("anthropic.jsonl", "openai-chat"), ("glaive.jsonl", "glaive"), ("inspect.json", "openai-chat"),
            ("taubench.json", "openai-chat"), ("trl-prompt-completion.jsonl", "prompt-completion"), ("xlam.json", "xlam"),
        ] {
            let report = try ImportFormats.named(format).read(
                folder.appendingPathComponent(name), options: ImportOptions()
            ) { _ in }
            #expect(report.kept == 1 && report.dropped.isEmpty, "\(name)")
            guard name == "inspect.json" else { continue }
            #expect(report.found.contains { $0.reason == "the key 'eval' around the records, not read" })
        }
        for name in ["openai-dpo.jsonl", "openhands-events.json", "sweagent.traj"] {
            var report = ImportReport()
            do {
                report = try ImportFormats.named("openai-chat").read(
                    folder.appendingPathComponent(name), options: ImportOptions()
                ) { _ in }
            } catch let error as TemperError {
                #expect(error.hint?.contains("looks like") == true)
                continue
            }
            #expect(report.kept == 0 && report.advice?.contains("looks like") == true, "\(name)")
        }
    }
}
