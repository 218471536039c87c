import CTemperKernels
import Foundation
import TemperCore
import Testing

@testable import TemperTransformer

@Suite struct PanelKernelTests {
    @Test(
        "Attention over a cache's blocks is attention over its visible positions", arguments: [Element.float32, .bfloat16],
        [(8, 0), (24, 0), (24, 3), (88, 70), (8, 128)])
    func cacheAttention(element: Element, shape: (head: Int, hidden: Int)) {
        let (head, hidden) = shape
        let seen = 150, positions = CacheBlock.positions
        let keys = random(seen * head, seed: 1), cached = random(seen * head, seed: 2), query = random(head, seed: 3)
        let k = operand(keys, element), v = operand(cached, element), q = operand(query, element)
        let count = Int(temper_cache_head_count(element.half, Int64(head)))
        let blocks = (0..<3).map { _ in Memory(element, count: 2 * count) }
        let valueOffset = count * element.byteCount
        for position in 0..<seen {
            let block = blocks[position / positions].base, offset = position * head * element.byteCount
            let slot = Int64(position % positions)
            if element == .bfloat16 {
                temper_panel_cache_store(
                    halves(k.base + offset), halves(v.base + offset), halves(block), halves(block + valueOffset), slot,
                    Int64(head))
            } else {
                temper_cache_store(
                    floats(k.base + offset), floats(v.base + offset), floats(block), floats(block + valueOffset), slot,
                    Int64(head))
            }
        }
        let scratch = Memory(byteCount: Int(temper_attention_scratch(Int64(3 * positions), Int64(head))))
        let output = Memory(element, count: head)
        let addresses: [UnsafeMutableRawPointer?] = blocks.map(\.base)
        withExtendedLifetime((blocks, scratch, q)) {
            if element == .bfloat16 {
                temper_panel_attention(
                    halves(q.base), Int64(head), 1, 1, addresses, 0, Int64(valueOffset), Int64(seen - 1), Int64(seen - hidden),
                    Int64(head), 0.3, scratch.base, halves(output.base), Int64(head))
            } else {
                temper_cache_attention(
                    floats(q.base), Int64(head), 1, 1, addresses, 0, Int64(valueOffset), Int64(seen - 1), Int64(seen - hidden),
                    Int64(head), 0.3, scratch.base, floats(output.base), Int64(head))
            }
        }
        let (kv, vv, qv) = (values(k, element, seen * head), values(v, element, seen * head), values(q, element, head))
        let p = Reference.softmax(
            (hidden..<seen).map { row in (0..<head).reduce(0.0) { $0 + Double(qv[$1]) * Double(kv[row * head + $1]) } * 0.3 })
        let expected = (0..<head).map { i in
            (hidden..<seen).reduce(0.0) { $0 + p[$1 - hidden] * Double(vv[$1 * head + i]) }
        }
        expectClose(values(output, element, head), expected, element)
    }

    private func halves(_ base: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt16> {
        base.assumingMemoryBound(to: UInt16.self)
    }

    private func floats(_ base: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
        base.assumingMemoryBound(to: Float.self)
    }

    @Test(
        "Queries of several positions and heads see what each alone sees, bit for bit",
        arguments: [Element.float32, .bfloat16], [(40, 70), (130, 33)])
    func attentionOfSeveral(element: Element, place: (start: Int, window: Int)) {
        let (start, window) = place
        let head = 24, heads = 3, rows = 9, stride = heads * head, size = element.byteCount
        let count = Int(temper_cache_head_count(element.half, Int64(head)))
        let blocks = (0..<3).map { _ in Memory(element, count: 2 * count) }
        let addresses: [UnsafeMutableRawPointer?] = blocks.map(\.base)
        for position in 0..<start + rows {
            let key = operand(random(head, seed: UInt64(position)), element)
            let value = operand(random(head, seed: UInt64(1000 + position)), element)
            let block = blocks[position / CacheBlock.positions].base, slot = Int64(position % CacheBlock.positions)
            if element == .bfloat16 {
                temper_panel_cache_store(
                    halves(key.base), halves(value.base), halves(block), halves(block + 2 * count), slot, Int64(head))
            } else {
                temper_cache_store(
                    floats(key.base), floats(value.base), floats(block), floats(block + 4 * count), slot, Int64(head))
            }
        }
        let queries = operand(random(rows * stride, seed: 5), element)
        let scratch = Memory(byteCount: Int(temper_attention_scratch(192, Int64(head))))
        func attend(_ row: Int, _ rows: Int, _ head0: Int, _ heads: Int, _ output: Memory) {
            let offset = size * (row * stride + head0 * head)
            if element == .bfloat16 {
                temper_panel_attention(
                    halves(queries.base + offset), Int64(stride), Int64(rows), Int64(heads), addresses, 0, Int64(size * count),
                    Int64(start + row), Int64(window), Int64(head), 0.2, scratch.base, halves(output.base + offset),
                    Int64(stride))
            } else {
                temper_cache_attention(
                    floats(queries.base + offset), Int64(stride), Int64(rows), Int64(heads), addresses, 0, Int64(size * count),
                    Int64(start + row), Int64(window), Int64(head), 0.2, scratch.base, floats(output.base + offset),
                    Int64(stride))
            }
        }
        let together = Memory(element, count: rows * stride), alone = Memory(element, count: rows * stride)
        attend(0, rows, 0, heads, together)
        for row in 0..<rows { for index in 0..<heads { attend(row, 1, index, 1, alone) } }
        #expect(together.fingerprint == alone.fingerprint)
        withExtendedLifetime(blocks) {}
    }

    @Test(
        "Products with panels are those with the matrix, each row the same in any company",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8, 21],
        [16, 208])
    func panelProducts(rows: Int, outputs: Int) {
        let inputs = 38
        let x = operand(random(rows * inputs, seed: 1), .bfloat16), w = operand(random(outputs * inputs, seed: 2), .bfloat16)
        let (left, right) = (values(x, .bfloat16, rows * inputs), values(w, .bfloat16, outputs * inputs))
        let scratch = Memory(.bfloat16, count: 16 * inputs)
        temper_to_panels(halves(w.base), Int64(outputs), Int64(inputs), halves(scratch.base))
        let back = Memory(.bfloat16, count: outputs * inputs)
        temper_from_panels(halves(w.base), halves(back.base), 0, Int64(outputs), Int64(inputs), 0, Int64(inputs))
        #expect(values(back, .bfloat16, outputs * inputs) == right)
        let start = random(rows * outputs, seed: 3)
        let y = operand(start, .float32), rounded = Memory(.bfloat16, count: rows * outputs), alone = operand(start, .float32)
        func multiply(_ half: Int32, _ row: Int, _ rows: Int, _ y: UnsafeMutableRawPointer, _ accumulate: Int32) {
            temper_panel_product(
                half, halves(x.base) + row * inputs, Int64(inputs), Int64(rows), halves(w.base), Int64(inputs), Int64(outputs), y,
                Int64(outputs), accumulate)
        }
        multiply(0, 0, rows, y.base, 1)
        multiply(1, 0, rows, rounded.base, 0)
        for row in 0..<rows { multiply(0, row, 1, alone.base + 4 * row * outputs, 1) }
        let product = Reference.product(left, right, rows, inputs, outputs)
        expectClose(values(y, .float32, rows * outputs), zip(start, product).map { Double($0) + $1 }, .float32)
        expectClose(values(rounded, .bfloat16, rows * outputs), product, .bfloat16)
        let plain = operand(start, .float32)
        temper_panel_product_plain(
            0, halves(x.base), Int64(inputs), Int64(rows), halves(w.base), Int64(inputs), Int64(outputs), plain.base,
            Int64(outputs), 1)
        expectClose(values(plain, .float32, rows * outputs), zip(start, product).map { Double($0) + $1 }, .float32)
        #expect(values(y, .float32, rows * outputs) == values(alone, .float32, rows * outputs))
    }

    @Test(
        "Panels widened in registers give the product with fp32 rows, each row the same in any company",
        arguments: [1, 2, 3, 4, 5, 6, 7, 13], [16, 208])
    func widenedProducts(rows: Int, outputs: Int) {
        let inputs = 38
        let x = random(rows * inputs, seed: 1), w = operand(random(outputs * inputs, seed: 2), .bfloat16)
        let right = values(w, .bfloat16, outputs * inputs), start = random(rows * outputs, seed: 3)
        let scratch = Memory(.bfloat16, count: 16 * inputs)
        temper_to_panels(halves(w.base), Int64(outputs), Int64(inputs), halves(scratch.base))
        for accumulate in [Int32(0), 1] {
            let y = operand(start, .float32), alone = operand(start, .float32)
            func multiply(_ row: Int, _ rows: Int, _ y: Memory) {
                x.withUnsafeBufferPointer { x in
                    guard let x = x.baseAddress else { return }
                    temper_widened_panel_product(
                        x + row * inputs, Int64(inputs), Int64(rows), halves(w.base), Int64(inputs), Int64(outputs),
                        y.floats + row * outputs, Int64(outputs), accumulate)
                }
            }
            multiply(0, rows, y)
            for row in 0..<rows { multiply(row, 1, alone) }
            let product = Reference.product(x, right, rows, inputs, outputs)
            expectClose(
                values(y, .float32, rows * outputs), zip(start, product).map { Double($0) * Double(accumulate) + $1 }, .float32)
            #expect(y.fingerprint == alone.fingerprint)
        }
    }

    @Test("The largest number is found at its first place", arguments: [1, 15, 16, 17, 100])
    func argmax(count: Int) {
        var numbers = random(count, seed: 7)
        for place in [count - 1, count / 2, 0] {
            // Found later places stay as large: the first counts.
            numbers[place] = 50
            #expect(temper_argmax(numbers, Int64(count)) == place)
        }
        #expect(temper_argmax([Float](repeating: -.infinity, count: count), Int64(count)) == 0)
    }
}
