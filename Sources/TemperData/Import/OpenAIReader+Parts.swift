import TemperCore
import TemperTokenizers

extension OpenAIReader {
    /// What the content of a message holds: a text, null beside calls, or parts.
    struct Parts {
        var text = ""
        var isNull = false
        var reasoning: String?
        /// Anthropic's `tool_use`.
        var calls: [TemplateChat.Call] = []
        /// Anthropic's `tool_result`.
        var results: [(id: String?, text: String)] = []
        var marks: [SourceFields.Mark] = []
        var found: [String] = []

        /// - Throws: ``RecordFault`` for images and sounds, and for what is no content.
        init(_ value: SourceJSON?) throws {
            guard let value else {
                isNull = true
                return
            }
            if let text = value.string {
                self.text = text
                return
            }
            guard let parts = value.array else { throw RecordFault("a message's 'content' is no text") }
            for part in parts {
                if let text = part.string { self.text += text } else { try read(part) }
            }
            isNull = text.isEmpty
        }

        private mutating func read(_ part: SourceJSON) throws {
            var fields = try SourceFields(part, of: "a part of a message")
            let type = try fields.string("type") ?? "text"
            marks.append(try fields.mark())
            switch type {
            case "text", "input_text", "output_text", "summary_text", "reasoning_text":
                guard let text = try fields.string("text") else { throw RecordFault("a message holds something other than text") }
                self.text += text
            case "thinking", "reasoning":
                let text = try fields.string("thinking", "reasoning", "text") ?? ""
                reasoning = [reasoning, text].compactMap { $0 }.joined(separator: "\n\n")
                // It proves to the service who wrote the thought.
                _ = fields.take("signature")
            case "tool_use": calls.append(try ChatTools.call(part, &found).call)
            case "tool_result":
                let id = fields.name("tool_use_id", "call_id")
                results.append((id, try Parts(fields.take("content")).text))
            default:
                throw RecordFault(
                    type.contains("image") ? "a message holds an image" : "a message holds something other than text")
            }
            if type != "tool_use" { found += fields.others.filter { !$0.contains("'cache_control'") } }
        }
    }
}

extension ChatTools {
    /// The calls of a text that is the JSON of one or of a list, as LLaMA-Factory and ms-swift write them.
    ///
    /// - Throws: ``RecordFault`` when it is none.
    static func written(_ text: String, _ found: inout [String]) throws -> [TemplateChat.Call] {
        let value: SourceJSON
        do { value = try SourceJSON(text: text) } catch { throw RecordFault("a function call is not JSON") }
        return try (value.array ?? [value]).map { try call($0, &found).call }
    }
}
