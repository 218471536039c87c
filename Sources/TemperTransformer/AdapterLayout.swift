/// Where an adapter's matrices lie in its flat arena; gradient and moments use the same places.
///
/// The A matrices of linear layers that read the same input are neighbours, so that one product serves them all.
struct AdapterLayout: Sendable {
    /// The adapter of one matrix of the model.
    struct Group: Sendable {
        struct Part: Sendable {
            /// Its outputs in the model's matrix.
            var first: Int
            var count: Int
            /// Its first column in U, [N, ranks].
            var column: Int
            /// Where B, [count, rank], lies.
            var b: Int
        }

        /// Where all A, [ranks, inputs], lie.
        var a: Int
        /// The ranks of all parts together.
        var ranks: Int
        var parts: [Part]
    }

    let rank: Int
    private(set) var entries: [WeightLayout.Entry] = []
    /// The groups by the place of the model's matrix in its arena.
    private(set) var groups: [Int: Group] = [:]
    /// The ranks of the widest group.
    private(set) var widest = 0
    /// Elements of the arena.
    private(set) var count = 0

    /// - Parameter parts: names of the model's linear layers.
    init(_ model: WeightLayout, parts: Set<String>, rank: Int) {
        self.rank = rank
        for linear in model.linears {
            let chosen = linear.parts.filter { parts.contains($0.name) }
            guard !chosen.isEmpty else { continue }
            var group = Group(a: 0, ranks: rank * chosen.count, parts: [])
            for (index, part) in chosen.enumerated() {
                let place = add(part.name + ".lora_A.weight", [rank, linear.inputs], follows: index > 0)
                if index == 0 { group.a = place }
            }
            for (index, part) in chosen.enumerated() {
                let place = add(part.name + ".lora_B.weight", [part.count, rank])
                group.parts.append(Group.Part(first: part.first, count: part.count, column: index * rank, b: place))
            }
            groups[linear.weight] = group
            widest = max(widest, group.ranks)
        }
        count = (count + 15) / 16 * 16
    }

    private mutating func add(_ name: String, _ shape: [Int], follows: Bool = false) -> Int {
        if !follows { count = (count + 15) / 16 * 16 }
        let entry = WeightLayout.Entry(name: name, shape: shape, offset: count, kind: .matrix)
        entries.append(entry)
        count += entry.count
        return entry.offset
    }

    func entry(_ name: String) -> WeightLayout.Entry? { entries.first { $0.name == name } }

    /// The names of the model's linear layers that have an adapter, in order.
    var parts: [String] {
        entries.compactMap { $0.name.hasSuffix(".lora_A.weight") ? String($0.name.dropLast(".lora_A.weight".count)) : nil }
    }
}
