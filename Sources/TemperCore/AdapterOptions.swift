/// What a low-rank adapter looks like (LoRA, Hu et al. 2021): y = W·x + s·B·A·dropout(x).
package struct AdapterOptions: Codable, Sendable, Hashable {
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
    package var problem: String? {
        if !(1...4096).contains(rank) { return "'rank' is \(rank), it must be in 1…4096" }
        if !(alpha > 0 && alpha.isFinite) { return "'alpha' is \(alpha), it must be above 0" }
        if !(dropout >= 0 && dropout < 1) { return "'dropout' is \(dropout), it must be 0 or more and less than 1" }
        if targets.isEmpty { return "'targets' names no layer" }
        return nil
    }

    /// The keys of a recipe.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case rank, alpha, dropout, targets
        case rankStabilised = "rslora"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        rank = try values.decodeIfPresent(Int.self, forKey: .rank) ?? rank
        alpha = try values.decodeIfPresent(Double.self, forKey: .alpha) ?? alpha
        dropout = try values.decodeIfPresent(Double.self, forKey: .dropout) ?? dropout
        rankStabilised = try values.decodeIfPresent(Bool.self, forKey: .rankStabilised) ?? rankStabilised
        if let one = try? values.decodeIfPresent(String.self, forKey: .targets) {
            targets = [one]
        } else {
            targets = try values.decodeIfPresent([String].self, forKey: .targets) ?? targets
        }
    }
}
