import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperServer
@testable import TemperTransformer

/// Against `transformers`: `Tests/Golden/chat_prompts.py`, whose files curation is compared with too.
@Suite("Prompts of requests")
struct PromptGoldenTests {
    private struct Golden: Decodable {
        var templates: [String: [[String?]]]
    }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let folder = tests.appendingPathComponent("TemperDataTests/Golden/chat-prompts")

    /// A tiny model with the golden tokenizer and a template.
    private static func served(_ template: URL) throws -> ServedModel {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-serve-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = Self.folder.appendingPathComponent("tokenizer.json")
        let configuration = ModelConfiguration(
            vocabularySize: try Tokenizer(contentsOf: file).vocabularySize, width: 32, feedForwardWidth: 48, layerCount: 1,
            headCount: 4, keyValueHeadCount: 2, contextLength: 65536)
        try TransformerModel(configuration: configuration, seed: 2).save(folder: folder)
        let fields: [String: JSONValue] = [
            "chat_template": .string(try String(contentsOf: template, encoding: .utf8)), "bos_token": .string("<s>"),
            "eos_token": .string("</s>"), "pad_token": .string("<pad>"),
        ]
        try JSONEncoder().encode(JSONValue.object(fields)).write(to: folder.appendingPathComponent("tokenizer_config.json"))
        try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent("tokenizer.json"))
        return ServedModel(name: "tiny", model: try NativeLanguageModel(folder: folder))
    }

    private static func hash(_ ids: [Int32]) -> String {
        let value = ids.map(String.init).joined(separator: ",").utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func compare(_ name: String, _ template: URL) throws -> Int {
        let golden = try #require(
            JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("prompts.json")))
                .templates[name])
        let served = try served(template)
        let text = try String(contentsOf: folder.appendingPathComponent("conversations.jsonl"), encoding: .utf8)
        var compared = 0
        for (index, line) in text.split(separator: "\n").enumerated() {
            let bytes = Array(line.utf8)
            let (record, places) = try JSONReader.readFields(bytes)
            let messages = try #require(record["messages"]?.array)
            let replies = messages.indices.filter { messages[$0]["role"]?.string == "assistant" }
            for (reply, given) in zip(replies, golden[index]) {
                guard let given else { continue }
                var body: [String: JSONValue] = ["model": .string("tiny"), "messages": .array(Array(messages[..<reply]))]
                body["tools"] = record["tools"]
                if messages[reply]["reasoning_content"] != nil {
                    body["chat_template_kwargs"] = .object(["enable_thinking": .bool(true)])
                }
                let request = try ChatRequest(
                    .object(body), toolsText: places["tools"].map { String(decoding: bytes[$0], as: UTF8.self) })
                compared += 1
                #expect(try hash(ChatPrompt.encode(request, served)) == given, "\(name): conversation \(index), message \(reply)")
            }
        }
        return compared
    }

    @Test(
        "What a model is given is what transformers gives, token for token",
        arguments: [("hermes", 199), ("mistral_tools", 199), ("smollm2", 51), ("llama2", 51)])
    func promptsGolden(name: String, prompts: Int) throws {
        let url = Self.tests.appendingPathComponent("TemperTokenizersTests/Golden/chat-templates/\(name).jinja")
        #expect(try Self.compare(name, url) == prompts)
    }

    @Test(
        "So it is with the templates of model families",
        arguments: [("deepseekv3", 78), ("lfm2", 199), ("llama3_1", 129), ("qwen2_5", 199), ("qwen3", 199)])
    func promptsRealData(name: String, prompts: Int) throws {
        guard let data = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let url = data.appendingPathComponent("chat-templates/\(name).jinja")
        #expect(try Self.compare("shared/" + name, url) == prompts)
    }
}
