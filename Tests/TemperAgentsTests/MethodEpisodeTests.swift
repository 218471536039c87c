import TemperCore
import Testing

@testable import TemperAgents

@Suite("An episode in each method")
struct MethodEpisodeTests {
    private func run(
        _ method: TemperCore.Method, _ policy: AnsweringPolicy, suite: EchoSuite = EchoSuite(),
        options: EpisodeOptions = EpisodeOptions(maximumTurns: 12), sink: MemorySink? = nil
    ) async throws -> Trajectory {
        try await run(method, .model(policy), suite: suite, options: options, sink: sink)
    }

    private func run(
        _ method: TemperCore.Method, _ policy: Policy, suite: EchoSuite = EchoSuite(),
        options: EpisodeOptions = EpisodeOptions(maximumTurns: 12), sink: MemorySink? = nil
    ) async throws -> Trajectory {
        try await Episode(
            key: key(method), task: try suite.tasks(split: "test", limit: 1)[0], suite: suite, policy: policy, author: .policy,
            options: options, seed: 1, sink: sink
        ).run()
    }

    private func key(_ method: TemperCore.Method, attempt: Int = 0) -> EpisodeKey {
        EpisodeKey(group: "test", suite: "echo", task: "t0", method: method, attempt: attempt)
    }

    private static let plan = "Plan: first\n#E1 = echo[a]\nPlan: second\n#E2 = echo[#E1 and #E1]\nPlan: third\n#E10 = fly[#E2]"

    // MARK: A method of somebody else

    @Test("A method that a test defines is read, written, converted there and back, and played")
    func ownMethod() async throws {
        let method = TemperCore.Method(OwnMethod())
        for argument in ["a", "a \"b\" (c)", ""] {
            let text = TurnText.write(thought: "I look.", action: Action("echo", argument), method: method)
            #expect(TurnText.read(text, method: method) == .init(thought: "I look.", action: Action("echo", argument)))
        }
        #expect(TurnText.trimmed("(echo \"a\")\n=> made up", method: method) == "(echo \"a\")")
        #expect(TurnText.read(" ", method: method).diagnosis == "The reply is empty. Write (name \"argument\").")

        let replies = ["I think.", "I look. (echo \"x\")", "I see. (finish \"0\")"]
        let policy = AnsweringPolicy { replies[$0.turnCount] }
        let episode = try await run(method, policy)
        #expect(episode.outcome == .finished && episode.score?.reward == 1)
        #expect(episode.turns.map(\.action?.text) == [nil, "echo[x]", "finish[0]"])
        #expect(policy.asked[0].stop == ["\n=>"] && policy.asked[0].messages[0].text.hasPrefix("Echo or finish. In brackets."))
        #expect(
            policy.asked[2].messages.dropFirst().map(\.text) == [
                replies[0], "=> There is no call. Write (name \"argument\").", replies[1], "=> x",
            ])

        var solved = episode
        solved.turns.removeFirst()
        let unified = TurnConversion.unified(solved)
        #expect(unified.map(\.replyText) == ["Thought: I look.\nAction: echo[x]", "Thought: I see.\nAction: finish[0]"])
        solved.key.method = .react
        solved.turns = unified
        #expect(try TurnConversion.turns(of: solved, in: method).map(\.replyText) == Array(replies.dropFirst()))
    }

    // MARK: ReWOO

    @Test("ReWOO plans in one call, carries everything out, and answers from the evidence in another")
    func rewoo() async throws {
        let policy = AnsweringPolicy { $0.hasEvidence ? "Answer: 0" : Self.plan }
        let episode = try await run(.rewoo, policy)
        #expect(policy.asked.count == 2)
        #expect(episode.outcome == .finished && episode.score?.reward == 1)
        #expect(episode.turns.map(\.action?.text) == ["echo[a]", "echo[#E1 and #E1]", "fly[#E2]", "finish[0]"])
        #expect(episode.turns.map(\.carriedOut?.text) == [nil, "echo[a and a]", "fly[a and a]", nil])
        #expect(episode.turns.map(\.observation) == ["a", "a and a", "There is no action 'fly'.", nil])
        #expect(episode.turns.map(\.thought) == ["first", "second", "third", nil])
        #expect(episode.turns[0].plan == Self.plan && episode.turns.dropFirst().allSatisfy { $0.plan == nil })
        #expect(episode.turns.map(\.usage.promptTokens) == [10, 0, 0, 10])
        #expect(
            policy.asked[1].messages.map(\.text).suffix(2) == [
                Self.plan, "Evidence #E1: a\nEvidence #E2: a and a\nEvidence #E10: There is no action 'fly'.",
            ])
    }

    @Test("A plan that cannot be read is diagnosed and asked for again")
    func badPlan() async throws {
        let policy = AnsweringPolicy { request in
            guard !request.hasEvidence else { return "0" }
            return request.turnCount == 0 ? "Plan: I think." : "#E1 = echo[x]"
        }
        let episode = try await run(.rewoo, policy)
        #expect(episode.turns[0].diagnosis?.hasPrefix("There is no '#E1 = …'.") == true)
        #expect(episode.turns.map(\.action?.text) == [nil, "echo[x]", "finish[0]"])
        #expect(episode.answer == "0")
    }

    @Test("A plan under way goes on without asking the planner again")
    func resumedPlan() async throws {
        let whole = try await run(.rewoo, AnsweringPolicy { $0.hasEvidence ? "Answer: 0" : Self.plan })
        for count in 1...3 {
            let sink = MemorySink()
            await sink.seed(Array(whole.turns.prefix(count)), for: key(.rewoo))
            let policy = AnsweringPolicy { request in
                guard request.hasEvidence else { throw TemperError(.data, "planned again", boundary: .policy) }
                return "Answer: 0"
            }
            let resumed = try await run(.rewoo, policy, sink: sink)
            #expect(resumed.turns.map(\.replyText) == whole.turns.map(\.replyText), "\(count)")
            #expect(resumed.turns.map(\.carriedOut) == whole.turns.map(\.carriedOut))
            #expect(await sink.discarded.isEmpty)
        }
    }

    @Test("Turn limit and rescoring hold for a plan")
    func planLimits() async throws {
        let policy = AnsweringPolicy { _ in Self.plan }
        let short = try await run(.rewoo, policy, options: EpisodeOptions(maximumTurns: 2))
        #expect(short.outcome == .turnLimit && short.turns.count == 2 && policy.asked.count == 1)
        var suite = EchoSuite()
        suite.scoresAnswers = false
        let episode = try await run(.rewoo, AnsweringPolicy { $0.hasEvidence ? "Answer: 0" : Self.plan })
        let again = try await Recording.rescored(episode, suite: suite)
        #expect(again.score?.reward == 1)
        #expect(again.turns.map(\.carriedOut) == episode.turns.map(\.carriedOut))
    }

    // MARK: Function calls

    @Test("A model that takes functions gets them beside the messages, another as text")
    func tools() async throws {
        var suite = EchoSuite()
        suite.instruction = "Use a function.\necho[words] says them again.\nfinish[answer] ends the task."
        let call = "I try.\n<tool_call>\n{\"name\": \"echo\", \"arguments\": {\"input\": \"x\"}}\n</tool_call>"
        let answer: @Sendable (CompletionRequest) -> String = { request in
            request.turnCount == 0
                ? call : "<tool_call>\n{\"name\": \"finish\", \"arguments\": {\"input\": \"0\"}}\n</tool_call>"
        }
        let taking = AnsweringPolicy(takesTools: true, answer)
        let episode = try await run(.tools, taking, suite: suite)
        #expect(episode.turns.map(\.action?.text) == ["echo[x]", "finish[0]"] && episode.score?.reward == 1)
        #expect(taking.asked[0].tools.map(\.name) == ["echo", "finish"])
        #expect(taking.asked[0].messages[0].text == "Use a function.\n\nSay 0.")
        #expect(taking.asked[1].messages.map(\.text).suffix(2) == [call, "<tool_response>\nx\n</tool_response>"])
        let reading = AnsweringPolicy(answer)
        #expect(try await run(.tools, reading, suite: suite).turns.map(\.replyText) == episode.turns.map(\.replyText))
        #expect(reading.asked[0].tools.isEmpty)
        #expect(reading.asked[0].messages[0].text.contains("The functions are:\n{\"name\": \"echo\""))
        let bare = AnsweringPolicy(takesTools: true, answer)
        _ = try await run(.tools, bare, suite: suite, options: EpisodeOptions(style: .task))
        #expect(bare.asked[0].messages[0].text == "Say 0." && bare.asked[0].tools.count == 2)
    }

    @Test("Without thoughts the actions alone are written and read")
    func act() async throws {
        let policy = AnsweringPolicy { $0.turnCount == 0 ? "Action: echo[a]" : "Action: finish[0]" }
        let episode = try await run(.act, policy)
        #expect(episode.turns.map(\.thought) == [nil, nil] && episode.score?.reward == 1)
        #expect(policy.asked[0].stop == ["\nObservation:"])
    }

    // MARK: Reflexion inside an episode

    private var early: EpisodeOptions {
        var options = EpisodeOptions(maximumTurns: 12)
        options.reflexion.rounds = [3, 5]
        return options
    }

    @Test("A sentence is forced at given rounds, the policy goes on from it, and both keep their authors")
    func forced() async throws {
        let policy = AnsweringPolicy { request in
            switch request.turnCount {
            case 2: "I try another word.\nAction: echo[2]"
            case 4: "Action: finish[0]"
            case let turn: "Thought: I go on.\nAction: echo[\(turn)]"
            }
        }
        let episode = try await run(.reflexion, policy, options: early)
        #expect(policy.asked.map(\.replyStart.isEmpty) == [true, true, false, true, false])
        #expect(policy.asked[2].replyStart.hasPrefix("Thought: I have taken 2 steps"))
        #expect(episode.turns[2].reply.map(\.author) == [.forced, .policy])
        #expect(episode.turns[2].replyText == policy.asked[2].replyStart + " I try another word.\nAction: echo[2]")
        #expect(episode.turns[4].replyText == policy.asked[4].replyStart + "\nAction: finish[0]")
        #expect(episode.turns[4].thought?.contains("I have to finish now") == true)
        #expect(episode.score?.reward == 1)
    }

    @Test("A model that begins anew loses its own label and its copy of the sentence")
    func copied() {
        let thought = ForcedThought("So far so bad.", format: .react)
        for reply in [
            "I look.\nAction: echo[a]", "Thought: I look.\nAction: echo[a]", "Thought: So far so bad. I look.\nAction: echo[a]",
            "Thought: So far so bad. Thought: I look.\nAction: echo[a]\nObservation: made up",
        ] {
            let spans = thought.reply(goingOn: reply, by: .teacher, method: .reflexion, format: .react)
            #expect(spans == [Span("Thought: So far so bad. ", by: .forced), Span("I look.\nAction: echo[a]", by: .teacher)])
        }
    }

    @Test("FireAct's sentences are an option", arguments: [(5, "let me do a reflection"), (9, "I need to wrap up")])
    func wording(turn: Int, words: String) throws {
        var options = ReflexionOptions()
        options.wording = .fireact
        let sentence = try #require(options.sentence(forTurn: turn))
        #expect(sentence.hasPrefix("Now that I haven't solved the task within \(turn) steps, " + words))
        #expect((0..<20).filter { options.sentence(forTurn: $0) != nil } == [5, 9])
    }

    // MARK: Reflexion between trials

    private var trials: EpisodeOptions {
        var options = EpisodeOptions(maximumTurns: 4)
        options.reflexion.form = .trials
        return options
    }

    private func runTrials(_ policy: AnsweringPolicy, attempt: Int = 0, sink: MemorySink? = nil) async throws -> [Trajectory] {
        let suite = EchoSuite()
        let episode = Episode(
            key: key(.reflexion, attempt: attempt), task: try suite.tasks(split: "test", limit: 1)[0], suite: suite,
            policy: .model(policy), author: .policy, options: trials, seed: 1, sink: sink)
        return try await Rollouts.run([episode], concurrency: 1)
    }

    /// Right once its prompt shows two reflections.
    private func learner() -> AnsweringPolicy {
        AnsweringPolicy { request in
            let trials = request.messages[0].text.matches(of: /After trial/).count
            if request.isReflection { return "I guessed \(trials).\nNext time not." }
            return request.messages[0].text.contains("After trial 2") ? "Action: finish[0]" : "Action: finish[wrong]"
        }
    }

    @Test("After a failed trial the policy reflects and tries again with its reflections in the prompt")
    func reflects() async throws {
        let policy = learner()
        let episodes = try await runTrials(policy, attempt: 2)
        #expect(episodes.map(\.key.attempt) == [6, 7, 8])
        #expect(episodes.map { $0.score?.reward } == [0, 0, 1])
        #expect(episodes.map { $0.turns.first?.reflections?.count } == [nil, 1, 2])
        #expect(episodes[2].turns[0].reflections == ["I guessed 0. Next time not.", "I guessed 1. Next time not."])
        #expect(episodes.map(\.price) == [0.5, 1, 1])
        let asking = policy.asked[1]
        #expect(asking.messages.map(\.role) == [.user, .assistant, .user])
        #expect(asking.messages.last?.text == Trials.question)
        #expect(
            policy.asked.last?.messages[0].text
                == "Echo or finish.\n\nSay 0.\n\nYou have tried this task before.\nAfter trial 1: I guessed 0. Next time not.\n"
                + "After trial 2: I guessed 1. Next time not.")
    }

    @Test("Trials are bounded, and one that succeeds is the last")
    func bounded() async throws {
        let never = AnsweringPolicy { $0.isReflection ? "Hm." : "Action: finish[wrong]" }
        #expect(try await runTrials(never).count == 3)
        #expect(never.asked.count == 5)
        let once = AnsweringPolicy { _ in "Action: finish[0]" }
        #expect(try await runTrials(once).count == 1)
    }

    @Test("Stored trials and reflections are not asked for again")
    func resumedTrials() async throws {
        let sink = MemorySink()
        let whole = try await runTrials(learner(), sink: sink)
        let nobody = AnsweringPolicy { _ in throw TemperError(.data, "asked again", boundary: .policy) }
        #expect(try await runTrials(nobody, sink: sink) == whole)
        let partial = MemorySink()
        for trial in whole.prefix(2) { await partial.episodeFinished(trial) }
        let stored = whole[2].turns[0].reflections
        await partial.seed(
            [
                Turn(
                    index: 0, reply: [Span("Action: echo[a]", by: .policy)], action: Action("echo", "a"), observation: "a",
                    reflections: stored)
            ], for: key(.reflexion, attempt: 2))
        let last = AnsweringPolicy { request in
            guard !request.isReflection else { throw TemperError(.data, "asked again", boundary: .policy) }
            return "Action: finish[0]"
        }
        let resumed = try await runTrials(last, sink: partial)
        #expect(last.asked.count == 1 && resumed.count == 3 && resumed[2].score?.reward == 1)
        #expect(last.asked[0].messages[0].text.contains("After trial 2: I guessed 1."))
    }

    @Test("A reflection that fails is the next trial's error, which is tried again later")
    func failedReflection() async throws {
        let sink = MemorySink()
        let policy = AnsweringPolicy { request in
            if request.isReflection { throw TemperError(.unavailable, "no answer", boundary: .policy) }
            return "Action: finish[wrong]"
        }
        let episodes = try await runTrials(policy, sink: sink)
        #expect(episodes.map(\.outcome) == [.finished, .policyError])
        #expect(episodes[1].failure?.message == "no answer")
        let again = try await runTrials(learner(), sink: sink)
        #expect(again.map(\.outcome) == [.finished, .finished, .finished] && again[2].score?.reward == 1)
    }

    // MARK: Scripts

    @Test(
        "A script of the react method serves every method that acts",
        arguments: [TemperCore.Method.act, .reflexion, .tools, .rewoo])
    func scripts(method: TemperCore.Method) async throws {
        let script = AnsweringScript { scene in
            #expect(scene.key.method == .react)
            return scene.turns.last?.observation == "a"
                ? "Thought: seen\nAction: finish[0]" : "Thought: I look.\nAction: echo[a]"
        }
        let episode = try await run(method, .script(ScriptedMethods(script, suite: EchoSuite())))
        #expect(episode.score?.reward == 1)
        #expect(episode.turns.map(\.action?.text) == ["echo[a]", "finish[0]"])
        let unified = TurnConversion.unified(episode).map(\.replyText)
        let expected =
            method == .act
            ? ["Action: echo[a]", "Action: finish[0]"]
            : ["Thought: I look.\nAction: echo[a]", "Thought: seen\nAction: finish[0]"]
        #expect(unified == expected)
    }

    @Test("With rule 'end' nothing is left out: the episode is over when it outgrows the context")
    func tokenLimit() async throws {
        let long = String(repeating: "x", count: 400)
        let policy = AnsweringPolicy(contextLimit: 290) { "Action: echo[\(long)\($0.turnCount)]" }
        let episode = try await run(
            .react, policy, options: EpisodeOptions(maximumTurns: 6, maximumNewTokens: 20, contextRule: .end))
        #expect(episode.outcome == .contextLimit && episode.turns.map(\.droppedTurns) == [0, 0])
    }
}
