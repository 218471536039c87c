package import TemperCore

extension AdapterOptions {
    /// Whether a model of this shape has all targets.
    ///
    /// - Throws: ``TemperError`` with code `data` for one that it does not have.
    package func requireTargets(in configuration: ModelConfiguration) throws { _ = try parts(of: WeightLayout(configuration)) }

    /// The linear layers that the targets mean, by name.
    ///
    /// - Throws: ``TemperError`` with code `data` for a target that means none.
    func parts(of layout: WeightLayout) throws -> Set<String> {
        let all = layout.linears.flatMap(\.parts).map(\.name)
        var chosen: Set<String> = []
        for target in targets {
            let found = target == Self.allLinear ? all : all.filter { $0 == target || $0.hasSuffix("." + target) }
            guard !found.isEmpty else {
                let known = Set(all.compactMap { $0.split(separator: ".").last.map(String.init) }).sorted() + [Self.allLinear]
                throw TemperError(
                    .data, "'targets' names '\(target)', which is not a linear layer that can have an adapter",
                    hint: "layers: \(known.joined(separator: ", "))", boundary: .recipe)
            }
            chosen.formUnion(found)
        }
        return chosen
    }
}
