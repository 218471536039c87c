import Foundation
import TemperCore

/// Zeroed memory of fixed size on a 64-byte boundary: weights, gradients, activations.
///
/// Large ones are pages of their own and go back to the system when they are freed: an allocator shared by threads keeps what
/// it can no longer use whole, so that a server with bounded caches would grow.
final class Memory {
    private static let mappedFrom = 1 << 17
    private static let hugeFrom = 1 << 23

    let base: UnsafeMutableRawPointer
    let byteCount: Int
    /// The size of the mapping; nil for memory from the allocator.
    private let mappedBytes: Int?

    init(byteCount: Int) {
        self.byteCount = byteCount
        // One more vector than asked for, so that kernels may read a whole last vector.
        let size = max(byteCount, 64) + 64
        if size >= Self.mappedFrom, let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED
        {
            base = pages
            mappedBytes = size
            #if os(Linux)
                // Fewer faults and table lookups; refused without harm where the system has no huge pages.
                if size >= Self.hugeFrom { _ = madvise(pages, size, Int32(MADV_HUGEPAGE)) }
            #endif
        } else {
            base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            memset(base, 0, size)
            mappedBytes = nil
        }
    }

    convenience init(floats count: Int) { self.init(byteCount: 4 * count) }

    convenience init(_ element: Element, count: Int) { self.init(byteCount: element.byteCount * count) }

    deinit {
        if let mappedBytes { munmap(base, mappedBytes) } else { base.deallocate() }
    }

    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }

    /// A hash of the contents (FNV-1a over 8 bytes at a time).
    var fingerprint: UInt64 {
        let words = UnsafeRawBufferPointer(start: base, count: byteCount / 8 * 8).bindMemory(to: UInt64.self)
        return words.reduce(StableHash.empty, StableHash.mix)
    }

    func clear() { memset(base, 0, byteCount) }
}

/// What the operands of matrix products are kept as; sums are fp32 either way.
enum Element: Sendable {
    case float32, bfloat16

    var byteCount: Int { self == .float32 ? 4 : 2 }
    /// The kernels' `half` argument.
    var half: Int32 { self == .bfloat16 ? 1 : 0 }
}
