import Foundation
import TemperCore
import TemperData
import TemperTestServer
import TemperTestSupport
import Testing

@testable import TemperExperiment

/// Collects from a served model and checks that nothing was lost.
///
/// - Returns: the trajectories.
@discardableResult
func collectThroughFaults(_ recipe: URL, overrides: [String], tasks: Int, in scratch: URL) async throws -> [Trajectory] {
    let server = try await ServedModel.start(scratch.appendingPathComponent("served"), faults: ServedModel.faults)
    let (decoded, given) = try RecipeFile.load(
        recipe, overrides: ["collect.policy='\(server.url)#tiny'"] + patientSettings + overrides)
    let run = scratch.appendingPathComponent("run", isDirectory: true)
    func collect() async throws {
        try await Experiment.run(decoded, source: "", givenKeys: given, in: run, stages: [.collect])
    }
    try await collect()

    let folder = RunFolder(run)
    let store = try RunStore(folder)
    let trajectories = try store.trajectories(group: "collect")
    #expect(trajectories.count == tasks)
    #expect(Set(trajectories.map(\.key.task)).count == tasks)
    for trajectory in trajectories {
        #expect(!trajectory.outcome.isError && trajectory.failure == nil && trajectory.score != nil, "\(trajectory.key.text)")
        #expect(trajectory.turns.map(\.index) == Array(0..<trajectory.turns.count) && !trajectory.turns.isEmpty)
        #expect(trajectory.turns.allSatisfy { $0.reply.allSatisfy { $0.author == .teacher } })
    }
    #expect(try store.discardedCount() == 0)
    let calls = try store.callTotals()
    let turns = trajectories.reduce(0) { $0 + $1.turns.count }
    #expect((1...turns).contains(calls.calls), "no more calls are kept than turns were written")
    let asked = server.requestCount
    #expect(asked > calls.calls, "faults were met")
    #expect(server.mostInFlight <= 32)
    #expect(server.mostInFlight >= min(24, tasks / 3), "episodes run side by side: \(server.mostInFlight)")

    try await collect()
    #expect(server.requestCount == asked, "a finished stage asks nothing")
    // The same where the last run was killed just before it could say that the stage was finished.
    var manifest = try #require(try Manifest.read(folder))
    manifest.stages["collect"]?.status = .running
    try manifest.write(to: folder)
    try await collect()
    #expect(server.requestCount == asked, "finished episodes ask nothing")
    #expect(try store.trajectories(group: "collect") == trajectories)
    return trajectories
}

@Suite("The loop against a served model", .tags(.alone), .timeLimit(.minutes(5)))
struct EndpointLoopTests {
    @Test("Through 429, 500, hanging, truncated, dropped and malformed answers, no episode is lost")
    func faults() async throws {
        try await Scratch.with { scratch in
            let recipe = try TinyRecipe.write(to: scratch, tasks: 40)
            try await collectThroughFaults(
                recipe,
                overrides: [
                    "collect.concurrency=32", "collect.methods.cot=0", "collect.maximum_turns=2",
                    "collect.maximum_new_tokens=6", "collect.prompt=instruction",
                ], tasks: 40, in: scratch)
        }
    }

    @Test("A run whose service refused every call stops with 69, and goes on when the service works again")
    func mended() async throws {
        try await Scratch.with { scratch in
            let server = try await ServedModel.start(
                scratch.appendingPathComponent("served"),
                faults: FaultSchedule { $0 < 6 ? .status(401, message: "who are you?") : .ok })
            let recipe = try TinyRecipe.write(to: scratch, tasks: 6)
            let overrides = [
                "collect.policy='\(server.url)#tiny'", "collect.methods.cot=0", "collect.maximum_turns=1",
                "collect.maximum_new_tokens=4", "collect.prompt=task",
            ]
            let error = await #expect(throws: TemperError.self) {
                try await TinyRecipe.run(recipe, set: overrides, stages: [.collect])
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("who are you?") == true, "\(error?.description ?? "")")
            let run = try await TinyRecipe.run(recipe, set: overrides, stages: [.collect])
            let trajectories = try RunStore(RunFolder(run)).trajectories(group: "collect")
            #expect(trajectories.count == 6 && trajectories.allSatisfy { !$0.outcome.isError })
            #expect(server.requestCount == 12)
        }
    }
}

@Suite("The loop on real questions", .tags(.alone), .enabled(if: DataFolder.locate() != nil), .timeLimit(.minutes(10)))
struct EndpointLoopDataTests {
    @Test("recipes/hotpotqa.yaml collects its 200 real questions with 32 in flight through every fault")
    func hotpotqa() async throws {
        try await Scratch.with { scratch in
            let trajectories = try await collectThroughFaults(
                PackageFolder.url.appendingPathComponent("recipes/hotpotqa.yaml"),
                overrides: ["collect.maximum_turns=2", "collect.maximum_new_tokens=6"], tasks: 200, in: scratch)
            #expect(Set(trajectories.map(\.task.suite)) == ["hotpotqa"])
        }
    }
}
