import CTemperKernels

/// The one place where activations meet matrices of weights, for training and for sampling; used by one thread at a time.
///
/// N rows, I inputs, O outputs; X [N, I], W [O, I], b [O]. "T" is the element type of products. Weights that are packed are
/// expanded a panel at a time. Adapters add to a product; see LinearProducts+Adapters.swift.
final class LinearProducts {
    /// Elements of a panel: it should stay in the second cache.
    private static let panel = 1 << 19

    let weights: OperandWeights
    let products: Products
    /// fp32, laid out like the weights; nil where the weights do not train: then nothing is computed for them.
    let weightGradient: Memory?
    /// fp32, laid out like the training adapter.
    let adapterGradient: Memory?
    /// The adapters of the rows of this pass.
    var uses: [AdapterUse] = []
    /// The dropout of the adapters' inputs in this pass.
    var dropout: Dropout?
    private var expanded: Memory?
    let scratch = AdapterScratch()
    /// Where the time goes; nil where it is not measured.
    var times: LayerTimes?

    init(
        _ weights: OperandWeights, _ products: Products, weightGradient: Memory? = nil, training adapter: AdapterOperands? = nil,
        adapterGradient: Memory? = nil
    ) {
        self.weights = weights
        self.products = products
        self.weightGradient = weightGradient
        self.adapterGradient = adapterGradient
        if let adapter { uses = [AdapterUse(adapter: adapter, rows: 0..<Int.max)] }
    }

    /// Y = X·Wᵀ + b + what adapters add, or Y += that.
    ///
    /// - Parameters:
    ///   - input: T [N, I].
    ///   - output: [N, O], T or fp32.
    ///   - keys: of the rows, for dropout.
    func forward(
        _ linear: Linear, rows: Int, _ input: Matrix, into output: Matrix, accumulating: Bool = false, keys: [UInt64] = []
    ) {
        guard rows > 0 else { return }
        measured(linear, rows: rows, outputs: linear.outputs) {
            base(linear, rows: rows, input, into: output, accumulating: accumulating)
            for use in uses { add(use, linear, rows: rows, tile: nil, input, into: output, keys: keys) }
        }
    }

    /// Y = X·Wᵀ + b, or Y += that, for some of the outputs.
    ///
    /// - Parameters:
    ///   - outputs: all when nil.
    ///   - tile: rows of one product; all at once when nil. Panels need none: there each row is by itself.
    func base(
        _ linear: Linear, outputs: Range<Int>? = nil, rows: Int, tile: Int? = nil, _ input: Matrix, into output: Matrix,
        accumulating: Bool = false
    ) {
        let outputs = outputs ?? 0..<linear.outputs, size = tile ?? rows
        guard !outputs.isEmpty, rows > 0 else { return }
        if let panels = weights.panels(linear) {
            let target = output.offset(columns: outputs.lowerBound)
            temper_panel_product(
                output.element.half, input.base.assumingMemoryBound(to: UInt16.self), Int64(input.rowStride), Int64(rows),
                panels + outputs.lowerBound * linear.inputs, Int64(linear.inputs), Int64(outputs.count), target.base,
                Int64(output.rowStride), accumulating ? 1 : 0)
        } else {
            eachPanelOfOutputs(linear, outputs) { outputs, matrix in
                for first in stride(from: 0, to: rows, by: size) {
                    products.multiply(
                        min(size, rows - first), linear.inputs, outputs.count, input.offset(rows: first), matrix.transposed,
                        into: output.offset(rows: first, columns: outputs.lowerBound), accumulating: accumulating)
                }
            }
        }
        if let bias = linear.bias {
            temper_add_bias(
                output.element.half, weights.floats(bias) + outputs.lowerBound,
                output.offset(columns: outputs.lowerBound).base, Int64(rows), Int64(outputs.count), Int64(output.rowStride))
        }
    }

    /// What adapters add to Y, in tiles of rows that are dealt out to workers.
    func addAdapters(
        _ linear: Linear, rows: Int, tile: Int, _ input: Matrix, into output: Matrix, worker: Int, among workers: Int
    ) {
        for use in uses {
            add(use, linear, rows: rows, tile: tile, input, into: output, keys: [], worker: worker, among: workers)
        }
    }

    /// dX = dY·W and what flows back through adapters; the gradient of the adapter that trains.
    ///
    /// - Parameters:
    ///   - input: X, what entered, T [N, I].
    ///   - gradient: dY, T [N, O].
    ///   - inputGradient: dX, [N, I], T or fp32; nil when nothing before needs it.
    ///   - keys: of the rows, for dropout.
    func backward(
        _ linear: Linear, rows: Int, input: Matrix, gradient: Matrix, into inputGradient: Matrix?, keys: [UInt64] = []
    ) {
        guard rows > 0 else { return }
        measured(linear, rows: rows, outputs: inputGradient == nil ? 0 : linear.outputs) {
            if let inputGradient {
                eachPanelOfInputs(linear) { inputs, matrix in
                    products.multiply(
                        rows, linear.outputs, inputs.count, gradient, matrix,
                        into: inputGradient.offset(columns: inputs.lowerBound))
                }
            }
            for use in uses {
                addBackward(use, linear, rows: rows, input: input, gradient: gradient, into: inputGradient, keys: keys)
            }
        }
    }

    /// dW += dYᵀ·X and db += the sums of dY's columns for some of the outputs, where the weights train.
    ///
    /// - Parameters:
    ///   - input: X, T [N, I].
    ///   - gradient: dY, T [N, O].
    func addWeightGradient(_ linear: Linear, outputs: Range<Int>, rows: Int, input: Matrix, gradient: Matrix) {
        guard let weightGradient, !outputs.isEmpty, rows > 0 else { return }
        let gradient = gradient.offset(columns: outputs.lowerBound)
        measured(linear, rows: rows, outputs: outputs.count) {
            products.multiply(
                outputs.count, rows, linear.inputs, gradient.transposed, input,
                into: Matrix(
                    base: weightGradient.base + 4 * (linear.weight + outputs.lowerBound * linear.inputs),
                    rowStride: linear.inputs, element: .float32),
                accumulating: true)
        }
        if let bias = linear.bias {
            temper_add_column_sums(
                gradient.element.half, gradient.base, weightGradient.floats + bias + outputs.lowerBound, Int64(rows),
                Int64(outputs.count), Int64(gradient.rowStride))
        }
    }

    private func measured(_ linear: Linear, rows: Int, outputs: Int, _ body: () -> Void) {
        guard let times else { return body() }
        times.measure(linear, rows: rows, outputs: outputs, body)
    }

    /// Calls `body` with a range of the outputs and their rows of the matrix, [outputs, I].
    private func eachPanelOfOutputs(_ linear: Linear, _ all: Range<Int>, _ body: (Range<Int>, Matrix) -> Void) {
        if let matrix = weights.matrix(linear) { return body(all, matrix.offset(rows: all.lowerBound)) }
        let size = max(16, Self.panel / linear.inputs / 16 * 16)
        for first in stride(from: all.lowerBound, to: all.upperBound, by: size) {
            let outputs = first..<min(first + size, all.upperBound)
            body(outputs, weights.expand(linear, outputs: outputs, inputs: 0..<linear.inputs, into: room(size * linear.inputs)))
        }
    }

    /// Calls `body` with a range of inputs and their columns of the matrix, [O, inputs].
    private func eachPanelOfInputs(_ linear: Linear, _ body: (Range<Int>, Matrix) -> Void) {
        if let matrix = weights.matrix(linear) { return body(0..<linear.inputs, matrix) }
        let group = PackedWeights.group, size = max(group, Self.panel / linear.outputs / group * group)
        for first in stride(from: 0, to: linear.inputs, by: size) {
            let inputs = first..<min(first + size, linear.inputs)
            body(inputs, weights.expand(linear, outputs: 0..<linear.outputs, inputs: inputs, into: room(size * linear.outputs)))
        }
    }

    /// Memory of at least this many elements.
    private func room(_ count: Int) -> Memory {
        if let expanded, expanded.byteCount >= count * weights.element.byteCount { return expanded }
        let memory = Memory(weights.element, count: count)
        expanded = memory
        return memory
    }
}
