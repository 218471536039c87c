import Foundation

/// How likely a token was at its place, and which other tokens were likely there.
///
/// Log-probabilities are natural logarithms and those of the model's whole distribution at temperature 1, whatever
/// temperature, nucleus or choices a request draws under.
package struct TokenScore: Sendable, Hashable {
    /// A token that was possible there.
    package struct Alternative: Sendable, Hashable {
        package var id: Int32
        package var logProbability: Double

        package init(id: Int32, logProbability: Double) {
            self.id = id
            self.logProbability = logProbability
        }
    }

    package var id: Int32
    package var logProbability: Double
    /// The most likely tokens, most likely first, equals by id; the token itself is among them if it is that likely.
    package var alternatives: [Alternative]

    package init(id: Int32, logProbability: Double, alternatives: [Alternative] = []) {
        self.id = id
        self.logProbability = logProbability
        self.alternatives = alternatives
    }

    /// - Parameter count: how many alternatives.
    init(_ id: Int32, _ logits: UnsafeBufferPointer<Float>, alternatives count: Int) {
        var highest = -Float.infinity
        for logit in logits { highest = max(highest, logit) }
        var total = 0.0
        for logit in logits { total += exp(Double(logit) - Double(highest)) }
        let norm = Double(highest) + log(total)
        var best: [(id: Int32, logit: Float)] = []
        best.reserveCapacity(count + 1)
        for (index, logit) in logits.enumerated() where count > 0 {
            if best.count == count, let last = best.last, logit <= last.logit { continue }
            let place = best.firstIndex { $0.logit < logit } ?? best.count
            best.insert((Int32(index), logit), at: place)
            if best.count > count { best.removeLast() }
        }
        self.init(
            id: id, logProbability: Double(logits[Int(id)]) - norm,
            alternatives: best.map { Alternative(id: $0.id, logProbability: Double($0.logit) - norm) })
    }
}
