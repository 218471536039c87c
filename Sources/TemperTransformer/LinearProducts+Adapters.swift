import CTemperKernels

/// An adapter and the rows of a pass that it belongs to.
struct AdapterUse {
    var adapter: AdapterOperands
    var rows: Range<Int>
}

extension AdapterUse {
    /// The adapters of slices that lie row after row.
    static func of(_ slices: [SamplingPass.Slice]) -> [AdapterUse] {
        var uses: [AdapterUse] = []
        var row = 0
        for slice in slices {
            let rows = row..<row + slice.count
            row = rows.upperBound
            guard let adapter = slice.cache.adapter else { continue }
            if let last = uses.last, last.adapter === adapter, last.rows.upperBound == rows.lowerBound {
                uses[uses.count - 1].rows = last.rows.lowerBound..<rows.upperBound
            } else {
                uses.append(AdapterUse(adapter: adapter, rows: rows))
            }
        }
        return uses
    }
}

/// Scratch of adapters, as large as was ever needed.
final class AdapterScratch {
    /// T [rows, ranks]: U and dU.
    private(set) var low = Memory(byteCount: 0)
    private(set) var lowGradient = Memory(byteCount: 0)
    /// T [rows, I]: the input after dropout.
    private(set) var dropped = Memory(byteCount: 0)
    /// fp32 [rows, I]: the gradient before dropout.
    private(set) var spread = Memory(byteCount: 0)

    func reserve(_ element: Element, low lowCount: Int, dropped droppedCount: Int) {
        if low.byteCount < element.byteCount * lowCount {
            low = Memory(element, count: lowCount)
            lowGradient = Memory(element, count: lowCount)
        }
        if dropped.byteCount < element.byteCount * droppedCount {
            dropped = Memory(element, count: droppedCount)
            spread = Memory(floats: droppedCount)
        }
    }
}

/// The products of low-rank adapters: Y += U·Bᵀ with U = s·dropout(X)·Aᵀ.
///
/// R ranks of all parts of a matrix; A [R, I], U [N, R], B [O, r] for each part. The parts of one matrix read the same input and
/// share its dropout. U is computed again in the backward pass.
extension LinearProducts {
    /// Rows at a time under dropout, to bound its scratch.
    private static let dropoutRows = 256

    func add(
        _ use: AdapterUse, _ linear: Linear, rows: Int, tile: Int?, _ input: Matrix, into output: Matrix, keys: [UInt64],
        worker: Int = 0, among workers: Int = 1
    ) {
        guard let group = use.adapter.adapter.layout.groups[linear.weight] else { return }
        let size = tile ?? chunk(rows), rank = use.adapter.adapter.layout.rank
        let end = min(use.rows.upperBound, rows)
        for first in stride(from: use.rows.lowerBound / size * size, to: end, by: size) where first / size % workers == worker {
            let count = min(size, rows - first)
            let entering = entering(linear, group, input.offset(rows: first), count, keys.dropFirst(first))
            let low = project(entering, use.adapter, group, linear, count)
            clear(low, group.ranks, before: use.rows.lowerBound - first, from: end - first, count)
            for part in group.parts {
                products.multiply(
                    count, rank, part.count, low.offset(columns: part.column),
                    use.adapter.matrix(part.b, columns: rank).transposed,
                    into: output.offset(rows: first, columns: part.first), accumulating: true)
            }
        }
    }

    /// dU = s·dY·B, dB += dYᵀ·U, dA += dUᵀ·dropout(X), dX += dropout(dU·A).
    func addBackward(
        _ use: AdapterUse, _ linear: Linear, rows: Int, input: Matrix, gradient: Matrix, into inputGradient: Matrix?,
        keys: [UInt64]
    ) {
        guard let group = use.adapter.adapter.layout.groups[linear.weight], let adapterGradient else { return }
        let size = chunk(rows), rank = use.adapter.adapter.layout.rank
        func gradientMatrix(_ place: Int, columns: Int) -> Matrix {
            Matrix(base: adapterGradient.base + 4 * place, rowStride: columns, element: .float32)
        }
        for first in stride(from: 0, to: rows, by: size) {
            let count = min(size, rows - first), keys = keys.dropFirst(first)
            let entering = entering(linear, group, input.offset(rows: first), count, keys)
            let low = project(entering, use.adapter, group, linear, count)
            let lowGradient = Matrix(base: scratch.lowGradient.base, rowStride: group.ranks, element: weights.element)
            for part in group.parts {
                let leaving = gradient.offset(rows: first, columns: part.first)
                products.multiply(
                    count, part.count, rank, leaving, use.adapter.matrix(part.b, columns: rank),
                    into: lowGradient.offset(columns: part.column))
                products.multiply(
                    part.count, count, rank, leaving.transposed, low.offset(columns: part.column),
                    into: gradientMatrix(part.b, columns: rank), accumulating: true)
            }
            temper_scale(weights.element.half, lowGradient.base, Int64(count * group.ranks), use.adapter.scale)
            products.multiply(
                group.ranks, count, linear.inputs, lowGradient.transposed, entering,
                into: gradientMatrix(group.a, columns: linear.inputs), accumulating: true)
            guard let target = inputGradient?.offset(rows: first) else { continue }
            let down = use.adapter.matrix(group.a, columns: linear.inputs)
            guard let dropout else {
                products.multiply(count, group.ranks, linear.inputs, lowGradient, down, into: target, accumulating: true)
                continue
            }
            products.multiply(
                count, group.ranks, linear.inputs, lowGradient, down,
                into: Matrix(base: scratch.spread.base, rowStride: linear.inputs, element: .float32))
            keys.withUnsafeBufferPointer {
                temper_add_dropout(
                    target.element.half, scratch.spread.floats, target.base, $0.baseAddress, Int64(count), Int64(linear.inputs),
                    Int64(target.rowStride), dropout.settings(at: linear.weight))
            }
        }
    }

    private func chunk(_ rows: Int) -> Int { max(1, dropout == nil ? rows : min(rows, Self.dropoutRows)) }

    /// X, or dropout(X) in scratch. Reserves all scratch of the rows.
    private func entering(
        _ linear: Linear, _ group: AdapterLayout.Group, _ input: Matrix, _ count: Int, _ keys: ArraySlice<UInt64>
    ) -> Matrix {
        scratch.reserve(weights.element, low: count * group.ranks, dropped: dropout == nil ? 0 : count * linear.inputs)
        guard let dropout else { return input }
        keys.withUnsafeBufferPointer {
            temper_dropout(
                weights.element.half, input.base, scratch.dropped.base, $0.baseAddress, Int64(count), Int64(linear.inputs),
                Int64(input.rowStride), dropout.settings(at: linear.weight))
        }
        return Matrix(base: scratch.dropped.base, rowStride: linear.inputs, element: weights.element)
    }

    /// U.
    private func project(
        _ entering: Matrix, _ adapter: AdapterOperands, _ group: AdapterLayout.Group, _ linear: Linear, _ count: Int
    ) -> Matrix {
        let low = Matrix(base: scratch.low.base, rowStride: group.ranks, element: weights.element)
        products.multiply(
            count, linear.inputs, group.ranks, entering, adapter.matrix(group.a, columns: linear.inputs).transposed, into: low)
        temper_scale(weights.element.half, low.base, Int64(count * group.ranks), adapter.scale)
        return low
    }

    /// Sets the rows of U that are another adapter's to 0, so that a whole tile can be added.
    private func clear(_ low: Matrix, _ ranks: Int, before start: Int, from end: Int, _ count: Int) {
        let bytes = ranks * weights.element.byteCount
        if start > 0 { low.base.initializeMemory(as: UInt8.self, repeating: 0, count: start * bytes) }
        if end < count { low.offset(rows: end).base.initializeMemory(as: UInt8.self, repeating: 0, count: (count - end) * bytes) }
    }
}
