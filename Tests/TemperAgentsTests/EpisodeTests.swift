import TemperAgents
import TemperCore
import Testing

@Suite("An episode")
struct EpisodeTests {
    let suite = EchoSuite()

    func run(
        _ replies: [String], suite: EchoSuite = EchoSuite(), options: EpisodeOptions = EpisodeOptions(maximumTurns: 6),
        sink: MemorySink? = nil, author: Author = .policy, contextLimit: Int? = nil,
        failure: (@Sendable (CompletionRequest) throws -> Void)? = nil
    ) async throws -> Trajectory {
        let task = try suite.tasks(split: "test", limit: 1)[0]
        let key = EpisodeKey(group: "test", suite: "echo", task: task.id, method: .react)
        return try await Episode(
            key: key, task: task, suite: suite,
            policy: .model(ScriptedPolicy(["t0": replies], contextLimit: contextLimit, failure: failure)), author: author,
            options: options, seed: 1, sink: sink
        ).run()
    }

    @Test("The stage says whose words a policy's are; a script that copies a reference says so itself")
    func authors() async throws {
        for author in [Author.teacher, .policy] {
            let trajectory = try await run(["Action: echo[a]", "Action: finish[0]"], author: author)
            #expect(trajectory.turns.flatMap(\.reply).map(\.author) == [author, author])
        }
        struct Reference: Script {
            let name = "gold"
            let author: Author? = .reference
            func reply(in scene: Scene) async throws -> String { "Action: finish[0]" }
        }
        let gold = try await Episode(
            key: EpisodeKey(group: "test", suite: "echo", task: "t0", method: .react),
            task: try suite.tasks(split: "test", limit: 1)[0], suite: suite, policy: .script(Reference()), author: .teacher,
            options: EpisodeOptions(), seed: 1, sink: nil
        ).run()
        #expect(gold.turns.flatMap(\.reply).map(\.author) == [.reference])
    }

    @Test("A right answer finishes with reward 1, and the ending turn has no observation")
    func finishes() async throws {
        let trajectory = try await run(["Thought: hm\nAction: echo[a]", "Action: finish[0]"])
        #expect(trajectory.outcome == .finished)
        #expect(trajectory.score?.reward == 1)
        #expect(trajectory.answer == "0")
        #expect(trajectory.turns.map(\.observation) == ["a", nil])
        #expect(trajectory.usage == TokenUsage(promptTokens: 20, completionTokens: 4))
    }

    @Test("An unreadable reply is recorded with its diagnosis, which the policy sees next")
    func diagnosis() async throws {
        let trajectory = try await run(["who knows", "Action: finish[0]"])
        #expect(trajectory.turns[0].diagnosis?.hasPrefix("There is no 'Action:' line.") == true)
        #expect(trajectory.turns[0].observation == trajectory.turns[0].diagnosis)
        #expect(trajectory.score?.reward == 1)
    }

    @Test("An action the environment does not know is recorded as such")
    func unknownAction() async throws {
        let trajectory = try await run(["Action: fly[home]", "Action: finish[0]"])
        #expect(trajectory.turns[0].diagnosis == "There is no action 'fly'.")
    }

    @Test("Three identical replies in a row end the episode")
    func repetition() async throws {
        let trajectory = try await run(Array(repeating: "Action: echo[a]", count: 6))
        #expect(trajectory.outcome == .repeatedOutput)
        #expect(trajectory.turns.count == 3)
        #expect(trajectory.score?.reward == 0)
    }

    @Test("The turn limit ends the episode with reward 0")
    func turnLimit() async throws {
        let trajectory = try await run((0..<9).map { "Action: echo[\($0)]" })
        #expect(trajectory.outcome == .turnLimit)
        #expect(trajectory.turns.count == 6)
        #expect(trajectory.score?.reward == 0)
    }

    @Test("Oldest turns leave a small context with a notice, and a context without room ends the episode")
    func contextLimit() async throws {
        let long = String(repeating: "x", count: 400)
        let options = EpisodeOptions(maximumTurns: 6, maximumNewTokens: 20)
        let replies = ["Action: echo[\(long)]", "Action: echo[\(long)y]", "Action: finish[0]"]
        let trajectory = try await run(replies, options: options, contextLimit: 290)
        #expect(trajectory.outcome == .finished)
        #expect(trajectory.turns.map(\.droppedTurns) == [0, 0, 1])
        let tight = try await run(replies, options: options, contextLimit: 100)
        #expect(tight.outcome == .contextLimit)
        #expect(tight.turns.count == 1)
    }

    @Test("AgentBench's rule keeps the first message and the newest ones under its budget")
    func agentBenchRule() {
        #expect(ContextWindow.segments(in: "abcdefgh, 12 \n") == 2 + 1 + 2)
        let long = String(repeating: "1", count: 1500)
        let turns = (0..<4).map { Turn(index: $0, reply: [Span("Action: echo[\($0)]", by: .policy)], observation: long) }
        let task = AgentTask(id: "t", suite: "echo", split: "test", instruction: "Go.", payload: .null)
        let window = ContextWindow.fit(
            turns: turns, options: EpisodeOptions(contextRule: .agentBench), limit: nil,
            build: { Conversation.messages(prompt: nil, style: .task, task: task, opening: nil, turns: turns, droppedTurns: $0) },
            tokenCount: { _ in 0 })
        #expect(window?.messages.count == 5)
        #expect(window?.droppedTurns == 2)
        #expect(window?.messages.first?.text == "Go.\n\n[NOTICE] 4 messages are omitted.")
    }

    @Test("A failing policy or environment is an error with its boundary, never a score")
    func failures() async throws {
        let policy = try await run(["x"], failure: { _ in throw TemperError(.unavailable, "no answer", boundary: .policy) })
        #expect(policy.outcome == .policyError)
        #expect(policy.score == nil)
        #expect(policy.failure == EpisodeFailure(boundary: .policy, message: "no answer"))
        let world = try await run(["Action: break[it]"])
        #expect(world.outcome == .environmentError)
        #expect(world.failure?.message == "the world is gone")
    }

    @Test("A reached budget stops the run instead of becoming a result")
    func budget() async throws {
        await #expect(throws: TemperError.self) {
            _ = try await run(["x"], failure: { _ in throw TemperError(.budget, "budget reached") })
        }
    }

    @Test("An interrupted episode goes on after its stored turns")
    func resume() async throws {
        let sink = MemorySink()
        let key = EpisodeKey(group: "test", suite: "echo", task: "t0", method: .react)
        let replies = ["Action: echo[a]", "Action: echo[b]", "Action: finish[0]"]
        let whole = try await run(replies)
        await sink.seed(Array(whole.turns.prefix(2)), for: key)
        let resumed = try await run(["never asked", "never asked", "Action: finish[0]"], sink: sink)
        #expect(resumed.turns.map(\.replyText) == replies)
        #expect(await sink.turns[key]?.count == 3)
        #expect(await sink.discarded.isEmpty)
        let again = try await run(["never asked"], sink: sink)
        #expect(again == resumed)
    }

    @Test("When the world answers otherwise than before, the stored attempt is set aside and the episode starts clean")
    func changedWorld() async throws {
        let sink = MemorySink()
        let key = EpisodeKey(group: "test", suite: "echo", task: "t0", method: .react)
        await sink.seed(try await run(["Action: echo[a]", "Action: finish[0]"]).turns.dropLast(), for: key)
        var changed = EchoSuite()
        changed.prefix = "new "
        let resumed = try await run(["Action: echo[z]", "Action: finish[0]"], suite: changed, sink: sink)
        #expect(resumed.turns.first?.observation == "new z")
        #expect(await sink.discarded == ["turn 0 now leads to another observation"])
    }

    @Test("Many episodes at once give the same trajectories in the order of the jobs")
    func rollouts() async throws {
        let tasks = try suite.tasks(split: "test", limit: 40)
        var replies: [String: [String]] = [:]
        for task in tasks {
            replies[task.id] = ["Action: echo[\(task.id)]", "Action: finish[\(task.referenceAnswer ?? "")]"]
        }
        let episodes = tasks.map {
            Episode(
                key: EpisodeKey(group: "g", suite: "echo", task: $0.id, method: .react), task: $0, suite: suite,
                policy: .model(ScriptedPolicy(replies)), author: .policy, options: EpisodeOptions(), seed: 3, sink: nil)
        }
        var runs: [[Trajectory]] = []
        for concurrency in [1, 16] {
            let run = try await Rollouts.run(episodes, concurrency: concurrency)
            runs.append(run)
        }
        #expect(runs[0].map(\.task.id) == tasks.map(\.id))
        #expect(runs[0].map(\.turns).map { $0.map(\.replyText) } == runs[1].map(\.turns).map { $0.map(\.replyText) })
        #expect(runs[1].allSatisfy { $0.score?.reward == 1 })
    }

    @Test("A recording is read and scored again from its raw text")
    func recording() async throws {
        var recorded = try await run(["Action: echo[a]", "Action: finish[0]"])
        recorded.score = Score(reward: 0)
        recorded.turns[1].action = nil
        let sink = MemorySink()
        let replayed = try await Recording.replay([recorded], group: "collect", suites: { _ in EchoSuite() }, sink: sink)
        #expect(replayed[0].score?.reward == 1)
        #expect(replayed[0].answer == "0")
        #expect(await sink.finished.keys.map(\.group) == ["collect"])
    }

    @Test("Every environment is closed once: after an answer, after a failure, and when a resumed episode starts clean")
    func closes() async throws {
        let census = Census()
        var suite = EchoSuite()
        suite.census = census
        _ = try await run(["Action: finish[0]"], suite: suite)
        #expect(census.counts.opened == 1 && census.counts.closed == 1)
        #expect(try await run(["Action: break[]"], suite: suite).outcome == .environmentError)
        #expect(census.counts.opened == 2 && census.counts.closed == 2)
        let sink = MemorySink()
        let key = EpisodeKey(group: "test", suite: "echo", task: "t0", method: .react)
        await sink.seed(try await run(["Action: echo[a]", "Action: finish[0]"]).turns.dropLast(), for: key)
        suite.prefix = "new "
        _ = try await run(["Action: echo[z]", "Action: finish[0]"], suite: suite, sink: sink)
        #expect(census.counts.opened == 4 && census.counts.closed == 4)
    }

    @Test("A trajectory whose answer does not decide is scored again by carrying out its actions")
    func rescored() async throws {
        var suite = EchoSuite()
        suite.scoresAnswers = false
        suite.census = Census()
        var stored = try await run(["Action: echo[a]", "Action: finish[0]"])
        stored.score = nil
        stored.answer = nil
        let again = try await Recording.rescored(stored, suite: suite)
        #expect(again.score?.reward == 1 && again.answer == "0")
        #expect(suite.census?.counts.opened == 1 && suite.census?.counts.closed == 1)
    }
}
