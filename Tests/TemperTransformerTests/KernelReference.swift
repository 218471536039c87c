import CTemperKernels
import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

/// Plain Swift versions of the kernels, in double precision.
enum Reference {
    static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

    static func softmax(_ values: [Double]) -> [Double] {
        let highest = values.max() ?? 0
        let weights = values.map { exp($0 - highest) }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    /// x [m, k] · wᵀ with w [n, k].
    static func product(_ x: [Float], _ w: [Float], _ m: Int, _ k: Int, _ n: Int) -> [Double] {
        (0..<m * n).map { place in
            (0..<k).reduce(0.0) { $0 + Double(x[place / n * k + $1]) * Double(w[place % n * k + $1]) }
        }
    }
}

func random(_ count: Int, seed: UInt64, scale: Double = 1) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(random.normal() * scale) }
}

/// An array as an operand of the element type.
func operand(_ values: [Float], _ element: Element) -> Memory {
    let memory = Memory(element, count: values.count)
    temper_convert(element.half, values, memory.base, Int64(values.count))
    return memory
}

func values(_ memory: Memory, _ element: Element, _ count: Int) -> [Float] {
    var result = [Float](repeating: 0, count: count)
    if element == .float32 {
        result = Array(UnsafeBufferPointer(start: memory.floats, count: count))
    } else {
        temper_from_bfloat16(memory.base.assumingMemoryBound(to: UInt16.self), &result, Int64(count))
    }
    return result
}

func expectClose(
    _ values: [Float], _ expected: [Double], _ element: Element, sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = relativeError(values, expected.map { Float($0) })
    #expect(error <= (element == .float32 ? 2e-6 : 5e-3), "relative error \(error)", sourceLocation: sourceLocation)
}
