import TemperCore

extension ModelTemplate {
    /// Whether it puts a reply's reasoning into words by itself.
    var readsReasoning: Bool {
        ["reasoning_content", ".thinking", "'thinking'", "\"thinking\""].contains { jinja.contains($0) }
    }

    /// The chat with what the template has no words for put into text (``ToolWords``), and results in the order of their calls.
    ///
    /// - Throws: ``TemperError`` with code `data` for tools that are no JSON list.
    func adapted(_ given: TemplateChat) throws -> TemplateChat {
        var chat = given.ordered
        if !readsReasoning { chat.messages = chat.messages.map(\.reasoningWorded) }
        guard chat.tools != nil || chat.hasCallsOrResults else { return chat }
        if chat.tools != nil, !takesTools { return try chat.worded(keepsReasoning: true) }
        if writesCalls, takesTools || writesAnswers { return chat }
        guard writesAnswers, takesTools else { return try chat.worded(keepsTools: true, keepsReasoning: true) }
        chat.messages = chat.messages.map(\.callsWorded)
        return chat
    }

    /// A rendered chat.
    struct RenderedChat {
        var text: JinjaText
        var chat: TrackedChat
        /// How its calls were handed to the template.
        var forms: CallForms
    }

    /// The text of an adapted chat. A template that refuses the calls as they are is tried with other forms of the same calls.
    ///
    /// - Throws: ``TemperError`` with code `data`: why the template refuses the chat as it is.
    func rendered(_ chat: TemplateChat, addGenerationPrompt: Bool) throws -> RenderedChat {
        let hasCalls = chat.messages.contains { !$0.calls.isEmpty }
        let hasSeveral = chat.messages.contains { $0.calls.count > 1 }
        do {
            for call in chat.messages.flatMap(\.calls) { _ = try Self.arguments(call.arguments) }
        } catch let fault as JinjaFault {
            throw TemperError(.data, "a call's arguments: " + fault.message, hint: fault.hint, place: "chat", boundary: .data)
        }
        do {
            return try rendered(chat, CallForms(), addGenerationPrompt)
        } catch {
            for forms in CallForms.all.dropFirst() where hasCalls && (hasSeveral || !forms.splits) {
                do {
                    return try rendered(chat, forms, addGenerationPrompt)
                } catch {
                    // What is told is why the chat was refused as it is.
                }
            }
            throw error
        }
    }

    private func rendered(_ given: TemplateChat, _ forms: CallForms, _ addGenerationPrompt: Bool) throws -> RenderedChat {
        let chat = forms.splits ? given.split : given
        let tracked = TrackedChat(chat.plainMessages)
        do {
            var input = Input(messages: .none, length: chat.tools?.unicodeScalars.count ?? 0)
            var numbers: [String: Int] = [:]
            input.messages = .list(
                try JinjaList(
                    chat.messages.enumerated().map { index, message in
                        input.length += message.length
                        return try value(of: message, start: tracked.start(ofMessage: index), forms, &numbers)
                    }))
            if let tools = chat.tools { input.tools = try JinjaJSONReader.value(of: tools) }
            input.variables = chat.thinks == true && !defaults.isEmpty ? ["enable_thinking": .bool(true)] : defaults
            return RenderedChat(
                text: try render(input, addGenerationPrompt: addGenerationPrompt).text, chat: tracked, forms: forms)
        } catch let fault as JinjaFault {
            throw TemperError(.data, fault.message, hint: fault.hint, place: "chat", boundary: .data)
        }
    }

    private func value(
        of message: TemplateChat.Message, start: Int32, _ forms: CallForms, _ numbers: inout [String: Int]
    ) throws -> JinjaValue {
        func data(_ text: String) -> JinjaValue { .text(JinjaText(text, origin: JinjaText.data)) }
        func id(_ given: String) -> JinjaValue {
            guard forms.renumbers else { return data(given) }
            let number = numbers[given, default: numbers.count]
            numbers[given] = number
            return data("call" + number.padded(5))
        }
        // Roles are the template's words, not text from outside.
        let content: JinjaValue =
            message.isNull && !message.calls.isEmpty ? .none : .text(JinjaText(message.text, trackedFrom: start))
        var fields: [(String, JinjaValue)] = [("role", .string(message.role.rawValue)), ("content", content)]
        if let name = message.name { fields.append(("name", data(name))) }
        if let call = message.callID { fields.append(("tool_call_id", id(call))) }
        if let reasoning = message.reasoning {
            fields += [("reasoning_content", data(reasoning)), ("thinking", data(reasoning))]
        }
        if !message.calls.isEmpty {
            let calls = try message.calls.map { call -> JinjaValue in
                let arguments = forms.keepsText ? data(call.arguments) : try Self.arguments(call.arguments)
                let function = try JinjaMap([("name", data(call.name)), ("arguments", arguments)])
                let number = call.id.map { [("id", id($0))] } ?? []
                return .map(try JinjaMap(number + [("type", data("function")), ("function", .map(function))]))
            }
            fields.append(("tool_calls", .list(try JinjaList(calls))))
        }
        return .map(try JinjaMap(fields))
    }

    /// An object where the text is one; a model may have written anything, which stays text.
    private static func arguments(_ text: String) throws -> JinjaValue {
        guard text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else {
            return .text(JinjaText(text, origin: JinjaText.data))
        }
        do {
            return try JinjaJSONReader.value(of: text)
        } catch let fault as JinjaFault where !fault.message.hasPrefix("not valid JSON") {
            throw fault
        } catch {
            return .text(JinjaText(text, origin: JinjaText.data))
        }
    }
}

extension TemplateChat.Message {
    /// Code points, of the parts that a template may show.
    fileprivate var length: Int {
        text.unicodeScalars.count + (reasoning?.unicodeScalars.count ?? 0)
            + calls.reduce(0) { $0 + $1.name.unicodeScalars.count + $1.arguments.unicodeScalars.count }
    }
}
