import TemperCore
import TemperEnvironments
import TemperPocketText
import Testing

@Suite("Pretraining and test worlds")
struct PocketPretrainingTests {
    @Test("No pretraining text has an entity of the worlds the test tasks come from")
    func noTestEntity() throws {
        var worlds: Set<UInt64> = []
        for task in try PocketHotpotQASuite().tasks(split: "test", limit: nil) {
            worlds.insert(UInt64(try #require(task.payload["world"]?.number)))
        }
        let names = worlds.sorted().flatMap { number in
            PocketWorld(number: number, partition: .test, wording: .test).entities.map(\.name)
        }
        #expect(names.count > 1000)
        let finder = NameFinder(names)
        // The finder does find: a page of a test world names its own entity.
        #expect(finder.firstName(in: "Who directed \(names[0])?") == names[0])
        for index in 0..<10_000 {
            let text = GeneralText.document(at: index, seed: 11).map(\.text).joined(separator: "\n")
            #expect(finder.firstName(in: text) == nil, "document \(index)")
        }
    }
}
