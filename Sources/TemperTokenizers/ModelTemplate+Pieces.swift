import TemperCore

extension ModelTemplate {
    /// A chat as control text and spans, as ``ChatTemplate/pieces(_:tools:addGenerationPrompt:)`` gives it.
    func pieces(
        _ messages: [Message], tools: [ToolDefinition], addGenerationPrompt: Bool
    ) throws -> [ChatTemplate.Piece] {
        let chat = TrackedChat(messages)
        let toolValues = try tools.isEmpty ? JinjaValue.none : .list(JinjaList(tools.map { try $0.templateValue }))
        let rendered = try render(chat.input(tools: toolValues, variables: defaults), addGenerationPrompt: addGenerationPrompt)
        var writer = PieceWriter(chat: chat, endOfTurn: endOfTurnText.map { JinjaText($0) }, hasPrompt: addGenerationPrompt)
        writer.write(rendered.text)
        if addGenerationPrompt { writer.append(leadIn) }
        return writer.pieces
    }

    /// What Temper sets unless a caller does: no thinking block, since methods have the model think in its own words.
    var defaults: [String: JinjaValue] {
        jinja.contains("enable_thinking") ? ["enable_thinking": .bool(false)] : [:]
    }
}

/// Cuts a rendered chat at the borders of its spans.
private struct PieceWriter {
    let chat: TrackedChat
    let endOfTurn: JinjaText?
    let hasPrompt: Bool
    private(set) var pieces: [ChatTemplate.Piece] = []
    /// The message whose text came last.
    private var lastMessage: Int?

    private enum Kind: Equatable {
        /// The template's own.
        case control
        /// Text from outside that is no span's, or is changed.
        case data
        case span(message: Int, span: Int)
    }

    init(chat: TrackedChat, endOfTurn: JinjaText?, hasPrompt: Bool) {
        self.chat = chat
        self.endOfTurn = endOfTurn
        self.hasPrompt = hasPrompt
    }

    private func kind(_ glyph: JinjaText.Glyph) -> Kind {
        if glyph.origin == JinjaText.control { return .control }
        return chat.place(of: glyph).map { .span(message: $0.message, span: $0.span) } ?? .data
    }

    mutating func write(_ text: JinjaText) {
        var runs: [(kind: Kind, text: JinjaText)] = []
        var previous: Int32 = -1
        for glyph in text.glyphs {
            let kind = kind(glyph)
            var continues = runs.last?.kind == kind
            if case .span = kind, glyph.origin != previous + 1 { continues = false }
            if continues {
                runs[runs.count - 1].text.glyphs.append(glyph)
            } else {
                runs.append((kind, JinjaText([glyph])))
            }
            previous = glyph.origin
        }
        for (index, run) in runs.enumerated() {
            if case .span(let message, let span) = run.kind {
                let author = chat.messages[message].spans[span].author
                pieces.append(.init(text: run.text.string, author: author, messageIndex: message, spanIndex: span))
                lastMessage = message
            } else {
                writeBetween(run.kind, run.text, next: nextMessage(in: runs[(index + 1)...].lazy.map(\.kind)))
            }
        }
    }

    private func nextMessage(in kinds: some Sequence<Kind>) -> Int? {
        for case .span(let message, _) in kinds { return message }
        return nil
    }

    private mutating func writeBetween(_ kind: Kind, _ text: JinjaText, next: Int?) {
        var text = text
        if let last = lastMessage, next != last, kind == .control, let endOfTurn, text.hasPrefix(endOfTurn),
            chat.messages[last].role == .assistant, pieces.last?.spanIndex != nil
        {
            let author = chat.messages[last].spans.last?.author
            pieces.append(.init(text: endOfTurn.string, author: author, messageIndex: last, spanIndex: nil))
            text = JinjaText(text.glyphs[endOfTurn.count...])
        }
        guard !text.isEmpty else { return }
        let index = next ?? (hasPrompt ? chat.messages.count : lastMessage ?? 0)
        pieces.append(
            .init(text: text.string, author: nil, messageIndex: index, spanIndex: nil, holdsSpecialTokens: kind == .control))
    }

    /// More control text at the end.
    mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        if let last = pieces.last, last.spanIndex == nil, last.author == nil, last.holdsSpecialTokens {
            pieces[pieces.count - 1].text += text
        } else {
            pieces.append(.init(text: text, author: nil, messageIndex: chat.messages.count, spanIndex: nil))
        }
    }
}

extension ToolDefinition {
    /// As OpenAI's `tools` lists it, its keys in the order that models are trained on.
    var templateValue: JinjaValue {
        get throws {
            func map(_ pairs: [(String, JinjaValue)]) throws -> JinjaValue { .map(try JinjaMap(pairs)) }
            func text(_ text: String) -> JinjaValue { .text(JinjaText(text, origin: JinjaText.data)) }
            let input = try map([("type", text("string")), ("description", text(argument))])
            let parameters = try map([
                ("type", text("object")), ("properties", map([(Self.parameter, input)])),
                ("required", .list(JinjaList([text(Self.parameter)]))),
            ])
            let function = try map([("name", text(name)), ("description", text(summary)), ("parameters", parameters)])
            return try map([("type", text("function")), ("function", function)])
        }
    }
}
