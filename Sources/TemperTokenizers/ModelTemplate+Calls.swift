extension ModelTemplate {
    /// Whether it puts the calls of an assistant's message (`tool_calls`) into words.
    package var writesCalls: Bool { jinja.contains("tool_calls") }

    /// Whether it has words for messages of the role `tool`.
    package var writesAnswers: Bool { jinja.contains("'tool'") || jinja.contains("\"tool\"") }

    /// What the template writes around the parts of a call.
    package struct CallForm: Sendable, Hashable {
        /// Between the generation prompt and the function's name.
        package var start: String
        /// Between the name and the arguments.
        package var middle: String
        /// From the arguments to the end of the turn.
        package var end: String

        package init(start: String, middle: String, end: String) {
            self.start = start
            self.middle = middle
            self.end = end
        }
    }

    /// The form of a call, seen on a small chat; nil for a template that writes no calls, or none that begins where a reply does.
    package var callForm: CallForm? {
        guard writesCalls else { return nil }
        let user = #"{"role": "user", "content": "a"}"#
        let call = """
            {"role": "assistant", "content": "", "tool_calls": [{"id": "call00001", "type": "function", "function": \
            {"name": "nameOfProbe", "arguments": {"keyOfProbe": 1}}}]}
            """
        let chats = ["[\(user)]", "[\(user), \(call)]"]
        guard
            case .success(let prompt) = Result(catching: {
                try rendered(chats[0], nil, addGenerationPrompt: true, defaults)
            }),
            case .success(let whole) = Result(catching: {
                try rendered(chats[1], nil, addGenerationPrompt: false, defaults)
            }), whole.hasPrefix(prompt)
        else { return nil }
        let rest = JinjaText(whole.glyphs[prompt.count...])
        let (name, arguments) = (JinjaText("nameOfProbe"), JinjaText(#"{"keyOfProbe": 1}"#))
        guard let first = rest.places(of: name, limit: 1).first, let second = rest.places(of: arguments, limit: 1).first,
            first + name.count <= second
        else { return nil }
        return CallForm(
            start: JinjaText(rest.glyphs[..<first]).string, middle: JinjaText(rest.glyphs[(first + name.count)..<second]).string,
            end: JinjaText(rest.glyphs[(second + arguments.count)...]).string)
    }
}
