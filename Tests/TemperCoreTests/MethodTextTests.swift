import Testing

@testable import TemperCore

@Suite("The words of the methods")
struct MethodTextTests {
    static let plan = """
        I plan first.
        Plan: Find the page.
        #E1 = search[Sjolund [Motors]]
        Plan: Find the founder
        on that page.
        #E12 = lookup[#E1 and #E12]
        That is all.
        """

    @Test("A plan is read step by step, with numbers of any length, and its parts are the whole text")
    func plan() {
        let steps = PlanText.steps(of: Self.plan)
        #expect(steps.map(\.number) == [1, 12])
        #expect(steps.map(\.reading.thought) == ["Find the page.", "Find the founder\non that page."])
        #expect(steps.map(\.reading.action) == [Action("search", "Sjolund [Motors]"), Action("lookup", "#E1 and #E12")])
        #expect(steps.map(\.text).joined(separator: "\n") == Self.plan)
    }

    @Test("Evidence takes the place of its whole number and of no other")
    func resolved() {
        let action = PlanText.resolved(Action("lookup", "#E1, #E12, #E123"), evidence: [1: "one", 12: "twelve"])
        #expect(action == Action("lookup", "one, twelve, #E123"))
    }

    @Test("The next step of a plan is the first without a turn, with the evidence so far")
    func pending() throws {
        let steps = PlanText.steps(of: Self.plan)
        var first = Turn(index: 0, reply: [Span(steps[0].text, by: .policy)], observation: "a page")
        first.plan = Self.plan
        let next = try #require(PlanText.pending(in: [first]))
        #expect(next.step == steps[1] && next.evidence == [1: "a page"])
        let second = Turn(index: 1, reply: [Span(steps[1].text, by: .policy)], observation: "Ada")
        #expect(PlanText.pending(in: [first, second]) == nil)
    }

    @Test(
        "A planner's or solver's reply is read for what it is",
        arguments: [
            ("Plan: x\n#E1 = search[a]\nPlan: y\n#E2 = search[b]", Action("search", "a"), nil),
            ("Thought: it says so\nAnswer: Ada", Action("finish", "Ada"), nil),
            ("Thought: t\nAction: finish[Ada]", Action("finish", "Ada"), nil),
            ("Ada", Action("finish", "Ada"), nil),
            ("Plan: I search.", nil, "There is no '#E1 = …'."),
            ("Thought: t\nAction: search[a]", nil, "There is no '#E1 = …'."),
            ("Plan: x\n#E1 = search a", nil, "'#E1' is no action name[argument]."),
            ("Plan: x\n#E3 = search[a\nPlan: y\n#E4 = search[b]", nil, "'#E3' is no action name[argument]."),
        ] as [(String, Action?, String?)])
    func readsPlans(reply: String, action: Action?, diagnosis: String?) {
        let reading = TurnText.read(reply, method: .rewoo)
        #expect(reading.action == action)
        #expect(diagnosis.map { reading.diagnosis?.hasPrefix($0) == true } ?? (reading.diagnosis == nil), "\(reading)")
    }

    @Test("A planner that goes on to write the evidence is cut off")
    func inventedEvidence() {
        let text = "Plan: x\n#E1 = search[a]\nEvidence #E1: made up"
        #expect(TurnText.trimmed(text, method: .rewoo) == "Plan: x\n#E1 = search[a]")
    }

    @Test(
        "A function call is read however a model spells its argument",
        arguments: [
            (#"{"name": "search", "arguments": {"input": "a \"b\"\nc"}}"#, "a \"b\"\nc"),
            (#"{"arguments": {"query": "a"}, "name": "search"}"#, "a"),
            (#"{"name": "search", "arguments": "{\"input\": \"a\"}"}"#, "a"),
            (#"{"name": "search", "arguments": "a"}"#, "a"),
            (#"{"name": "search", "arguments": {"input": 1961}}"#, "1961"),
            (#"{"name": "search", "arguments": {}}"#, ""),
            (#"{"name": "search"}"#, ""),
        ])
    func calls(json: String, argument: String) {
        let reading = TurnText.read("I look.\n<tool_call>\n\(json)\n</tool_call>", method: .tools)
        #expect(reading == .init(thought: "I look.", action: Action("search", argument)))
    }

    @Test(
        "A call that cannot be read is diagnosed",
        arguments: [
            ("I do not know.", "There is no function call."),
            ("<tool_call>\n{\"name\": \"search\", \"arguments\": {\"input\": \"a\n</tool_call>", "The function call is not JSON"),
            (#"<tool_call>{"arguments": {}}</tool_call>"#, "The function call is not JSON with a name."),
            (
                #"<tool_call>{"name": "search", "arguments": {"a": "1", "b": "2"}}</tool_call>"#,
                "The function 'search' takes one text"
            ),
            (#"<tool_call>{"name": "search", "arguments": [1]}</tool_call>"#, "The function 'search' takes one text"),
        ])
    func badCalls(reply: String, expected: String) {
        let reading = TurnText.read(reply, method: .tools)
        #expect(reading.action == nil)
        #expect(reading.diagnosis?.hasPrefix(expected) == true, "\(reading)")
    }

    @Test("A model of the unified format may act in its own words in every method that acts", arguments: [Method.act, .tools])
    func unifiedModel(method: Method) {
        #expect(TurnText.read("Thought: t\nAction: search[a]", method: method).action == Action("search", "a"))
    }

    @Test("Writing and reading a turn are inverse in every method", arguments: Method.allCases)
    func roundTrip(method: Method) {
        for argument in ["Ada", "a [b] c", "größe \"x\" \\ / </b>", "1961"] {
            let action = Action(method.usesTools && method != .rewoo ? "search" : "finish", argument)
            let thought = method == .io || method == .act ? nil : "why"
            let text = TurnText.write(thought: thought, action: action, method: method)
            #expect(TurnText.read(text, method: method) == .init(thought: thought, action: action), "\(text)")
        }
    }

    @Test("Functions are the lines of an instruction that describe actions, and stand in it as text for a model without tools")
    func definitions() {
        let instruction = "Do it.\nsearch[title] opens a page.\nfinish[answer]: gives the answer [once].\nBe brief."
        let (rest, tools) = ToolDefinition.split(instruction)
        #expect(rest == "Do it.\nBe brief.")
        #expect(tools.map(\.name) == ["search", "finish"])
        #expect(tools.map(\.summary) == ["opens a page.", "gives the answer [once]."])
        #expect(tools[0].json["function"]?["parameters"]?["required"] == .array([.string("input")]))
        let text = ToolText.instruction(instruction)
        #expect(
            text.hasPrefix("Do it.\nBe brief.\n\nThe functions are:\n{\"name\": \"search\", \"description\": \"opens a page.\""))
        #expect(ToolText.instruction("Nothing here.") == "Nothing here.")
    }

    @Test("Messages with calls become OpenAI's and come back with what Temper wrote marked")
    func toolMessages() throws {
        let messages = [
            Message(.user, "Who?", by: .instruction),
            Message(.assistant, ToolText.write(thought: "I look.", action: Action("search", "a \"b\"")), by: .policy),
            Message(.user, ToolText.write(observation: "Ada\n"), by: .environment),
            Message(.assistant, "I am lost", by: .policy),
            Message(.user, ToolText.write(observation: "There is no function call."), by: .environment),
            Message(.assistant, ToolText.write(thought: nil, action: Action("finish", "Ada")), by: .policy),
        ]
        let values = ToolMessages.encode(messages)
        #expect(values.map { $0["role"]?.string } == ["user", "assistant", "tool", "assistant", "user", "assistant"])
        #expect(values[1]["content"]?.string == "I look.")
        #expect(values[1]["tool_calls"]?.array?[0]["function"]?["arguments"]?.string == #"{"input": "a \"b\""}"#)
        #expect(values[1]["tool_calls"]?.array?[0]["id"] == values[2]["tool_call_id"])
        #expect(values[2]["content"]?.string == "Ada\n")
        #expect(values[4]["content"]?.string == "There is no function call.")
        #expect(values[5]["content"] == .null)
        let back = try ToolMessages.decode(values, author: .teacher)
        #expect(back[1].text == messages[1].text && back[5].text == messages[5].text && back[2] == messages[2])
        #expect(
            back[1].spans.filter { $0.author == .teacher }.map(\.text) == ["I look.", "\"search\"", #"{"input": "a \"b\""}"#])
        #expect(
            back[1].spans.filter { $0.author == .converted }.map(\.text) == [
                "\n<tool_call>\n{\"name\": ", ", \"arguments\": ", "}\n</tool_call>",
            ])
    }

    @Test("A call without an answer gets an empty one when the chat goes on, and several calls become a turn each")
    func unansweredCalls() throws {
        let call = ToolText.write(thought: nil, action: Action("finish", "x"))
        let values = ToolMessages.encode([
            Message(.user, "a", by: .demonstration), Message(.assistant, call, by: .demonstration),
            Message(.user, "b", by: .instruction),
        ])
        #expect(values.map { $0["role"]?.string } == ["user", "assistant", "tool", "user"])
        let text = """
            [{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[
            {"id":"1","type":"function","function":{"name":"search","arguments":"{\\"input\\":\\"a\\"}"}},
            {"id":"2","type":"function","function":{"name":"search","arguments":"{\\"input\\":\\"b\\"}"}}]},
            {"role":"tool","tool_call_id":"2","content":"B"},{"role":"tool","tool_call_id":"1","content":"A"}]
            """
        let list = try #require(ToolText.parsed(text)?.array)
        let messages = try ToolMessages.decode(list, author: .policy)
        #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant, .user])
        #expect(
            messages.filter { $0.role == .user }.map(\.text).dropFirst() == [
                "<tool_response>\nA\n</tool_response>", "<tool_response>\nB\n</tool_response>",
            ])
        let error = #expect(throws: TemperError.self) {
            try ToolMessages.decode([.object(["role": .string("tool"), "content": .string("x")])], author: .policy)
        }
        #expect(error?.message == "message 0 answers no call")
    }
}
