import Foundation
import TemperAgents
package import TemperCore
package import TemperEndpoint
import TemperTransformer

/// Knows which policy a recipe's word means.
///
/// | word | policy |
/// |---|---|
/// | `expert`, `random`, `search-once`, … | a script of the suite |
/// | `openai:MODEL`, `http(s)://host/v1#MODEL` | an OpenAI-compatible endpoint |
/// | `model:PATH`, a shipped model's name | the native engine |
package final class PolicyFactory: Sendable {
    private let endpoint: EndpointOptions
    private let spending: SpendingLimit?
    private let cache: (any CompletionCache)?
    private let environment: [String: String]
    private let engines: EngineCache

    /// - Parameters:
    ///   - spending: stops every paid call once its budget is reached.
    ///   - cache: answers identical paid requests without a second bill.
    ///   - environment: where keys come from.
    package init(
        endpoint: EndpointOptions = EndpointOptions(), spending: SpendingLimit? = nil, cache: (any CompletionCache)? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.endpoint = endpoint
        self.spending = spending
        self.cache = cache
        self.environment = environment
        engines = EngineCache()
    }

    /// The same budget, cache and loaded models, with endpoints asked in another way.
    func with(_ endpoint: EndpointOptions) -> PolicyFactory { PolicyFactory(self, endpoint) }

    private init(_ other: PolicyFactory, _ endpoint: EndpointOptions) {
        self.endpoint = endpoint
        spending = other.spending
        cache = other.cache
        environment = other.environment
        engines = other.engines
    }

    /// - Throws: ``TemperError``: `unavailable` when a key is missing, `data` when there is no such policy or model.
    package func policy(_ word: String, for suite: any Suite) async throws -> Policy {
        if let script = suite.scriptedPolicy(named: word) { return .script(ScriptedMethods(script, suite: suite)) }
        if let model = try await model(word) { return .model(model) }
        let known =
            suite.scriptedPolicyNames + ModelLocator.shipped + [
                "openai:MODEL", "http://HOST/v1#MODEL", "model:PATH", "recording:PATH",
            ]
        let nearest = EditDistance.nearest(to: word, among: known)
        throw TemperError(
            .data, "there is no policy '\(word)' for suite '\(suite.id)'",
            hint: nearest.map { "did you mean '\($0)'?" } ?? "policies are \(known.joined(separator: ", "))", boundary: .recipe)
    }

    /// The model that judges in a user's own suite.
    ///
    /// - Throws: ``TemperError``: `unavailable` when a key is missing, `data` when there is no such model.
    func judge(_ word: String) async throws -> any LanguageModel {
        if let model = try await model(word) { return model }
        throw TemperError(
            .data, "there is no judge '\(word)'", hint: "a judge is openai:MODEL, http://HOST/v1#MODEL or model:PATH",
            boundary: .recipe)
    }

    /// Nil when the word names no model.
    private func model(_ word: String) async throws -> (any LanguageModel)? {
        if Self.isEndpoint(word) { return try endpoint(word) }
        if word.hasPrefix("model:") { return try await engine(String(word.dropFirst("model:".count)), name: word) }
        return ModelLocator.shipped.contains(word) ? try await engine(word, name: word) : nil
    }

    /// Whether a word names a model behind a server.
    static func isEndpoint(_ word: String) -> Bool {
        ["openai:", "http://", "https://"].contains { word.hasPrefix($0) }
    }

    /// A model behind a server.
    ///
    /// - Throws: ``TemperError``: `unavailable` when a key is missing, `usage` for a word that is no address.
    func endpoint(_ word: String) throws -> any LanguageModel {
        try EndpointLanguageModel(
            policy: word, options: endpoint, cache: cache, spendingLimit: spending, environment: environment)
    }

    /// A model on the native engine, loaded once per folder.
    package func engine(_ model: String, name: String) async throws -> any LanguageModel {
        try await engines.model(at: ModelLocator.folder(for: model), name: name)
    }
}

/// The loaded models of a run.
private actor EngineCache {
    private var models: [URL: NativeLanguageModel] = [:]

    func model(at folder: URL, name: String) throws -> NativeLanguageModel {
        if let model = models[folder] { return model }
        let model = try NativeLanguageModel(folder: folder, name: name, locate: ModelLocator.folder)
        models[folder] = model
        return model
    }
}
