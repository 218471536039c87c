import Testing

@testable import TemperCore

@Suite("Seeds and hashes")
struct RandomSourceTests {
    @Test("FNV-1a gives the published values")
    func fnv() {
        #expect(StableHash.fnv1a("") == 0xCBF2_9CE4_8422_2325)
        #expect(StableHash.fnv1a("a") == 0xAF63_DC4C_8601_EC8C)
        #expect(StableHash.fnv1a("foobar") == 0x8594_4171_F739_67E8)
    }

    @Test("The same seed and labels give the same draws, others give others")
    func derivation() {
        func draws(_ seed: UInt64, _ labels: [String]) -> [UInt64] {
            var source = RandomSource(seed: RandomSource.derive(seed, labels))
            return (0..<4).map { _ in source.next() }
        }
        #expect(draws(7, ["a", "b"]) == draws(7, ["a", "b"]))
        let others: [(UInt64, [String])] = [(8, ["a", "b"]), (7, ["b", "a"]), (7, ["ab"]), (7, ["a"])]
        for (seed, labels) in others {
            #expect(draws(seed, labels) != draws(7, ["a", "b"]), "seed \(seed), labels \(labels)")
        }
    }

    @Test("Draws below a bound are uniform within five standard deviations")
    func uniformity() {
        var source = RandomSource(seed: 1)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 { counts[source.index(below: 10)] += 1 }
        for count in counts { #expect(abs(count - 10_000) < 475, "\(counts)") }
        #expect((0..<10_000).allSatisfy { _ in (0..<1).contains(source.unit()) })
    }

    @Test("The nearest word is suggested only when it is near")
    func nearest() {
        #expect(EditDistance.nearest(to: "learning_rte", among: ["learning_rate", "epochs"]) == "learning_rate")
        #expect(EditDistance.nearest(to: "banana", among: ["learning_rate", "epochs"]) == nil)
        #expect(EditDistance.between("kitten", "sitting") == 3)
        #expect(EditDistance.nearest(to: "trian", among: ["train", "evaluate"]) == "train")
        #expect(EditDistance.between("", "abc") == 3)
    }
}
