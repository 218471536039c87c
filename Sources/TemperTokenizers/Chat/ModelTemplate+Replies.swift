import Foundation
import TemperCore

extension ModelTemplate {
    /// A chat up to a reply as it is trained: what the model is shown when it is asked for the reply, then the reply.
    struct ReplyText {
        /// The reply's position in the chat.
        var index: Int
        var text: JinjaText
        /// The reply with its end of turn, in code points of the text.
        var range: Range<Int>
        var chat: TrackedChat
    }

    /// What a model is shown when it is asked for a reply.
    ///
    /// - Parameter chat: adapted.
    func promptText(_ chat: TemplateChat) throws -> JinjaText {
        let text = try rendered(chat, addGenerationPrompt: true).text
        return chat.isPlain ? text + JinjaText(leadIn) : text
    }

    /// A reply after what the model is shown for it. Where a template opens a thought for every reply (DeepSeek-R1), the reply goes on
    /// inside it and closes it; where it shows an empty one, that belongs to what is shown.
    ///
    /// - Parameter given: adapted; what comes after the reply is left out.
    /// - Throws: ``TemperError`` with code `data` when the template shows the reply otherwise than it is, or without an end of turn.
    func reply(_ index: Int, in given: TemplateChat) throws -> ReplyText {
        var chat = given.prefix(index + 1)
        let message = chat.messages[index]
        chat.thinks = given.thinks ?? (message.reasoning != nil || ThoughtText.opens(message.text) ? true : nil)
        let prompt = try promptText(chat.prefix(index))
        let upTo = try rendered(chat, addGenerationPrompt: false)
        guard !upTo.forms.splits else {
            throw fault(index, "takes one call a turn", hint: "name another template, such as 'chatml'")
        }
        let rest: JinjaText
        // What the template leaves to be written of a thought that it opened.
        var thought = JinjaText([])
        if upTo.text.hasPrefix(prompt) {
            rest = JinjaText(upTo.text.glyphs[prompt.count...])
        } else {
            guard let open = ThoughtText.openAtEnd(of: prompt), upTo.text.hasPrefix(JinjaText(prompt.glyphs[..<open.start]))
            else {
                return try rewritten(index, message, prompt, upTo)
            }
            let shown = JinjaText(upTo.text.glyphs[open.start...])
            let split = ThoughtText.split(message.text)
            rest = split == nil ? shown : shown.stripped(right: false)
            if open.isOpen {
                let reasoning = message.reasoning ?? split?.reasoning ?? ""
                thought = JinjaText(reasoning + "\n", origin: JinjaText.data) + JinjaText(ToolWords.thinkEnd + "\n\n")
            }
        }
        let end = try endOfReply(rest, index, message, upTo.chat, hasThought: thought.isEmpty)
        return ReplyText(
            index: index, text: prompt + thought + rest, range: prompt.count..<(prompt.count + thought.count + end),
            chat: upTo.chat)
    }

    /// A reply of a template that shows what comes before it otherwise once the reply is there (Mistral: functions and system message
    /// stand before the last question). It begins after what the prompt ends with.
    private func rewritten(
        _ index: Int, _ message: TemplateChat.Message, _ prompt: JinjaText, _ upTo: RenderedChat
    ) throws -> ReplyText {
        /// The template's text after all that earlier messages say, up to the first text from outside.
        func tail(_ text: JinjaText) -> ArraySlice<JinjaText.Glyph> {
            let last = text.glyphs.lastIndex { upTo.chat.place(of: $0).map { $0.message < index } ?? false }
            let rest = text.glyphs[(last.map { $0 + 1 } ?? 0)...]
            return rest.prefix { $0.origin == JinjaText.control }
        }
        let (asked, shown) = (tail(prompt), tail(upTo.text))
        let isWhole = asked.endIndex == prompt.count
        let end = (0..<(isWhole ? asked.count : 0)).lazy.compactMap { start -> Int? in
            let suffix = JinjaText(asked.dropFirst(start))
            return JinjaText(shown).places(of: suffix, limit: 1).first.map { shown.startIndex + $0 + suffix.count }
        }.first
        guard let end else {
            throw fault(
                index, "shows what comes before the reply otherwise than when the model is asked for it",
                hint: Self.difference(upTo.text.string, prompt.string) + "; name another template, such as 'chatml'")
        }
        let rest = JinjaText(upTo.text.glyphs[end...])
        let found = try endOfReply(rest, index, message, upTo.chat)
        return ReplyText(
            index: index, text: prompt + rest, range: prompt.count..<(prompt.count + found), chat: upTo.chat)
    }

    /// Where a reply ends in what is shown of it, its end of turn with it.
    ///
    /// - Throws: ``TemperError`` with code `data` when the reply is not shown as it is, or has no end of turn.
    private func endOfReply(
        _ rest: JinjaText, _ index: Int, _ message: TemplateChat.Message, _ tracked: TrackedChat, hasThought: Bool = true
    ) throws -> Int {
        guard let end = endOfReply(rest) else {
            try requireExact(rest, index, message, tracked, hasThought: hasThought, isWhole: false)
            throw fault(
                index, "writes no end of turn after the reply, so a model cannot learn to stop",
                hint: "name another template, such as 'chatml'")
        }
        try requireExact(JinjaText(rest.glyphs[..<end.body]), index, message, tracked, hasThought: hasThought)
        return end.end
    }

    /// Where a reply ends, before and after its end of turn.
    private func endOfReply(_ rest: JinjaText) -> (body: Int, end: Int)? {
        let mark = endOfTurnText.map { JinjaText($0) }
        var length = rest.count
        while let mark {
            let body = length - mark.count
            if body >= 0, rest.hasPrefix(mark, at: body),
                rest.glyphs[body..<length].allSatisfy({ $0.origin == JinjaText.control })
            {
                return (body, length)
            }
            guard length > 0, rest.glyphs[length - 1].origin == JinjaText.control, rest.glyphs[length - 1].scalar.isPythonSpace
            else { break }
            length -= 1
        }
        return nil
    }

    /// Checks that a reply stands there in one piece and unchanged; of one with calls or thoughts, its text.
    ///
    /// - Parameters:
    ///   - hasThought: whether its thought stands there too.
    ///   - isWhole: whether nothing else may follow.
    private func requireExact(
        _ body: JinjaText, _ index: Int, _ message: TemplateChat.Message, _ tracked: TrackedChat, hasThought: Bool,
        isWhole: Bool = true
    ) throws {
        let text = Array(message.text.unicodeScalars)
        var body = body
        // White space that the template puts before every reply.
        if body.hasPrefix(JinjaText(leadIn)), body.glyphs.prefix(leadIn.unicodeScalars.count).allSatisfy({ $0.origin < 0 }) {
            body = JinjaText(body.glyphs[leadIn.unicodeScalars.count...])
        }
        let own = body.glyphs.prefix(isWhole ? body.count : text.count).map(\.scalar)
        if message.calls.isEmpty, message.reasoning == nil, own == text { return }
        let shown = ThoughtText.split(message.text).map { Array($0.content.unicodeScalars) } ?? text
        let start = tracked.start(ofMessage: index) + Int32(text.count - shown.count)
        let found = body.glyphs.filter { $0.origin >= start && $0.origin < start + Int32(shown.count) }
        let isUnchanged = found.map(\.scalar) == shown && zip(found, found.dropFirst()).allSatisfy { $0.origin + 1 == $1.origin }
        let reasoning = message.reasoning ?? ThoughtText.split(message.text)?.reasoning
        let showsThought = !hasThought || (reasoning.map { body.contains(JinjaText($0).stripped()) } ?? true)
        let showsCalls = message.calls.allSatisfy { body.contains(JinjaText($0.name)) }
        let isStructured = !message.calls.isEmpty || reasoning != nil
        guard isStructured, isUnchanged, showsThought, showsCalls else {
            throw fault(
                index, "does not write the reply out as it is",
                hint: "does it trim white space or leave out thoughts? Name another template, such as 'chatml'")
        }
    }

    private func fault(_ index: Int, _ what: String, hint: String) -> TemperError {
        TemperError(
            .data, "the chat template '\(name)' \(what) (message \(index)): its tokens cannot be trained exactly", hint: hint,
            boundary: .data)
    }

    private static func difference(_ text: String, _ prompt: String) -> String {
        let common = zip(text.unicodeScalars, prompt.unicodeScalars).prefix { $0 == $1 }.count
        func rest(_ text: String) -> String {
            let part = String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(common).prefix(24)))
            return part.isEmpty ? "nothing" : "'\(part.replacing("\n", with: "\\n"))'"
        }
        return "there \(rest(text)), then \(rest(prompt))"
    }
}

/// Thoughts in `<think>` inside a text.
enum ThoughtText {
    static func opens(_ text: String) -> Bool { text.drop(while: \.isWhitespace).hasPrefix(ToolWords.thinkMark) }

    /// The thought that a reply begins with, and the rest without the line ends before it.
    static func split(_ text: String) -> (reasoning: String, content: String)? {
        guard opens(text), let start = text.range(of: ToolWords.thinkMark), let end = text.range(of: ToolWords.thinkEnd) else {
            return nil
        }
        let rest = text[end.upperBound...].unicodeScalars.drop { $0 == "\n" }
        return (strippingLineEnds(text[start.upperBound..<end.lowerBound]), String(rest))
    }

    private static func strippingLineEnds(_ text: Substring) -> String {
        var scalars = text.unicodeScalars.drop { $0 == "\n" }
        while scalars.last == "\n" { scalars.removeLast() }
        return String(scalars)
    }

    /// The thought that a prompt ends with, empty or not closed.
    static func openAtEnd(of prompt: JinjaText) -> (start: Int, isOpen: Bool)? {
        guard let start = prompt.places(of: JinjaText(ToolWords.thinkMark)).last else { return nil }
        let rest = prompt.glyphs[start...]
        guard rest.allSatisfy({ $0.origin == JinjaText.control }) else { return nil }
        let inside = rest.dropFirst(ToolWords.thinkMark.unicodeScalars.count).filter { !$0.scalar.isPythonSpace }
        if inside.isEmpty { return (start, true) }
        return JinjaText(Array(inside)) == ToolWords.thinkEnd ? (start, false) : nil
    }
}
