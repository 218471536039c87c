/// Remembers the ids of pre-tokens: most words of a text have been seen before.
///
/// A value that one `encode` call owns at a time; it starts anew when full, so its memory is bounded.
struct PreTokenCache: Sendable {
    private static let maximumCount = 1 << 16
    private static let maximumKeyLength = 64

    private var table = ByteTable(minimumCapacity: 1 << 10)
    private var starts: [Int32] = [0]
    private var ids: [Int32] = []

    /// Appends the ids of a known pre-token; false when it is not known.
    @inline(__always)
    func append(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, to result: inout [Int32]) -> Bool {
        guard let index = table.index(of: key, hash: hash) else { return false }
        for position in Int(starts[index])..<Int(starts[index + 1]) { result.append(ids[position]) }
        return true
    }

    /// - Precondition: the key is not known.
    mutating func store(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, _ encoded: [Int32]) {
        guard key.count <= Self.maximumKeyLength else { return }
        if table.count == Self.maximumCount { self = PreTokenCache() }
        _ = table.insert(key, hash: hash)
        ids.append(contentsOf: encoded)
        starts.append(Int32(ids.count))
    }
}
