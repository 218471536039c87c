import TemperCore
import Testing

@testable import TemperData

@Suite("Documents of every method") struct MethodRenderingTests {
    private func documents(of trajectory: Trajectory, _ change: (inout CurationOptions) -> Void = { _ in }) throws -> [Document] {
        var options = CurationOptions()
        change(&options)
        let prompt = SuitePrompt(
            instruction: "Do it.\nsearch[words] opens a page.\nfinish[answer] ends.", demonstrations: [])
        switch try Rendering.documents(of: trajectory, prompt: prompt, options: options, run: "sample") {
        case .success(let documents): return documents
        case .failure(let refusal): throw TemperError(.data, refusal.reason)
        }
    }

    private func trajectory(in method: TemperCore.Method) throws -> Trajectory {
        var trajectory = Samples.trajectory("a")
        trajectory.turns = try TurnConversion.turns(of: trajectory, in: method)
        trajectory.key.method = method
        return trajectory
    }

    private func shown(_ document: Document) -> [String] {
        document.messages.map { message in message.spans.map { $0.train ? "<\($0.text)>" : $0.text }.joined() }
    }

    @Test(
        "Unified, every method that acts shows the same chat", arguments: [TemperCore.Method.react, .reflexion, .rewoo, .tools])
    func unified(method: TemperCore.Method) throws {
        let texts = try documents(of: trajectory(in: method))[0].messages.map(\.text)
        #expect(
            texts == [
                "Who made a?", "Thought: I look it up.\nAction: search[who made a]", "Observation: a was made by Ada.",
                "Thought: It says Ada.\nAction: finish[Ada]",
            ])
    }

    @Test("In its own words a plan is one reply, trained as a whole, and the evidence is not trained") func ownPlan() throws {
        let document = try documents(of: trajectory(in: .rewoo)) { $0.unify = false }[0]
        #expect(
            document.messages.map(\.text) == [
                "Who made a?", "Plan: I look it up.\n#E1 = search[who made a]", "Evidence #E1: a was made by Ada.",
                "Thought: It says Ada.\nAnswer: Ada",
            ])
        #expect(document.messages.map { $0.spans.allSatisfy(\.train) } == [false, true, false, true])
    }

    @Test("In its own words a function call stands under the functions") func ownTools() throws {
        let document = try documents(of: trajectory(in: .tools)) {
            $0.unify = false
            $0.promptStyle = .instruction
        }[0]
        #expect(document.messages[0].text.hasPrefix("Do it.\n\nThe functions are:\n{\"name\": \"search\""))
        #expect(document.messages[2].text == "<tool_response>\na was made by Ada.\n</tool_response>")
        #expect(document.messages[3].text.hasSuffix("\"arguments\": {\"input\": \"Ada\"}}\n</tool_call>"))
    }

    @Test("Reflections of earlier trials are the first thought, or stand in the prompt as the policy saw them")
    func reflections() throws {
        var trajectory = try trajectory(in: .reflexion)
        trajectory.turns[0].reflections = ["I guessed."]
        let unified = try documents(of: trajectory)[0]
        #expect(shown(unified)[0] == "Who made a?")
        #expect(unified.messages[1].text.hasPrefix("Thought: I guessed. I look it up.\n"))
        let own = try documents(of: trajectory) { $0.unify = false }[0]
        #expect(own.messages[0].text == "Who made a?\n\nYou have tried this task before.\nAfter trial 1: I guessed.")
        #expect(own.messages[0].spans.allSatisfy { !$0.train })
    }

    @Test("A reply in whose place the nearest action was carried out is masked, trained or drops the episode")
    func nearest() throws {
        var trajectory = Samples.trajectory("a")
        trajectory.turns[0].carriedOut = Action("search", "a")
        let masked = try documents(of: trajectory)[0]
        #expect(masked.messages.map { $0.spans.contains(where: \.train) } == [false, false, false, true])
        let trained = try documents(of: trajectory) { $0.nearestActions = .train }[0]
        #expect(trained.messages[1].text == Samples.trajectory("a").turns[0].replyText)
        #expect(trained.messages.map { $0.spans.contains(where: \.train) } == [false, true, false, true])
        var options = CurationOptions()
        options.nearestActions = .drop
        let dataset = try Curation.run(
            [trajectory, Samples.trajectory("b")], options: options, context: Samples.context(Samples.tokenizer()))
        #expect(dataset.card.documents == 1)
        let step = try #require(dataset.card.steps.first { $0.name == "format" })
        #expect(step.dropped.map(\.reason) == ["the nearest admissible action was carried out"])
    }

    @Test("A plan whose arguments were filled in is kept by the format check, and its evidence counts as what was done")
    func filledIn() throws {
        var trajectory = try trajectory(in: .rewoo)
        let text = "Plan: again\n#E2 = search[#E1]"
        let reading = TurnText.read(text, method: .rewoo)
        trajectory.turns.insert(
            Turn(
                index: 1, reply: [Span(text, by: .policy)], thought: reading.thought, action: reading.action,
                carriedOut: Action("search", "a was made by Ada."), observation: "Ada."), at: 1)
        trajectory.turns[2].index = 2
        trajectory.turns[0].plan = trajectory.turns.prefix(2).map(\.replyText).joined(separator: "\n")
        let dataset = try Curation.run(
            [trajectory], options: CurationOptions(), context: Samples.context(Samples.tokenizer()))
        let texts = dataset.train[0].document.messages.map(\.text)
        #expect(texts[3] == "Thought: again\nAction: search[a was made by Ada.]")
    }
}
