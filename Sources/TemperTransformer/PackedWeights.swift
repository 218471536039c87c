import CTemperKernels
import TemperCore

/// Frozen weights in 2 or about 1 bytes a number.
///
/// An 8-bit matrix [O, I] is kept as codes int8 [O, I] and scales fp32 [O, ⌈I/64⌉]: the weight is code · scale, the scale of a
/// group of 64 neighbours in a row is its largest magnitude / 127, the code is rounded to the nearest and lies in -127…127. So
/// no weight is off by more than 1/254 of the largest magnitude of its group, and a number takes 1.0625 bytes.
final class PackedWeights {
    /// Neighbours in a row that share a scale.
    static let group = 64

    /// What kind of memory an entry lies in, and where: an index of its elements, in 8-bit matrices also of its scales.
    enum Place: Sendable {
        case floats(Int)
        case bfloat16(Int)
        case int8(codes: Int, scales: Int)
    }

    /// Where everything goes, worked out before memory is taken.
    struct Plan: Sendable {
        private(set) var places: [Int: Place] = [:]
        private(set) var floats = 0, halves = 0, codes = 0, scales = 0

        init(_ layout: WeightLayout, _ storage: WeightStorage) {
            var end = -1
            for entry in layout.entries {
                // Neighbours in the arena of one matrix stay neighbours here.
                if entry.offset != end { align() }
                end = entry.offset + entry.count
                if entry.kind != .matrix {
                    places[entry.offset] = .floats(floats)
                    floats += entry.count
                } else if storage == .int8, entry.offset != layout.embedding, entry.offset != layout.head.weight {
                    places[entry.offset] = .int8(codes: codes, scales: scales)
                    codes += entry.count
                    scales += entry.shape[0] * PackedWeights.groups(entry.shape[1])
                } else {
                    places[entry.offset] = .bfloat16(halves)
                    halves += entry.count
                }
            }
        }

        private mutating func align() {
            func rounded(_ count: Int) -> Int { (count + 63) / 64 * 64 }
            (floats, halves, codes, scales) = (rounded(floats), rounded(halves), rounded(codes), rounded(scales))
        }

        var byteCount: Int { 4 * floats + 2 * halves + codes + 4 * scales }
    }

    let plan: Plan
    /// Bfloat16 matrices that lie in panels (see `temper_to_panels`), by their place: how many inputs they have.
    private var panelled: [Int: Int] = [:]
    let floats: Memory
    let halves: Memory
    let codes: Memory
    let scales: Memory

    init(_ layout: WeightLayout, _ storage: WeightStorage) {
        plan = Plan(layout, storage)
        floats = Memory(floats: plan.floats)
        halves = Memory(.bfloat16, count: plan.halves)
        codes = Memory(byteCount: plan.codes)
        scales = Memory(floats: plan.scales)
    }

    static func groups(_ inputs: Int) -> Int { (inputs + group - 1) / group }

    func place(_ offset: Int) -> Place {
        guard let place = plan.places[offset] else { preconditionFailure("no tensor lies at \(offset)") }
        return place
    }

    /// Rearranges a bfloat16 matrix into panels, once; all that reads it goes on to work.
    func rearrange(_ linear: Linear) {
        guard panelled[linear.weight] == nil, case .bfloat16(let start) = place(linear.weight) else { return }
        linear.rearrange(halfPointer + start)
        // Parts of a matrix are read by places of their own.
        for part in linear.parts { panelled[linear.weight + part.first * linear.inputs] = linear.inputs }
    }

    /// The bfloat16 matrix in panels; nil when it is not.
    func panels(_ linear: Linear) -> UnsafePointer<UInt16>? {
        guard panelled[linear.weight] != nil, case .bfloat16(let start) = place(linear.weight) else { return nil }
        return UnsafePointer(halfPointer) + start
    }

    /// Rows of a bfloat16 matrix as fp32.
    func gather(_ ids: [Int32], _ place: Int, width: Int, into target: UnsafeMutablePointer<Float>) {
        guard case .bfloat16(let start) = self.place(place) else { preconditionFailure("embeddings are packed as bfloat16") }
        guard panelled[place] != nil else {
            return temper_gather_bfloat16_embeddings(halfPointer + start, ids, target, Int64(ids.count), Int64(width))
        }
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: width) { row in
            for (index, id) in ids.enumerated() {
                temper_from_panels(
                    halfPointer + start, row.baseAddress, Int64(id), 1, Int64(width), 0, Int64(width))
                temper_from_bfloat16(row.baseAddress, target + index * width, Int64(width))
            }
        }
    }

    /// Takes in whole rows of an entry, or a stretch of one that has a single row.
    ///
    /// - Parameter first: the place in the entry of the first value; a multiple of its row's width.
    func store(_ values: UnsafePointer<Float>, count: Int, of entry: WeightLayout.Entry, first: Int) {
        switch place(entry.offset) {
        case .floats(let start): (floats.floats + start + first).update(from: values, count: count)
        case .bfloat16(let start): temper_to_bfloat16(values, halfPointer + start + first, Int64(count))
        case .int8(let start, let scaleStart):
            let width = entry.shape[1]
            temper_quantise_int8(
                values, codePointer + start + first, scales.floats + scaleStart + first / width * Self.groups(width),
                Int64(count / width), Int64(width), Int64(Self.group))
        }
    }

    /// A whole entry as fp32.
    func read(_ entry: WeightLayout.Entry, into target: UnsafeMutablePointer<Float>) {
        switch place(entry.offset) {
        case .floats(let start): target.update(from: floats.floats + start, count: entry.count)
        case .bfloat16(let start) where panelled[entry.offset] == nil:
            temper_from_bfloat16(halfPointer + start, target, Int64(entry.count))
        case .bfloat16, .int8:
            expand(
                entry.offset, rows: 0..<entry.shape[0], columns: 0..<entry.shape[1], inputs: entry.shape[1], .float32,
                into: target)
        }
    }

    /// A part of the matrix at an arena offset as numbers of a type, [rows, columns] without gaps.
    ///
    /// - Parameter columns: begin at a multiple of ``group``.
    func expand(
        _ offset: Int, rows: Range<Int>, columns: Range<Int>, inputs: Int, _ element: Element,
        into target: UnsafeMutableRawPointer
    ) {
        switch place(offset) {
        case .floats: preconditionFailure("norms and biases are not matrices")
        case .bfloat16(let start) where panelled[offset] != nil:
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: columns.count) { line in
                for (index, row) in rows.enumerated() {
                    temper_from_panels(
                        halfPointer + start, line.baseAddress, Int64(row), 1, Int64(inputs), Int64(columns.lowerBound),
                        Int64(columns.count))
                    temper_expand_bfloat16(
                        element.half, line.baseAddress, target + index * columns.count * element.byteCount, 1,
                        Int64(columns.count), Int64(columns.count))
                }
            }
        case .bfloat16(let start):
            temper_expand_bfloat16(
                element.half, halfPointer + start + rows.lowerBound * inputs + columns.lowerBound, target, Int64(rows.count),
                Int64(columns.count), Int64(inputs))
        case .int8(let start, let scaleStart):
            let groups = Self.groups(inputs)
            temper_expand_int8(
                element.half, codePointer + start + rows.lowerBound * inputs + columns.lowerBound,
                scales.floats + scaleStart + rows.lowerBound * groups + columns.lowerBound / Self.group, target,
                Int64(rows.count),
                Int64(columns.count), Int64(inputs), Int64(groups), Int64(Self.group))
        }
    }

    var halfPointer: UnsafeMutablePointer<UInt16> { halves.base.assumingMemoryBound(to: UInt16.self) }
    private var codePointer: UnsafeMutablePointer<Int8> { codes.base.assumingMemoryBound(to: Int8.self) }

    var byteCount: Int { plan.byteCount }

    /// A hash of all contents.
    var fingerprint: UInt64 {
        [floats, halves, codes, scales].reduce(StableHash.empty) { StableHash.mix($0, $1.fingerprint) }
    }
}
