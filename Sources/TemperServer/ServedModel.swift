import TemperTokenizers
public import TemperTransformer

/// A model under the name that requests give.
public struct ServedModel: Sendable {
    public var name: String
    public var model: NativeLanguageModel
    /// The name of the model that it is an adapter of; nil for a model of its own.
    public var base: String?
    /// The most bytes that one token stands for.
    let longestToken: Int

    public init(name: String, model: NativeLanguageModel, base: String? = nil) {
        self.name = name
        self.model = model
        self.base = base
        let tokenizer = model.tokenizer
        longestToken = (0..<tokenizer.vocabularySize).reduce(1) { max($0, tokenizer.bytes(of: Int32($1)).count) }
    }

    /// Refuses texts that cannot fit the context whatever their tokens, before they are tokenised.
    func requireMayFit(byteCount: Int) throws(APIError) {
        let least = byteCount / longestToken
        guard least > model.contextLength else { return }
        throw APIError.contextLength("the prompt has at least \(least) tokens", model.contextLength)
    }

    /// Refuses a prompt that leaves no room for a reply.
    func requireFits(_ prompt: [Int32], room: Int) throws(APIError) {
        guard prompt.count + room > model.contextLength else { return }
        throw APIError.contextLength("the prompt has \(prompt.count) tokens", model.contextLength)
    }
}

/// All models of a server; the first is the base.
struct ServedModels: Sendable {
    let all: [ServedModel]

    func find(_ name: String) throws(APIError) -> ServedModel {
        if let model = all.first(where: { $0.name == name }) { return model }
        let names = all.map { "'\($0.name)'" }.joined(separator: ", ")
        throw APIError(
            404, .invalidRequest, "The model '\(name)' does not exist; this server has \(names).", parameter: "model",
            code: "model_not_found")
    }
}
