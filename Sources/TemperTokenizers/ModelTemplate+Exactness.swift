import TemperCore

extension ModelTemplate {
    /// Checks that a model can learn replies of a chat exactly as it is asked for them: each stands in the text once, in one piece
    /// and unchanged; what stands before it is what the model is shown when it writes it; and an end of turn follows.
    ///
    /// - Parameter trained: indices of messages of the assistant.
    /// - Throws: ``TemperError`` with code `data` that says which of these fails, and for which message.
    func requireExact(_ messages: [Message], trained: Set<Int>) throws {
        guard !trained.isEmpty else { return }
        let whole = try pieces(messages, tools: [], addGenerationPrompt: false)
        for index in trained.sorted() where messages.indices.contains(index) && !messages[index].text.isEmpty {
            let places = whole.indices.filter { whole[$0].messageIndex == index && whole[$0].spanIndex != nil }
            guard let first = places.first, let last = places.last, places.count == last - first + 1,
                whole[first...last].map(\.text).joined().utf8.elementsEqual(messages[index].text.utf8)
            else {
                throw fault(
                    index, "does not write the reply out as it is",
                    hint: "does it trim white space or leave out thoughts? Name another template, such as 'chatml'")
            }
            guard last + 1 < whole.count, whole[last + 1].spanIndex == nil, whole[last + 1].author != nil else {
                throw fault(
                    index, "writes no end of turn after the reply, so a model cannot learn to stop",
                    hint: "name another template, such as 'chatml'")
            }
            let shown = try pieces(Array(messages[..<index]), tools: [], addGenerationPrompt: true)
            let (before, prompt) = (whole[..<first].map(\.text).joined(), shown.map(\.text).joined())
            guard before.utf8.elementsEqual(prompt.utf8) else {
                throw fault(
                    index, "shows what comes before the reply otherwise than when the model is asked for it",
                    hint: Self.difference(before, prompt) + "; name another template, such as 'chatml'")
            }
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
