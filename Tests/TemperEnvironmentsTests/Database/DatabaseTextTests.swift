import TemperCore
import TemperEnvironments
import Testing

@Suite struct DatabaseTextTests {
    func read(_ text: String) -> TurnText.Reading { TurnText.read(text, method: .react, format: .database) }

    @Test(
        "What is written is read back",
        arguments: [
            Action("sql", "SELECT * FROM `a b` WHERE x = 'Action: y' AND z = '[1]';"), Action("answer", "[\"a\", \"b]\"]"),
            Action("answer", "[]"),
            Action("sql", "INSERT INTO t VALUES ('it''s')"), Action("lookup", "x"),
        ])
    func roundTrip(_ action: Action) {
        for thought in [nil, "I think. Then I act."] as [String?] {
            let text = TurnText.write(thought: thought, action: action, format: .database)
            let reading = read(text)
            #expect(reading.action == action && reading.thought == thought && reading.diagnosis == nil, "\(text)")
        }
    }

    @Test("AgentBench's replies, and near ones, are read")
    func replies() {
        #expect(
            read("To find it …\nAction: Operation\n```sql\nSELECT MAX(`duration`)\nFROM `pitStops` ;\n```").action
                == Action("sql", "SELECT MAX(`duration`) FROM `pitStops` ;"))
        #expect(read("x\nAction: Answer\nFinal Answer: [\"59.555\"]").action == Action("answer", "[\"59.555\"]"))
        #expect(read("x\nFinal Answer: [\"59.555\"]").action == Action("answer", "[\"59.555\"]"))
        #expect(
            read("Action: Operation\n```\nSELECT 1\n```\nand then\n```sql\nSELECT 2\n```").action == Action("sql", "SELECT 1"))
        #expect(read("Action: operation\n```sql SELECT 1```").action == Action("sql", "SELECT 1"))
        #expect(read("Thought: it\nAction: Operation\n```sql\nSELECT 1\n```").thought == "it")
        #expect(TurnText.write(observation: "[(1,)]", format: .database) == "[(1,)]")
    }

    @Test(
        "What cannot be read is named",
        arguments: [
            ("I would look at the table.", "There is no 'Action:' line."),
            ("Action: Operation\nSELECT 1", "There is no ```sql block."),
            ("Action: Operation\n```sql\nSELECT 1", "The ```sql block is not closed."),
            ("Action: Answer\n[\"a\"]", "There is no line 'Final Answer: '."),
            ("Action: Guess\nx", "'Guess' is neither Operation nor Answer."), ("", "The reply is empty."),
        ])
    func faults(_ text: String, _ diagnosis: String) {
        let reading = read(text)
        #expect(reading.action == nil && reading.diagnosis?.hasPrefix(diagnosis) == true, "\(reading)")
        #expect(reading.diagnosis?.contains("Final Answer: [\"…\"]") == true)
    }
}
