import Foundation

/// How rotary frequencies are changed so that a model reads longer texts than it was first trained on.
///
/// Formulas are those of `transformers` (`modeling_rope_utils.py`); θᵢ is the unscaled frequency of pair i.
package enum RotaryScaling: Sendable, Hashable {
    case none
    /// θᵢ / factor (Chen et al. 2023). `original` is the context before scaling.
    case linear(factor: Double, original: Int)
    /// In a text of n > `original` tokens the base becomes base·(factor·n/original − factor + 1)^(h/(h−2)), for all its
    /// positions ("dynamic NTK"); shorter texts are as without scaling.
    case dynamic(factor: Double, original: Int)
    /// Wavelengths above original/lowFrequencyFactor are stretched by the factor, those below original/highFrequencyFactor
    /// stay, those between are blended (Llama 3.1).
    case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, original: Int)

    /// The angle per position of each pair of a head, h/2 of them.
    ///
    /// - Parameter length: tokens of the text, for dynamic scaling.
    func frequencies(headWidth: Int, base: Double, length: Int) -> [Double] {
        var base = base
        if case .dynamic(let factor, let original) = self, length > original {
            let stretch = factor * Double(length) / Double(original) - (factor - 1)
            base *= pow(stretch, Double(headWidth) / Double(headWidth - 2))
        }
        return (0..<headWidth / 2).map { index in
            scaled(pow(base, -Double(2 * index) / Double(headWidth)))
        }
    }

    private func scaled(_ frequency: Double) -> Double {
        switch self {
        case .none, .dynamic: return frequency
        case .linear(let factor, _): return frequency / factor
        case .llama3(let factor, let low, let high, let original):
            let turns = Double(original) * frequency / (2 * .pi)
            if turns > high { return frequency }
            if turns < low { return frequency / factor }
            let share = (turns - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        }
    }

    /// Texts up to this length are rotated alike at every length.
    var constantLength: Int {
        if case .dynamic(_, let original) = self { return original }
        return .max
    }

    /// What makes it impossible, if anything.
    func problem(headWidth: Int) -> String? {
        switch self {
        case .none: return nil
        case .linear(let factor, let original), .dynamic(let factor, let original):
            if !(factor >= 1 && factor <= 1e6) { return "the rope scaling's 'factor' is \(factor), it must be at least 1" }
            if original < 1 { return "'max_position_embeddings' is \(original)" }
            if case .dynamic = self, headWidth < 4 { return "head_dim \(headWidth) is too small for dynamic rope scaling" }
        case .llama3(let factor, let low, let high, let original):
            if !(factor >= 1 && factor <= 1e6) { return "the rope scaling's 'factor' is \(factor), it must be at least 1" }
            if !(low > 0 && high > low && high.isFinite) {
                return "the rope scaling's 'low_freq_factor' \(low) and 'high_freq_factor' \(high) are not in 0 < low < high"
            }
            if original < 1 { return "'original_max_position_embeddings' is \(original)" }
        }
        return nil
    }
}
