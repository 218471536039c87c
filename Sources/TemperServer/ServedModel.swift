package import Foundation
import TemperTokenizers
package import TemperTransformer

/// A model under the name that requests give.
package struct ServedModel: Sendable {
    package var name: String
    package var model: NativeLanguageModel
    /// The name of the model that it is an adapter of; nil for a model of its own.
    package var base: String?
    /// What the model's engine calls the adapter.
    let adapter: String?
    /// The most bytes that one token stands for.
    let longestToken: Int
    /// How it writes a call.
    let callForm: ModelTemplate.CallForm

    package init(name: String, model: NativeLanguageModel) {
        self.init(name: name, model: model, base: nil, adapter: model.adapterName)
    }

    private init(name: String, model: NativeLanguageModel, base: String?, adapter: String?) {
        self.name = name
        self.model = model
        self.base = base
        self.adapter = adapter
        if case .model(let template) = model.template, template.takesTools, let form = template.callForm {
            callForm = form
        } else {
            callForm = ChatPrompt.callForm
        }
        let tokenizer = model.tokenizer
        longestToken = (0..<tokenizer.vocabularySize).reduce(1) { max($0, tokenizer.bytes(of: Int32($1)).count) }
    }

    /// An adapter of this model under a name of its own: one base in memory serves them all.
    ///
    /// - Throws: ``TemperError`` that names the file of the peft folder, and what does not fit this model.
    package func adapter(name: String, folder: URL) async throws -> ServedModel {
        try await model.addAdapter(folder: folder, named: name)
        return ServedModel(name: name, model: model, base: self.name, adapter: name)
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
