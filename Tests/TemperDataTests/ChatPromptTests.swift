import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

/// Against `transformers`: `Tests/Golden/chat_prompts.py`.
@Suite("Prompts of chats") struct ChatPromptTests {
    private struct Golden: Decodable {
        /// By template, conversation and reply.
        var templates: [String: [[String?]]]
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/chat-prompts")
    private static let local = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("TemperTokenizersTests/Golden/chat-templates")

    /// The tokenizer of a model's folder with a template.
    static func tokenizer(_ template: URL) throws -> Tokenizer {
        let temporary = try TemporaryFolder()
        let fields: [String: JSONValue] = [
            "chat_template": .string(try String(contentsOf: template, encoding: .utf8)), "bos_token": .string("<s>"),
            "eos_token": .string("</s>"), "pad_token": .string("<pad>"),
        ]
        try JSONEncoder().encode(JSONValue.object(fields)).write(to: temporary.file("tokenizer_config.json"))
        try FileManager.default.copyItem(
            at: folder.appendingPathComponent("tokenizer.json"), to: temporary.file("tokenizer.json"))
        return try Tokenizer(folder: temporary.url)
    }

    private static func hash(_ ids: some Sequence<Int32>) -> String {
        let value = ids.map(String.init).joined(separator: ",").utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func documents() throws -> [Document] {
        var documents: [Document] = []
        let report = try ImportFormats.named("openai-chat").read(
            folder.appendingPathComponent("conversations.jsonl"), options: ImportOptions(isStrict: true)
        ) { if case .conversation(let document) = $0 { documents.append(document) } }
        #expect(report.kept == 50 && report.found.isEmpty)
        return documents
    }

    /// - Returns: prompts that were compared with `transformers`, and replies that were rendered for training.
    private static func compare(_ name: String, _ jinja: URL) throws -> (prompts: Int, replies: Int) {
        let url = folder.appendingPathComponent("prompts.json")
        let golden = try #require(JSONDecoder().decode(Golden.self, from: Data(contentsOf: url)).templates[name])
        let tokenizer = try tokenizer(jinja)
        return try compare(name, #require(tokenizer.chatTemplate), tokenizer, golden)
    }

    private static func compare(
        _ name: String, _ template: ChatTemplate, _ tokenizer: Tokenizer, _ golden: [[String?]]? = nil
    ) throws -> (prompts: Int, replies: Int) {
        let renderer = try TokenRenderer(tokenizer: tokenizer, template: template)
        var (compared, rendered) = (0, 0)
        for (index, document) in try documents().enumerated() {
            let replies = document.messages.indices.filter { document.messages[$0].role == .assistant }
            func prompt(_ reply: Int) throws -> [Int32] {
                var chat = document.chat
                chat.messages.removeSubrange(reply...)
                if document.messages[reply].reasoning != nil { chat.thinks = true }
                return try template.prompt(chat, tokenizer: tokenizer)
            }
            for (reply, given) in zip(replies, golden?[index] ?? []) {
                guard let given else { continue }
                compared += 1
                #expect(try hash(prompt(reply)) == given, "\(name): conversation \(index), message \(reply)")
            }
            let texts: [EncodedDocument]
            // Templates that trim replies, leave out what stands beside calls, or know no system message.
            do { texts = try renderer.encodeAll(document) } catch { continue }
            // Several calls that a template takes one a turn are several replies.
            let isSplit = texts.reduce(0) { $0 + regions($1).count } != replies.count
            for text in texts where !isSplit {
                let own = texts.count == 1 ? replies : [text.document.messages.count - 1]
                for (region, reply) in zip(regions(text), own) {
                    let shown = try prompt(reply)
                    #expect(
                        text.tokens.ids[..<region.lowerBound].elementsEqual(shown),
                        "\(name): conversation \(index), message \(reply)")
                    rendered += 1
                }
            }
        }
        return (compared, rendered)
    }

    /// Where trained tokens stand together.
    static func regions(_ document: EncodedDocument) -> [Range<Int>] {
        var regions: [Range<Int>] = []
        for (index, mark) in document.tokens.mask.enumerated() where mark == 1 {
            if let last = regions.last, last.upperBound == index {
                regions[regions.count - 1] = last.lowerBound..<(index + 1)
            } else {
                regions.append(index..<(index + 1))
            }
        }
        return regions
    }

    @Test(
        "What stands before every reply is what transformers gives and what the server gives, token for token",
        arguments: [
            ("chatml", 51, 199), ("codellama", 51, 186), ("hermes", 199, 93), ("llama2", 51, 186), ("marked", 51, 199),
            ("mistral", 19, 29),
            ("mistral_tools", 199, 103), ("smollm2", 51, 199), ("zephyr", 51, 199),
        ])
    func promptsGolden(name: String, prompts: Int, replies: Int) throws {
        let counts = try Self.compare(name, Self.local.appendingPathComponent(name + ".jinja"))
        #expect(counts.prompts == prompts && counts.replies == replies)
    }

    @Test(
        "So it is with the templates of model families",
        arguments: [
            ("cohere", 51, 186), ("deepseekv3", 78, 183), ("gemma", 19, 28), ("lfm2", 199, 199), ("llama3", 51, 186),
            ("llama3_1", 129, 82), ("qwen2_5", 199, 199),
            ("qwen3", 199, 186),
        ])
    func promptsRealData(name: String, prompts: Int, replies: Int) throws {
        guard let data = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let counts = try Self.compare(
            "shared/" + name, data.appendingPathComponent("chat-templates/\(name).jinja"))
        #expect(counts.prompts == prompts && counts.replies == replies)
    }

    @Test("In Temper's own layouts, too, a trained reply follows what the server gives", arguments: ChatTemplate.allCases)
    func layouts(template: ChatTemplate) throws {
        let tokenizer = try Tokenizer(contentsOf: Self.folder.appendingPathComponent("tokenizer.json"))
        #expect(try Self.compare(template.rawValue, template, tokenizer).replies == 199)
    }
}
