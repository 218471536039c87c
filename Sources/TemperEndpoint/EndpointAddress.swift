import Foundation
import TemperCore

/// Where a hosted or served model is, and the key it asks for.
struct EndpointAddress: Sendable {
    /// The URLs chat completions are posted to.
    var urls: [String]
    var model: String
    var key: String?
    /// The environment variable the key came from or should come from.
    var keyVariable: String
    /// Whether it is OpenAI's own service, which knows models that take other parameters.
    var isOpenAI: Bool

    /// Reads `openai:MODEL` or `http(s)://HOST/PATH[,http(s)://…]#MODEL`.
    init(policy: String, environment: [String: String]) throws {
        func key(_ names: [String]) -> (name: String, value: String)? {
            for name in names {
                let value = (environment[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
                if !value.isEmpty { return (name, value) }
            }
            return nil
        }
        if policy.hasPrefix("openai:") {
            isOpenAI = true
            model = String(policy.dropFirst("openai:".count))
            urls = ["https://api.openai.com/v1/chat/completions"]
            guard let found = key(["OPENAI_API_KEY", "TEMPER_API_KEY"]) else {
                throw TemperError(
                    .unavailable, "the policy '\(policy)' needs a key",
                    hint: "set the environment variable OPENAI_API_KEY (or TEMPER_API_KEY)", boundary: .policy)
            }
            (keyVariable, self.key) = (found.name, found.value)
        } else {
            isOpenAI = false
            let parts = policy.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            model = parts.count == 2 ? String(parts[1]) : ""
            urls = try parts[0].split(separator: ",").map { try Self.completionsURL(String($0)) }
            // A key for OpenAI goes to OpenAI alone.
            (keyVariable, self.key) = ("TEMPER_API_KEY", key(["TEMPER_API_KEY"])?.value)
        }
        guard !model.isEmpty, !urls.isEmpty else {
            throw TemperError(
                .usage, "a served model is written openai:MODEL or http(s)://HOST/PATH#MODEL",
                hint: "for instance http://localhost:8000/v1#qwen2.5-7b", boundary: .policy)
        }
    }

    private static func completionsURL(_ text: String) throws -> String {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme), parts.host?.isEmpty == false
        else {
            throw TemperError(
                .usage, "one of the policy's addresses is not http(s)://HOST/PATH",
                hint: "for instance http://localhost:8000/v1#qwen2.5-7b", boundary: .policy)
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil else {
            throw TemperError(
                .usage, "a policy's address must not carry a name, a password or a query: it is written to files and logs",
                hint: "put the key into the environment variable TEMPER_API_KEY", boundary: .policy)
        }
        let base = text.hasSuffix("/") ? String(text.dropLast()) : text
        return base.hasSuffix("/chat/completions") ? base : base + "/chat/completions"
    }

    /// A service's words without anything that looks like a key.
    func redacted(_ text: String) -> String {
        var text = text
        if let key { text = text.replacingOccurrences(of: key, with: "…") }
        return text.replacingOccurrences(of: #"\bsk-[A-Za-z0-9_\-*]+"#, with: "sk-…", options: .regularExpression)
    }
}
