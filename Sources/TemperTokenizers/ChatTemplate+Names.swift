extension ChatTemplate: RawRepresentable, CaseIterable, Codable {
    /// The four that are Temper's own code.
    package static let allCases: [ChatTemplate] = [.chatML, .llama2, .vicuna, .alpaca]
    /// What a recipe may name.
    package static let names: [String] = allCases.map(\.rawValue) + ModelTemplate.familyNames

    /// The name of what a model came with, which no recipe can name.
    static let ownName = "own"

    package var rawValue: String {
        switch self {
        case .chatML: "chatml"
        case .llama2: "llama-2"
        case .vicuna: "vicuna"
        case .alpaca: "alpaca"
        case .model(let template): template.name
        }
    }

    /// One of ``names``.
    package init?(rawValue: String) {
        if let own = Self.allCases.first(where: { $0.rawValue == rawValue }) {
            self = own
        } else if let family = ModelTemplate.families.first(where: { $0.name == rawValue }) {
            self = .model(family)
        } else {
            return nil
        }
    }

    private enum Keys: String, CodingKey {
        case jinja, tokens
        case endOfTurn = "end_of_turn"
    }

    /// A name, or the whole text of a model's own template.
    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard let template = ChatTemplate(rawValue: name) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "there is no chat template '\(name)'"))
            }
            self = template
            return
        }
        let fields = try decoder.container(keyedBy: Keys.self)
        let end = try fields.decodeIfPresent(String.self, forKey: .endOfTurn)
        self = .model(
            ModelTemplate(
                try fields.decode(String.self, forKey: .jinja), name: Self.ownName,
                tokens: try fields.decode([String: String].self, forKey: .tokens), specialTokens: end.map { [$0] } ?? []))
    }

    package func encode(to encoder: any Encoder) throws {
        if case .model(let template) = self, template.name == Self.ownName {
            var fields = encoder.container(keyedBy: Keys.self)
            try fields.encode(template.jinja, forKey: .jinja)
            try fields.encode(template.tokens, forKey: .tokens)
            try fields.encodeIfPresent(template.endOfTurn, forKey: .endOfTurn)
        } else {
            var value = encoder.singleValueContainer()
            try value.encode(rawValue)
        }
    }
}
