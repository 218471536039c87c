import Foundation
import Testing

@testable import TemperEnvironments

@Suite struct PythonRandomTests {
    struct Case: Decodable {
        var seed: UInt64
        var shuffled: [Int]
        var bits: [UInt32]
    }

    @Test("Shuffles and bits equal Python's for small, large and zero seeds")
    func matchesPythonGolden() throws {
        for item in try golden("python-random", as: [Case].self) {
            var random = PythonRandom(seed: item.seed)
            var list = Array(item.shuffled.indices)
            random.shuffle(&list)
            #expect(list == item.shuffled, "seed \(item.seed)")
            #expect([1, 7, 16, 31, 32].map { random.bits($0) } == item.bits, "seed \(item.seed)")
        }
    }

    @Test("FireAct's 500 development questions are the ones its release names")
    func fireActSubsetRealData() throws {
        guard let url = realData("hotpotqa/dev-seed233-first500-indices.json") else { return }
        let expected = try JSONDecoder().decode([Int].self, from: Data(contentsOf: url))
        #expect(HotpotQAData.fireActSubset() == expected)
    }
}
