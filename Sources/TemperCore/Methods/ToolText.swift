import Foundation

/// Function calls as text, in the form that Hermes and Qwen models are trained on: what a model without a `tools` field reads and
/// writes, and what a store and a dataset hold for every model.
/// ```
/// I need the page of the company.
/// <tool_call>
/// {"name": "search", "arguments": {"input": "Sjolund Motors"}}
/// </tool_call>
/// ```
/// The answer of the environment is a user message `<tool_response>\n…\n</tool_response>`.
public enum ToolText {
    public static let callMark = "<tool_call>"
    public static let callEnd = "</tool_call>"
    public static let responseMark = "<tool_response>"
    public static let responseEnd = "</tool_response>"
    static let expectation =
        "Write \(callMark), a line {\"name\": …, \"arguments\": {\"\(ToolDefinition.parameter)\": …}} and \(callEnd)."

    /// A call as it stands in a text; `arguments` is JSON, if it is well formed.
    struct Call: Sendable, Hashable {
        var content: String?
        var name: String
        var arguments: String
    }

    static func write(thought: String?, action: Action) -> String {
        let parts = parts(thought: thought, action: action)
        return parts.before + parts.argument + parts.after
    }

    /// What stands around the argument, and the argument as it stands in JSON.
    static func parts(thought: String?, action: Action) -> (before: String, argument: String, after: String) {
        let lead = thought.map { $0.isEmpty ? "" : $0 + "\n" } ?? ""
        let before =
            lead + callMark + "\n{\"name\": \(quoted(action.name)), \"arguments\": {\"\(ToolDefinition.parameter)\": \""
        return (before, String(quoted(action.argument).dropFirst().dropLast()), "\"}}\n" + callEnd)
    }

    static func write(_ call: Call) -> String {
        let lead = call.content.map { $0.isEmpty ? "" : $0 + "\n" } ?? ""
        return lead + "\(callMark)\n{\"name\": \(quoted(call.name)), \"arguments\": \(call.arguments)}\n\(callEnd)"
    }

    static func write(observation: String) -> String { "\(responseMark)\n\(observation)\n\(responseEnd)" }

    /// What the environment said, from its message; nil when it is no such message.
    static func observation(in text: String) -> String? {
        guard text.hasPrefix(responseMark + "\n"), text.hasSuffix("\n" + responseEnd),
            text.count > responseMark.count + responseEnd.count + 1
        else { return nil }
        return String(text.dropFirst(responseMark.count + 1).dropLast(responseEnd.count + 1))
    }

    /// The instruction with the functions in words, for a model that takes no `tools`.
    static func instruction(_ instruction: String) -> String {
        let (rest, tools) = ToolDefinition.split(instruction)
        guard !tools.isEmpty else { return instruction }
        let lines = tools.map { tool in
            "{\"name\": \(quoted(tool.name)), \"description\": \(quoted(tool.summary)), \"arguments\": "
                + "{\"\(ToolDefinition.parameter)\": \(quoted(tool.argument))}}"
        }
        return rest + "\n\nThe functions are:\n" + lines.joined(separator: "\n") + "\n\nCall one in every turn:\n" + callMark
            + "\n{\"name\": the function, \"arguments\": {\"\(ToolDefinition.parameter)\": the text}}\n" + callEnd
    }

    /// The first call of a text; nil when there is none that can be read.
    static func call(in text: String) -> Call? {
        guard let mark = text.range(of: callMark), let fields = json(in: text, from: mark.upperBound)?.object,
            let name = fields["name"]?.string
        else { return nil }
        let content = text[..<mark.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
        let body = body(of: text, from: mark.upperBound)
        var arguments = "{}"
        // The model's own spelling, where it is found as we write it.
        if let range = body.range(of: "\"arguments\": "), body.hasSuffix("}") {
            arguments = String(body[range.upperBound...].dropLast())
        }
        if parsed(arguments) != fields["arguments"] { arguments = fields["arguments"].map(encoded) ?? "{}" }
        return Call(content: content.isEmpty ? nil : content, name: name, arguments: arguments)
    }

    static func read(_ text: String) -> TurnText.Reading {
        guard let mark = text.range(of: callMark) else {
            // A model trained on the unified format writes its action there.
            let unified = ReActText.read(text)
            if unified.action != nil { return unified }
            return TurnText.Reading(thought: TurnText.thought(in: text), diagnosis: "There is no function call. \(expectation)")
        }
        let content = text[..<mark.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
        let thought = content.isEmpty ? nil : content
        guard let fields = json(in: text, from: mark.upperBound)?.object, let name = fields["name"]?.string, !name.isEmpty
        else { return TurnText.Reading(thought: thought, diagnosis: "The function call is not JSON with a name. \(expectation)") }
        guard let argument = argument(fields["arguments"]) else {
            return TurnText.Reading(
                thought: thought,
                diagnosis: "The function '\(name)' takes one text, '\(ToolDefinition.parameter)'. \(expectation)")
        }
        return TurnText.Reading(thought: thought, action: Action(name, argument))
    }

    /// The one argument, whatever a model calls it; some write the object as a text once more.
    private static func argument(_ value: JSONValue?) -> String? {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?:
            guard let inner = parsed(text), inner.object != nil else { return text }
            return argument(inner)
        case .object(let fields)?:
            if fields.isEmpty { return "" }
            let only = fields[ToolDefinition.parameter] ?? (fields.count == 1 ? fields.values.first : nil)
            switch only {
            case .string(let text)?: return text
            case .number?, .bool?: return only.map(encoded)
            default: return nil
            }
        default: return nil
        }
    }

    private static func body(of text: String, from start: String.Index) -> String {
        let rest = text[start...]
        let end = rest.range(of: callEnd)?.lowerBound ?? rest.endIndex
        return rest[..<end].trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func json(in text: String, from start: String.Index) -> JSONValue? { parsed(body(of: text, from: start)) }

    /// JSON, or nil: what a model writes wrongly is diagnosed, not thrown.
    static func parsed(_ text: String) -> JSONValue? { try? JSONValue.parse(Data(text.utf8), named: "function call") }

    static func encoded(_ value: JSONValue) -> String {
        do {
            return String(decoding: try JSONEncoder.stable().encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("a JSON value that was read can be written: \(error)")
        }
    }

    /// A text as a JSON string.
    static func quoted(_ text: String) -> String { encoded(.string(text)) }
}
