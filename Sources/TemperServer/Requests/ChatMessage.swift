import TemperCore

/// A call of a function, as OpenAI's messages have it.
struct ToolCall: Sendable, Hashable {
    var id: String
    var name: String
    /// JSON, if the model wrote it well.
    var arguments: String

    var json: JSONValue {
        .object([
            "id": .string(id), "type": .string("function"),
            "function": .object(["name": .string(name), "arguments": .string(arguments)]),
        ])
    }
}

/// One message of a request.
struct ChatMessage: Sendable, Hashable {
    enum Role: String {
        case system, developer, user, assistant, tool
    }

    var role: Role
    var content: String
    /// Whether it has content, even if it is empty.
    var hasContent: Bool
    /// The tool calls of an assistant's message.
    var calls: [ToolCall] = []
    /// The call that a tool answers.
    var callID: String?
    /// The name of the person or function that speaks.
    var name: String?
    /// What an assistant thought before its reply.
    var reasoning: String?

    init(_ value: JSONValue, at index: Int) throws(APIError) {
        var fields = try Fields(value, prefix: "messages[\(index)].")
        guard let name = try fields.string("role") else { throw .field(fields.path("role"), "is missing") }
        guard let role = Role(rawValue: name) else { throw .field(fields.path("role"), "is '\(name)', which is not a role") }
        self.role = role
        let given = fields.take("content")
        hasContent = given != nil
        content = try Self.text(given, fields.path("content"))
        if role == .assistant {
            for (number, call) in try Self.list(fields.take("tool_calls"), fields.path("tool_calls")).enumerated() {
                calls.append(try Self.call(call, "\(fields.path("tool_calls"))[\(number)]."))
            }
            try fields.require("function_call", toBe: [], reason: "is not supported; use 'tool_calls'")
            try fields.require("audio", toBe: [])
            let other = try fields.string("reasoning")
            reasoning = (try fields.string("reasoning_content") ?? other).flatMap { $0.isEmpty ? nil : $0 }
        }
        if role == .tool {
            callID = try fields.string("tool_call_id")
            guard callID != nil else { throw .field(fields.path("tool_call_id"), "is missing") }
        }
        self.name = fields.take("name")?.string
        try fields.refuseOthers(harmless: ["refusal", "annotations"])
    }

    private static func list(_ value: JSONValue?, _ name: String) throws(APIError) -> [JSONValue] {
        guard let value else { return [] }
        guard let list = value.array else { throw .field(name, "must be a list", code: "invalid_type") }
        return list
    }

    /// Text, or a list of text parts.
    private static func text(_ value: JSONValue?, _ name: String) throws(APIError) -> String {
        guard let value else { return "" }
        if let text = value.string { return text }
        var result = ""
        guard let parts = value.array else { throw .field(name, "must be a string or a list of parts", code: "invalid_type") }
        for (index, part) in parts.enumerated() {
            guard part["type"]?.string == "text", let text = part["text"]?.string else {
                throw .field("\(name)[\(index)]", "is not a text part; this model reads text only")
            }
            result += text
        }
        return result
    }

    private static func call(_ value: JSONValue, _ prefix: String) throws(APIError) -> ToolCall {
        var fields = try Fields(value, prefix: prefix)
        let id = try fields.string("id") ?? ""
        try fields.require("type", toBe: [.string("function")])
        guard let given = fields.take("function") else { throw .field(fields.path("function"), "is missing") }
        var function = try Fields(given, prefix: prefix + "function.")
        guard let name = try function.string("name") else { throw .field(function.path("name"), "is missing") }
        let arguments = function.take("arguments") ?? .string("{}")
        return ToolCall(id: id, name: name, arguments: arguments.string ?? JSONWriter.text(arguments))
    }
}
