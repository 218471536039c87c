import Foundation
import TemperCore

/// A chat template in Jinja: the one a model came with, or a family's.
///
/// It is carried out by Temper's own interpreter, which knows of every character where it came from. So a rendered chat falls
/// into control text and spans exactly, without a search and without `generation` marks in the template.
package final class ModelTemplate: Sendable, Hashable {
    /// A family's name (``familyNames``), or `own` for what a model came with.
    package let name: String
    /// As it is saved and as `transformers` reads it.
    package let jinja: String
    /// What the template is given beside the chat: `bos_token`, `eos_token`, `pad_token`.
    package let tokens: [String: String]
    /// Whether it puts the functions a model may call into words.
    package let takesTools: Bool

    /// What the tokenizer must have.
    let requiredTokens: [String]
    private let template: Result<JinjaTemplate, TemperError>
    /// All that the template writes between a reply and what follows: ` </s>`. Nil when it writes nothing there.
    let endOfTurnText: String?
    /// White space that stands between the generation prompt and a reply; it belongs to the prompt.
    let leadIn: String

    /// The day of `strftime_now`, so that the same chat gives the same tokens on any day: 26 July 2024, the day that the
    /// templates of Llama 3 fall back to.
    static let day = Date(timeIntervalSince1970: 1_721_995_200)

    /// Nothing is thrown here, so that a tokenizer can be read whatever its template is: see ``requireReadable()``.
    ///
    /// - Parameters:
    ///   - tokens: special tokens by the names templates give them.
    ///   - specialTokens: all special tokens there are; the end of a turn is looked for among them.
    ///   - requiredTokens: what ``ChatTemplate/encode(_:tools:tokenizer:addGenerationPrompt:)`` asks of a tokenizer.
    init(
        _ jinja: String, name: String, tokens: [String: String] = [:], specialTokens: [String] = [],
        requiredTokens: [String] = []
    ) {
        self.name = name
        self.requiredTokens = requiredTokens
        self.jinja = jinja
        self.tokens = tokens
        do {
            let parsed = try JinjaTemplate(jinja)
            template = .success(parsed)
            takesTools = parsed.names.contains("tools")
            let probe = Probe(parsed, tokens, Set(specialTokens + tokens.values))
            endOfTurnText = probe.endOfTurnText
            leadIn = probe.leadIn
        } catch {
            template = .failure(
                error as? TemperError ?? TemperError(.data, TemperError.describe(error), boundary: .data, cause: error))
            takesTools = false
            endOfTurnText = nil
            leadIn = ""
        }
    }

    package static func == (left: ModelTemplate, right: ModelTemplate) -> Bool {
        left === right || (left.name == right.name && left.jinja == right.jinja && left.tokens == right.tokens)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(jinja)
    }

    /// - Throws: ``TemperError`` with code `data` that names the line of the template Temper cannot carry out, and why.
    package func requireReadable() throws { _ = try template.get() }

    /// The end of an assistant's turn without white space around it, `</s>`.
    var endOfTurn: String? {
        endOfTurnText.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Rendering

    /// What a template is given.
    struct Input {
        var messages: JinjaValue
        var tools = JinjaValue.none
        var variables: [String: JinjaValue] = [:]
        /// Code points of all texts.
        var length: Int
    }

    func render(_ input: Input, addGenerationPrompt: Bool) throws -> JinjaTemplate.Rendered {
        try Self.render(template.get(), tokens, input, addGenerationPrompt: addGenerationPrompt)
    }

    private static func render(
        _ template: JinjaTemplate, _ tokens: [String: String], _ input: Input, addGenerationPrompt: Bool
    ) throws -> JinjaTemplate.Rendered {
        var variables: [String: JinjaValue] = tokens.mapValues { .string($0) }
        variables["messages"] = input.messages
        variables["tools"] = input.tools
        variables["documents"] = JinjaValue.none
        variables["add_generation_prompt"] = .bool(addGenerationPrompt)
        variables.merge(input.variables) { $1 }
        return try template.render(variables, inputLength: input.length, now: day)
    }

    /// What a template writes around a reply, seen on a small chat.
    private struct Probe {
        var endOfTurnText: String?
        var leadIn = ""

        init(_ template: JinjaTemplate, _ tokens: [String: String], _ special: Set<String>) {
            let reply: Message = Message(.assistant, "b", by: .policy)
            let chats = [
                [Message(.user, "a", by: .instruction)],
                [Message(.system, "s", by: .instruction), Message(.user, "a", by: .instruction)],
            ]
            for chat in chats {
                let (prompt, whole) = (TrackedChat(chat), TrackedChat(chat + [reply]))
                // A template that refuses the one chat may take the other; one that refuses both has no turn to learn from.
                guard
                    case .success(let before) = Result(catching: {
                        try ModelTemplate.render(template, tokens, prompt.input(), addGenerationPrompt: true).text
                    }),
                    case .success(let rendered) = Result(catching: {
                        try ModelTemplate.render(template, tokens, whole.input(), addGenerationPrompt: false)
                    }),
                    let place = rendered.text.glyphs.firstIndex(where: { $0.origin == whole.start(ofMessage: chat.count) })
                else { continue }
                read(before, rendered, place, special)
                return
            }
        }

        private mutating func read(
            _ before: JinjaText, _ rendered: JinjaTemplate.Rendered, _ place: Int, _ special: Set<String>
        ) {
            let start = JinjaText(rendered.text.glyphs[..<place])
            if start.hasPrefix(before) {
                let more = JinjaText(start.glyphs[before.count...])
                if more.glyphs.allSatisfy({ $0.scalar.isPythonSpace }) { leadIn = more.string }
            }
            var after = JinjaText(rendered.text.glyphs[(place + 1)...])
            if let marked = rendered.generated.first(where: { $0.contains(place) }), marked.upperBound > place + 1 {
                after = JinjaText(rendered.text.glyphs[(place + 1)..<marked.upperBound])
            } else if let end = special.flatMap({ token in
                after.places(of: JinjaText(token), limit: 1).map { $0 + token.unicodeScalars.count }
            }).min() {
                after = JinjaText(after.glyphs[..<end])
            } else {
                after = after.stripped(left: false)
            }
            if !after.stripped().isEmpty { endOfTurnText = after.string }
        }
    }
}
