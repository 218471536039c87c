import Foundation
import TemperCore
import TemperData
import TemperEndpoint
import TemperEnvironments
import TemperEvaluation
import TemperTestSupport
import Testing

@testable import TemperExperiment

/// Recipes that derive, and what came of them.
enum DeriveRun {
    static func run(_ recipe: String, in folder: URL, stages: Set<Stage>? = nil, set: [String] = []) async throws {
        let (decoded, given) = try RecipeFile.decode(recipe, file: "r.yaml", overrides: set)
        // A process that another test starts at this moment holds the last run's lock until it is a program of its own.
        for attempt in 0... {
            do {
                try await Experiment.run(decoded, source: recipe, givenKeys: given, in: folder, stages: stages)
                return
            } catch let error as TemperError where error.message.hasPrefix("the run is in use") && attempt < 200 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    static func parts(_ folder: URL) throws -> [DeriveReport.Part] {
        try #require(try DeriveReport.read(RunFolder(folder))).parts
    }

    static func tasks(_ folder: URL, _ suite: String) throws -> [AgentTask] {
        try DerivedTaskFile.tasks(
            at: RunFolder(folder).derived(suite: suite).path, of: SuiteRegistry.suite(suite)) ?? []
    }

    /// Everything that a run of `derive` writes for others.
    static func bytes(_ folder: URL) throws -> [String: Data] {
        let derived = RunFolder(folder).derived
        let files = try FileManager.default.subpathsOfDirectory(atPath: derived.path).filter { $0.contains(".json") }
        return try Dictionary(uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: derived.appendingPathComponent($0))) })
    }
}

@Suite("Derived tasks", .tags(.alone), .timeLimit(.minutes(5)))
struct DeriveTests {
    private static let databaseRecipe = """
        name: d
        seed: 3
        derive:
          near_duplicates: 0.9
          suites:
            pocket/database:
              self_instruct: { tasks: 40, tries: 90, source: { limit: 60 } }
              thoughts: { limit: 24 }
              interaction: { limit: 24 }
        suites: { pocket/database: { imperfect: 0.4 } }
        """

    @Test("Every proposal is kept or counted with a reason, and none that errs is kept")
    func counts() async throws {
        try await Scratch.with { scratch in
            try await DeriveRun.run(Self.databaseRecipe, in: scratch)
            let parts = try DeriveRun.parts(scratch)
            #expect(parts.map(\.way) == ["thoughts", "interaction", "self_instruct"])
            for part in parts {
                #expect(part.proposed == part.kept + part.rejected.reduce(0) { $0 + $1.count }, "\(part)")
                #expect(part.rejected.allSatisfy { !$0.places.isEmpty && $0.places.count <= 5 })
            }
            let written = parts[2]
            #expect(written.kept == 40 && written.proposed > 50)
            for reason in [Rejection.Reason.unparsable, .referenceFailed, .duplicate, .solutionDisagreed] {
                #expect(written.count(reason) > 0, "\(reason)")
            }
            #expect(written.count(.error) == 0)
            let tasks = try DeriveRun.tasks(scratch, "pocket/database")
            #expect(tasks.count == parts.reduce(0) { $0 + $1.kept } && Set(tasks.map(\.id)).count == tasks.count)
            // The sentence of every kept proposal says what its reference does.
            let suite = try #require(try SuiteRegistry.suite("pocket/database") as? any DerivingSuite)
            let store = try RunStore(RunFolder(scratch))
            let solved = try store.trajectories(group: "derive/self_instruct")
            for task in tasks where task.id.hasPrefix("self-instruct") {
                let reference = try #require(try suite.derivation.referenceAction(for: task, after: []))
                let trajectory = try #require(solved.first { $0.key.task == task.id })
                #expect(trajectory.turns[0].action == reference && trajectory.score?.reward == 1)
            }
            #expect(try store.trajectories(group: "derive/proposals").count == written.proposed)
        }
    }

    @Test("The same seed gives the same bytes with 1 and 16 workers")
    func determinism() async throws {
        try await Scratch.with { scratch in
            var bytes: [[String: Data]] = []
            for workers in [1, 16] {
                let folder = scratch.appendingPathComponent("\(workers)", isDirectory: true)
                try await DeriveRun.run(Self.databaseRecipe, in: folder, set: ["derive.concurrency=\(workers)"])
                bytes.append(try DeriveRun.bytes(folder))
            }
            #expect(bytes[0] == bytes[1] && bytes[0].count == 2)
        }
    }

    @Test("A derived thought is the teacher's, its action the reference's, and both are trained")
    func thoughts() async throws {
        try await Scratch.with { scratch in
            let recipe = """
                derive:
                  policy: expert
                  suites: { pocket/database: { thoughts: { limit: 36 }, interaction: { split: validation, limit: 12 } } }
                curate: { held_out: 0, unify: false }
                """
            try await DeriveRun.run(recipe, in: scratch, stages: [.derive, .curate])
            let store = try RunStore(RunFolder(scratch))
            let trajectories = try store.trajectories(group: "derive/thoughts")
            let part = try DeriveRun.parts(scratch)[0]
            #expect(trajectories.count == 36 && part.kept + part.count(.thoughtUnusable) == 36 && part.kept >= 30)
            let kept = trajectories.filter { $0.score?.reward == 1 }
            #expect(kept.count == part.kept)
            for trajectory in kept {
                #expect(trajectory.turns.count == 2)
                for turn in trajectory.turns {
                    #expect(turn.reply.map(\.author) == [.teacher, .reference])
                    let reading = TurnText.read(turn.replyText, method: .react, format: .database)
                    #expect(reading.action == turn.action && reading.thought == turn.thought)
                }
            }
            let lines = try CuratedDataset.documents(in: scratch.appendingPathComponent("dataset/train.jsonl"))
            let interaction = try DeriveRun.parts(scratch)[1]
            #expect(lines.count == part.kept + interaction.kept && interaction.kept == 12)
            let authors = lines.filter { $0.provenance.episode.hasPrefix("derive/thoughts") }.flatMap(\.messages).flatMap(\.spans)
            #expect(
                authors.contains { $0.author == .reference && $0.train } && authors.contains { $0.author == .teacher && $0.train }
            )
        }
    }

    @Test("Shell tasks are derived in every way", .enabled(if: SandboxHere.works, "bubblewrap cannot start a sandbox here"))
    func shell() async throws {
        try await Scratch.with { scratch in
            let recipe = """
                derive:
                  near_duplicates: 0.9
                  suites:
                    pocket/terminal:
                      self_instruct: { tasks: 10, tries: 40 }
                      thoughts: { limit: 6 }
                      interaction: { limit: 6 }
                    os: { self_instruct: { tasks: 3, kinds: [change] } }
                suites: { pocket/terminal: { imperfect: 0.3 } }
                """
            try await DeriveRun.run(recipe, in: scratch)
            let parts = try DeriveRun.parts(scratch)
            #expect(parts.map(\.suite) == ["os", "pocket/terminal", "pocket/terminal", "pocket/terminal"])
            #expect(parts[0].kept == 3 && parts[3].kept == 10)
            for part in parts { #expect(part.proposed == part.kept + part.rejected.reduce(0) { $0 + $1.count }, "\(part)") }
            #expect(try DeriveRun.tasks(scratch, "os").allSatisfy { $0.tags["kind"] == "change" })
            let path = RunFolder(scratch).derived(suite: "os").path
            let rows = try await SuiteEvaluation(suite: "os", policy: "gold", tasks: path).run()
            #expect(rows[0].n == 3 && rows[0].meanReward == 1)
        }
    }

    @Test("An episode of the teacher is kept only when it comes to the reference's result")
    func interaction() async throws {
        try await Scratch.with { scratch in
            let recipe = """
                derive: { policy: expert, suites: { pocket/database: { interaction: { limit: 60 } } } }
                suites: { pocket/database: { imperfect: 0.6 } }
                """
            try await DeriveRun.run(recipe, in: scratch)
            let part = try DeriveRun.parts(scratch)[0]
            #expect(part.proposed == 60 && part.kept + part.count(.solutionDisagreed) == 60)
            #expect(part.kept > 20 && part.count(.solutionDisagreed) > 5)
            let right = try RunStore(RunFolder(scratch)).trajectories(group: "derive/interaction").filter {
                $0.score?.reward == 1
            }
            #expect(try DeriveRun.tasks(scratch, "pocket/database").map(\.id) == right.map(\.key.task))
        }
    }

    @Test("What was derived is what collect takes and evaluate reads")
    func collected() async throws {
        try await Scratch.with { scratch in
            let recipe = """
                derive:
                  near_duplicates: 0.9
                  suites: { pocket/database: { self_instruct: { tasks: 8, source: { limit: 20 } } } }
                collect: { policy: templates, suites: { pocket/database: 5 } }
                """
            let tasks = { try DeriveRun.tasks(scratch, "pocket/database") }
            await #expect(throws: TemperError.self) { try await DeriveRun.run(recipe, in: scratch, stages: [.collect]) }
            try await DeriveRun.run(recipe, in: scratch)
            let collected = try RunStore(RunFolder(scratch)).trajectories(group: "collect")
            #expect(try collected.map(\.key.task) == tasks().prefix(5).map(\.id))
            #expect(collected.allSatisfy { $0.score?.reward == 1 })
            let path = RunFolder(scratch).derived(suite: "pocket/database").path
            for (policy, reward) in [("gold", 1.0), ("nothing", 0)] {
                let rows = try await SuiteEvaluation(suite: "pocket/database", policy: policy, tasks: path).run()
                #expect(rows[0].n == 8 && rows[0].meanReward == reward)
            }
        }
    }

    @Test("kill -9 while tasks are derived, and the same command ends with the same bytes")
    func kills() async throws {
        try await Scratch.with { scratch in
            try Data(Self.databaseRecipe.utf8).write(to: scratch.appendingPathComponent("d.yaml"))
            let command = { ["derive", "d.yaml", "--json", "--run", $0, "--set", "derive.concurrency=2"] }
            let whole = try await CommandLineTool.run(command("whole"), in: scratch)
            #expect(whole.status == 0, "\(whole.errors)")
            let derived = try #require(try whole.json()["derived"]?.array)
            #expect(derived.count == 3 && derived[2]["way"]?.string == "self_instruct")

            let run = scratch.appendingPathComponent("killed", isDirectory: true)
            for (number, moment) in [7, 40, 75].enumerated() {
                let files = scratch.appendingPathComponent("files-\(number)")
                try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
                let process = try CommandLineTool.Started(command("killed"), in: scratch, files: files)
                func finished() throws -> Int {
                    guard FileManager.default.fileExists(atPath: RunFolder(run).manifest.path) else { return 0 }
                    return try RunStore(RunFolder(run)).finishedCount()
                }
                while process.isRunning, try finished() < moment { try await Task.sleep(for: .milliseconds(1)) }
                process.kill()
                #expect(try await process.end().wasKilled, "the run ended before it was killed")
                #expect(try Manifest.read(RunFolder(run))?.stages["derive"]?.status == .running)
            }
            let last = try await CommandLineTool.run(command("killed"), in: scratch)
            #expect(last.status == 0, "\(last.errors)")
            #expect(try DeriveRun.bytes(run) == DeriveRun.bytes(scratch.appendingPathComponent("whole")))
        }
    }

    @Test(
        "The section is strict",
        arguments: [
            ("{}", "'derive.suites' names no suite"),
            (
                "{ suites: { pocket/hotpotqa: { thoughts: {} } } }",
                "'derive.suites' names 'pocket/hotpotqa', for which no tasks can be derived"
            ),
            ("{ suites: { pocket/database: {} } }", "'derive.suites.pocket/database' says nothing to do"),
            ("{ suites: { db: { thoughts: {} } } }", "suite 'db' has no split 'train' to derive from"),
            (
                "{ suites: { pocket/database: { self_instruct: { tasks: 0 } } } }",
                "'derive.suites.pocket/database.self_instruct.tasks' is 0; it must be in 1…10000000"
            ),
            (
                "{ suites: { pocket/terminal: { self_instruct: { references: 2 } } } }",
                "'derive.suites.pocket/terminal.self_instruct.references' is 2; it must be in 1…1"
            ),
            (
                "{ suites: { pocket/database: { self_instruct: { kinds: [drop] } } } }",
                "'derive.suites.pocket/database.self_instruct.kinds' names 'drop', which cannot be asked for here"
            ),
            (
                "{ policy: expert, suites: { pocket/database: { self_instruct: {} } } }",
                "'derive.policy' is 'expert', a script that writes no tasks"
            ),
            (
                "{ near_duplicates: 0, suites: { pocket/database: { thoughts: {} } } }",
                "'derive.near_duplicates' is 0; it must be above 0 and at most 1"
            ),
        ])
    func strict(section: String, message: String) throws {
        let error = #expect(throws: TemperError.self) {
            try RecipeFile.decode("derive: \(section)", file: "r.yaml").recipe.check(stages: [.derive])
        }
        #expect(error?.message == message && error?.code == .data)
        #expect(throws: TemperError.self) {
            try RecipeFile.decode("derive: { suites: { pocket/database: { self_instruct: { task: 3 } } } }", file: "r.yaml")
        }
    }

    @Test("An estimate counts proposals, thoughts and episodes of a paid teacher")
    func estimate() throws {
        let text = """
            derive:
              policy: openai:gpt-4o
              suites:
                os: { self_instruct: { tasks: 50 } }
                pocket/database: { self_instruct: { tasks: 30 }, thoughts: { limit: 10 } }
            """
        let estimate = try Experiment.estimate(RecipeFile.decode(text, file: "r.yaml").recipe)
        #expect(estimate.parts.map(\.episodes) == [50, 50, 10, 30, 30])
        let likely = try #require(estimate.dollars)
        #expect(try likely > 0 && #require(estimate.mostDollars) > likely)
        #expect(estimate.parts.allSatisfy { $0.stage == "derive" && $0.calls > 0 })
    }
}

/// Whether commands can be run in a sandbox on this machine.
enum SandboxHere {
    static let works = ["/usr/bin/bwrap", "/usr/local/bin/bwrap"].contains { FileManager.default.isExecutableFile(atPath: $0) }
}
