package import TemperCore

/// How a chat becomes one text.
///
/// Control text is the template's own and may hold special tokens; a span is plain text and never does. Every span is
/// encoded on its own, so the tokens of a conversation's beginning never depend on what follows, and the tokens of a span
/// decode to the span. The reply is encoded on its own too, hence a generation prompt ends with the space that stands
/// before a reply (Llama 2, Vicuna).
///
/// Four layouts are Temper's own code; any other is a template in Jinja, a family's (``ModelTemplate/familyNames``) or the model's.
package enum ChatTemplate: Sendable, Hashable {
    /// `<|im_start|>role\n…<|im_end|>\n`, as Qwen and SmolLM2 (without the system prompts these add by themselves).
    case chatML
    /// `<s>[INST] <<SYS>>\n…\n<</SYS>>\n\n… [/INST] … </s>`, as Llama-2-chat, CodeLlama and AgentLM. The space before `</s>`
    /// belongs to the end of a turn.
    case llama2
    /// `USER: … ASSISTANT: …</s>` after a system sentence, as FastChat's `vicuna_v1.1`.
    case vicuna
    /// Alpaca's instruction and response; further turns follow as lines, as in FireAct's files (reference code
    /// `generation.py`). Each assistant text ends with `</s>`: FireAct has it only at the very end and stops at
    /// `\nObservation:`, which its models learnt because they were trained on observations, and Temper's never are.
    case alpaca
    /// A template in Jinja.
    case model(ModelTemplate)

    /// A part of a rendered chat.
    package struct Piece: Sendable, Hashable {
        package var text: String
        /// Nil for control text, save the end of an assistant's turn, which has the author of the message's last span:
        /// a model must learn to stop.
        package var author: Author?
        /// The message it belongs to; `messages.count` for a generation prompt.
        package var messageIndex: Int
        /// The span it is; nil for control text and the end of a turn.
        package var spanIndex: Int?
        /// Whether special tokens in its text are meant as such: only the template's own text may hold them.
        package var holdsSpecialTokens: Bool

        init(text: String, author: Author?, messageIndex: Int, spanIndex: Int?, holdsSpecialTokens: Bool? = nil) {
            self.text = text
            self.author = author
            self.messageIndex = messageIndex
            self.spanIndex = spanIndex
            self.holdsSpecialTokens = holdsSpecialTokens ?? (spanIndex == nil)
        }
    }

    /// What a tokenizer made for this template has beside its bytes and merges.
    package var specialTokens: [String] {
        switch self {
        case .chatML: ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
        case .llama2, .vicuna, .alpaca: ["<s>", "</s>"]
        case .model(let template): template.requiredTokens
        }
    }

    /// Ends an assistant's turn; empty when a model's own template writes nothing there.
    package var endOfTurn: String {
        switch self {
        case .chatML: "<|im_end|>"
        case .llama2, .vicuna, .alpaca: "</s>"
        case .model(let template): template.endOfTurn ?? ""
        }
    }

    /// Where generation stops when the tokenizer has no token for ``endOfTurn``.
    package var stopStrings: [String] { endOfTurn.isEmpty ? [] : [endOfTurn] }

    /// The tokens at which generation stops: the template's end of turn and the tokenizer's own end.
    package func stopTokenIDs(_ tokenizer: Tokenizer) -> [Int32] {
        var ids: [Int32] = []
        for text in [endOfTurn, tokenizer.roles.end, "<|endoftext|>"].compactMap({ $0 }) {
            if let id = tokenizer.id(ofSpecial: text), !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    static let vicunaSystem =
        "A chat between a curious user and an artificial intelligence assistant. "
        + "The assistant gives helpful, detailed, and polite answers to the user's questions."
    static let alpacaSystem =
        "Below is an instruction that describes a task. Write a response that appropriately completes the request."

    /// Whether it puts the functions a model may call into words.
    package var takesTools: Bool {
        if case .model(let template) = self { return template.takesTools }
        return false
    }

    /// A chat as control text and spans, in order.
    ///
    /// - Parameter tools: the functions the model may call; for templates that take them (``takesTools``).
    /// - Throws: ``TemperError`` with code `data` when the template has no place for a message (a system message after the
    ///   first, not with ChatML; an assistant's before any user's, in Alpaca; what a model's own template refuses) or for tools.
    package func pieces(
        _ messages: [Message], tools: [ToolDefinition] = [], addGenerationPrompt: Bool = false
    ) throws -> [Piece] {
        guard tools.isEmpty || takesTools else {
            throw TemperError(
                .data, "the chat template '\(rawValue)' has no place for tools", hint: "describe them in the system message",
                boundary: .data)
        }
        if case .model(let template) = self {
            return try template.pieces(messages, tools: tools, addGenerationPrompt: addGenerationPrompt)
        }
        var writer = Writer()
        if self == .vicuna || self == .alpaca, messages.first?.role != .system {
            writer.control(self == .vicuna ? Self.vicunaSystem + " " : Self.alpacaSystem, 0)
        }
        var hasUser = false
        for (index, message) in messages.enumerated() {
            guard message.role != .system || index == 0 || self == .chatML else {
                throw misplaced(message, index)
            }
            switch self {
            case .chatML:
                writer.control("<|im_start|>\(message.role.rawValue)\n", index)
                writer.spans(message, index)
                writer.endOfTurn("<|im_end|>", message, index)
                writer.control("\n", index)
            case .llama2:
                try writeLlama2(message, index, of: messages, &writer)
            case .vicuna:
                switch message.role {
                case .system: writer.text("", message, " ", index)
                case .user: writer.text("USER: ", message, " ", index)
                case .assistant:
                    writer.text("ASSISTANT: ", message, "", index)
                    writer.endOfTurn("</s>", message, index)
                }
            case .alpaca:
                guard message.role != .assistant || hasUser else { throw misplaced(message, index) }
                switch message.role {
                case .system: writer.text("", message, "", index)
                case .user where hasUser: writer.text("", message, "\n", index)
                case .user: writer.text("\n\n### Instruction:\n", message, "\n\n### Response:\n", index)
                case .assistant:
                    writer.spans(message, index)
                    writer.endOfTurn("</s>", message, index)
                    writer.control("\n", index)
                }
            case .model: break
            }
            if message.role == .user { hasUser = true }
        }
        if addGenerationPrompt {
            switch self {
            case .chatML: writer.control("<|im_start|>assistant\n", messages.count)
            case .vicuna: writer.control("ASSISTANT: ", messages.count)
            case .llama2, .alpaca, .model: break
            }
        }
        return writer.pieces
    }

    private func writeLlama2(_ message: Message, _ index: Int, of messages: [Message], _ writer: inout Writer) throws {
        let followsSystem = index == 1 && messages[0].role == .system
        switch message.role {
        case .system:
            guard messages.count == 1 || messages[1].role == .user else { throw misplaced(message, index) }
            writer.text("<s>[INST] <<SYS>>\n", message, "\n<</SYS>>\n\n", index)
        case .user:
            writer.text(followsSystem ? "" : "<s>[INST] ", message, " [/INST] ", index)
        case .assistant:
            writer.spans(message, index)
            writer.endOfTurn(" </s>", message, index)
        }
    }

    private func misplaced(_ message: Message, _ index: Int) -> TemperError {
        TemperError(
            .data, "the chat template '\(rawValue)' has no place for the \(message.role.rawValue) message at position \(index)",
            hint: "use 'chatml', or put what it says into a user message", boundary: .data)
    }

    private struct Writer {
        var pieces: [Piece] = []

        mutating func control(_ text: String, _ index: Int) {
            if !text.isEmpty { pieces.append(Piece(text: text, author: nil, messageIndex: index, spanIndex: nil)) }
        }

        mutating func spans(_ message: Message, _ index: Int) {
            for (spanIndex, span) in message.spans.enumerated() where !span.text.isEmpty {
                pieces.append(Piece(text: span.text, author: span.author, messageIndex: index, spanIndex: spanIndex))
            }
        }

        mutating func text(_ before: String, _ message: Message, _ after: String, _ index: Int) {
            control(before, index)
            spans(message, index)
            control(after, index)
        }

        mutating func endOfTurn(_ text: String, _ message: Message, _ index: Int) {
            let author = message.role == .assistant ? message.spans.last?.author : nil
            pieces.append(Piece(text: text, author: author, messageIndex: index, spanIndex: nil))
        }
    }
}
