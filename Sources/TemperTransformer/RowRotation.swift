import CTemperKernels

/// Rotates the rows of one worker's pass: by the shared table, or by angles made for the pass where a text is so long that
/// dynamic scaling changes its frequencies.
final class RowRotation {
    private let table: RotaryTable
    private let configuration: ModelConfiguration
    private let element: Element
    /// Rows of the table, or of the pass's own angles.
    private var indices: [Int32] = []
    private var own: (cosines: Memory, sines: Memory)?
    private var usesOwn = false

    init(_ table: RotaryTable, _ configuration: ModelConfiguration, _ element: Element) {
        self.table = table
        self.configuration = configuration
        self.element = element
    }

    /// Call this before the pass.
    ///
    /// - Parameters:
    ///   - positions: the position of each row in its text.
    ///   - lengths: tokens of each row's text.
    func prepare(positions: some Collection<Int32>, lengths: some Collection<Int32>) {
        let positions = Array(positions), lengths = Array(lengths)
        let limit = Int32(clamping: table.constantLength)
        usesOwn = limit < .max && lengths.contains { $0 > limit }
        guard usesOwn else {
            indices = positions
            return
        }
        let half = table.half
        if (own?.cosines.byteCount ?? 0) < 4 * positions.count * half {
            own = (Memory(floats: positions.count * half), Memory(floats: positions.count * half))
        }
        indices = positions.indices.map { Int32($0) }
        guard let own else { return }
        var known: (length: Int32, frequencies: [Double]) = (0, [])
        for (row, position) in positions.enumerated() {
            if row == 0 || lengths[row] != known.length {
                known = (lengths[row], table.frequencies(length: Int(lengths[row])))
            }
            table.write(Int(position), known.frequencies, into: own.cosines.floats + row * half, own.sines.floats + row * half)
        }
    }

    /// Rotates queries and keys of all rows, neighbours in a row of queries, keys and values, in place.
    ///
    /// - Parameters:
    ///   - rows: the first of the prepared rows.
    ///   - direction: 1, or -1 for the transpose.
    func rotate(_ rows: UnsafeMutableRawPointer, direction: Float) {
        rotate(
            rows, 0..<indices.count, heads: configuration.headCount + configuration.keyValueHeadCount, direction: direction)
    }

    /// Rotates neighbouring heads of some rows.
    ///
    /// - Parameters:
    ///   - base: the first head of the first of these rows.
    ///   - range: which of the prepared rows.
    func rotate(_ base: UnsafeMutableRawPointer, _ range: Range<Int>, heads: Int, direction: Float) {
        let cosines = usesOwn ? own?.cosines : table.cosines, sines = usesOwn ? own?.sines : table.sines
        guard let cosines, let sines else { return }
        indices.withUnsafeBufferPointer { indices in
            guard let first = indices.baseAddress else { return }
            temper_rotate(
                element.half, base, Int64(configuration.attentionInputWidth), first + range.lowerBound, cosines.floats,
                sines.floats, Int64(range.count), Int64(heads), Int64(configuration.headWidth), direction)
        }
    }
}
