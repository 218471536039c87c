import CTemperKernels
import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct PackedWeightsTests {
    @Test("An 8-bit weight is off by at most 1/254 of the largest of its group, also in short and empty groups")
    func int8RoundTrip() {
        let rows = 9, width = 150, group = PackedWeights.group, groups = PackedWeights.groups(width)
        var random = RandomSource(seed: 3)
        var weights = (0..<rows * width).map { _ in Float(random.normal()) }
        for index in 0..<group { weights[index] = 0 }
        for index in 0..<group { weights[2 * width + index] = Float(bitPattern: UInt32(index)) }
        var codes = [Int8](repeating: 0, count: weights.count), scales = [Float](repeating: 0, count: rows * groups)
        temper_quantise_int8(weights, &codes, &scales, Int64(rows), Int64(width), Int64(group))
        for (half, tolerance) in [(Int32(0), 0), (1, 1.0 / 256)] {
            // A part that begins in the second group and ends inside the third.
            let columns = group..<140
            let memory = Memory(half == 1 ? .bfloat16 : .float32, count: rows * columns.count)
            codes.withUnsafeBufferPointer { codes in
                scales.withUnsafeBufferPointer { scales in
                    guard let codes = codes.baseAddress, let scales = scales.baseAddress else { return }
                    temper_expand_int8(
                        half, codes + columns.lowerBound, scales + 1, memory.base, Int64(rows), Int64(columns.count),
                        Int64(width),
                        Int64(groups), Int64(group))
                }
            }
            for row in 0..<rows {
                for (place, column) in columns.enumerated() {
                    let members = column / group * group..<min((column / group + 1) * group, width)
                    let largest = members.map { abs(weights[row * width + $0]) }.max() ?? 0
                    let expected = Double(weights[row * width + column]), index = row * columns.count + place
                    let halves = memory.base.assumingMemoryBound(to: UInt16.self)
                    let found = half == 1 ? Float(bitPattern: UInt32(halves[index]) << 16) : memory.floats[index]
                    let bound = Double(largest) / 254 * 1.0001 + tolerance * abs(expected) * 1.01
                    #expect(abs(Double(found) - expected) <= bound, "row \(row), column \(column)")
                }
            }
        }
        #expect(codes.allSatisfy { $0 >= -127 })
        #expect(scales[0] == 0 && scales[2 * groups] == 0)
    }

    @Test("A frozen model computes what an fp32 model with its rounded weights computes", arguments: testedPrecisions)
    func frozenModels(precision: Precision) throws {
        let golden = try GoldenModel.load(tied: false), documents = golden.tokenDocuments
        let exact = try GradientEngine(model: golden.model(), precision: precision, workers: 1).loss(of: documents).lossSum
        for storage in [WeightStorage.bf16, .int8] {
            let frozen = golden.model().frozen(as: storage), unpacked = frozen.frozen(as: .fp32)
            #expect(unpacked.byteCount > frozen.byteCount)
            func engine(_ model: TransformerModel) throws -> GradientEngine {
                GradientEngine(
                    model: model, adapter: try livelyAdapter(for: model), precision: precision, engineSettings(workers: 1))
            }
            let engines = try [frozen, unpacked].map(engine)
            let losses = try engines.map { try $0.lossAndGradient(of: documents).lossSum }
            // The panels of packed weights are other shapes of products.
            #expect(abs(losses[0] - losses[1]) <= 1e-5 * losses[1])
            for (name, _) in engines[0].adapter?.tensors ?? [] {
                let error = relativeError(engines[0].gradient(of: name) ?? [], try #require(engines[1].gradient(of: name)))
                #expect(error <= (precision == .fp32 ? 1e-5 : 0.01), "\(storage) \(name): \(error)")
            }
            let own = GradientEngine(
                model: frozen, adapter: nil, precision: precision, engineSettings { $0.computesGradient = false })
            #expect(abs(try own.loss(of: documents).lossSum - exact) <= 0.01 * exact)
        }
    }

    @Test("A frozen model reads from a folder as it is frozen in memory")
    func readsPacked() throws {
        try withTemporaryFolder { folder in
            let model = try GoldenModel.load(tied: true).model()
            try model.save(folder: folder)
            for storage in WeightStorage.allCases {
                let read = try TransformerModel(folder: folder, storage: storage)
                #expect(read.storage == storage && read.hasSameWeights(as: model.frozen(as: storage)))
            }
            let packed = model.frozen(as: .bf16)
            try packed.save(folder: folder)
            #expect(try TransformerModel(folder: folder, storage: .bf16).hasSameWeights(as: packed))
        }
    }

    @Test("A 1.5 B base takes 3.1 GB in bf16 and 1.9 GB in int8, its adapter's state a hundredth")
    func memoryOfALargeBase() throws {
        let configuration = ModelConfiguration(
            vocabularySize: 151_936, width: 1536, feedForwardWidth: 8960, layerCount: 28, headCount: 12, keyValueHeadCount: 2,
            contextLength: 32_768)
        let layout = WeightLayout(configuration)
        #expect(abs(Double(layout.count) - 1.54e9) < 0.01e9)
        #expect(Double(PackedWeights.Plan(layout, .bf16).byteCount) < 3.1e9)
        #expect(Double(PackedWeights.Plan(layout, .int8).byteCount) < 1.9e9)
        let adapter = AdapterLayout(layout, parts: try AdapterOptions().parts(of: layout), rank: 8)
        // Weights, their rounded copy, two moments, and a gradient for each of two workers.
        #expect(22 * adapter.count < 220_000_000)
    }

    @Test("Dropout keeps what the hash of row and column says, scaled, and about the right share")
    func dropoutKernel() throws {
        let rows = 40, width = 200
        let settings = try #require(Dropout(rate: 0.3, seed: 9)).settings(at: 128)
        let keys = (0..<rows).map { UInt64($0) << 32 | UInt64($0 % 7) }
        for element in testedElements {
            let x = Memory(element, count: rows * width), y = Memory(element, count: rows * width)
            let ones = [Float](repeating: 1, count: rows * width), sums = Memory(element, count: rows * width)
            temper_convert(element.half, ones, x.base, Int64(rows * width))
            temper_dropout(element.half, x.base, y.base, keys, Int64(rows), Int64(width), Int64(width), settings)
            temper_add_dropout(element.half, ones, sums.base, keys, Int64(rows), Int64(width), Int64(width), settings)
            var kept = 0
            for index in 0..<rows * width {
                func value(_ memory: Memory) -> Float {
                    element == .float32
                        ? memory.floats[index]
                        : Float(bitPattern: UInt32(memory.base.assumingMemoryBound(to: UInt16.self)[index]) << 16)
                }
                #expect(value(y) == 0 || abs(value(y) - 1 / 0.7) < 0.005)
                #expect(value(y) == value(sums))
                kept += value(y) == 0 ? 0 : 1
            }
            #expect(abs(Double(kept) / Double(rows * width) - 0.7) < 0.02)
            // Rows of equal keys drop alike, wherever they stand.
            let again = Memory(element, count: width)
            temper_dropout(element.half, x.base, again.base, [keys[5]], 1, Int64(width), Int64(width), settings)
            #expect(memcmp(again.base, y.base + 5 * width * element.byteCount, width * element.byteCount) == 0)
        }
        #expect(Dropout(rate: 0, seed: 1) == nil)
    }

    @Test("Biases are added to rows and their gradient is the sum of rows", arguments: testedElements)
    func biasKernels(element: Element) {
        let rows = 5, width = 7, stride = 9
        let values = (0..<rows * stride).map { Float($0 % 11) }, bias = (0..<width).map { Float($0) }
        let x = Memory(element, count: values.count)
        temper_convert(element.half, values, x.base, Int64(values.count))
        var sums = [Float](repeating: 1, count: width)
        temper_add_column_sums(element.half, x.base, &sums, Int64(rows), Int64(width), Int64(stride))
        temper_add_bias(element.half, bias, x.base, Int64(rows), Int64(width), Int64(stride))
        for column in 0..<width {
            #expect(sums[column] == 1 + (0..<rows).reduce(0) { $0 + values[$1 * stride + column] })
        }
        for (index, value) in values.enumerated() {
            let expected = value + (index % stride < width ? bias[index % stride] : 0)
            let halves = x.base.assumingMemoryBound(to: UInt16.self)
            #expect((element == .float32 ? x.floats[index] : Float(bitPattern: UInt32(halves[index]) << 16)) == expected)
        }
    }
}
