import CTemperKernels

/// Keys and values of ``TEMPER_CACHE_BLOCK`` consecutive positions, for all layers and heads.
final class CacheBlock {
    static let positions = Int(TEMPER_CACHE_BLOCK)

    /// The number of blocks that hold this many positions.
    static func count(for positions: Int) -> Int { (positions + Self.positions - 1) / Self.positions }

    let memory: Memory
    private let shape: CacheShape

    init(_ shape: CacheShape) {
        self.shape = shape
        memory = Memory(byteCount: shape.blockBytes)
        shape.liveBlocks += 1
    }

    deinit { shape.liveBlocks -= 1 }

    func copy() -> CacheBlock {
        let copy = CacheBlock(shape)
        copy.memory.base.copyMemory(from: memory.base, byteCount: memory.byteCount)
        return copy
    }
}

/// The layout of blocks, and how many there are.
final class CacheShape {
    let element: Element
    /// Keys, or values, of one head in a block.
    private let headBytes: Int
    let keyValueHeadCount: Int
    let blockBytes: Int
    fileprivate(set) var liveBlocks = 0

    init(_ configuration: ModelConfiguration, _ element: Element) {
        self.element = element
        keyValueHeadCount = configuration.keyValueHeadCount
        headBytes = Int(temper_cache_head_count(element.half, Int64(configuration.headWidth))) * element.byteCount
        blockBytes = configuration.layerCount * 2 * configuration.keyValueHeadCount * headBytes
    }

    /// Keys and values of one position.
    var tokenBytes: Int { blockBytes / CacheBlock.positions }

    /// Bytes from a block's start to the keys of a head; its values follow at ``valueOffset(layer:head:)``.
    func keyOffset(layer: Int, head: Int) -> Int { 2 * (layer * keyValueHeadCount + head) * headBytes }
    func valueOffset(layer: Int, head: Int) -> Int { keyOffset(layer: layer, head: head) + headBytes }
}

/// What one sequence has computed so far. Full blocks may be shared with other sequences and are never written again.
struct KeyValueCache {
    /// What changed the model that computed it.
    let adapter: AdapterOperands?
    private(set) var blocks: [CacheBlock] = []
    /// The tokens whose keys and values are in the blocks.
    private(set) var ids: [Int32] = []

    var count: Int { ids.count }

    /// Base addresses for kernels.
    private(set) var addresses: [UnsafeMutableRawPointer?] = []

    init(_ adapter: AdapterOperands? = nil) { self.adapter = adapter }

    /// A cache of the first `length` positions: whole blocks are shared, the last part is copied.
    func prefix(_ length: Int) -> KeyValueCache {
        var fork = KeyValueCache(adapter)
        fork.ids = Array(ids.prefix(length))
        fork.blocks = Array(blocks.prefix(length / CacheBlock.positions))
        if length % CacheBlock.positions != 0 { fork.blocks.append(blocks[length / CacheBlock.positions].copy()) }
        fork.addresses = fork.blocks.map(\.memory.base)
        return fork
    }

    /// Makes room for tokens that the next pass computes.
    mutating func append(_ tokens: some Collection<Int32>, _ shape: CacheShape) {
        ids += tokens
        while blocks.count * CacheBlock.positions < ids.count {
            let block = CacheBlock(shape)
            blocks.append(block)
            addresses.append(block.memory.base)
        }
    }

    /// How much of a prompt for an adapter is computed already.
    func commonPrefix(with other: [Int32], _ adapter: AdapterOperands?) -> Int {
        guard adapter === self.adapter else { return 0 }
        let limit = min(ids.count, other.count)
        var length = 0
        while length < limit, ids[length] == other[length] { length += 1 }
        return length
    }
}
