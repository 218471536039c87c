/// What one step of sampling computes: the rows of several sequences, one after the other.
struct SamplingPass {
    /// Rows of a tile where products run on tiles.
    static let tile = 16

    /// Consecutive tokens of one sequence that are computed now; its cache already has room for them.
    struct Slice {
        var cache: KeyValueCache
        /// The position of the first of them.
        var start: Int
        /// Tokens of the prompt, for positions that depend on how long a text is.
        var promptCount: Int
        /// How many of the last of them have their logits wanted.
        var logitRows: Int

        var count: Int { cache.count - start }
    }

    let slices: [Slice]
    /// The first row of each slice.
    private(set) var firstRows: [Int] = []
    private(set) var ids: [Int32] = []
    private(set) var positions: [Int32] = []
    /// Tokens of each row's text, for positions that depend on it.
    private(set) var lengths: [Int32] = []
    /// Where each slice's logits begin, among all that are wanted.
    private(set) var firstLogits: [Int] = []
    /// The rows whose logits are wanted, then -1 up to whole tiles.
    private(set) var wanted: [Int32] = []

    /// - Parameter tile: rows are filled up to a multiple of it.
    init(_ slices: [Slice], tile: Int = Self.tile) {
        self.slices = slices
        for slice in slices {
            firstRows.append(ids.count)
            firstLogits.append(wanted.count)
            ids += slice.cache.ids[slice.start...]
            positions += (slice.start..<slice.cache.count).map { Int32($0) }
            lengths += (slice.start..<slice.cache.count).map { Int32(max(slice.promptCount, $0 + 1)) }
            wanted += (ids.count - slice.logitRows..<ids.count).map { Int32($0) }
        }
        let filler = (tile - ids.count % tile) % tile
        ids += Array(repeating: 0, count: filler)
        positions += Array(repeating: 0, count: filler)
        lengths += Array(repeating: 0, count: filler)
        wanted += Array(repeating: -1, count: (tile - wanted.count % tile) % tile)
    }

    /// The number of rows, with filler.
    var rows: Int { ids.count }
}

/// Activations of one step, shared by the team; nothing is kept from layer to layer but the residual stream.
final class SamplingBuffers {
    let rows: Int
    /// fp32 [rows, D] and [rows].
    let stream: Memory
    let scale: Memory
    /// T [rows, D], [rows, (H + 2K)·h], [rows, H·h], [rows, 2F], [rows, F].
    let normed: Memory
    let queriesKeysValues: Memory
    let attended: Memory
    let gateUp: Memory
    let hidden: Memory
    /// fp32 [wanted rows, V].
    let logits: Memory

    init(_ configuration: ModelConfiguration, _ element: Element, rows: Int, wanted: Int) {
        self.rows = rows
        stream = Memory(floats: rows * configuration.width)
        scale = Memory(floats: rows)
        normed = Memory(element, count: rows * configuration.width)
        queriesKeysValues = Memory(element, count: rows * configuration.attentionInputWidth)
        attended = Memory(element, count: rows * configuration.queryWidth)
        gateUp = Memory(element, count: rows * 2 * configuration.feedForwardWidth)
        hidden = Memory(element, count: rows * configuration.feedForwardWidth)
        logits = Memory(floats: wanted * configuration.vocabularySize)
    }
}
