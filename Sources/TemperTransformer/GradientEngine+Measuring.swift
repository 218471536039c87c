package import TemperCore

extension GradientEngine {
    /// One step, optimiser included, by kind of layer.
    ///
    /// - Returns: the step's seconds and its parts; `rest` is what no other part accounts for.
    package func measure(_ documents: [TokenDocument], _ optimiser: AdamW, learningRate: Double) throws -> (
        seconds: Double, shares: [LayerShare]
    ) {
        let times = networks.map { _ in LayerTimes(model.layout) }
        for (network, times) in zip(networks, times) { network.linears.times = times }
        defer { for network in networks { network.linears.times = nil } }
        let started = ContinuousClock.now
        _ = try lossAndGradient(of: documents)
        let computed = ContinuousClock.now
        _ = optimiser.update(self, learningRate: learningRate)
        let ended = ContinuousClock.now
        var shares = LayerKind.allCases.map { kind in
            LayerShare(
                kind: kind, seconds: times.reduce(0) { $0 + ($1.seconds[kind] ?? 0) } / Double(team.count),
                operations: times.reduce(0) { $0 + ($1.operations[kind] ?? 0) })
        }
        let known = shares.reduce(0) { $0 + $1.seconds }
        for index in shares.indices {
            if shares[index].kind == .rest { shares[index].seconds = (computed - started) / .seconds(1) - known }
            if shares[index].kind == .optimiser { shares[index].seconds = (ended - computed) / .seconds(1) }
        }
        return ((ended - started) / .seconds(1), shares)
    }

    /// Operations a second of large products on all workers at once, in the engine's precision: the best that the machine gives.
    ///
    /// - Parameter seconds: how long to try.
    package func productPeak(seconds: Double = 2) -> Double {
        let size = 2048, element = weights.element
        let operands = (0..<team.count).map { _ in (Products(), (0..<3).map { _ in Memory(floats: size * size) }) }
        var best = 0.0
        let started = ContinuousClock.now
        while (ContinuousClock.now - started) / .seconds(1) < seconds {
            let round = ContinuousClock.now
            team.run { worker in
                let (products, memory) = operands[worker]
                func matrix(_ index: Int, _ element: Element) -> Matrix {
                    Matrix(base: memory[index].base, rowStride: size, element: element)
                }
                for _ in 0..<4 {
                    products.multiply(size, size, size, matrix(0, element), matrix(1, element), into: matrix(2, .float32))
                }
            }
            let operations = Double(team.count * 4 * 2) * Double(size * size * size)
            best = max(best, operations / ((ContinuousClock.now - round) / .seconds(1)))
        }
        return best
    }
}
