import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Exports") struct ExportFolderTests {
    /// A run with one episode, whose second reply is not learnt, and one conversation.
    private func run(_ temporary: TemporaryFolder, heldOut: Int = 0) throws -> RunFolder {
        var trajectory = Samples.trajectory("a")
        trajectory.turns.insert(Samples.turn(1, "I am lost", observation: "No."), at: 1)
        let url = try temporary.write(ChatImportTests.agentInstruct, "os.jsonl")
        let folder = RunFolder(temporary.file("run"))
        _ = try ConversationFile.write(
            url, format: ImportFormats.named("agentinstruct"), options: ImportOptions(), into: folder)
        var options = CurationOptions()
        options.heldOut = heldOut
        let dataset = try Curation.run(
            [trajectory, Samples.trajectory("b")], conversations: ConversationFile.documents(in: folder), options: options,
            context: Samples.context(Samples.tokenizer()))
        _ = try dataset.write(to: folder.dataset)
        return folder
    }

    private func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }
    private func records(_ url: URL) throws -> [JSONValue] { try RecordStream(url).map { try $0.content.get() } }

    @Test(
        "Every format writes all documents, refuses to overwrite, and leaves nothing half-written",
        arguments: ExportFormats.all.map(\.name))
    func all(name: String) throws {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary)
        let target = temporary.file("out")
        let report = try RunExport.run(format: name, folder: folder, formats: [], to: target)
        #expect(report.documents == 3)
        #expect(report.leftOut.reduce(0) { $0 + $1.count } == (name.hasPrefix("fireact") ? 1 : 0))
        let error = #expect(throws: TemperError.self) { try RunExport.run(format: name, folder: folder, formats: [], to: target) }
        #expect(error?.code == .unavailable && error?.message == "the path exists already")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.url.path).sorted() == ["os.jsonl", "out", "run"])
    }

    @Test("A run without a dataset and an unknown format are errors") func missing() throws {
        let temporary = try TemporaryFolder()
        #expect(throws: TemperError.self) {
            try RunExport.run(format: "hf", folder: RunFolder(temporary.url), formats: [], to: temporary.file("out"))
        }
        let error = #expect(throws: TemperError.self) { try ExportFormats.named("parquet") }
        #expect(error?.code == .usage && error?.hint?.contains("llamafactory") == true)
    }

    @Test("What is read and written comes back the same", arguments: ["agentinstruct", "sharegpt", "openai-chat"])
    func roundTrip(name: String) throws {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary)
        let first = temporary.file("first.json")
        _ = try RunExport.run(format: name, folder: folder, formats: [], to: first)
        let again = RunFolder(temporary.file("again"))
        _ = try ConversationFile.write(
            first, format: ImportFormats.named(name), options: ImportOptions(isStrict: true), into: again)
        let documents = try ConversationFile.documents(in: again)
        #expect(
            documents.map { $0.messages.map(\.isTrained) }
                == (try CuratedDataset.documents(in: folder.dataset.appendingPathComponent("train.jsonl"))).map {
                    $0.messages.map(\.isTrained)
                })
        let dataset = try Curation.run(
            [], conversations: documents, options: CurationOptions(), context: Samples.context(Samples.tokenizer()))
        _ = try dataset.write(to: again.dataset)
        _ = try RunExport.run(format: name, folder: again, formats: [], to: temporary.file("second.json"))
        #expect(try records(first) == records(temporary.file("second.json")))
        if name == "agentinstruct" {
            #expect(try records(first).last == JSONValue.record(Array(ChatImportTests.agentInstruct.utf8)))
        }
    }

    @Test("Trainers that learn the last message get one record for each learnt reply") func lastMessage() throws {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary, heldOut: 1)
        _ = try RunExport.run(format: "mlx", folder: folder, formats: [], to: temporary.file("mlx"))
        let train = try records(temporary.file("mlx/train.jsonl"))
        let documents = try CuratedDataset.documents(in: folder.dataset.appendingPathComponent("train.jsonl"))
        #expect(train.count == documents.reduce(0) { $0 + $1.messages.count(where: \.isTrained) })
        #expect(train.allSatisfy { $0["messages"]?.array?.last?["role"]?.string == "assistant" })
        #expect(!(try records(temporary.file("mlx/valid.jsonl"))).isEmpty)
        #expect(try text(temporary.file("mlx/lora.yaml")).contains("mask_prompt: true"))
        _ = try RunExport.run(format: "llamafactory", folder: folder, formats: [], to: temporary.file("lf"))
        #expect(try records(temporary.file("lf/data/train.json")).count == train.count)
        let info = try JSONValue.record(Array(Data(contentsOf: temporary.file("lf/data/dataset_info.json"))))
        #expect(info.object?.keys.sorted() == ["temper_held_out", "temper_train"])
        #expect(try text(temporary.file("lf/train.yaml")).contains("mask_history: true"))
        #expect(try text(temporary.file("lf/train.yaml")).contains("\neval_dataset: temper_held_out\n"))
    }

    @Test("axolotl's mask goes inside messages, in Python's characters") func axolotl() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.file("run"))
        let document = Document(
            messages: [
                .init(role: .user, spans: [.init("Q", by: .instruction, train: false)]),
                .init(
                    role: .assistant,
                    spans: [.init("e\u{301}🎉", by: .forced, train: false), .init("ok", by: .teacher, train: true)]),
            ], provenance: .init(run: "", source: "s", number: 0, id: "x"))
        let tokens = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML).encode(document).tokens
        let card = try Curation.run(
            [], conversations: [document], options: CurationOptions(), context: Samples.context(Samples.tokenizer())
        ).card
        _ = try CuratedDataset(train: [.init(document: document, tokens: tokens)], heldOut: [], card: card).write(
            to: folder.dataset)
        let report = try RunExport.run(format: "axolotl", folder: folder, formats: [], to: temporary.file("out"))
        #expect(report.notes.isEmpty)
        let details = try #require(
            try records(temporary.file("out/data/train.jsonl"))[0]["messages"]?.array?[1]["train_detail"]?.array)
        #expect(details.map { $0["begin_offset"]?.number } == [0, 3] && details.map { $0["end_offset"]?.number } == [2, 4])
        #expect(details.map { $0["train"]?.bool } == [false, true])
        // A format of whole messages says that it cannot do this.
        #expect(
            try RunExport.run(format: "openai-chat", folder: folder, formats: [], to: temporary.file("chat")).notes.count == 1)
    }

    @Test("Megatron's index is byte for byte what NumPy writes") func megatronGolden() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/megatron.json")
        let golden = try JSONValue.parse(try Data(contentsOf: url), named: url.path)
        let lengths = try #require(golden["lengths"]?.array?.compactMap { $0.number.map { Int32($0) } })
        for (key, type, width) in [("tokens_idx", UInt8(4), 4), ("mask_idx", UInt8(1), 1)] {
            let hex = MegatronFolder.index(lengths, type: type, width: width).map { String(format: "%02x", $0) }.joined()
            #expect(hex == golden[key]?.string, "run Tests/Golden/megatron.py when the format changes")
        }
        let temporary = try TemporaryFolder()
        let folder = try run(temporary)
        _ = try RunExport.run(format: "megatron", folder: folder, formats: [], to: temporary.file("out"))
        let tokens = try TokenDataset(contentsOf: folder.dataset.appendingPathComponent("tokens.safetensors"))
        #expect(try Data(contentsOf: temporary.file("out/train_mask.bin")) == Data(tokens.mask))
        let ids = try Data(contentsOf: temporary.file("out/train.bin"))
        #expect(ids.count == 4 * tokens.tokenCount)
        #expect(ids.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == tokens.inputIDs)
    }
}

@Suite("Exports with functions") struct StructuredExportTests {
    /// A run whose dataset was rendered with a template.
    private func run(_ temporary: TemporaryFolder, jinja: String?) throws -> RunFolder {
        let folder = RunFolder(temporary.file("run"))
        _ = try ConversationFile.write(
            temporary.write(ChatImportTests.tools.replacing("\"weight\":0", with: "\"weight\":1"), "tools.jsonl"),
            format: ImportFormats.named("openai-chat"), options: ImportOptions(isStrict: true), into: folder)
        let tokenizer = try jinja.map(ReportedInputTests.tokenizer) ?? Samples.tokenizer()
        let dataset = try Curation.run(
            [], conversations: ConversationFile.documents(in: folder), options: CurationOptions(),
            context: Samples.context(tokenizer))
        _ = try dataset.write(to: folder.dataset)
        return folder
    }

    private static let own = """
        {{ tools|tojson if tools }}{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + (m.content or '') }}\
        {% for c in m.tool_calls or [] %}{{ '<call>' + (c.function|tojson) }}{% endfor %}{{ '<|im_end|>\\n' }}{% endfor %}\
        {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """

    private func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }

    @Test("A model's own template is never called ChatML, and its functions and calls go with the chat") func ownTemplate() throws
    {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary, jinja: Self.own)
        for format in ["axolotl", "llamafactory", "mlx", "hf", "sharegpt"] {
            let report = try RunExport.run(format: format, folder: folder, formats: [], to: temporary.file(format))
            #expect(report.documents == 1)
        }
        let config = try text(temporary.file("axolotl/config.yaml"))
        #expect(config.contains("chat_template: jinja\nchat_template_jinja: \"") && !config.contains("chatml"))
        #expect(config.contains("<call>"))
        #expect(!(try text(temporary.file("llamafactory/train.yaml"))).contains("\ntemplate:"))
        for name in ["axolotl/data/train.jsonl", "mlx/train.jsonl", "hf/data/train.jsonl"] {
            let lines = try text(temporary.file(name))
            if name.hasPrefix("mlx") { continue }
            #expect(
                lines.contains("\"tool_calls\"") && lines.contains("\"tools\": [{\"function\":{\"description\":\"d\""), "\(name)")
        }
        // A form of texts gets the words.
        #expect(try text(temporary.file("sharegpt")).contains("<tool_call>\\n{\\\"name\\\": \\\"weather\\\""))
    }

    @Test("Where Temper put calls into words, other trainers get the words") func worded() throws {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary, jinja: nil)
        for format in ["axolotl", "llamafactory"] {
            _ = try RunExport.run(format: format, folder: folder, formats: [], to: temporary.file(format))
        }
        let lines = try text(temporary.file("axolotl/data/train.jsonl"))
        #expect(!lines.contains("\"tool_calls\"") && lines.contains("<tool_call>"))
        #expect(try text(temporary.file("llamafactory/train.yaml")).contains("\ntemplate: chatml\n"))
        #expect(try text(temporary.file("llamafactory/data/train.json")).contains("<tool_response>"))
    }

    @Test(
        "Other trainers' names of templates",
        arguments: [("llama-3", "llama3"), ("llama-2", "llama2"), ("qwen2.5", "qwen"), ("chatml", "chatml")])
    func names(ours: String, theirs: String) throws {
        #expect(try LlamaFactoryFolder.theirName(of: #require(ChatTemplate(rawValue: ours))) == theirs)
    }

    @Test("What is exported is read again as the same chat, its functions byte for byte") func roundTrip() throws {
        let temporary = try TemporaryFolder()
        let folder = try run(temporary, jinja: nil)
        _ = try RunExport.run(format: "openai-chat", folder: folder, formats: [], to: temporary.file("chat.jsonl"))
        let again = RunFolder(temporary.file("again"))
        _ = try ConversationFile.write(
            temporary.file("chat.jsonl"), format: ImportFormats.named("openai-chat"), options: ImportOptions(isStrict: true),
            into: again)
        let (first, second) = (try ConversationFile.documents(in: folder), try ConversationFile.documents(in: again))
        #expect(first.map(\.messages) == second.map(\.messages) && first.map(\.tools) == second.map(\.tools))
    }
}
