import Foundation

/// Zeroed memory of fixed size on a 64-byte boundary: weights, gradients, activations.
final class Memory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        // One more vector than asked for, so that kernels may read a whole last vector.
        base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64) + 64, alignment: 64)
        memset(base, 0, byteCount + 64)
    }

    convenience init(floats count: Int) { self.init(byteCount: 4 * count) }

    convenience init(_ element: Element, count: Int) { self.init(byteCount: element.byteCount * count) }

    deinit { base.deallocate() }

    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }

    /// A hash of the contents (FNV-1a over 8 bytes at a time).
    var fingerprint: UInt64 {
        let words = UnsafeRawBufferPointer(start: base, count: byteCount / 8 * 8).bindMemory(to: UInt64.self)
        return words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x0000_0100_0000_01B3 }
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
