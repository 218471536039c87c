package import TemperCore

/// What of a model training changes.
package enum Tuning: Codable, Sendable, Hashable {
    /// Every weight.
    case full
    /// A low-rank adapter beside the frozen weights.
    case lora(LowRank)

    /// An adapter's options, and how the frozen weights are kept meanwhile.
    package struct LowRank: Codable, Sendable, Hashable {
        package var adapter = AdapterOptions()
        package var base = WeightStorage.bf16

        package init(_ adapter: AdapterOptions = AdapterOptions(), base: WeightStorage = .bf16) {
            self.adapter = adapter
            self.base = base
        }

        enum CodingKeys: String, CodingKey { case base }

        package init(from decoder: any Decoder) throws {
            adapter = try AdapterOptions(from: decoder)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            base = try values.decodeIfPresent(WeightStorage.self, forKey: .base) ?? base
        }

        package func encode(to encoder: any Encoder) throws {
            try adapter.encode(to: encoder)
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(base, forKey: .base)
        }
    }

    /// The keys of a recipe: `full`, `lora`, or `{ lora: { … } }`.
    enum CodingKeys: String, CodingKey { case full, lora }

    package init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), let word = try? single.decode(String.self) {
            switch CodingKeys(rawValue: word) {
            case .full: self = .full
            case .lora: self = .lora(LowRank())
            case nil:
                throw DecodingError.dataCorruptedError(in: single, debugDescription: "tuning is full or { lora: { … } }")
            }
            return
        }
        self = .lora(try decoder.container(keyedBy: CodingKeys.self).decode(LowRank.self, forKey: .lora))
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .full:
            var single = encoder.singleValueContainer()
            try single.encode(CodingKeys.full.rawValue)
        case .lora(let options):
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(options, forKey: .lora)
        }
    }

    /// What makes it impossible, naming the key; nil when it can be done.
    package var problem: String? {
        guard case .lora(let options) = self else { return nil }
        return options.adapter.problem
    }

    /// How the model's weights are kept.
    var storage: WeightStorage {
        guard case .lora(let options) = self else { return .fp32 }
        return options.base
    }
}
