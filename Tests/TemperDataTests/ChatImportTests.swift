import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Conversations") struct ChatImportTests {
    static let agentInstruct = """
        {"id": "os_0", "conversations": [{"from": "human", "loss": null, "value": "You are an assistant on a system."}, \
        {"from": "gpt", "loss": false, "value": "Ok."}, {"from": "human", "loss": null, "value": "How many files?"}, \
        {"from": "gpt", "loss": false, "value": "Think: Count.\\nAct: bash\\nls"}, {"from": "human", "loss": null, "value": "3"}, \
        {"from": "gpt", "loss": true, "value": "Think: Three.\\nAct: answer(3)"}]}
        """

    private func read(_ name: String, _ text: String, strict: Bool = false) throws -> (
        documents: [Document], report: ImportReport
    ) {
        let temporary = try TemporaryFolder()
        let url = try temporary.write(text, "chats.json")
        var documents: [Document] = []
        let report = try ImportFormats.named(name).read(url, options: ImportOptions(isStrict: strict)) {
            if case .conversation(let document) = $0 { documents.append(document) }
        }
        return (documents, report)
    }

    @Test("AgentInstruct's turns are learnt where their loss is true, and nowhere else") func agentInstructTurns() throws {
        let (documents, report) = try read("agentinstruct", Self.agentInstruct, strict: true)
        let document = try #require(documents.first)
        #expect(document.messages.map { $0.spans.map(\.train) } == [[false], [false], [false], [false], [false], [true]])
        #expect(document.messages.map(\.role) == [.user, .assistant, .user, .assistant, .user, .assistant])
        #expect(document.provenance.suite == "agentinstruct/os" && document.provenance.task == "os_0")
        #expect(document.provenance.method == nil && report.kept == 1 && report.found.isEmpty)
        let none = try read("agentinstruct", Self.agentInstruct.replacingOccurrences(of: "true", with: "null"))
        #expect(none.report.dropped.map(\.reason) == ["no turn is trained"])
    }

    @Test("Every form gives the same chat") func forms() throws {
        let texts: [(String, String)] = [
            ("sharegpt", #"[{"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}]"#),
            ("openai-chat", #"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}"#),
            (
                "openai-chat",
                #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "assistant", "content": "Hello", "weight": 1}]}"#
            ),
            ("alpaca", #"[{"instruction": "Hi", "input": "", "output": "Hello"}]"#),
            ("ultrachat", #"{"id": "3", "data": ["Hi", "Hello"]}"#),
            (
                "ultrachat",
                #"{"prompt": "Hi", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}"#
            ),
        ]
        for (name, text) in texts {
            let (documents, report) = try read(name, text, strict: true)
            #expect(report.kept == 1, "\(name)")
            #expect(documents[0].messages.map(\.text) == ["Hi", "Hello"])
            #expect(documents[0].messages.map(\.isTrained) == [false, true])
            let text = text.hasPrefix("[") ? String(text.dropFirst().dropLast()) : text
            let value = try SourceJSON(text: text)
            #expect(ChatFormat.detect(value)?.name == (name == "ultrachat" && value["data"] == nil ? "openai-chat" : name))
        }
        let input = try read("alpaca", #"[{"instruction": "Add.", "input": "1 2", "output": "3", "history": [["a", "b"]]}]"#)
        #expect(input.documents[0].messages.map(\.text) == ["a", "b", "Add.\n\n1 2", "3"])
    }

    @Test("What cannot be learnt from is dropped with its reason and place; the rest goes on") func dropped() throws {
        let lines = [
            #"{"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}"#, "{oops",
            #"{"conversations": [{"from": "human", "value": "Hi"}, {"from": "critic", "value": "No"}]}"#,
            #"{"conversations": [{"from": "human", "value": "Hi \ud83d"}, {"from": "gpt", "value": "Hello"}]}"#,
            #"{"conversations": [{"from": "human", "value": "Hi"}]}"#, #"{"conversations": []}"#, #"{"messages": []}"#,
            #"{"conversations": [{"from": "human", "value": 3}]}"#, "[1]", "3",
        ]
        let (documents, report) = try read("sharegpt", lines.joined(separator: "\r\n"))
        #expect(documents.count == 1 && report.records == 10 && report.kept == 1)
        let dropped = Dictionary(uniqueKeysWithValues: report.dropped.map { ($0.reason, $0.places) })
        #expect(
            dropped == [
                "not valid JSON": ["chats.json:2"], "a turn has the unknown role 'critic'": ["chats.json:3"],
                "a string holds a lone surrogate": ["chats.json:4"],
                "the conversation has no reply": ["chats.json:5", "chats.json:6"],
                "'conversations' is missing or not a list": ["chats.json:7"],
                "the record is no object": ["chats.json:9", "chats.json:10"],
                "a turn has no text 'value'": ["chats.json:8"],
            ])
        let error = #expect(throws: TemperError.self) { try read("sharegpt", lines.joined(separator: "\n"), strict: true) }
        #expect(error?.message == "not valid JSON" && error?.place?.hasSuffix("chats.json:2") == true)
    }

    @Test("Turns that are out of order are repaired and counted, and stop a strict import") func mended() throws {
        let text = #"""
            {"conversations": [{"from": "gpt", "value": "Welcome."}, {"from": "human", "value": "One."}, {"from": "human", "value": "Two."}, {"from": "gpt", "value": " "}, {"from": "gpt", "value": "A."}, {"from": "gpt", "value": "B.", "loss": false}, {"from": "system", "value": "S."}, {"from": "human", "value": "Bye."}]}
            """#
        let (documents, report) = try read("sharegpt", text)
        #expect(documents[0].messages.map(\.text) == ["One.\n\nTwo.", "A.\n\nB."])
        #expect(documents[0].messages[1].spans.map(\.train) == [true, false])
        #expect(
            report.found.map(\.reason) == [
                "a reply before any question, left out", "two turns of one role in a row, joined", "an empty turn, left out",
                "a system message after the first, left out", "a question without a reply at the end, left out",
            ])
        #expect(report.found.allSatisfy { $0.count == 1 && $0.places == ["chats.json:1"] })
        #expect(throws: TemperError.self) { try read("sharegpt", text, strict: true) }
    }

    static let tools = #"""
        {"messages":[{"content":"Be brief.","role":"system"},{"content":"Weather in A and B?","role":"user"},{"content":null,"role":"assistant","tool_calls":[{"function":{"arguments":"{\"city\": \"A\"}","name":"weather"},"id":"call_1","type":"function"},{"function":{"arguments":"{\"city\":\"B\"}","name":"weather"},"id":"call_2","type":"function"}],"weight":0},{"content":"sun","role":"tool","tool_call_id":"call_1"},{"content":"rain","role":"tool","tool_call_id":"call_2"},{"content":"I look once more.","role":"assistant","tool_calls":[{"function":{"arguments":"{}","name":"time"},"id":"call_3","type":"function"}]},{"content":"noon","role":"tool","tool_call_id":"call_3"},{"content":"Sun in A, rain in B.","role":"assistant"}],"tools":[{"function":{"description":"d","name":"weather","parameters":{"type":"object"}},"type":"function"}]}
        """#

    @Test("Tools, tool calls and weights survive reading and writing") func toolCalls() throws {
        let (documents, report) = try read("openai-chat", Self.tools, strict: true)
        let document = try #require(documents.first)
        #expect(report.found.isEmpty)
        #expect(document.messages.map(\.role) == [.system, .user, .assistant, .user, .user, .assistant, .user, .assistant])
        #expect(document.messages.map(\.isTrained) == [false, false, false, false, false, true, false, true])
        #expect(document.messages[3].spans.allSatisfy { $0.author == .environment })
        #expect(document.messages[5].text == "I look once more." && document.messages[5].calls?.map(\.name) == ["time"])
        #expect(document.messages.map { $0.result?.callID } == [nil, nil, nil, "call_1", "call_2", nil, "call_3", nil])
        #expect(
            try document.worded().messages.map(\.text).suffix(3) == [
                "I look once more.\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>",
                "<tool_response>\nnoon\n</tool_response>", "Sun in A, rain in B.",
            ])
        #expect(OpenAIMessages.record(document) == (try JSONValue.record(Array(Self.tools.utf8))))
    }

    @Test("A run holds the conversations of each file once, and curation learns from them") func intoRun() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.file("run"))
        let lines = (0..<4).map {
            Self.agentInstruct.replacingOccurrences(of: "os_0", with: "os_\($0)").replacingOccurrences(
                of: "How many", with: "How many \($0)")
        }
        let url = try temporary.write((lines + [lines[0]]).joined(separator: "\n"), "os.jsonl")
        let format = try ImportFormats.named("agentinstruct")
        for _ in 0..<2 {
            let report = try ConversationFile.write(url, format: format, options: ImportOptions(isStrict: true), into: folder)
            #expect(report.kept == 5)
        }
        let documents = try ConversationFile.documents(in: folder)
        #expect(documents.count == 5)
        var options = CurationOptions()
        options.heldOut = 1
        let dataset = try Curation.run(
            [], conversations: documents, options: options, context: Samples.context(Samples.tokenizer()))
        #expect(dataset.train.count == 3 && dataset.heldOut.count == 1)
        #expect(dataset.train.allSatisfy { $0.document.provenance.run == "sample" })
        let part = try #require(dataset.card.parts.first)
        #expect(
            part.suite == "agentinstruct/os" && part.method == nil && part.episodes == 5 && part.kept == 4
                && part.averageTurns == 1)
        #expect(dataset.card.steps.first { $0.unit == "conversations" }?.dropped.first?.reason == "same text")
        // Another file of the same name would silently replace the first.
        let other = temporary.url.appendingPathComponent("other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try Data(lines[0].utf8).write(to: other.appendingPathComponent("os.jsonl"))
        let error = #expect(throws: TemperError.self) {
            try ConversationFile.write(
                other.appendingPathComponent("os.jsonl"), format: format, options: ImportOptions(), into: folder)
        }
        #expect(error?.message.hasPrefix("the run already holds conversations named agentinstruct-os") == true)
    }
}
