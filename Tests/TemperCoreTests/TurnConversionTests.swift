import Testing

@testable import TemperCore

@Suite("Conversion between methods")
struct TurnConversionTests {
    /// An episode in a method, from its replies as a teacher wrote them.
    private func trajectory(
        _ method: TemperCore.Method, _ turns: [(reply: String, observation: String?)], format: TurnFormat = .react
    ) -> Trajectory {
        Trajectory(
            key: EpisodeKey(group: "g", suite: "s", task: "t", method: method),
            task: AgentTask(id: "t", suite: "s", split: "train", instruction: "Who?", payload: .null, format: format),
            policy: "expert", seed: 1,
            turns: turns.enumerated().map { index, turn in
                let reading = TurnText.read(turn.reply, method: method, format: format)
                return Turn(
                    index: index, reply: [Span(turn.reply, by: .teacher)], thought: reading.thought, action: reading.action,
                    diagnosis: reading.diagnosis, observation: turn.observation)
            }, outcome: .finished)
    }

    private let twoTurns: [(reply: String, observation: String?)] = [
        ("Thought: I look it up.\nAction: search[a]", "It is Ada."), ("Thought: It says Ada.\nAction: finish[Ada]", nil),
    ]

    private func texts(_ turns: [Turn]) -> [String] { turns.map(\.replyText) }

    @Test("A chain of thought becomes ReAct with what was rewritten marked as converted")
    func chainOfThought() {
        let turn = TurnConversion.unified(trajectory(.cot, [("Thought: t\nAnswer: Paris", nil)]))[0]
        #expect(turn.replyText == "Thought: t\nAction: finish[Paris]")
        #expect(turn.reply.filter { $0.author == .teacher }.map(\.text) == ["t", "Paris"])
        #expect(turn.reply.filter { $0.author == .converted }.map(\.text) == ["Thought: ", "\n", "Action: finish[", "]"])
    }

    @Test("ReAct, bare actions and a thought with a forced sentence are unified already")
    func untouched() {
        let episode = trajectory(.react, twoTurns)
        #expect(TurnConversion.unified(episode) == episode.turns)
        let act = trajectory(.act, [("Action: search[a]", "x"), ("Action: finish[Ada]", nil)])
        #expect(TurnConversion.unified(act) == act.turns)
        var forced = trajectory(.reflexion, twoTurns)
        forced.turns[1].reply = [Span("Thought: I wrap up. ", by: .forced), Span("Ada.\nAction: finish[Ada]", by: .policy)]
        #expect(TurnConversion.unified(forced) == forced.turns)
        let capitals = trajectory(.react, [("THOUGHT: x\nACTION: look", nil)], format: .capitals)
        #expect(TurnConversion.unified(capitals) == capitals.turns)
    }

    @Test("A function call becomes thought and action, in a benchmark's own words where it has some")
    func tools() throws {
        let episode = trajectory(.tools, [(ToolText.write(thought: "I look.", action: Action("search", "a \"b\"")), "x")])
        let turn = TurnConversion.unified(episode)[0]
        #expect(turn.replyText == "Thought: I look.\nAction: search[a \"b\"]")
        #expect(turn.reply.filter { $0.author == .converted }.map(\.text) == ["Thought: ", "\n", "Action: search[", "]"])
        let capitals = trajectory(
            .tools, [(ToolText.write(thought: "t", action: Action("act", "look")), "x")], format: .capitals)
        #expect(TurnConversion.unified(capitals)[0].replyText == "THOUGHT: t\nACTION: look")
    }

    @Test("A plan becomes thoughts and actions with the evidence filled in, which nobody but Temper wrote")
    func rewoo() {
        var episode = trajectory(
            .rewoo, [("Plan: p1\n#E1 = search[a]", "Ada"), ("Plan: p2\n#E2 = lookup[#E1]", "born 1815"), ("Answer: 1815", nil)])
        episode.turns[0].plan = episode.turns.prefix(2).map(\.replyText).joined(separator: "\n")
        episode.turns[1].carriedOut = Action("lookup", "Ada")
        let unified = TurnConversion.unified(episode)
        #expect(texts(unified) == ["Thought: p1\nAction: search[a]", "Thought: p2\nAction: lookup[Ada]", "Action: finish[1815]"])
        #expect(unified[1].reply.filter { $0.author == .teacher }.map(\.text) == ["p2"])
        #expect(unified[1].action == Action("lookup", "Ada") && unified[1].carriedOut == nil)
        #expect(unified.map(\.observation) == ["Ada", "born 1815", nil])
    }

    @Test("The reflections of earlier trials become the beginning of the first thought")
    func reflections() {
        var episode = trajectory(.reflexion, twoTurns)
        episode.turns[0].reflections = ["I read too fast.", "I guessed."]
        let unified = TurnConversion.unified(episode)
        #expect(unified[0].replyText == "Thought: I read too fast. I guessed. I look it up.\nAction: search[a]")
        #expect(
            unified[0].reply.filter { $0.author == .teacher }.map(\.text) == [
                "I read too fast. I guessed.", "I look it up.", "a",
            ])
        #expect(unified[1] == episode.turns[1])
    }

    @Test("A turn that is not an action stays as it is", arguments: [TemperCore.Method.react, .cot, .tools, .rewoo])
    func invalid(method: TemperCore.Method) {
        let episode = trajectory(method, [("Plan: who knows\nPlan: nobody", "?")])
        if method != .cot { #expect(episode.turns[0].action == nil) }
        #expect(TurnConversion.unified(episode)[0].replyText == episode.turns[0].replyText)
    }

    @Test("There and back gives the same text", arguments: [TemperCore.Method.tools, .rewoo, .reflexion])
    func thereAndBack(method: TemperCore.Method) throws {
        var episode = trajectory(.react, twoTurns)
        episode.turns = try TurnConversion.turns(of: episode, in: method)
        episode.key.method = method
        #expect(episode.turns.allSatisfy { TurnText.read($0.replyText, method: method).action == $0.action })
        let back = TurnConversion.unified(episode)
        #expect(texts(back) == twoTurns.map(\.reply))
        #expect(
            back.flatMap(\.reply).filter { $0.author == .teacher }.map(\.text).joined(separator: "|").contains("I look it up."))
        #expect(back.allSatisfy { $0.plan == nil })
    }

    @Test(
        "One thought with an answer goes there and back through every method that has thoughts",
        arguments: [TemperCore.Method.cot, .tools, .rewoo, .react])
    func oneThought(method: TemperCore.Method) throws {
        let start = trajectory(.react, [("Thought: t\nAction: finish[Ada]", nil)])
        var there = start
        there.turns = try TurnConversion.turns(of: start, in: method)
        there.key.method = method
        #expect(texts(TurnConversion.unified(there)) == ["Thought: t\nAction: finish[Ada]"])
    }

    @Test("Thoughts are lost where a method has none")
    func lossy() throws {
        let act = try TurnConversion.turns(of: trajectory(.react, twoTurns), in: .act)
        #expect(texts(act) == ["Action: search[a]", "Action: finish[Ada]"])
        let io = try TurnConversion.turns(of: trajectory(.cot, [("Thought: t\nAnswer: Ada", nil)]), in: .io)
        #expect(texts(io) == ["Answer: Ada"])
    }

    @Test("A method that has no place for the turns says so")
    func noPlace() {
        let error = #expect(throws: TemperError.self) {
            try TurnConversion.turns(of: trajectory(.react, twoTurns), in: .cot)
        }
        #expect(error?.description == "error: g:s:t:react:0: the episode cannot be written as cot: it has 2 turns")
        let unfinished = #expect(throws: TemperError.self) {
            try TurnConversion.turns(of: trajectory(.react, [twoTurns[0]]), in: .rewoo)
        }
        #expect(unfinished?.message == "the episode cannot be written as rewoo: it gives no answer")
    }

    @Test("A plan is one message of the chat and its evidence another, whatever wrote it")
    func planChat() throws {
        let episode = trajectory(.react, twoTurns)
        let turns = try TurnConversion.turns(of: episode, in: .rewoo)
        let messages = Conversation.messages(
            prompt: nil, style: .task, task: episode.task, method: .rewoo, opening: nil, turns: turns)
        #expect(
            messages.map(\.text) == [
                "Who?", "Plan: I look it up.\n#E1 = search[a]", "Evidence #E1: It is Ada.", "Thought: It says Ada.\nAnswer: Ada",
            ])
    }

    @Test("An episode is one Alpaca text and comes back as its turns")
    func alpaca() throws {
        let episode = trajectory(.react, twoTurns)
        let (instruction, output) = try AlpacaText.write(episode, ending: "Episode finished, reward = 1")
        #expect(instruction == "Who?")
        #expect(
            output == """
                Thought: I look it up.
                Action: search[a]
                Observation: It is Ada.
                Thought: It says Ada.
                Action: finish[Ada]
                Observation: Episode finished, reward = 1
                """)
        #expect(try AlpacaText.turns(in: output, author: .teacher, ending: "Episode finished") == episode.turns)
        #expect(try AlpacaText.turns(in: AlpacaText.write(episode).output, author: .teacher) == episode.turns)
    }

    @Test("An observation that looks like a reply is not written into one text")
    func ambiguousAlpaca() {
        let episode = trajectory(.react, [(twoTurns[0].reply, "one\nThought: not mine"), twoTurns[1]])
        let error = #expect(throws: TemperError.self) { try AlpacaText.write(episode) }
        #expect(error?.message.hasPrefix("the episode cannot be written as one text") == true)
    }
}

/// A benchmark's words, made up: `THOUGHT: …\nACTION: look`.
private enum CapitalsText: TurnFormatText {
    static let stopStrings: [String] = []
    static let expectation = "Write THOUGHT and ACTION."

    static func read(_ text: String) -> TurnText.Reading {
        let lines = text.split(separator: "\n").map(String.init)
        guard let action = lines.last, action.hasPrefix("ACTION: ") else { return .init(diagnosis: expectation) }
        let thought = lines.count > 1 ? String(lines[0].dropFirst("THOUGHT: ".count)) : nil
        return .init(thought: thought, action: Action("act", String(action.dropFirst("ACTION: ".count))))
    }

    static func write(thought: String?, action: Action) -> String {
        (thought.map { "THOUGHT: \($0)\n" } ?? "") + "ACTION: \(action.argument)"
    }

    static func write(observation: String) -> String { observation }
}

extension TurnFormat {
    fileprivate static let capitals = TurnFormat("capitals", CapitalsText.self)
}
