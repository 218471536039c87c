import TemperTokenizers

extension Document {
    /// Every text that may hold a secret, each in pieces: of a message the reasoning, the spans, the arguments of each call and the
    /// speaker's name, and at the end the functions. Empty where there is none. What is set has as many texts and pieces.
    var pieces: [[String]] {
        get {
            var all: [[String]] = []
            for message in messages {
                all.append([message.reasoning ?? ""])
                all.append(message.spans.map(\.text))
                for call in message.calls ?? [] { all.append([call.arguments]) }
                all.append([message.name ?? ""])
            }
            return all + [[tools ?? ""]]
        }
        set {
            var rest = newValue[...]
            func next() -> String { rest.removeFirst().joined() }
            for index in messages.indices {
                let reasoning = next()
                if messages[index].reasoning != nil { messages[index].reasoning = reasoning }
                for (place, text) in rest.removeFirst().enumerated() { messages[index].spans[place].text = text }
                for call in (messages[index].calls ?? []).indices { messages[index].calls?[call].arguments = next() }
                let name = next()
                if messages[index].name != nil { messages[index].name = name }
            }
            let functions = next()
            if tools != nil { tools = functions }
        }
    }

    /// The same, each text as a whole.
    var texts: [String] { pieces.map { $0.joined() } }
}
