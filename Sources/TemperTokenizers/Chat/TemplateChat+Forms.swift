import TemperCore

/// How the calls of a chat are handed to a template: templates differ in what they accept.
struct CallForms: Sendable, Hashable {
    /// Nine letters and digits instead of the source's ids.
    var renumbers = false
    /// One message for each call, followed by its result.
    var splits = false
    /// Arguments as the text that they came in, not as an object.
    var keepsText = false

    /// The first changes nothing.
    static let all = (0..<8).map { CallForms(renumbers: $0 & 1 > 0, splits: $0 & 2 > 0, keepsText: $0 & 4 > 0) }
}

extension TemplateChat {
    /// The results of each turn in the order of its calls, since few templates show ids. Calls without an id get one; results
    /// without an id answer the calls in order.
    package var ordered: TemplateChat {
        var chat = self
        var index = 0
        var number = 0
        while index < messages.count {
            for place in messages[index].calls.indices {
                if messages[index].calls[place].id == nil { chat.messages[index].calls[place].id = "call" + number.padded(5) }
                number += 1
            }
            let calls = chat.messages[index].calls
            index += 1
            guard !calls.isEmpty else { continue }
            let start = index
            while index < messages.count, messages[index].role == .tool { index += 1 }
            guard index > start else { continue }
            var results = Array(messages[start..<index])
            for (place, call) in calls.enumerated() where place < results.count && results[place].callID == nil {
                results[place].callID = call.id
            }
            let ids = calls.map(\.id)
            func rank(_ message: Message) -> Int { ids.firstIndex { $0 != nil && $0 == message.callID } ?? ids.count }
            let sorted = results.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            chat.messages.replaceSubrange(start..<index, with: sorted.map(\.element))
        }
        return chat
    }

    /// Each call in a message of its own, with its results after it; results of none of them come last.
    var split: TemplateChat {
        var chat = self
        chat.messages = []
        var index = 0
        while index < messages.count {
            let message = messages[index]
            index += 1
            guard message.calls.count > 1 else {
                chat.messages.append(message)
                continue
            }
            var results = Array(messages[index...].prefix { $0.role == .tool })
            index += results.count
            for (number, call) in message.calls.enumerated() {
                var turn = message
                turn.calls = [call]
                if number > 0 {
                    turn.spans = message.spans.suffix(1).map { .init("", by: $0.author) }
                    (turn.isNull, turn.reasoning) = (true, nil)
                }
                chat.messages.append(turn)
                chat.messages += results.filter { $0.callID == call.id }
                results.removeAll { $0.callID == call.id }
            }
            chat.messages += results
        }
        return chat
    }
}
