import Foundation
import TemperCore
import Testing

@testable import TemperTokenizers

@Suite("Templates of models")
struct ModelTemplateTests {
    static let tokens = ["bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"]

    static func template(_ name: String) throws -> ModelTemplate {
        let url = GoldenFiles.folder.appendingPathComponent("chat-templates/\(name).jinja")
        return own(try String(contentsOf: url, encoding: .utf8))
    }

    static func own(_ jinja: String) -> ModelTemplate {
        ModelTemplate(
            jinja, name: ChatTemplate.ownName, tokens: tokens,
            specialTokens: [
                "<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<end_of_turn>",
                "<start_of_turn>",
                "<|END_OF_TURN_TOKEN|>", "<|START_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>", "<｜Assistant｜>", "<｜User｜>", "<s>",
                "</s>",
            ])
    }

    // MARK: Against transformers

    private struct Conversation: Decodable {
        var messages: String
        var tools: String?
    }

    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func compare(_ name: String, _ template: ModelTemplate) throws -> (rendered: Int, refused: Int) {
        let rendered: [String: [[String?]]] = try GoldenFiles.read("chat-templates/rendered.json")
        let full: [String: [String: String]] = try GoldenFiles.read("chat-templates/full.json")
        let conversations: [Conversation] = try GoldenFiles.read("chat-templates/conversations.json")
        let expected = try #require(rendered[name])
        try template.requireReadable()
        var counts = (rendered: 0, refused: 0)
        for (index, conversation) in conversations.enumerated() {
            for (place, prompts) in [false, true].enumerated() {
                var text: String?
                var problem = ""
                do {
                    text = try template.render(
                        messages: conversation.messages, tools: conversation.tools, addGenerationPrompt: prompts)
                } catch {
                    problem = "\(error)"
                }
                #expect(text.map(hash) == expected[index][place], "\(name) \(index): \(text ?? problem)")
                if let whole = full[name]?[String(index)], prompts { #expect(text == whole) }
                if text == nil { counts.refused += 1 } else { counts.rendered += 1 }
            }
        }
        #expect(conversations.count == 100)
        return counts
    }

    @Test(
        "A model's template gives what transformers gives, and refuses what it refuses there",
        arguments: [
            "llama2", "codellama", "mistral", "mistral_tools", "zephyr", "smollm2", "chatml", "hermes", "marked",
        ])
    func asTransformersGolden(name: String) throws {
        let counts = try Self.compare(name, Self.template(name))
        #expect(counts.rendered >= 80)
    }

    @Test(
        "The templates of eight families give what transformers gives, tools, calls and answers included",
        arguments: ["cohere", "deepseekv3", "gemma", "lfm2", "llama3", "llama3_1", "qwen2_5", "qwen3"])
    func familiesRealData(name: String) throws {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let url = folder.appendingPathComponent("chat-templates/\(name).jinja")
        let counts = try Self.compare("shared/\(name)", Self.own(String(contentsOf: url, encoding: .utf8)))
        #expect(counts.rendered >= 80)
    }
}
