import TemperCore
import TemperTransformer

/// The tokens of a request, as OpenAI counts them.
struct Usage: Sendable, Hashable {
    /// Each prompt once, however many choices it has.
    var promptTokens = 0
    var completionTokens = 0
    /// Prompt tokens whose keys and values were cached already.
    var reusedTokens = 0

    mutating func add(_ reply: SampledReply, isFirstOfPrompt: Bool) {
        completionTokens += reply.ids.count
        if isFirstOfPrompt { reusedTokens += reply.reusedTokens }
    }

    var json: JSONValue {
        .object([
            "prompt_tokens": .number(Double(promptTokens)), "completion_tokens": .number(Double(completionTokens)),
            "total_tokens": .number(Double(promptTokens + completionTokens)),
            "prompt_tokens_details": .object(["cached_tokens": .number(Double(reusedTokens))]),
        ])
    }
}

/// What every reply to one request shares.
struct ReplyHead: Sendable {
    let id: String
    let created: Int
    let model: String

    init(_ prefix: String, model: String, created: Int) {
        id = prefix + "-" + Identifier.random(24)
        self.created = created
        self.model = model
    }

    func json(_ object: String, choices: [JSONValue], usage: JSONValue? = nil) -> JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(id), "object": .string(object), "created": .number(Double(created)), "model": .string(model),
            "choices": .array(choices),
        ]
        fields["usage"] = usage
        return .object(fields)
    }
}
