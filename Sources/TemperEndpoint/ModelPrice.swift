package import TemperCore

/// US dollars per million tokens.
package struct ModelPrice: Configurable {
    package var prompt = 0.0
    package var completion = 0.0

    package static let keys: [ConfigurationKey<ModelPrice>] = [
        ConfigurationKey(
            "prompt", \.prompt, in: .atLeast(0), use: .required, "US dollars for a million tokens of the prompt."),
        ConfigurationKey(
            "completion", \.completion, in: .atLeast(0), use: .required, "US dollars for a million tokens of the reply."),
    ]

    package init() {}

    package init(prompt: Double, completion: Double) {
        self.prompt = prompt
        self.completion = completion
    }

    /// US dollars.
    package func cost(of usage: TokenUsage) -> Double {
        (Double(usage.promptTokens) * prompt + Double(usage.completionTokens) * completion) / 1_000_000
    }

    /// OpenAI's list prices as of August 2025. Prices change: a recipe's `price` goes before.
    package static let table: [String: ModelPrice] = [
        "gpt-3.5-turbo": ModelPrice(prompt: 0.5, completion: 1.5),
        "gpt-3.5-turbo-0613": ModelPrice(prompt: 1.5, completion: 2),
        "gpt-4": ModelPrice(prompt: 30, completion: 60),
        "gpt-4-turbo": ModelPrice(prompt: 10, completion: 30),
        "gpt-4.1": ModelPrice(prompt: 2, completion: 8),
        "gpt-4.1-mini": ModelPrice(prompt: 0.4, completion: 1.6),
        "gpt-4.1-nano": ModelPrice(prompt: 0.1, completion: 0.4),
        "gpt-4o": ModelPrice(prompt: 2.5, completion: 10),
        "gpt-4o-2024-05-13": ModelPrice(prompt: 5, completion: 15),
        "gpt-4o-mini": ModelPrice(prompt: 0.15, completion: 0.6),
        "gpt-5": ModelPrice(prompt: 1.25, completion: 10),
        "gpt-5-mini": ModelPrice(prompt: 0.25, completion: 2),
        "gpt-5-nano": ModelPrice(prompt: 0.05, completion: 0.4),
        "o3": ModelPrice(prompt: 2, completion: 8),
        "o3-mini": ModelPrice(prompt: 1.1, completion: 4.4),
        "o4-mini": ModelPrice(prompt: 1.1, completion: 4.4),
    ]

    /// What a policy's tokens cost; nil for a policy that is no endpoint. An endpoint of your own is free unless the options say
    /// otherwise.
    package static func of(policy: String, options: EndpointOptions) -> ModelPrice? {
        if policy.hasPrefix("openai:") {
            return options.price ?? listed(for: String(policy.dropFirst("openai:".count)))
        }
        guard policy.hasPrefix("http://") || policy.hasPrefix("https://") else { return nil }
        return options.price ?? ModelPrice(prompt: 0, completion: 0)
    }

    /// The price of a model or of a dated version of it (`gpt-4o-mini-2024-07-18`).
    package static func listed(for model: String) -> ModelPrice? {
        if let price = table[model] { return price }
        let parts = model.split(separator: "-")
        let isDate: (Substring) -> Bool = { $0.allSatisfy(\.isNumber) && ($0.count == 4 || $0.count == 2) }
        guard let last = parts.lastIndex(where: { !isDate($0) }), last < parts.count - 1 else { return nil }
        return table[parts[...last].joined(separator: "-")]
    }
}
