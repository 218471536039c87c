import TemperCore

/// The body of `/v1/completions`.
struct TextRequest: Sendable {
    enum Prompt: Sendable {
        case text(String)
        case ids([Int32])
    }

    var model: String
    var prompts: [Prompt]
    var sampling: SamplingFields
    var maximumNewTokens: Int
    /// Alternatives beside each token's log-probability; nil for neither.
    var alternatives: Int?
    /// Whether the reply repeats the prompt, and scores it if log-probabilities are asked for.
    var echoes: Bool

    init(_ body: JSONValue) throws(APIError) {
        var fields = try Fields(body)
        guard let model = try fields.string("model") else { throw .field("model", "is missing", code: "missing_parameter") }
        self.model = model
        guard let prompt = fields.take("prompt") else { throw .field("prompt", "is missing", code: "missing_parameter") }
        prompts = try Self.prompts(prompt)
        sampling = try SamplingFields(&fields)
        echoes = try fields.bool("echo") ?? false
        maximumNewTokens = try fields.integer("max_tokens", in: 0...10_000_000) ?? 16
        alternatives = try fields.integer("logprobs", in: 0...ServerOptions.maximumAlternatives)
        guard maximumNewTokens > 0 || echoes else { throw .field("max_tokens", "may be 0 only with 'echo'") }
        guard !echoes || !sampling.streams else { throw .field("echo", "cannot be combined with 'stream'") }
        guard prompts.count * sampling.count <= ServerOptions.maximumChoices else {
            throw .field("prompt", "asks for more than \(ServerOptions.maximumChoices) choices in all")
        }
        try fields.require("best_of", toBe: [.number(1), .number(Double(sampling.count))])
        try fields.require("suffix", toBe: [.string("")])
        try fields.refuseOthers(harmless: SamplingFields.harmless)
    }

    private static func prompts(_ value: JSONValue) throws(APIError) -> [Prompt] {
        if let text = value.string { return [.text(text)] }
        guard let items = value.array, !items.isEmpty else {
            throw .field("prompt", "must be a string, token ids, or a list of these", code: "invalid_type")
        }
        if items[0].number != nil { return [.ids(try ids(items))] }
        var prompts: [Prompt] = []
        for item in items {
            if let text = item.string {
                prompts.append(.text(text))
            } else {
                prompts.append(.ids(try ids(item.array ?? [])))
            }
        }
        return prompts
    }

    private static func ids(_ items: [JSONValue]) throws(APIError) -> [Int32] {
        let ids = items.compactMap { $0.number.flatMap { Int32(exactly: $0) } }
        guard !ids.isEmpty, ids.count == items.count else {
            throw .field("prompt", "must be a string, token ids, or a list of these", code: "invalid_type")
        }
        return ids
    }
}
