import CTemperKernels
import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct KernelTests {
    @Test("bf16 rounds to nearest, ties to even, and keeps infinities and NaN")
    func bfloat16() {
        let values: [Float] = [1, 1.00390625, 1.01171875, -3.14159, .leastNonzeroMagnitude, .infinity, -.infinity, .nan, 3.4e38]
        var bits = [UInt16](repeating: 0, count: values.count)
        temper_to_bfloat16(values, &bits, Int64(values.count))
        var back = [Float](repeating: 0, count: values.count)
        temper_from_bfloat16(bits, &back, Int64(values.count))
        #expect(back[0] == 1 && back[1] == 1 && back[2] == 1.015625)
        #expect(back[3] == -3.140625)
        #expect(back[5] == .infinity && back[6] == -.infinity && back[7].isNaN && back[8] == .infinity)
    }

    @Test("RMSNorm forward and backward", arguments: [Element.float32, .bfloat16], [16, 37])
    func norm(element: Element, width: Int) {
        let rows = 3
        let x = random(rows * width, seed: 1), weight = random(width, seed: 2), dy = random(rows * width, seed: 3)
        let y = Memory(element, count: rows * width), scale = Memory(floats: rows), copy = Memory(floats: rows * width)
        temper_rms_norm(element.half, x, weight, y.base, scale.floats, copy.floats, Int64(rows), Int64(width), 1e-5)
        let dx = Memory(floats: rows * width), dw = Memory(floats: width), converted = Memory(element, count: rows * width)
        temper_rms_norm_backward(
            element.half, dy, x, scale.floats, weight, dx.floats, dw.floats, converted.base, Int64(rows), Int64(width))
        var expectedY: [Double] = [], expectedX: [Double] = []
        var expectedWeight = [Double](repeating: 0, count: width)
        for row in 0..<rows {
            let part = (0..<width).map { Double(x[row * width + $0]) }, up = (0..<width).map { Double(dy[row * width + $0]) }
            let factor = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-5).squareRoot()
            let dot = (0..<width).reduce(0.0) { $0 + up[$1] * Double(weight[$1]) * part[$1] }
            for i in 0..<width {
                expectedY.append(part[i] * factor * Double(weight[i]))
                expectedX.append(up[i] * Double(weight[i]) * factor - part[i] * dot * factor * factor * factor / Double(width))
                expectedWeight[i] += up[i] * part[i] * factor
            }
        }
        expectClose(values(y, element, rows * width), expectedY, element)
        expectClose(values(dx, .float32, rows * width), expectedX, .float32)
        expectClose(values(converted, element, rows * width), expectedX, element)
        expectClose(values(dw, .float32, width), expectedWeight, .float32)
        #expect(values(copy, .float32, rows * width) == x)
    }

    @Test("RMSNorm of heads in place, forward and backward", arguments: [Element.float32, .bfloat16])
    func headNorm(element: Element) {
        let rows = 3, heads = 2, head = 10, stride = 27
        let x = operand(random(rows * stride, seed: 1), element), before = values(x, element, rows * stride)
        let weight = random(head, seed: 2), up = operand(random(rows * stride, seed: 3), element)
        let upBefore = values(up, element, rows * stride)
        let copy = Memory(element, count: rows * heads * head), scale = Memory(floats: rows * heads)
        temper_head_norm(
            element.half, x.base, Int64(stride), weight, scale.floats, copy.base, Int64(heads * head), Int64(rows), Int64(heads),
            Int64(head), 1e-6)
        let dw = Memory(floats: head)
        temper_head_norm_backward(
            element.half, up.base, Int64(stride), copy.base, Int64(heads * head), scale.floats, weight, dw.floats, Int64(rows),
            Int64(heads), Int64(head))
        var expected = before.map { Double($0) }, expectedGradient = upBefore.map { Double($0) }
        var expectedWeight = [Double](repeating: 0, count: head)
        for start in (0..<rows * heads).map({ $0 / heads * stride + $0 % heads * head }) {
            let part = (0..<head).map { Double(before[start + $0]) }, d = (0..<head).map { Double(upBefore[start + $0]) }
            let factor = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(head) + 1e-6).squareRoot()
            let dot = (0..<head).reduce(0.0) { $0 + d[$1] * Double(weight[$1]) * part[$1] }
            for i in 0..<head {
                expected[start + i] = part[i] * factor * Double(weight[i])
                expectedGradient[start + i] =
                    d[i] * Double(weight[i]) * factor - part[i] * dot * factor * factor * factor / Double(head)
                expectedWeight[i] += d[i] * part[i] * factor
            }
        }
        expectClose(values(x, element, rows * stride), expected, element)
        expectClose(values(up, element, rows * stride), expectedGradient, element)
        expectClose(values(dw, .float32, head), expectedWeight, .float32)
    }

    @Test("SwiGLU forward and backward", arguments: [Element.float32, .bfloat16])
    func swiglu(element: Element) {
        let rows = 2, width = 21
        let input = operand(random(rows * 2 * width, seed: 1, scale: 3), element),
            dy = operand(random(rows * width, seed: 2), element)
        let y = Memory(element, count: rows * width), gradient = Memory(element, count: rows * 2 * width)
        temper_swiglu(element.half, input.base, y.base, Int64(rows), Int64(width), Int64(width))
        temper_swiglu_backward(element.half, input.base, dy.base, gradient.base, Int64(rows), Int64(width))
        let x = values(input, element, rows * 2 * width), up = values(dy, element, rows * width)
        var expectedY: [Double] = [], expected = [Double](repeating: 0, count: rows * 2 * width)
        for row in 0..<rows {
            for i in 0..<width {
                let g = Double(x[row * 2 * width + i]), u = Double(x[row * 2 * width + width + i]),
                    d = Double(up[row * width + i])
                let slope = (Reference.silu(g + 1e-6) - Reference.silu(g - 1e-6)) / 2e-6
                expectedY.append(Reference.silu(g) * u)
                expected[row * 2 * width + i] = d * u * slope
                expected[row * 2 * width + width + i] = d * Reference.silu(g)
            }
        }
        expectClose(values(y, element, rows * width), expectedY, element)
        expectClose(values(gradient, element, rows * 2 * width), expected, element)
    }

    @Test("Cross entropy and its gradient; rows without a target give nothing", arguments: [Element.float32, .bfloat16])
    func crossEntropy(element: Element) {
        let rows = 3, columns = 45
        var logits = random(rows * columns, seed: 4, scale: 4)
        let original = logits.map { Double($0) }
        let targets: [Int32] = [7, -1, 44]
        var losses = [Float](repeating: 9, count: rows)
        let gradient = Memory(element, count: rows * columns)
        temper_cross_entropy(element.half, &logits, targets, &losses, gradient.base, Int64(rows), Int64(columns), 0.5)
        var expected: [Double] = [], expectedLosses: [Double] = []
        for row in 0..<rows {
            let p = Reference.softmax(Array(original[row * columns..<(row + 1) * columns]))
            let target = Int(targets[row])
            expectedLosses.append(target < 0 ? 0 : -log(p[target]))
            expected += p.enumerated().map { target < 0 ? 0 : ($1 - ($0 == target ? 1 : 0)) * 0.5 }
        }
        expectClose(losses, expectedLosses, .float32)
        expectClose(values(gradient, element, rows * columns), expected, element)
    }

    @Test(
        "Causal softmax of a block of scores, with and without a window, and its backward pass",
        arguments: [Element.float32, .bfloat16], [Int.max, 5, 18])
    func attentionSoftmax(element: Element, window: Int) {
        let rows = 4, columns = 20, visible = 17, count = rows * columns
        let scores = random(count, seed: 5, scale: 6), dp = random(count, seed: 6), deltas = random(rows, seed: 7)
        let p = Memory(element, count: count), ds = Memory(element, count: count), again = Memory(element, count: count)
        var logSums = [Float](repeating: 0, count: rows)
        temper_attention_softmax(
            element.half, scores, p.base, &logSums, Int64(rows), Int64(columns), Int64(visible), Int64(window), 0.25)
        temper_attention_softmax_backward(
            element.half, scores, dp, logSums, deltas, again.base, ds.base, Int64(rows), Int64(columns), Int64(visible),
            Int64(window), 0.25)
        var expected: [Double] = [], expectedGradient: [Double] = []
        for row in 0..<rows {
            let seen = max(visible + row - window, 0)..<min(visible + row, columns)
            let part = Reference.softmax(seen.map { Double(scores[row * columns + $0]) * 0.25 })
            for i in 0..<columns {
                let p = seen.contains(i) ? part[i - seen.lowerBound] : 0
                expected.append(p)
                expectedGradient.append(p * (Double(dp[row * columns + i]) - Double(deltas[row])) * 0.25)
            }
        }
        expectClose(values(p, element, count), expected, element)
        expectClose(values(again, element, count), expected, element)
        expectClose(values(ds, element, count), expectedGradient, element)
    }

    @Test("Rotating back undoes a rotation, and a rotation turns pairs by position times frequency")
    func rotation() {
        let configuration = ModelConfiguration(
            vocabularySize: 2, width: 8, feedForwardWidth: 8, layerCount: 1, headCount: 1, keyValueHeadCount: 1, contextLength: 64
        )
        let table = RotaryTable(configuration)
        let original = random(2 * 8, seed: 9)
        var rows = original
        let positions: [Int32] = [3, 40]
        func rotate(_ direction: Float) {
            temper_rotate(0, &rows, 8, positions, table.cosines.floats, table.sines.floats, 2, 1, 8, direction)
        }
        rotate(1)
        var expected: [Double] = Array(repeating: 0, count: 16)
        for row in 0..<2 {
            for i in 0..<4 {
                let angle = Double(positions[row]) * pow(10_000, -Double(i) / 4)
                let a = Double(original[8 * row + i]), b = Double(original[8 * row + 4 + i])
                expected[8 * row + i] = a * cos(angle) - b * sin(angle)
                expected[8 * row + 4 + i] = b * cos(angle) + a * sin(angle)
            }
        }
        expectClose(rows, expected, .float32)
        rotate(-1)
        expectClose(rows, original.map { Double($0) }, .float32)
    }

    @Test("Products in every orientation, plain and accumulating", arguments: testedElements)
    func products(element: Element) {
        let (m, k, n) = (19, 33, 22)
        let products = Products()
        let a = operand(random(m * k, seed: 1), element), b = operand(random(k * n, seed: 2), element)
        let left = values(a, element, m * k), right = values(b, element, k * n)
        for (turnLeft, turnRight) in [(false, false), (true, false), (false, true), (true, true)] {
            // The same memory read as [m, k] or as [k, m] transposed.
            let leftMatrix = Matrix(base: a.base, rowStride: turnLeft ? 1 : k, columnStride: turnLeft ? m : 1, element: element)
            let rightMatrix = Matrix(
                base: b.base, rowStride: turnRight ? 1 : n, columnStride: turnRight ? k : 1, element: element)
            var expected: [Double] = []
            for row in 0..<m {
                for column in 0..<n {
                    expected.append(
                        (0..<k).reduce(0.0) { sum, i in
                            let x = left[turnLeft ? i * m + row : row * k + i],
                                y = right[turnRight ? column * k + i : i * n + column]
                            return sum + Double(x) * Double(y)
                        })
                }
            }
            let target = Memory(floats: m * n)
            let output = Matrix(base: target.base, rowStride: n, element: .float32)
            products.multiply(m, k, n, leftMatrix, rightMatrix, into: output)
            expectClose(values(target, .float32, m * n), expected, .float32)
            products.multiply(m, k, n, leftMatrix, rightMatrix, into: output, accumulating: true)
            expectClose(values(target, .float32, m * n), expected.map { 2 * $0 }, .float32)
        }
    }

    @Test("AdamW follows the published update, clips by the global norm and spares norms from decay")
    func adamW() throws {
        let golden = try GoldenModel.load(tied: true)
        let model = golden.model()
        let settings = AdamW.Settings(beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.3, gradientClip: 0.5)
        let engine = GradientEngine(model: model, precision: .fp32, workers: 2),
            optimiser = AdamW(model: model, settings: settings)
        let names = ["model.norm.weight", "model.layers.1.mlp.up_proj.weight"]
        var state = names.map { name in (model.weights(of: name) ?? []).map { (w: Double($0), m: 0.0, v: 0.0) } }
        for step in 1...3 {
            _ = try engine.lossAndGradient(of: golden.tokenDocuments)
            var square = 0.0
            for (name, _) in model.tensors {
                square += (engine.gradient(of: name) ?? []).reduce(0.0) { $0 + Double($1) * Double($1) }
            }
            let gradients = names.map { engine.gradient(of: $0) ?? [] }
            let norm = optimiser.update(engine, learningRate: 0.01)
            #expect(abs(norm - square.squareRoot()) <= 1e-6 * norm)
            #expect(norm > 0.5, "the gradient is not clipped")
            for (index, name) in names.enumerated() {
                for i in state[index].indices {
                    let g = Double(gradients[index][i]) * 0.5 / norm
                    state[index][i].m = 0.8 * state[index][i].m + 0.2 * g
                    state[index][i].v = 0.9 * state[index][i].v + 0.1 * g * g
                    let m = state[index][i].m / (1 - pow(0.8, Double(step))), v = state[index][i].v / (1 - pow(0.9, Double(step)))
                    let decay = name.contains("norm") ? 0 : 0.3 * state[index][i].w
                    state[index][i].w -= 0.01 * (m / (v.squareRoot() + 1e-6) + decay)
                }
                let error = relativeError(model.weights(of: name) ?? [], state[index].map { Float($0.w) })
                #expect(error < 1e-6, "\(name) after step \(step): relative error \(error)")
            }
        }
    }
}
