import Foundation
import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

/// The shipped base model was pretrained, and published figures were taken, with these very texts.
@Suite struct PocketHotpotQAUnchangedTests {
    @Test(
        "Tasks, pages and the expert's words are those of the first release",
        arguments: [
            ("train", 200, 8_084_885_146_696_919_568), ("validation", 100, 17_303_051_703_391_648_540),
            ("test", 200, 17_658_790_024_156_556_938),
        ] as [(String, Int, UInt64)])
    func texts(split: String, count: Int, wanted: UInt64) async throws {
        let suite = PocketHotpotQASuite()
        var hash = StableHash.fnv1a("")
        func add(_ text: String) { hash = StableHash.fnv1a(String(hash) + text) }
        for task in try suite.tasks(split: split, limit: count) {
            add(task.id + task.instruction + String(decoding: try JSONEncoder.stable().encode(task.payload), as: UTF8.self))
            for tag in task.tags.sorted(by: { $0.key < $1.key }) { add(tag.key + tag.value) }
            for method in [TemperCore.Method.react, .cot, .io] {
                for turn in try await play(suite, try scripted(suite, "expert"), task, method: method).turns {
                    add(turn.replyText)
                    add(turn.observation ?? "")
                }
            }
        }
        let (partition, wording): (WorldPartition, WordingSet) =
            split == "train" ? (.train, .train) : split == "test" ? (.test, .test) : (.validation, .train)
        for number in 0..<4 {
            let world = PocketWorld(number: UInt64(number), partition: partition, wording: wording)
            for page in world.pages { add(page.title + page.text) }
        }
        #expect(hash == wanted, "\(split): \(hash)")
    }
}
