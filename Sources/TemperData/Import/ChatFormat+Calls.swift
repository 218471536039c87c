import Foundation
import TemperCore
import TemperTokenizers

extension ChatFormat {
    /// TRL's `prompt` and `completion`, each a text or messages; the completion is learnt.
    static let promptCompletion = ChatFormat(
        name: "prompt-completion", summary: "'prompt' and 'completion', texts or messages, of which the completion is learnt"
    ) { record in
        var fields = try SourceFields(record, of: "the record")
        guard let prompt = fields.take("prompt"), let completion = fields.take("completion") else {
            throw RecordFault("'prompt' or 'completion' is missing")
        }
        if let question = prompt.string, let reply = completion.string {
            return try finished(
                Chat(turns: [Chat.Turn(.user, question), Chat.Turn(.assistant, reply, isTrained: true)]), &fields)
        }
        guard let asked = prompt.array, let given = completion.array else {
            throw RecordFault("'prompt' and 'completion' are not both texts or both messages")
        }
        var start = try OpenAIReader.chat(asked, &fields)
        var none = try SourceFields(SourceJSON(text: "{}"), of: "the record")
        let rest = try OpenAIReader.chat(given, &none)
        for index in start.turns.indices { start.turns[index].isTrained = false }
        start.turns += rest.turns
        start.found += rest.found
        return start
    }

    /// xLAM's and APIGen's `query`, `tools` and `answers`: one question and the calls that answer it.
    static let xlam = ChatFormat(name: "xlam", summary: "xLAM's and APIGen's 'query', 'tools' and 'answers', which are calls") {
        record in
        var fields = try SourceFields(record, of: "the record")
        guard let query = try fields.string("query") else { throw RecordFault("'query' is missing") }
        guard let answers = fields.take("answers") else { throw RecordFault("'answers' is missing") }
        var chat = Chat(turns: [Chat.Turn(.user, query)])
        var turn = Chat.Turn(.assistant, "", isTrained: true)
        turn.calls = try ChatTools.written(answers.string ?? answers.text, &chat.found)
        turn.isNull = true
        guard !turn.calls.isEmpty else { throw RecordFault("the record holds no call") }
        chat.turns.append(turn)
        chat.tools = try ChatTools.list(fields.take("tools"))
        return try finished(chat, &fields)
    }

    /// Glaive's function calling set, version 2: `system` with the functions in words, `chat` as one text.
    static let glaive = ChatFormat(name: "glaive", summary: "Glaive's 'system' and 'chat' with <functioncall>") { record in
        var fields = try SourceFields(record, of: "the record")
        guard let text = try fields.string("chat") else { throw RecordFault("'chat' is missing") }
        var chat = Chat(turns: [])
        if let system = try fields.string("system") {
            let (rest, tools) = try glaiveTools(system)
            chat.tools = tools
            if !rest.isEmpty { chat.turns.append(Chat.Turn(.system, rest)) }
        }
        for part in glaiveParts(text) {
            switch part.speaker {
            case "USER: ": chat.turns.append(Chat.Turn(.user, part.text))
            case "ASSISTANT: ": chat.turns.append(try glaiveReply(part.text, &chat.found))
            default:
                var turn = Chat.Turn(.user, part.text, author: .environment)
                turn.result = Document.ToolResult()
                chat.turns.append(turn)
            }
        }
        return try finished(chat, &fields)
    }

    private static let glaiveSpeakers = ["USER: ", "ASSISTANT: ", "FUNCTION RESPONSE: "]

    private static func glaiveParts(_ text: String) -> [(speaker: String, text: String)] {
        var parts: [(speaker: String, text: String)] = []
        for piece in text.components(separatedBy: "\n\n\n") {
            let trimmed = piece.trimmingCharacters(in: .whitespacesAndNewlines)
            if let speaker = glaiveSpeakers.first(where: { (trimmed + " ").hasPrefix($0) }) {
                parts.append((speaker, String(trimmed.dropFirst(speaker.count))))
            } else if !trimmed.isEmpty, !parts.isEmpty {
                parts[parts.count - 1].text += "\n\n\n" + trimmed
            }
        }
        return parts
    }

    /// The functions stand after the sentence as JSON objects, one after the other.
    private static func glaiveTools(_ system: String) throws -> (rest: String, tools: String?) {
        var text = system.hasPrefix("SYSTEM: ") ? String(system.dropFirst("SYSTEM: ".count)) : system
        guard let start = text.range(of: "\n{")?.lowerBound ?? text.range(of: "- {")?.lowerBound else {
            return (text.trimmingCharacters(in: .whitespacesAndNewlines), nil)
        }
        var rest = text[start...].drop { $0 != "{" }
        var tools: [String] = []
        while let end = balancedEnd(rest) {
            tools.append(String(rest[..<end]))
            rest = rest[end...].drop { $0 != "{" }
        }
        text = text[..<start].trimmingCharacters(in: .whitespacesAndNewlines)
        return (text, try ChatTools.list(SourceJSON(text: "[" + tools.joined(separator: ", ") + "]")))
    }

    /// Past the bracket that closes the first one, outside of texts.
    private static func balancedEnd(_ text: Substring) -> Substring.Index? {
        var (depth, isText, isEscaped) = (0, false, false)
        for index in text.indices {
            let character = text[index]
            if isText {
                (isText, isEscaped) = (isEscaped || character != "\"", !isEscaped && character == "\\")
            } else if character == "\"" {
                isText = true
            } else if character == "{" {
                depth += 1
            } else if character == "}" {
                depth -= 1
                if depth == 0 { return text.index(after: index) }
            }
        }
        return nil
    }

    /// A reply, which may hold `<functioncall> {"name": …, "arguments": '…'}`.
    private static func glaiveReply(_ given: String, _ found: inout [String]) throws -> Chat.Turn {
        let text = given.replacingOccurrences(of: "<|endoftext|>", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard let mark = text.range(of: "<functioncall>") else { return Chat.Turn(.assistant, text, isTrained: true) }
        let written = text[mark.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        var turn = Chat.Turn(
            .assistant, text[..<mark.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines), isTrained: true)
        turn.isNull = turn.text.isEmpty
        guard
            let match = written.wholeMatch(
                of: /\{\s*"name":\s*("(?:[^"\\]|\\.)*"),\s*"arguments":\s*'(.*)'\s*\}/.dotMatchesNewlines())
        else {
            turn.calls = try ChatTools.written(written, &found)
            return turn
        }
        guard let name = try SourceJSON(text: String(match.1)).string else { throw RecordFault("a function call is not JSON") }
        let arguments = String(match.2).replacing("\\'", with: "'")
        do { _ = try SourceJSON(text: arguments) } catch { throw RecordFault("a tool call's arguments are not JSON") }
        turn.calls = [.init(id: nil, name: name, arguments: arguments)]
        return turn
    }
}
