import TemperCore
import TemperEnvironments
import Testing

@Suite("The turn format of the shop")
struct ShopTextTests {
    private func read(_ text: String) -> TurnText.Reading { TurnText.read(text, method: .react, format: .shop) }

    @Test(
        "What is written reads as the same thought and action",
        arguments: [
            Action("search", "leak proof travel mug < $20"), Action("click", "b07aaa0001"), Action("click", "buy now"),
            Action("click", "< prev"), Action("click", "black [2 pack]"), Action("click", "52\"w x 63\"l"), Action("search", ""),
        ])
    func roundTrip(_ action: Action) {
        for thought in [nil, "I need it.", "Two\nlines, and an action: none."] {
            let text = TurnText.write(thought: thought, action: action, format: .shop)
            #expect(read(text) == TurnText.Reading(thought: thought, action: action))
        }
    }

    @Test("The words are AgentBench's")
    func words() {
        let text = TurnText.write(thought: "I think so.", action: Action("click", "x"), format: .shop)
        #expect(text == "Thought:\nI think so.\n\nAction:\nclick[x]")
        #expect(TurnText.write(observation: "WebShop", format: .shop) == "Observation:\nWebShop")
        #expect(TurnText.stopStrings(for: .react, format: .shop) == ["\nObservation:"])
    }

    @Test(
        "Everything AgentBench's expression finds is read",
        arguments: [
            "Action:\nsearch[a]", "Action: search[a]", "action: \n search[a]", "Action:\n\n\nsearch[a]",
            "Action:search[a] and more",
            "I say: Action: now!\nAction:\nsearch[a]\nAction:\nclick[b]",
            "Thought:\nx\n\nAction:\nsearch[a]\n\nObservation:\nclick[b]",
            "Action:\nsearch[a]]",
        ])
    func lenient(_ text: String) {
        #expect(read(text).action == Action("search", "a"))
    }

    @Test(
        "What cannot be read is diagnosed",
        arguments: ["search[a]", "Action:\nsearch a", "Action:\nbuy it [now]", "Action:\nclick[a", "?"])
    func unreadable(_ text: String) {
        let reading = read(text)
        #expect(reading.action == nil)
        #expect(
            reading.diagnosis
                == "There is no action to read. Write 'Thought:' and what you think, then 'Action:' and search[keywords] or click[value]."
        )
    }

    @Test("Another action is read, so that the shop can refuse it")
    func otherAction() { #expect(read("Action:\nbuy[now]").action == Action("buy", "now")) }
}
