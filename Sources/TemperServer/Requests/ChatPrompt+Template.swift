import TemperCore
import TemperTokenizers

extension ChatPrompt {
    /// How the calls of a chat are handed to a template: templates differ in what they accept.
    private struct CallStyle {
        /// Nine letters and digits instead of the client's ids.
        var renumbers = false
        /// One message for each call, followed by its answer.
        var splits = false
        /// Arguments as the text that they came in, not as an object.
        var keepsText = false

        /// The first changes nothing.
        static let all = (0..<8).map { CallStyle(renumbers: $0 & 1 > 0, splits: $0 & 2 > 0, keepsText: $0 & 4 > 0) }
    }

    /// A chat with functions, in the words of the model's own template.
    ///
    /// A template that refuses the chat as it is given is tried with other forms of the same calls. One that puts no calls, or
    /// no answers, into words is given them in Qwen's words.
    ///
    /// - Throws: ``APIError`` for a chat that does not fit; what the template refuses.
    static func encode(
        _ messages: [ChatMessage], tools: String?, _ template: ModelTemplate, _ tokenizer: Tokenizer
    ) throws -> [Int32] {
        var messages = messages
        if !template.writesCalls {
            guard template.writesAnswers else {
                let turns = try plain(messages).map { message in
                    object([("role", quoted(message.role.rawValue)), ("content", quoted(message.text))])
                }
                return try template.prompt(messages: list(turns), tools: tools, tokenizer: tokenizer)
            }
            for index in messages.indices where !messages[index].calls.isEmpty {
                messages[index].content = text(messages[index])
                messages[index].calls = []
            }
        }
        let hasCalls = messages.contains { !$0.calls.isEmpty }, hasSeveral = messages.contains { $0.calls.count > 1 }
        do {
            return try template.prompt(messages: text(messages, CallStyle()), tools: tools, tokenizer: tokenizer)
        } catch {
            for style in CallStyle.all.dropFirst() where hasCalls && (hasSeveral || !style.splits) {
                do {
                    let turns = style.splits ? split(messages) : messages
                    return try template.prompt(messages: text(turns, style), tools: tools, tokenizer: tokenizer)
                } catch {
                    // What the client is told is why the chat was refused as it is.
                }
            }
            throw error
        }
    }

    /// Each call in a message of its own, with its answers after it; answers to none of them come last.
    private static func split(_ messages: [ChatMessage]) -> [ChatMessage] {
        var result: [ChatMessage] = []
        var index = 0
        while index < messages.count {
            let message = messages[index]
            index += 1
            guard message.calls.count > 1 else {
                result.append(message)
                continue
            }
            var answers = Array(messages[index...].prefix { $0.role == .tool })
            index += answers.count
            for (number, call) in message.calls.enumerated() {
                var turn = message
                turn.calls = [call]
                if number > 0 { (turn.content, turn.hasContent) = ("", false) }
                result.append(turn)
                result += answers.filter { $0.callID == call.id }
                answers.removeAll { $0.callID == call.id }
            }
            result += answers
        }
        return result
    }

    // MARK: As JSON, the keys of arguments in the order that they were given in

    private static func text(_ messages: [ChatMessage], _ style: CallStyle) -> String {
        var numbers: [String: Int] = [:]
        func id(_ given: String) -> String {
            guard style.renumbers else { return quoted(given) }
            let number = numbers[given, default: numbers.count]
            numbers[given] = number
            return quoted("call" + number.padded(5))
        }
        return list(
            messages.map { message in
                let role = message.role == .developer ? ChatMessage.Role.system : message.role
                let isNull = !message.hasContent && !message.calls.isEmpty
                var fields = [("role", quoted(role.rawValue)), ("content", isNull ? "null" : quoted(message.content))]
                if let name = message.name { fields.append(("name", quoted(name))) }
                if let given = message.callID { fields.append(("tool_call_id", id(given))) }
                guard !message.calls.isEmpty else { return object(fields) }
                let calls = message.calls.map { call in
                    let arguments = style.keepsText ? quoted(call.arguments) : arguments(call)
                    let function = object([("name", quoted(call.name)), ("arguments", arguments)])
                    return object([("id", id(call.id)), ("type", quoted("function")), ("function", function)])
                }
                return object(fields + [("tool_calls", list(calls))])
            })
    }

    /// An object where the text is one.
    private static func arguments(_ call: ToolCall) -> String {
        do {
            if try JSONReader.read(Array(call.arguments.utf8)).object != nil { return call.arguments }
        } catch {
            // A model may have written anything: it stays text.
        }
        return quoted(call.arguments)
    }

    private static func quoted(_ text: String) -> String { JSONWriter.text(.string(text)) }

    private static func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }

    private static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { quoted($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
    }
}
