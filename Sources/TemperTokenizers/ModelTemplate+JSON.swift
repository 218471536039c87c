package import TemperCore

extension ModelTemplate {
    /// A chat in OpenAI's form as text: messages with any fields the template reads (`tool_calls`, `reasoning_content`, lists of
    /// parts), as `apply_chat_template` renders it.
    ///
    /// - Parameters:
    ///   - messages: a JSON list of objects; keys keep their order.
    ///   - tools: a JSON list of function definitions; nil for none.
    ///   - variables: what else the template reads, such as `enable_thinking`.
    /// - Throws: ``TemperError`` with code `data` for text that is not JSON, and what the template refuses.
    package func render(
        messages: String, tools: String? = nil, addGenerationPrompt: Bool = false, variables: [String: JSONValue] = [:]
    ) throws -> String {
        try rendered(messages, tools, addGenerationPrompt: addGenerationPrompt, variables.mapValues { try JinjaValue($0) }).string
    }

    /// The ids of ``render(messages:tools:addGenerationPrompt:variables:)``; only the template's own text gives special tokens.
    ///
    /// - Throws: as there.
    package func encode(
        messages: String, tools: String? = nil, tokenizer: Tokenizer, addGenerationPrompt: Bool = false,
        variables: [String: JSONValue] = [:]
    ) throws -> [Int32] {
        let text = try rendered(
            messages, tools, addGenerationPrompt: addGenerationPrompt, variables.mapValues { try JinjaValue($0) })
        return Self.encode(text, tokenizer)
    }

    /// As one text, in which only what the template itself wrote gives special tokens.
    static func encode(_ text: JinjaText, _ tokenizer: Tokenizer) -> [Int32] {
        var bytes: [UInt8] = []
        var isControl: [Bool] = []
        for glyph in text.glyphs {
            bytes += UTF8.encode(glyph.scalar).map { Array($0) } ?? []
            isControl += repeatElement(glyph.origin == JinjaText.control, count: bytes.count - isControl.count)
        }
        return tokenizer.encode(bytes, isControl: isControl, isContinued: false)
    }

    func rendered(
        _ messages: String, _ tools: String?, addGenerationPrompt: Bool,
        _ variables: @autoclosure () throws -> [String: JinjaValue]
    ) throws -> JinjaText {
        do {
            var input = Input(
                messages: try Self.withRoles(JinjaJSONReader.value(of: messages)),
                length: messages.unicodeScalars.count + (tools?.unicodeScalars.count ?? 0))
            if let tools { input.tools = try JinjaJSONReader.value(of: tools) }
            input.variables = try variables()
            return try render(input, addGenerationPrompt: addGenerationPrompt).text
        } catch let fault as JinjaFault {
            throw TemperError(.data, fault.message, hint: fault.hint, place: "chat", boundary: .data)
        }
    }

    /// Roles are the template's words, not text from outside; reasoning has one name, as `transformers` gives it.
    private static func withRoles(_ messages: JinjaValue) throws -> JinjaValue {
        guard case .list(let list) = messages else { throw JinjaFault("the messages are not a list") }
        return .list(
            try JinjaList(
                list.items.map { message in
                    guard case .map(let given) = message else { throw JinjaFault("a message is not an object") }
                    var fields = given
                    if let role = fields["role"]?.text,
                        role.glyphs.allSatisfy({ $0.scalar.isASCII && $0.scalar.isPythonAlphabetic })
                    {
                        try fields.set(.string("role"), .string(role.string))
                    }
                    if let thought = ["reasoning_content", "thinking", "reasoning"].lazy.compactMap({ fields[$0] }).first(where: {
                        !$0.isNone
                    }) {
                        if fields["thinking"] == nil { try fields.set(.string("thinking"), thought) }
                        try fields.set(.string("reasoning_content"), thought)
                    }
                    return .map(fields)
                }))
    }
}

extension JinjaValue {
    /// JSON from elsewhere; the keys of objects have no order of their own and come sorted.
    init(_ json: JSONValue) throws {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .number(let value): self = Int(exactly: value).map { .int($0) } ?? .float(value)
        case .string(let value): self = .text(JinjaText(value, origin: JinjaText.data))
        case .array(let values): self = .list(try JinjaList(values.map { try JinjaValue($0) }))
        case .object(let fields):
            self = .map(try JinjaMap(fields.sorted { $0.key < $1.key }.map { ($0.key, try JinjaValue($0.value)) }))
        }
    }
}
