/// What a low-rank adapter looks like (LoRA, Hu et al. 2021): y = W·x + s·B·A·dropout(x).
package struct AdapterOptions: Configurable {
    /// The numbers between A and B.
    package var rank = 8
    /// s = alpha / rank, or alpha / √rank with ``rankStabilised``.
    package var alpha = 16.0
    /// The part of an adapter's inputs that is dropped in training, 0…1 without 1.
    package var dropout = 0.0
    /// Which linear layers get one: ends of their names such as `q_proj`, or `all-linear` for all but the head.
    package var targets = [AdapterOptions.allLinear]
    /// rsLoRA (Kalajdzievski 2023).
    package var rankStabilised = false

    package static let allLinear = "all-linear"

    package static let keys: [ConfigurationKey<AdapterOptions>] = [
        ConfigurationKey("rank", \.rank, in: .within(1...4096), "The numbers between the adapter's two matrices."),
        ConfigurationKey("alpha", \.alpha, in: .above(0), "The adapter's output is scaled by alpha / rank."),
        ConfigurationKey(
            "dropout", \.dropout, in: .atLeast(0, below: 1), "The share of an adapter's inputs that training drops."),
        ConfigurationKey(
            "targets", \.targetList,
            "Which linear layers get an adapter: ends of their names such as `q_proj`, or `all-linear` for all but the head."),
        ConfigurationKey("rslora", \.rankStabilised, "Scales by alpha / √rank instead (rsLoRA, Kalajdzievski 2023)."),
    ]

    package init() {}

    package init(
        rank: Int = 8, alpha: Double = 16, dropout: Double = 0, targets: [String] = [AdapterOptions.allLinear],
        rankStabilised: Bool = false
    ) {
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.targets = targets
        self.rankStabilised = rankStabilised
    }

    /// s.
    package var scale: Double { alpha / (rankStabilised ? Double(rank).squareRoot() : Double(rank)) }

    /// What makes the options impossible, naming the key; nil when there is nothing.
    package var problem: String? { rangeProblem ?? (targets.isEmpty ? "'targets' names no layer" : nil) }

    /// ``targets`` as a recipe gives them.
    var targetList: OneOrMore {
        get { OneOrMore(texts: targets) }
        set { targets = newValue.texts }
    }
}
