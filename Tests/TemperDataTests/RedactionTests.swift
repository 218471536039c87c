import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Redaction")
struct RedactionTests {
    private func chat(_ texts: [String], _ id: String = "c") -> Document {
        Document(
            messages: texts.enumerated().map { number, text in
                let isReply = number % 2 == 1
                return .init(
                    role: isReply ? .assistant : .user,
                    spans: [.init(text, by: isReply ? .teacher : .instruction, train: isReply)])
            }, provenance: .init(run: "r", source: "openai-chat", number: 0, id: id))
    }

    @Test("The same secret has the same mark everywhere, another one another; marks are numbered as they come") func marks()
        throws
    {
        let redactor = try Redactor(RedactionOptions())
        #expect(redactor.redacted("to ada@example.org") == "to <redacted-email-1>")
        #expect(redactor.redacted("bob@example.org, ada@example.org") == "<redacted-email-2>, <redacted-email-1>")
        #expect(redactor.redacted("DB_PASSWORD=hunter!22 x") == "DB_PASSWORD=<redacted-password-1> x")
        // The kind of its first place names it.
        #expect(redactor.redacted("redis://:hunter!22@h") == "redis://:<redacted-password-1>@h")
        // What is redacted stays as it is.
        let text = "DB_PASSWORD=<redacted-password-1> <redacted-email-2>"
        #expect(redactor.redacted(text) == text)
        let other = try Redactor(RedactionOptions())
        #expect(other.redacted("bob@example.org") == "<redacted-email-1>")
    }

    @Test("What one message tells as a secret is replaced in the whole document, and so is a secret in two spans")
    func documents() throws {
        let redactor = try Redactor(RedactionOptions())
        var document = chat(["my password is xK9!mm42pq", "I type xK9!mm42pq now.", "It says xK9!mm42pqq", "Done."])
        document.messages[3].spans = [
            .init("ada@exa", by: .teacher, train: true), .init("mple", by: .forced, train: false),
            .init(".org it is", by: .teacher, train: true),
        ]
        let clean = redactor.redacted(document)
        #expect(clean.messages[0].text == "my password is <redacted-password-1>")
        #expect(clean.messages[1].text == "I type <redacted-password-1> now.")
        #expect(clean.messages[3].spans.map(\.text) == ["<redacted-email-1>", "", " it is"])
        #expect(clean.messages.map { $0.spans.map(\.train) } == document.messages.map { $0.spans.map(\.train) })
        // The name that a file gave it, too.
        let named = redactor.redacted(chat(["Hi", "Yes"], "ada@example.org"))
        #expect(named.provenance.task == "<redacted-email-1>" && named.provenance.episode.hasSuffix(":<redacted-email-1>"))
        #expect(redactor.redacted(chat(["Hi", "Yes"])) == chat(["Hi", "Yes"]))
    }

    /// Chats with planted secrets in questions, arguments of calls and results, as a file of OpenAI messages.
    private func planted(_ count: Int, seed: UInt64) throws -> (file: String, secrets: [String]) {
        var plants = PlantedSecrets(seed: seed)
        var (lines, secrets) = ([String](), [String]())
        let encoder = JSONEncoder.stable()
        func text(_ value: JSONValue) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
        for number in 0..<count {
            let plant = plants.plant(PlantedSecrets.kinds[number % PlantedSecrets.kinds.count])
            secrets.append(plant.secret)
            func message(_ role: String, _ content: String) -> JSONValue {
                .object(["role": .string(role), "content": .string(content)])
            }
            let call: JSONValue = .object([
                "role": .string("assistant"), "content": .null,
                "tool_calls": .array([
                    .object([
                        "id": .string("c1"), "type": .string("function"),
                        "function": .object([
                            "name": .string("bash"),
                            "arguments": .string(try text(.object(["command": .string(number % 3 == 1 ? plant.text : "ls")]))),
                        ]),
                    ])
                ]),
            ])
            let messages = [
                message("user", number % 3 == 0 ? plant.text : "Look."), call,
                .object([
                    "role": .string("tool"), "tool_call_id": .string("c1"),
                    "content": .string(number % 3 == 2 ? plant.text : "a.txt"),
                ]),
                message("assistant", "Done."),
            ]
            lines.append(try text(.object(["messages": .array(messages)])))
        }
        return (lines.joined(separator: "\n"), secrets)
    }

    @Test("Of 540 secrets of 27 kinds in messages, arguments and results none is left in a dataset; the card counts them by kind")
    func dataset() throws {
        let temporary = try TemporaryFolder()
        let (file, secrets) = try planted(540, seed: 23)
        var chats: [Document] = []
        _ = try ChatFormat.openAI.read(try temporary.write(file, "chats.jsonl"), options: ImportOptions()) { content in
            if case .conversation(let document) = content { chats.append(document) }
        }
        #expect(chats.count == 540)
        var options = CurationOptions()
        options.redact = RedactionOptions()
        let dataset = try Curation.run(
            [], conversations: chats, options: options, context: try Samples.context(Samples.tokenizer()))
        #expect(dataset.train.count + (dataset.card.steps.flatMap(\.dropped).reduce(0) { $0 + $1.count }) == 540)
        let folder = temporary.file("dataset")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try dataset.write(to: folder)
        let text = try String(contentsOf: folder.appendingPathComponent("train.jsonl"), encoding: .utf8)
        let left = secrets.filter { text.contains($0) || text.contains($0.replacing("/", with: "\\/")) }
        #expect(left == [])
        let report = try #require(dataset.card.redaction)
        #expect(report.kinds.count > 20 && report.documents == dataset.train.count)
        #expect(report.kinds.first { $0.kind == "jwt" }.map { $0.secrets == 20 && $0.marks >= 20 } == true)
        #expect(dataset.card.markdown.contains("## Redaction"))
        #expect(try JSONDecoder().decode(DatasetCard.self, from: JSONEncoder().encode(dataset.card)).redaction == report)
    }

    @Test("General conversations and episodes are redacted, with the same marks whatever the number of workers") func sources()
        throws
    {
        let temporary = try TemporaryFolder()
        let lines = (0..<40).map {
            #"{"conversations": [{"from": "human", "value": "Write to a\#($0)@example.org"}, {"from": "gpt", "value": "Yes, to a\#($0)@example.org."}]}"#
        }
        let source = MixOptions.Source(
            path: try temporary.write(lines.joined(separator: "\n"), "chats.jsonl").path, format: "sharegpt")
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML)
        func mixed(_ workers: Int) throws -> [CuratedDocument] {
            try Mixing.run(
                agent: [], options: MixOptions(general: [source], agentRatio: 0, language: "any", size: 30), seed: 4, run: "r",
                renderer: renderer, workers: workers, redactor: Redactor(RedactionOptions())
            ).documents
        }
        let (one, many) = (try mixed(1), try mixed(16))
        #expect(one == many && one.count == 30)
        #expect(
            one.allSatisfy { $0.document.messages.allSatisfy { $0.text.contains("<redacted-email-") && !$0.text.contains("@") } })

        var options = CurationOptions()
        options.redact = RedactionOptions()
        var episode = Samples.trajectory("t0")
        episode.task.instruction = "Ask ada@example.org"
        let dataset = try Curation.run([episode], options: options, context: try Samples.context(Samples.tokenizer()))
        #expect(dataset.train[0].document.messages[0].text.contains("Ask <redacted-email-1>"))
    }

    @Test("Calls, reasoning, names and functions are without secrets too, and counted") func structured() throws {
        var document = chat(["Look ada@example.org up", "I do"])
        document.messages[0].name = "bob@example.org"
        document.messages[1].reasoning = "It is ada@example.org."
        document.messages[1].calls = [
            .init(id: "c", name: "find", arguments: #"{"who": "ada@example.org"}"#),
            .init(id: "d", name: "find", arguments: #"{"who": "cy@example.org"}"#),
        ]
        document.tools = #"[{"type": "function", "function": {"name": "find", "description": "Ask dan@example.org"}}]"#
        let redacted = try Redactor(RedactionOptions()).redacted(document)
        #expect(redacted.messages[1].calls?.map(\.name) == ["find", "find"] && redacted.messages[1].calls?[0].id == "c")
        #expect(!redacted.texts.joined().contains("@"))
        let mark = "<redacted-email-1>"
        #expect(redacted.messages[0].text == "Look \(mark) up" && redacted.messages[1].reasoning == "It is \(mark).")
        #expect(redacted.messages[1].calls?[0].arguments == #"{"who": "\#(mark)"}"#)
        let plain = chat(["Hello", "Hi"])
        #expect(try Redactor(RedactionOptions()).redacted(plain) == plain)
        let report = RedactionReport(of: [redacted, plain])
        #expect(report.documents == 1 && report.kinds.map(\.secrets) == [4] && report.kinds.map(\.marks) == [6])
    }

    @Test("What still matches is not exported; what was not redacted is exported with a word on it") func exportCheck() throws {
        let temporary = try TemporaryFolder()
        let run = RunFolder(temporary.file("run"))
        try FileManager.default.createDirectory(at: run.dataset, withIntermediateDirectories: true)
        func curate(_ redact: RedactionOptions?) throws {
            var options = CurationOptions()
            options.redact = redact
            let chats = [chat(["Hello", "Write to ada@example.org."], "a"), chat(["Go on", "Done."], "b")]
            try Curation.run([], conversations: chats, options: options, context: try Samples.context(Samples.tokenizer()))
                .write(to: run.dataset)
        }
        func export(_ name: String) throws -> ExportReport {
            try RunExport.run(format: "openai-chat", folder: run, formats: [], to: temporary.file(name))
        }
        try curate(nil)
        #expect(
            try export("plain.jsonl").notes.contains { $0.contains("email 1 (train.jsonl:1)") && $0.contains("curate.redact") })
        try curate(RedactionOptions())
        #expect(try export("clean.jsonl").notes.isEmpty)
        #expect(try String(contentsOf: temporary.file("clean.jsonl"), encoding: .utf8).contains("<redacted-email-1>"))
        // A line that came into the dataset by another way.
        let lines = run.dataset.appendingPathComponent("train.jsonl")
        let text = try String(contentsOf: lines, encoding: .utf8).replacing("Go on", with: "Go on, bob@example.org")
        try Data(text.utf8).write(to: lines)
        let error = #expect(throws: TemperError.self) { try export("dirty.jsonl") }
        #expect(error?.code == .data && error?.message.contains("email 1 (train.jsonl:2)") == true)
        #expect(error.map { "\($0)".contains("bob") } == false)
        #expect(!FileManager.default.fileExists(atPath: temporary.file("dirty.jsonl").path))
        try curate(RedactionOptions(allow: ["ada@example.org"]))
        #expect(try export("allowed.jsonl").notes.isEmpty)
    }

    @Test("A file is shown and written without its secrets; JSON stays JSON, byte for byte beside the marks") func files() throws
    {
        let temporary = try TemporaryFolder()
        let text =
            #"{"z": 1.50, "a": "mail ada@example.org", "n": 9007199254740993}"# + "\n" + #"{"password": "x\"y!12345", "b": [ ]}"#
            + "\n"
        let file = try temporary.write(text, "in.jsonl")
        let report = try FileRedaction.run(file, to: temporary.file("out.jsonl"), options: RedactionOptions())
        #expect(report.secrets == 2 && report.marks == 2 && report.kinds.map(\.kind) == ["email", "password"])
        #expect(report.kinds[0].places == ["in.jsonl:1"] && report.kinds[1].places == ["in.jsonl:2"])
        let out = try String(contentsOf: temporary.file("out.jsonl"), encoding: .utf8)
        #expect(
            out == #"{"z": 1.50, "a": "mail <redacted-email-1>", "n": 9007199254740993}"# + "\n"
                + #"{"password": "<redacted-password-1>", "b": [ ]}"# + "\n")
        #expect(throws: TemperError.self) {
            _ = try FileRedaction.run(file, to: temporary.file("out.jsonl"), options: RedactionOptions())
        }
        #expect(try FileRedaction.run(temporary.file("out.jsonl"), to: nil, options: RedactionOptions()).marks == 0)
    }
}
