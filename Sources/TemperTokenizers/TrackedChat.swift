import TemperCore

/// A chat whose every code point has a number, by which it is known again in the rendered text.
struct TrackedChat {
    let messages: [Message]
    /// The number of each message's first code point.
    private let starts: [Int32]
    /// Per message, the numbers within it where its spans begin, and its length.
    private let spanEnds: [[Int]]
    private let scalars: [Unicode.Scalar]

    init(_ messages: [Message]) {
        self.messages = messages
        var (starts, spanEnds, scalars): ([Int32], [[Int]], [Unicode.Scalar]) = ([], [], [])
        for message in messages {
            starts.append(Int32(scalars.count))
            var (ends, length): ([Int], Int) = ([], 0)
            for span in message.spans {
                scalars += span.text.unicodeScalars
                length += span.text.unicodeScalars.count
                ends.append(length)
            }
            spanEnds.append(ends)
        }
        (self.starts, self.spanEnds, self.scalars) = (starts, spanEnds, scalars)
    }

    func start(ofMessage index: Int) -> Int32 { starts[index] }

    /// What a template is given of it.
    func input(tools: JinjaValue = .none, variables: [String: JinjaValue] = [:]) throws -> ModelTemplate.Input {
        let values = try zip(messages, starts).map { message, start in
            JinjaValue.map(
                try JinjaMap([
                    ("role", .string(message.role.rawValue)), ("content", .text(JinjaText(message.text, trackedFrom: start))),
                ]))
        }
        return ModelTemplate.Input(
            messages: .list(try JinjaList(values)), tools: tools, variables: variables, length: scalars.count)
    }

    /// The message and span a code point of the rendered text is of; nil when it is control text or was changed on its way.
    func place(of glyph: JinjaText.Glyph) -> (message: Int, span: Int)? {
        let number = Int(glyph.origin)
        guard number >= 0, number < scalars.count, scalars[number] == glyph.scalar else { return nil }
        var (low, high) = (0, starts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if Int(starts[middle]) <= number { low = middle } else { high = middle - 1 }
        }
        let offset = number - Int(starts[low])
        guard let span = spanEnds[low].firstIndex(where: { offset < $0 }) else { return nil }
        return (low, span)
    }
}
