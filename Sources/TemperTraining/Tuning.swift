package import TemperCore

/// What of a model training changes.
package enum Tuning: Codable, Hashable, ConfigurationValue {
    /// Every weight.
    case full
    /// A low-rank adapter beside the frozen weights.
    case lora(LowRank)

    /// An adapter's options, and how the frozen weights are kept meanwhile.
    package struct LowRank: Configurable {
        package var adapter = AdapterOptions()
        package var base = WeightStorage.bf16

        package static let keys: [ConfigurationKey<LowRank>] =
            ConfigurationKey.all(of: \.adapter) + [
                ConfigurationKey("base", \.base, "How the frozen weights are kept meanwhile.")
            ]

        package init() {}

        package init(_ adapter: AdapterOptions = AdapterOptions(), base: WeightStorage = .bf16) {
            self.adapter = adapter
            self.base = base
        }
    }

    /// `{ lora: { … } }`.
    private struct Adapted: Configurable {
        var lora = LowRank()

        static let keys: [ConfigurationKey<Adapted>] = [
            ConfigurationKey("lora", \.lora, use: .required, "A low-rank adapter beside the frozen weights (Hu et al. 2021).")
        ]
    }

    /// In a recipe: `full`, `lora`, or `{ lora: { … } }`.
    package static var shape: ValueShape { .either([.choice(["full", "lora"]), Adapted.shape]) }

    package static func read(
        _ node: ConfigurationNode, over current: Tuning?, at path: ConfigurationPath, _ reader: ConfigurationReader
    ) throws -> Tuning {
        if let word = node.text {
            _ = try String.read(node, over: nil, at: path, reader)
            switch word {
            case "full": return .full
            case "lora": return .lora(LowRank())
            default: throw reader.mismatch(word, of: ["full", "lora"], at: path, node)
            }
        }
        var adapted: Adapted?
        if case .lora(let options) = current { adapted = Adapted(lora: options) }
        return .lora(try Adapted.read(node, over: adapted, at: path, reader).lora)
    }

    package var configuration: JSONValue {
        switch self {
        case .full: .string("full")
        case .lora(let options): Adapted(lora: options).configuration
        }
    }

    package func rangeProblem(at path: ConfigurationPath) -> String? {
        guard case .lora(let options) = self else { return nil }
        return Adapted(lora: options).rangeProblem(at: path)
    }

    package init(from decoder: any Decoder) throws {
        self = try Self.read(
            ConfigurationNode(try JSONValue(from: decoder)), over: nil, at: ConfigurationPath(["tuning"]),
            ConfigurationReader(isStrict: false))
    }

    package func encode(to encoder: any Encoder) throws { try configuration.encode(to: encoder) }

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
