import Foundation
package import TemperCore
package import TemperTransformer

/// What only the native engine has: a recipe's `train.native`. The defaults here are the only ones.
package struct NativeOptions: Codable, Sendable, Hashable {
    /// How matrix products are computed: `fp32`, `bf16`, or `auto` for bf16 where the CPU has instructions for it.
    package var precision = Precision.auto
    /// Keeps only what enters each layer for the backward pass and computes the rest again: the same weights, a third slower, for
    /// long documents in little memory.
    package var recomputeActivations = false
    /// Seconds between checkpoints, from which an interrupted training goes on, 0…86400.
    package var checkpointSeconds = 60.0

    package init() {}

    /// The keys of a recipe.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case precision
        case recomputeActivations = "recompute_activations"
        case checkpointSeconds = "checkpoint_seconds"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        precision = try values.decodeIfPresent(Precision.self, forKey: .precision) ?? precision
        recomputeActivations =
            try values.decodeIfPresent(Bool.self, forKey: .recomputeActivations) ?? recomputeActivations
        checkpointSeconds = try values.decodeIfPresent(Double.self, forKey: .checkpointSeconds) ?? checkpointSeconds
    }

    /// Reads what a recipe gives.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the key of `train.native`.
    package init(_ options: [String: JSONValue]) throws {
        for key in CodingKeys.allCases {
            guard let value = options[key.rawValue] else { continue }
            do {
                let one = try JSONEncoder().encode([key.rawValue: value])
                let read = try JSONDecoder().decode(NativeOptions.self, from: one)
                switch key {
                case .precision: precision = read.precision
                case .recomputeActivations: recomputeActivations = read.recomputeActivations
                case .checkpointSeconds: checkpointSeconds = read.checkpointSeconds
                }
            } catch is DecodingError {
                let found = try value.string ?? String(decoding: JSONEncoder.stable().encode(value), as: UTF8.self)
                throw TemperError(
                    .data, "'train.native.\(key.rawValue)' has a value it cannot have: '\(found)'",
                    hint: Self.hint(key), boundary: .recipe)
            }
        }
        if let problem { throw TemperError(.data, "'train.native': \(problem)", boundary: .recipe) }
    }

    private static func hint(_ key: CodingKeys) -> String {
        switch key {
        case .precision: return "it may be \(Precision.allCases.map(\.rawValue).joined(separator: ", "))"
        case .recomputeActivations: return "it may be true or false"
        case .checkpointSeconds: return "it is a number of seconds"
        }
    }

    /// What makes the options impossible, naming the key; nil when they can be carried out.
    package var problem: String? {
        guard (0...86_400).contains(checkpointSeconds) else {
            return "'checkpoint_seconds' is \(checkpointSeconds), it must be in 0…86400"
        }
        return nil
    }
}
