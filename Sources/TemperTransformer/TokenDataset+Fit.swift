package import TemperCore

extension TokenDataset {
    /// Whether every document can go through a model of this shape.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the first document that is too long or has a foreign token.
    package func requireFits(_ configuration: ModelConfiguration) throws {
        for index in 0..<documentCount {
            try Self.requireFits(inputIDs[range(ofDocument: index)], named: "document \(index)", configuration)
        }
    }

    static func requireFits(_ ids: some Collection<Int32>, named name: String, _ configuration: ModelConfiguration) throws {
        guard ids.count <= configuration.contextLength else {
            throw TemperError(
                .data, "\(name) has \(ids.count) tokens, the model's context \(configuration.contextLength)",
                hint: "leave it out, or use a model with a longer context", boundary: .data)
        }
        let vocabulary = Int32(configuration.vocabularySize)
        if let id = ids.first(where: { $0 < 0 || $0 >= vocabulary }) {
            throw TemperError(
                .data, "\(name) has the token \(id), the model's vocabulary \(vocabulary) tokens",
                hint: "was the dataset made with another tokenizer?", boundary: .data)
        }
    }
}
