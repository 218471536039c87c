import Foundation
import TemperCore
import TemperTokenizers

/// Reads any bytes as a chat template and renders small chats with it. What is rendered as a span must be text of that span.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJinja(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let source = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let chat = [
        Message(.system, "Be brief.", by: .instruction),
        Message(.user, [Span("Who\n", by: .instruction), Span(" made é 🙂 it?", by: .environment)]),
        Message(.assistant, "<think>\nx\n</think>\n\nAda.", by: .policy), Message(.user, "a<s>b", by: .environment),
        Message(.assistant, [Span("Action: ", by: .forced), Span("finish[1]", by: .policy)]),
    ]
    let calls = """
        [{"role": "user", "content": [{"type": "text", "text": "a"}]}, {"role": "assistant", "content": null, "tool_calls": [{"id": \
        "call00001", "type": "function", "function": {"name": "f", "arguments": {"q": 1.5}}}]}, {"role": "tool", "content": "r"}]
        """
    let functions = "[{\"name\": \"f\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}]"
    do {
        let fields = JSONValue.object([
            "jinja": .string(source), "end_of_turn": .string("<|end|>"),
            "tokens": .object(["bos_token": .string("<s>"), "eos_token": .string("</s>")]),
        ])
        let template = try JSONDecoder().decode(ChatTemplate.self, from: JSONEncoder().encode(fields))
        guard case .model(let own) = template else { return 0 }
        attempt {
            for piece in try template.pieces(chat, addGenerationPrompt: true) {
                guard let span = piece.spanIndex else { continue }
                let text = chat[piece.messageIndex].spans[span].text
                precondition(!piece.text.isEmpty && text.contains(piece.text), "a piece is no part of its span")
            }
        }
        attempt { try template.requireExact(chat, trained: [2, 4]) }
        attempt { _ = try own.render(messages: calls, tools: functions, addGenerationPrompt: true) }
    } catch {
        preconditionFailure("a template cannot be made: \(error)")
    }
    return 0
}

private func attempt(_ body: () throws -> Void) {
    do {
        try body()
    } catch {
        precondition(error is TemperError, "an error that a person cannot read: \(error)")
    }
}
