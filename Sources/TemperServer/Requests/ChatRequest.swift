import TemperCore

/// The body of `/v1/chat/completions`.
struct ChatRequest: Sendable {
    /// Whether the model may, must or must not call a function.
    enum ToolChoice: Hashable, Sendable {
        case none, auto, required
        case function(String)
    }

    /// A function that may be called.
    struct Tool: Sendable {
        var name: String
        /// Its JSON as it was given.
        var json: JSONValue
    }

    var model: String
    var messages: [ChatMessage]
    var sampling: SamplingFields
    /// Nil: as many as the context allows.
    var maximumNewTokens: Int?
    /// Alternatives beside each token's log-probability; nil for neither.
    var alternatives: Int?
    var tools: [Tool]
    /// As JSON, their keys in the order that they were given in.
    var toolsText: String
    var toolChoice: ToolChoice
    var allowsSeveralCalls: Bool
    /// Whether the reply goes on inside the last message, which is the assistant's.
    var continuesLastMessage: Bool
    /// Whether the model is to think before its reply, where its template can tell it so; nil is no.
    var thinks: Bool?

    /// - Parameter toolsText: the text of the body's `tools`; nil sorts their keys.
    init(_ body: JSONValue, toolsText: String? = nil) throws(APIError) {
        var fields = try Fields(body)
        guard let model = try fields.string("model") else { throw .field("model", "is missing", code: "missing_parameter") }
        self.model = model
        guard let given = fields.take("messages") else { throw .field("messages", "is missing", code: "missing_parameter") }
        guard let values = given.array, !values.isEmpty else { throw .field("messages", "must be a list of messages") }
        messages = []
        for (index, value) in values.enumerated() { messages.append(try ChatMessage(value, at: index)) }
        sampling = try SamplingFields(&fields)
        let old = try fields.integer("max_tokens", in: 1...10_000_000)
        maximumNewTokens = try fields.integer("max_completion_tokens", in: 1...10_000_000) ?? old
        let wantsLogProbabilities = try fields.bool("logprobs") ?? false
        let top = try fields.integer("top_logprobs", in: 0...ServerOptions.maximumAlternatives)
        guard wantsLogProbabilities || (top ?? 0) == 0 else { throw .field("top_logprobs", "needs 'logprobs' to be true") }
        alternatives = wantsLogProbabilities ? top ?? 0 : nil
        (tools, toolChoice) = try Self.tools(&fields)
        self.toolsText = toolsText ?? JSONWriter.text(.array(tools.map(\.json)))
        allowsSeveralCalls = try fields.bool("parallel_tool_calls") ?? true
        continuesLastMessage = try fields.bool("continue_final_message") ?? false
        let addsPrompt = try fields.bool("add_generation_prompt") ?? !continuesLastMessage
        guard addsPrompt != continuesLastMessage else {
            throw .field("add_generation_prompt", "must be the opposite of 'continue_final_message'")
        }
        guard !continuesLastMessage || messages.last?.role == .assistant && tools.isEmpty else {
            throw .field("continue_final_message", "needs a last message of the assistant, and no tools")
        }
        guard sampling.choices.isEmpty || tools.isEmpty else { throw .field("guided_choice", "cannot be combined with 'tools'") }
        if let format = fields.take("response_format"), format["type"] != .string("text") {
            throw .field(
                "response_format", "only the type 'text' is supported; for one of several texts use 'guided_choice'",
                code: "unsupported_value")
        }
        if let given = fields.take("chat_template_kwargs") {
            var kwargs = try Fields(given, prefix: "chat_template_kwargs.")
            thinks = try kwargs.bool("enable_thinking")
            try kwargs.refuseOthers()
        }
        try fields.require("modalities", toBe: [.array([.string("text")])])
        for name in ["functions", "function_call"] {
            try fields.require(name, toBe: [], reason: "is not supported; use 'tools' and 'tool_choice'")
        }
        try fields.refuseOthers(harmless: SamplingFields.harmless)
    }

    private static func tools(_ fields: inout Fields) throws(APIError) -> ([Tool], ToolChoice) {
        var tools: [Tool] = []
        if let given = fields.take("tools") {
            guard let values = given.array else { throw .field("tools", "must be a list", code: "invalid_type") }
            for (index, value) in values.enumerated() {
                guard value["type"] == .string("function"), let name = value["function"]?["name"]?.string, !name.isEmpty else {
                    throw .field("tools[\(index)]", "must have the type 'function' and a function with a name")
                }
                tools.append(Tool(name: name, json: value))
            }
        }
        let choice: ToolChoice
        let given = fields.take("tool_choice")
        switch given {
        case nil: choice = tools.isEmpty ? .none : .auto
        case .string("none")?: choice = .none
        case .string("auto")?: choice = tools.isEmpty ? .none : .auto
        case .string("required")?: choice = .required
        default:
            guard let name = given?["function"]?["name"]?.string, given?["type"] == .string("function") else {
                throw .field("tool_choice", "must be 'none', 'auto', 'required' or name a function")
            }
            guard tools.contains(where: { $0.name == name }) else {
                throw .field("tool_choice", "names '\(name)', which is not among the tools")
            }
            choice = .function(name)
        }
        guard choice != .required || !tools.isEmpty else { throw .field("tool_choice", "is 'required' without tools") }
        return (tools, choice)
    }
}
