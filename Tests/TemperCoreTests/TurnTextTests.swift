import Testing

@testable import TemperCore

@Suite("Turn text")
struct TurnTextTests {
    @Test("A well-formed ReAct reply gives thought and action")
    func wellFormed() {
        let reading = TurnText.read("Thought: I need the director.\nAction: search[The Silver Harbor]", method: .react)
        #expect(reading == .init(thought: "I need the director.", action: Action("search", "The Silver Harbor")))
    }

    @Test("A reply without the 'Thought:' label keeps its first part as the thought")
    func missingThoughtLabel() {
        let reading = TurnText.read("Let me look.\nAction: lookup[born]", method: .react)
        #expect(reading.thought == "Let me look.")
        #expect(reading.action == Action("lookup", "born"))
    }

    @Test("Brackets inside an argument belong to it, text after the closing one does not")
    func nestedBrackets() {
        #expect(TurnText.read("Action: finish[f[0] of g]", method: .react).action == Action("finish", "f[0] of g"))
        let leaking = TurnText.read("Thought: x\nAction: finish[Not found]\nThought: The action is complete", method: .react)
        #expect(leaking.action == Action("finish", "Not found"))
    }

    @Test("What a model writes in the environment's name is cut off")
    func hallucinatedObservation() {
        let reply = "Thought: a\nAction: search[b]\nObservation: invented\nAction: finish[c]"
        #expect(TurnText.read(reply, method: .react).action == Action("search", "b"))
        #expect(TurnText.trimmed(reply, method: .react) == "Thought: a\nAction: search[b]")
    }

    @Test(
        "A malformed reply is diagnosed precisely",
        arguments: [
            ("", "The reply is empty."),
            ("I think it is Paris.", "There is no 'Action:' line."),
            ("Thought: x\nAction: finish Paris", "The action 'finish Paris' has no '['."),
            ("Action: finish[Paris", "The action 'finish[Paris' has no closing ']'."),
            ("Action: go to[Paris]", "'go to' is not the name of an action."),
        ])
    func diagnoses(reply: String, expected: String) {
        let reading = TurnText.read(reply, method: .react)
        #expect(reading.action == nil)
        #expect(reading.diagnosis?.hasPrefix(expected) == true, "\(reading.diagnosis ?? "no diagnosis")")
    }

    @Test("Chain of thought and bare answers end in finish")
    func otherMethods() {
        let chain = TurnText.read("Thought: A is older than B.\nAnswer: A", method: .cot)
        #expect(chain == .init(thought: "A is older than B.", action: Action("finish", "A")))
        #expect(TurnText.read("Answer: Paris", method: .io).action == Action("finish", "Paris"))
        #expect(TurnText.read("Paris", method: .io).action == Action("finish", "Paris"))
        #expect(TurnText.read("Thought: no end", method: .cot).diagnosis?.contains("no 'Answer:' line") == true)
    }

    @Test("Writing and reading a turn are inverse")
    func roundTrip() {
        let action = Action("search", "a [b] c")
        let reading = TurnText.read(TurnText.write(thought: "why", action: action), method: .react)
        #expect(reading == .init(thought: "why", action: action))
    }
}
