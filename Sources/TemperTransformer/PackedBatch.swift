import TemperCore

/// Documents laid row after row for one pass of the network, without attention between them.
///
/// Row r holds a token; the row before a trained token predicts it. Each document takes a multiple of ``documentTile`` rows
/// and the batch a multiple of ``rowTile``, so that few shapes of products occur. Filler rows need no mask: attention is
/// causal and they come last, so no real row sees one, and their gradients are exactly 0.
struct PackedBatch {
    static let documentTile = 16
    static let rowTile = 64

    /// Where a document lies; `count` includes its filler rows.
    struct Span {
        var start: Int
        var count: Int
    }

    private(set) var ids: [Int32] = []
    /// 0-based inside each document.
    private(set) var positions: [Int32] = []
    /// Tokens of each row's whole document, for positions that depend on it.
    private(set) var lengths: [Int32] = []
    private(set) var spans: [Span] = []
    /// Rows that predict a trained token, ascending, then -1 up to a multiple of ``rowTile``.
    private(set) var selected: [Int32] = []
    /// The token each selected row predicts; -1 for filler.
    private(set) var targets: [Int32] = []
    /// How much each selected row counts in the loss; empty when all count alike.
    private(set) var weights: [Float] = []
    private(set) var trainedCount = 0
    /// The weights of the selected rows together.
    private(set) var weightSum = 0.0
    /// What tells a row from all others of a step, wherever it is packed: the document's key and the position.
    private(set) var rowKeys: [UInt64] = []
    /// The same of the selected rows.
    private(set) var selectedKeys: [UInt64] = []

    var rows: Int { ids.count }

    mutating func clear() {
        ids.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        selected.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        trainedCount = 0
        weightSum = 0
        rowKeys.removeAll(keepingCapacity: true)
        selectedKeys.removeAll(keepingCapacity: true)
    }

    /// Rows a document needs: what follows the row that predicts its last trained token changes nothing and is left out.
    static func rows(for document: TokenDocument) -> Int {
        guard let last = document.mask.lastIndex(of: 1), last > 0 else { return 0 }
        return roundedUp(last, to: documentTile)
    }

    /// Appends a document that has a trained token.
    ///
    /// - Parameter key: its number in the step.
    mutating func append(_ document: TokenDocument, key: Int = 0) {
        guard let last = document.mask.lastIndex(of: 1), last > 0 else { return }
        let start = rows
        if document.weights != nil, weights.isEmpty { weights = Array(repeating: 1, count: targets.count) }
        let isWeighted = document.weights != nil || !weights.isEmpty
        weightSum += document.weightSum
        for index in 0..<last {
            ids.append(document.ids[index])
            positions.append(Int32(index))
            if document.mask[index + 1] == 1 {
                selected.append(Int32(start + index))
                targets.append(document.ids[index + 1])
                if isWeighted { weights.append(document.weights?[index + 1] ?? 1) }
            }
        }
        trainedCount = targets.count
        fill(from: start, upTo: Self.documentTile, length: document.ids.count)
        rowKeys += (0..<rows - start).map { UInt64(key) << 32 | UInt64($0) }
    }

    /// Appends a document of which every row is selected and predicts nothing, to read all its logits.
    mutating func appendAllSelected(_ sequence: [Int32]) {
        let start = rows
        for (index, id) in sequence.enumerated() {
            ids.append(id)
            positions.append(Int32(index))
            selected.append(Int32(start + index))
            targets.append(-1)
        }
        fill(from: start, upTo: Self.documentTile, length: sequence.count)
    }

    /// Completes the last tile; called once, after the last document.
    mutating func close() {
        let start = rows
        if rows % Self.rowTile != 0 { fill(from: start, upTo: Self.rowTile, length: 0) }
        while selected.count % Self.rowTile != 0 {
            selected.append(-1)
            targets.append(-1)
            if !weights.isEmpty { weights.append(1) }
        }
        rowKeys += Array(repeating: 0, count: rows - rowKeys.count)
        selectedKeys = selected.map { $0 < 0 ? 0 : rowKeys[Int($0)] }
    }

    /// The runs of equal weight among some selected rows, as (first, count, weight); one run when all count alike.
    func runs(of rows: Range<Int>) -> [(first: Int, count: Int, weight: Float)] {
        guard !weights.isEmpty else { return [(rows.lowerBound, rows.count, 1)] }
        var runs: [(first: Int, count: Int, weight: Float)] = []
        for row in rows {
            if let last = runs.last, last.weight == weights[row] {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((row, 1, weights[row]))
            }
        }
        return runs
    }

    private mutating func fill(from start: Int, upTo tile: Int, length: Int) {
        var position: Int32 = Int32(rows - start)
        while rows % tile != 0 {
            ids.append(0)
            positions.append(position)
            position += 1
        }
        lengths.append(contentsOf: repeatElement(Int32(length), count: rows - start))
        spans.append(Span(start: start, count: rows - start))
    }

    static func roundedUp(_ count: Int, to tile: Int) -> Int { (count + tile - 1) / tile * tile }
}
