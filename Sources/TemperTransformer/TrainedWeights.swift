/// The numbers that training changes: a model's own, or an adapter's beside a frozen model.
struct TrainedWeights {
    /// fp32.
    let weights: Memory
    /// Their bfloat16 copy for products, if there is one.
    let rounded: Memory?
    let entries: [WeightLayout.Entry]
    /// Elements of the arena.
    let count: Int

    init(_ model: TransformerModel, rounded: Memory? = nil) {
        weights = model.weights
        self.rounded = rounded
        entries = model.layout.entries
        count = model.layout.count
    }

    init(_ adapter: Adapter, rounded: Memory? = nil) {
        weights = adapter.weights
        self.rounded = rounded
        entries = adapter.layout.entries
        count = adapter.layout.count
    }
}
