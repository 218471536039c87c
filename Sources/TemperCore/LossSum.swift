/// The summed loss of some documents and how many tokens it is over.
package struct LossSum: Sendable, Hashable {
    /// Nats; each token's loss times its weight, which is 1 unless the dataset says otherwise.
    package var lossSum: Double
    package var tokenCount: Int
    /// The weights of these tokens together.
    package var weightSum: Double

    package init(lossSum: Double = 0, tokenCount: Int = 0, weightSum: Double? = nil) {
        self.lossSum = lossSum
        self.tokenCount = tokenCount
        self.weightSum = weightSum ?? Double(tokenCount)
    }

    /// Nats per trained token of weight 1; 0 when there is none.
    package var mean: Double { weightSum == 0 ? 0 : lossSum / weightSum }
}
