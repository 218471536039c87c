import Foundation
import GRDB
import TemperCore
import Testing

@testable import TemperData

@Suite("Run store") struct RunStoreTests {
    @Test("A finished episode comes back as it was written") func roundTrip() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        var trajectory = Samples.trajectory("a")
        trajectory.opening = "A door."
        trajectory.seed = .max
        trajectory.failure = EpisodeFailure(boundary: .policy, message: "late")
        try await store.episodeFinished(trajectory)
        guard case .finished(let stored) = try await store.stored(trajectory.key) else {
            Issue.record("the episode is not finished")
            return
        }
        #expect(stored == trajectory)
        #expect(try store.trajectories() == [trajectory])
        #expect(try await store.stored(Samples.key("b")) == nil)
    }

    @Test("An interrupted episode comes back with the turns that were committed") func partial() async throws {
        let temporary = try TemporaryFolder()
        let trajectory = Samples.trajectory("a")
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        try await store.turnFinished(trajectory.turns[0], of: trajectory.key)
        guard case .partial(let turns) = try await store.stored(trajectory.key) else {
            Issue.record("the episode is not partial")
            return
        }
        #expect(turns == [trajectory.turns[0]])
        #expect(try store.trajectories().isEmpty)
        #expect(try store.finishedCount() == 0)
    }

    @Test("What was committed is there after a crash: the files are taken as they lie, without a close") func crash() async throws
    {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        let finished = (0..<20).map { Samples.trajectory("done\($0)") }
        for trajectory in finished { try await store.episodeFinished(trajectory) }
        let open = Samples.trajectory("open")
        try await store.turnFinished(open.turns[0], of: open.key)
        let after = temporary.file("after")
        try FileManager.default.createDirectory(at: after, withIntermediateDirectories: true)
        for name in ["store.sqlite", "store.sqlite-wal"] {
            try FileManager.default.copyItem(at: temporary.file(name), to: after.appendingPathComponent(name))
        }
        let again = try RunStore(after.appendingPathComponent("store.sqlite"), formats: [])
        #expect(try again.trajectories().count == 20)
        guard case .partial(let turns) = try await again.stored(open.key) else {
            Issue.record("the open episode is lost")
            return
        }
        #expect(turns == [open.turns[0]])
        try await again.turnFinished(open.turns[1], of: open.key)
        try await again.episodeFinished(open)
        #expect(try again.trajectories().count == 21)
    }

    @Test("A turn cut off in the middle of the log is left out, the ones before it stay") func tornLog() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        for index in 0..<5 { try await store.episodeFinished(Samples.trajectory("t\(index)")) }
        let log = try Data(contentsOf: temporary.file("store.sqlite-wal"))
        let copy = temporary.file("torn.sqlite")
        try FileManager.default.copyItem(at: temporary.file("store.sqlite"), to: copy)
        try log.dropLast(100).write(to: temporary.file("torn.sqlite-wal"))
        let torn = try RunStore(copy, formats: [])
        #expect(try torn.trajectories().map(\.key.task) == ["t0", "t1", "t2", "t3"])
    }

    @Test("A discarded attempt is kept as such and the episode starts clean") func discarding() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        let trajectory = Samples.trajectory("a")
        for _ in 0..<2 {
            try await store.turnFinished(trajectory.turns[0], of: trajectory.key)
            try await store.discardPartial(trajectory.key, reason: "turn 0 observed something else")
            #expect(try await store.stored(trajectory.key) == nil)
        }
        #expect(try store.discardedCount() == 2)
        try await store.episodeFinished(trajectory)
        #expect(try store.trajectories() == [trajectory])
        #expect(try store.discardedCount() == 2)
        try await store.discardPartial(Samples.key("never seen"), reason: "none")
        #expect(try store.discardedCount() == 2)
    }

    @Test("Turns of an earlier, longer try do not stay behind") func shorterAgain() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        let trajectory = Samples.trajectory("a")
        for index in 0..<6 { try await store.turnFinished(Samples.turn(index, "x"), of: trajectory.key) }
        try await store.episodeFinished(trajectory)
        #expect(try store.trajectories() == [trajectory])
    }

    @Test("A hundred episodes at once lose no turn, and come back in order whatever the order they ended in")
    func concurrency() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        var random = RandomSource(seed: 3)
        let trajectories = (0..<100).map { Samples.trajectory("task\($0 / 2)", attempt: $0 % 2, group: $0 < 50 ? "b" : "a") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for trajectory in trajectories.shuffled(using: &random) {
                group.addTask {
                    for turn in trajectory.turns { try await store.turnFinished(turn, of: trajectory.key) }
                    try await store.episodeFinished(trajectory)
                }
            }
            try await group.waitForAll()
        }
        let stored = try store.trajectories()
        let order: (Trajectory) -> (String, String, Int) = { ($0.key.group, $0.key.task, $0.key.attempt) }
        #expect(stored == trajectories.sorted { order($0) < order($1) })
        #expect(try store.trajectories(group: "a").count == 50)
        #expect(try store.totals().map(\.turns) == [100, 100])
    }

    @Test("Turns of many episodes at once are committed one by one, and none is lost") func manyTurns() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        let turn = Samples.trajectory("a").turns[0]
        let count = 3_200
        try await withThrowingTaskGroup(of: Void.self) { group in
            for episode in 0..<16 {
                group.addTask {
                    for index in 0..<count / 16 {
                        var own = turn
                        own.index = index
                        try await store.turnFinished(own, of: Samples.key("task\(episode)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        guard case .partial(let turns) = try await store.stored(Samples.key("task3")) else {
            Issue.record("nothing stored")
            return
        }
        #expect(turns.map(\.index) == Array(0..<count / 16))
    }

    @Test("Totals count outcomes, turns, tokens and price per group, and leave discarded attempts out") func totals() async throws
    {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        try await store.turnFinished(Samples.turn(0, "x"), of: Samples.key("a"))
        try await store.discardPartial(Samples.key("a"), reason: "other observation")
        try await store.importEpisodes([
            Samples.trajectory("a"), Samples.trajectory("b", outcome: .turnLimit),
            Samples.trajectory("c", group: "evaluate/base"),
        ])
        let totals = try store.totals()
        #expect(totals.map(\.group) == ["collect", "evaluate/base"])
        #expect(totals[0].episodes == 2)
        #expect(totals[0].outcomes == ["finished": 1, "turn_limit": 1])
        #expect(totals[0].turns == 4)
        #expect(totals[0].usage == TokenUsage(promptTokens: 42, completionTokens: 20))
        #expect(totals[0].price == 1)
        #expect(totals[0].seconds == 4)
        #expect(try store.finishedCount(group: "collect") == 2)
        #expect(try store.keys(group: "evaluate/base") == [Samples.key("c", group: "evaluate/base")])
    }

    @Test("A paid reply is given again for the same body at the same model only, and at no price") func cache() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        let reply = Completion(
            text: "hi", usage: TokenUsage(promptTokens: 3, completionTokens: 1), finishReason: .length, price: 0.5)
        #expect(try await store.cachedCompletion(model: "m", body: [1, 2]) == nil)
        try await store.store(reply, model: "m", body: [1, 2])
        let again = try #require(try await store.cachedCompletion(model: "m", body: [1, 2]))
        #expect(again.text == "hi" && again.finishReason == .length && again.wasCached && again.price == 0)
        #expect(try await store.cachedCompletion(model: "m", body: [1, 2, 0]) == nil)
        #expect(try await store.cachedCompletion(model: "n", body: [1, 2]) == nil)
        let calls = try store.callTotals()
        #expect(calls.calls == 2 && calls.cached == 1 && calls.price == 0.5)
    }

    @Test("An episode is found by key, by task and by position") func matching() async throws {
        let temporary = try TemporaryFolder()
        let store = try RunStore(temporary.file("store.sqlite"), formats: [])
        try await store.importEpisodes(["b", "a", "17"].map { Samples.trajectory($0) } + [Samples.trajectory("a", attempt: 1)])
        #expect(try store.trajectory(matching: "collect:pocket/hotpotqa:b:react:0").key.task == "b")
        #expect(try store.trajectory(matching: "b").key.task == "b")
        #expect(try store.trajectory(matching: "2").key == Samples.key("a"))
        #expect(try store.trajectory(matching: "17").key.task == "17")
        let several = #expect(throws: TemperError.self) { try store.trajectory(matching: "a") }
        #expect(several?.code == .usage)
        #expect(several?.message == "'a' is 2 episodes")
        #expect(several?.hint?.contains("collect:pocket/hotpotqa:a:react:1") == true)
        let none = #expect(throws: TemperError.self) { try store.trajectory(matching: "pocket/hotpotqa:b") }
        #expect(none?.message == "there is no episode 'pocket/hotpotqa:b' among the 4")
        #expect(none?.hint == "such as: collect:pocket/hotpotqa:b:react:0")
        let misspelt = #expect(throws: TemperError.self) { try store.trajectory(matching: "collect:pocket/hotpotqa:c:react:0") }
        #expect(misspelt?.hint?.hasPrefix("such as: collect:pocket/hotpotqa:a:react:0, collect:pocket/hotpotqa:b") == true)
        #expect(throws: TemperError.self) { try store.trajectory(matching: "5") }
    }

    @Test("A damaged store is an error that names the file", arguments: ["noise", "cut", "foreign", "later", "rows"])
    func damaged(kind: String) async throws {
        let temporary = try TemporaryFolder()
        let url = temporary.file("store.sqlite")
        switch kind {
        case "noise":
            try Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: url)
        case "cut":
            let store = try RunStore(url, formats: [])
            for index in 0..<50 { try await store.episodeFinished(Samples.trajectory("t\(index)")) }
            try store.close()
            try Data(contentsOf: url).prefix(9_000).write(to: url)
        case "foreign":
            let queue = try DatabaseQueue(path: url.path)
            try await queue.write { try $0.execute(sql: "CREATE TABLE other (x)") }
            try queue.close()
        case "later":
            try RunStore(url, formats: []).close()
            let queue = try DatabaseQueue(path: url.path)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            try queue.close()
        default:
            let store = try RunStore(url, formats: [])
            try await store.episodeFinished(Samples.trajectory("a"))
            try await store.pool.write { try $0.execute(sql: "UPDATE turns SET body = '{}'") }
            try store.close()
        }
        let error = #expect(throws: TemperError.self) { try RunStore(url, formats: []).trajectories() }
        #expect(error?.code == .data)
        #expect(error?.place == url.path)
        let words = [
            "noise": "damaged", "cut": "damaged", "foreign": "not a store of Temper", "later": "version 99", "rows": "damaged",
        ]
        #expect(error?.message.contains(words[kind, default: "?"]) == true)
    }

    @Test("However the bytes of a store are spoilt, it is read or refused with its name, and nothing crashes")
    func spoilt() async throws {
        let temporary = try TemporaryFolder()
        let whole = temporary.file("whole.sqlite")
        let store = try RunStore(whole, formats: [])
        for index in 0..<30 { try await store.episodeFinished(Samples.trajectory("t\(index)")) }
        try await store.store(Completion(text: "x"), model: "m", body: [1])
        try store.close()
        let bytes = [UInt8](try Data(contentsOf: whole))
        var random = RandomSource(seed: 5)
        var refused = 0
        for round in 0..<150 {
            let url = temporary.file("\(round).sqlite")
            var spoilt = round % 5 == 0 ? Array(bytes.prefix(random.index(below: bytes.count))) : bytes
            for _ in 0..<(spoilt.isEmpty ? 0 : 1 + round % 20) {
                spoilt[random.index(below: spoilt.count)] = UInt8(random.index(below: 256))
            }
            try Data(spoilt).write(to: url)
            do {
                let copy = try RunStore(url, formats: [])
                _ = try copy.trajectories()
                _ = try copy.totals()
                _ = try copy.callTotals()
                try await copy.turnFinished(Samples.turn(0, "x"), of: Samples.key("new"))
                _ = try await copy.cachedCompletion(model: "m", body: [1])
            } catch let error as TemperError {
                refused += 1
                #expect(error.place == url.path, "round \(round): \(error)")
            }
        }
        #expect(refused > 20)
    }

    @Test("A full disk ends with the code for it, and what was stored before is there") func diskFull() async throws {
        let temporary = try TemporaryFolder()
        let url = temporary.file("store.sqlite")
        let store = try RunStore(url, formats: [], maximumPages: 30)
        var stored = 0
        let error = await #expect(throws: TemperError.self) {
            for index in 0..<10_000 {
                try await store.episodeFinished(Samples.trajectory("t\(index)"))
                stored += 1
            }
        }
        #expect(error?.code == .unavailable)
        #expect(error?.place == url.path)
        #expect(error?.message == "the disk is full; what was stored before is safe")
        try store.close()
        let again = try RunStore(url, formats: [])
        #expect(stored > 0)
        #expect(try again.finishedCount() == stored)
        let trajectories = try again.trajectories()
        #expect(trajectories.allSatisfy { $0.turns.count == 2 })
    }
}
