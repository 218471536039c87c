import TemperCore
import TemperEnvironments
import Testing

@Suite struct KnowledgeGraphTextTests {
    func read(_ text: String) -> TurnText.Reading { TurnText.read(text, method: .react, format: .knowledgeGraph) }

    @Test(
        "What is written is read again",
        arguments: [
            Action("get_relations", "Kerosene"), Action("get_neighbors", "#0, automotive.fuel.engines"),
            Action("intersection", "#1, #12"), Action("count", "#3"), Action("answer", "#3"),
            Action("get_relations", "Mercury (planet)"), Action("get_neighbors", "Alas, Babylon (book), book.author"),
            Action("argmax", "#1, time.event.end_date"), Action("union", "#0, #1"),
        ])
    func roundTrip(action: Action) {
        for thought in [nil, "I need the (first) one: it is #0.", "Two lines.\nBoth are thought."] {
            let text = TurnText.write(thought: thought, action: action, format: .knowledgeGraph)
            #expect(read(text) == TurnText.Reading(thought: thought, action: action))
        }
    }

    @Test("The benchmark's own examples are read")
    func benchmark() {
        let call = read(
            "Thought: I look at 'Kerosene'.\nAction: get_neighbors(Kerosene, spaceflight.rocket_engine_cycle.rocket_engines)")
        #expect(call.action == Action("get_neighbors", "Kerosene, spaceflight.rocket_engine_cycle.rocket_engines"))
        #expect(call.thought == "I look at 'Kerosene'.")
        let answer = read("Thought: #3 is the final answer to the question, which represents the designer.\nFinal Answer: #3")
        #expect(answer.action == Action("answer", "#3"))
        #expect(answer.thought == "#3 is the final answer to the question, which represents the designer.")
    }

    @Test("As in the benchmark, a final answer wins, underscores are unescaped, and the environment's part is cut off")
    func rules() {
        #expect(read("Action: count(#0)\nFind Answer: #12 it is").action == Action("answer", "#12"))
        #expect(read("Action: get\\_relations(#0)").action == Action("get_relations", "#0"))
        #expect(read("Action: count(#0) Observation: variable #1\nFinal Answer: #1").action == Action("count", "#0"))
        #expect(read("Action 2: count(#0) and then count(#1)\nAction: count(#2)").action == Action("count", "#0"))
        #expect(read("Action: I call get_relations(#0) (if I may)").action == Action("get_relations", "#0"))
        #expect(read("Action: please(now) count(#1)").action == Action("count", "#1"))
        #expect(read("Action: fly(#1)").action == Action("fly", "#1"))
        #expect(read("Final Answer: three\nAction: count(#1)").action == Action("count", "#1"))
    }

    @Test(
        "What cannot be read is diagnosed in the benchmark's words",
        arguments: [
            ("I do not know.", "No executable function found! Need to recheck the action."),
            ("Action: look around", "Function is not executed!"),
            ("Action: count(#1", "I may make a syntax error when calling count (e.g., unmatched parenthesis)."),
            ("", "The reply is empty."),
        ])
    func diagnoses(text: String, start: String) throws {
        let reading = read(text)
        #expect(reading.action == nil)
        #expect(try #require(reading.diagnosis).hasPrefix(start))
    }

    @Test("Results carry a label, corrections do not")
    func observations() {
        func write(_ text: String) -> String { TurnText.write(observation: text, format: .knowledgeGraph) }
        #expect(write("[a.b, c.d]") == "Observation: [a.b, c.d]")
        #expect(write("variable #0, which are instances of a.b") == "Observation: variable #0, which are instances of a.b")
        #expect(write("Invalid variable id! Need to recheck the action.") == "Invalid variable id! Need to recheck the action.")
    }
}
