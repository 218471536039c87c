import Foundation
import TemperAgents
import TemperCore
import TemperSandbox
import Testing

@testable import TemperOutside

/// A counting game that misbehaves when its task says so.
private let counter = """
    import os, sys, time
    from temper_environment import serve

    class Counter:
        def reset(self, task):
            print("this does not disturb the replies")
            os.system("echo nor does this")
            self.goal, self.count = task["record"]["goal"], 0
            self.mood = task["record"].get("mood")
            return f"Count to {self.goal}. Process {os.getpid()}."

        def step(self, name, argument):
            if self.mood == "die":
                print("out of memory", file=sys.stderr)
                os._exit(3)
            if self.mood == "raise":
                raise ValueError("no such world")
            if self.mood == "hang":
                time.sleep(60)
            if name != "add":
                return {"observation": "There is only add.", "valid": False, "actions": ["add[1]", "add[2]"]}
            self.count += int(argument)
            return f"{self.count} \\u00e9\\u4e16", self.count >= self.goal

        def score(self):
            return 1.0 if self.count == self.goal else 0.0, {"count": self.count}

    serve(Counter)
    """

private let counterSuite = """
    instruction: Count.
    tasks: { files: { test: tasks.jsonl } }
    process: { command: [python3, counter.py], call_seconds: 1.5 }
    """

private func records(_ moods: [String?]) -> String {
    moods.enumerated().map { index, mood in
        #"{"instruction": "Task \#(index)", "goal": \#(2 + index % 2)\#(mood.map { #", "mood": "\#($0)""# } ?? "")}"#
    }.joined(separator: "\n")
}

private let counting = FixedModel { request in "Action: add[1] \(request.messages.count)" }

@Suite(.tags(.alone), .enabled(if: hasPython)) struct PythonEnvironmentTests {
    @Test func aClassWithThreeMethodsIsAnEnvironment() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(
                counterSuite, in: folder, files: ["counter.py": counter, "tasks.jsonl": records([nil, nil])])
            let tasks = try suite.tasks(split: "test", limit: nil)
            let first = try await act(suite, tasks[0], [Action("jump", "1"), Action("add", "1"), Action("add", "1")])
            #expect(first.opening?.hasPrefix("Count to 2.") == true)
            #expect(first.results.map(\.isValid) == [false, true, true])
            #expect(first.results.map(\.isDone) == [false, false, true])
            #expect(first.results[1].observation == "1 é世")
            #expect(first.score == Score(reward: 1, metrics: ["count": 2, "reward": 1]))
            // The same process plays the next episode, from the start.
            let second = try await act(suite, tasks[1], [Action("add", "1")])
            #expect(second.opening?.suffix(12) == first.opening?.suffix(12))
            #expect(second.score.metrics["count"] == 1)
        }
    }

    @Test func theActionsItListsAreAdmissible() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(counterSuite, in: folder, files: ["counter.py": counter, "tasks.jsonl": records([nil])])
            var environment = try suite.makeEnvironment(for: suite.tasks(split: "test", limit: 1)[0])
            _ = try await environment.reset()
            #expect(environment.admissibleActions == nil)
            _ = try await environment.step(Action("jump", "1"))
            #expect(environment.admissibleActions == [Action("add", "1"), Action("add", "2")])
            await environment.close()
        }
    }

    @Test func episodesThatFailHarmNoOther() async throws {
        try await withFolder { folder in
            let moods: [String?] = (0..<24).map { [nil, nil, "die", nil, "raise", nil, nil, nil][$0 % 8] }
            let suite = try fileSuite(counterSuite, in: folder, files: ["counter.py": counter, "tasks.jsonl": records(moods)])
            let tasks = try suite.tasks(split: "test", limit: nil)
            let trajectories = try await rollOut(suite, tasks, policy: counting, concurrency: 6)
            #expect(trajectories.map(\.task.id) == tasks.map(\.id))
            for (mood, trajectory) in zip(moods, trajectories) {
                if mood == nil {
                    #expect(trajectory.outcome == .finished)
                    #expect(trajectory.score?.reward == 1)
                } else {
                    #expect(trajectory.outcome == .environmentError)
                    #expect(trajectory.score == nil)
                }
            }
            #expect(
                trajectories[2].failure?.message
                    == "python3: the environment ended with exit code 3 during step; its last words: out of memory")
            #expect(trajectories[4].failure?.message.contains("reports an error in step: ValueError: no such world") == true)
        }
    }

    @Test func anEnvironmentThatHangsEndsItsEpisode() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(
                counterSuite, in: folder, files: ["counter.py": counter, "tasks.jsonl": records(["hang", nil])])
            let started = ContinuousClock.now
            let trajectories = try await rollOut(
                suite, suite.tasks(split: "test", limit: nil), policy: counting, concurrency: 2)
            #expect(trajectories.map(\.outcome) == [.environmentError, .finished])
            #expect(trajectories[0].failure?.message.contains("did not answer step within 1.5 s") == true)
            #expect(ContinuousClock.now - started < .seconds(20))
        }
    }
}

/// Environments in bash, which answer what the test says.
@Suite(.tags(.alone)) struct ChildWorldTests {
    /// Answers the first call with `reset`, each later one with `step`; `ID` stands for the call's id.
    private func world(reset: String = good, step: String = good, lineLimit: Int = 4096) async throws -> ChildWorld {
        let script = """
            read -r line; echo "started" >&2
            reply='\(reset)'; id=1; printf '%s\\n' "${reply//ID/$id}"
            while read -r line; do id=$((id + 1)); \(step.hasPrefix("!") ? String(step.dropFirst()) : "reply='\(step)'; printf '%s\\n' \"${reply//ID/$id}\""); done
            """
        var settings = ChildSettings(command: ["bash", "-c", script], folder: "/")
        settings.callLimit = .milliseconds(700)
        settings.startLimit = .seconds(5)
        settings.lineLimit = lineLimit
        return try await ChildWorld(settings)
    }

    private static let good = #"{"temper": 1, "id": ID, "observation": "seen", "reward": 0.25}"#
    private let task = AgentTask(id: "t", suite: "s", split: "test", instruction: "Do.", payload: .object([:]))

    @Test func aGoodOneIsRead() async throws {
        let world = try await world()
        #expect(try await world.reset(task) == OutsideOpening(observation: "seen", actions: nil))
        #expect(try await world.step(Action("a", "b")).result == StepResult("seen"))
        #expect(try await world.score().score == Score(reward: 0.25))
        try await world.endEpisode()
        await world.close()
    }

    @Test(arguments: [
        ("hello", "not a JSON object: 'hello'"),
        ("[1]", "not a JSON object"),
        (#"{"temper": 1, "id": 7, "observation": "x"}"#, "does not repeat the call's id 1"),
        (#"{"id": 1, "observation": "x"}"#, "names no version of the protocol; this is version 1"),
        (#"{"temper": 2, "id": 1, "observation": "x"}"#, "names version 2 of the protocol"),
        (#"{"temper": 1, "id": 1, "observation": 5}"#, "'observation' is not text but 5"),
        (#"{"temper": 1, "id": 1, "actions": "go"}"#, "'actions' is not a list"),
        (#"{"temper": 1, "id": 1, "actions": ["go"]}"#, "'go' is not name[argument]"),
        (#"{"temper": 1, "id": 1, "error": {"message": "no display"}}"#, "reports an error in reset: no display"),
    ])
    func nonsenseAtResetIsAnError(_ reply: String, _ problem: String) async throws {
        let world = try await world(reset: reply)
        let error = await #expect(throws: TemperError.self) { try await world.reset(task) }
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        #expect(error?.boundary == .environment)
        #expect(error?.code == .unavailable)
        await world.close()
    }

    @Test(arguments: [
        (#"{"id": ID}"#, "the reply to step has no observation"),
        (#"{"id": ID, "observation": "x", "done": "yes"}"#, "'done' is neither true nor false but \"yes\""),
        (#"{"id": ID, "observation": "x"} trailing"#, "not a JSON object"),
        (#"{"id": ID, "observation": NaN}"#, "not a JSON object"),
        ("!exit 4", "ended with exit code 4 during step; its last words: started"),
        ("!kill -9 $$", "ended by signal 9 during step"),
        ("!sleep 30", "did not answer step within 0.7 s"),
        ("!yes | tr -d '\\n'", "a line of more than 4096 bytes"),
        ("!yes", "not a JSON object: 'y'"),
        ("!exec 1>&-; sleep 30", "ended during step"),
    ])
    func aBadStepIsAnError(_ step: String, _ problem: String) async throws {
        let world = try await world(step: step)
        _ = try await world.reset(task)
        let error = await #expect(throws: TemperError.self) { try await world.step(Action("a", "")) }
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        await world.close()
    }

    @Test(arguments: ["7", "-0.1", "null", "\"1\""])
    func aRewardOutsideItsRangeIsAnError(_ reward: String) async throws {
        let world = try await world(step: #"{"id": ID, "reward": \#(reward)}"#)
        _ = try await world.reset(task)
        let error = await #expect(throws: TemperError.self) { try await world.score() }
        #expect(error?.message.contains("no reward in 0…1") == true)
        await world.close()
    }

    @Test func aProgramThatIsNotThereIsNamed() async throws {
        let error = await #expect(throws: TemperError.self) {
            try await ChildWorld(ChildSettings(command: ["no-such-program-here"], folder: "/"))
        }
        #expect(error?.description.contains("no-such-program-here") == true)
        #expect(error?.boundary == .environment)
    }

    @Test func aChildThatDoesNotReadItsInputIsAnError() async throws {
        var settings = ChildSettings(command: ["sleep", "30"], folder: "/")
        settings.startLimit = .zero
        settings.callLimit = .milliseconds(500)
        let world = try await ChildWorld(settings)
        var large = task
        large.payload = .string(String(repeating: "x", count: 1 << 20))
        let error = await #expect(throws: TemperError.self) { try await world.reset(large) }
        #expect(error?.message.contains("does not read its input") == true)
        await world.close()
    }

    @Test func aCancelledEpisodeLeavesNoProcess() async throws {
        var settings = ChildSettings(command: ["bash", "-c", "echo $$ > pid; sleep 60"], folder: "")
        try await withFolder { folder in
            settings.folder = folder
            let pool = WorldPool { [settings] in try await ChildWorld(settings) }
            let task = task
            let episode = Task {
                var environment = OutsideEnvironment(task: task, pool: pool)
                _ = try await environment.reset()
            }
            let pid = try await eventually {
                Int32(
                    (try? String(contentsOfFile: "\(folder)/pid", encoding: .utf8))?.trimmingCharacters(
                        in: .whitespacesAndNewlines) ?? "")
            }
            episode.cancel()
            await #expect(throws: CancellationError.self) { try await episode.value }
            _ = try await eventually { kill(pid, 0) != 0 ? true : nil }
            #expect(pool.idleCount == 0)
        }
    }

    @Test func keysOfHostedModelsDoNotReachAProgram() async throws {
        setenv("TEMPER_TEST_API_KEY", "secret", 1)
        defer { unsetenv("TEMPER_TEST_API_KEY") }
        let child = try await OutsideProgram.start(
            ["bash", "-c", "echo [$TEMPER_TEST_API_KEY] [$HOUSE]"], folder: "/", environment: ["HOUSE": "red"], isSandboxed: false
        )
        #expect(try await child.readLine(deadline: .now + .seconds(5)) == .line("[] [red]"))
        await child.close()
    }

    @Test func longObservationsAreCutInTheMiddle() {
        let text = String(repeating: "a", count: 900) + String(repeating: "z", count: 900)
        let cut = ObservationText.clipped(text, to: 400)
        #expect(cut.hasPrefix("aaa") && cut.hasSuffix("zzz") && cut.contains("1400 characters are not shown"))
        #expect(ObservationText.clipped("short", to: 400) == "short")
    }
}

/// Waits until a value is there.
func eventually<Value>(within limit: Duration = .seconds(10), _ value: () -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let value = value() { return value }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw TemperError(.internal, "it did not happen within \(limit)")
}
