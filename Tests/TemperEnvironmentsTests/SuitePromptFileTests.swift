import TemperCore
import TemperEnvironments
import TemperPocketText
import Testing

@Suite struct SuitePromptFileTests {
    /// How a demonstration ends in each format.
    private static let endings: [TurnFormat: Set<String>] = [
        .react: ["finish"], .database: ["answer"], .operatingSystem: ["answer", "finish"], .knowledgeGraph: ["answer"],
        .household: ["act"], .shop: ["click"], .web: ["choose"],
    ]

    @Test("Every suite has a prompt for each of its methods, whose replies the parser reads")
    func shippedPrompts() throws {
        for suite in SuiteRegistry.all {
            let format = suite.format
            for method in suite.methods {
                let prompt = try suite.prompt(for: method)
                #expect(!prompt.demonstrations.isEmpty)
                for demonstration in prompt.demonstrations {
                    #expect(demonstration.first?.role == .user && demonstration.last?.role == .assistant)
                    for (left, right) in zip(demonstration, demonstration.dropFirst()) { #expect(left.role != right.role) }
                    #expect(demonstration.flatMap(\.spans).allSatisfy { $0.author == .demonstration })
                    let readings = demonstration.filter { $0.role == .assistant }.map {
                        TurnText.read($0.text, method: method, format: format)
                    }
                    #expect(readings.allSatisfy { $0.diagnosis == nil }, "\(suite.id), \(method)")
                    let ending = try #require(readings.last?.action?.name, "\(suite.id), \(method)")
                    #expect(Self.endings[format]?.contains(ending) == true, "\(suite.id), \(method): \(ending)")
                }
            }
        }
    }

    @Test("A suite of questions has each method that it has a prompt for")
    func methods() {
        #expect(SuitePromptFile.methods(of: "hotpotqa") == Method.allCases)
        #expect(SuitePromptFile.methods(of: "db") == [.react, .reflexion])
        #expect(SuitePromptFile.methods(of: "nothing").isEmpty)
    }

    @Test("Demonstrations of the pocket suite name nothing of a test world")
    func pocketDemonstrations() throws {
        let suite = try SuiteRegistry.suite("pocket/hotpotqa")
        for method in suite.methods {
            let text = try suite.prompt(for: method).demonstrations.flatMap { $0 }.map(\.text).joined(separator: " ")
            for name in ["Kvistberg", "Sjolund", "Humlebek", "Fjordnes"] where text.contains(name) {
                #expect(WorldPartition.of(name) != .test, "\(name)")
            }
        }
    }

    @Test("A prompt is read into instruction and chat")
    func parses() throws {
        let text =
            "Do this.\nSo.\n\n=== demonstration\nQuestion: Who?\nThought: One\nmore.\nAction: search[x]\nObservation: X: y.\nThought: Z.\nAction: finish[z]\n"
        let prompt = try SuitePromptFile.parse(text, named: "p.txt")
        #expect(prompt.instruction == "Do this.\nSo.")
        let chat = try #require(prompt.demonstrations.first)
        #expect(
            chat.map(\.text) == [
                "Who?", "Thought: One\nmore.\nAction: search[x]", "Observation: X: y.", "Thought: Z.\nAction: finish[z]",
            ])
        #expect(chat.map(\.role) == [.user, .assistant, .user, .assistant])
    }

    @Test(
        "A malformed prompt is refused with its line",
        arguments: [
            ("=== demonstration\nQuestion: a\nAnswer: b", "p.txt: there is no instruction before the demonstrations"),
            ("I\n=== demonstration\nThought: a", "p.txt:3: a thought must follow the question or an observation"),
            ("I\n=== demonstration\nQuestion: a\nObservation: b", "p.txt:4: an observation must follow an action"),
            (
                "I\n=== demonstration\nQuestion: a\nThought: t\nAction: b[c]\nObservation: d",
                "p.txt:2: a demonstration starts with 'Question: ' and ends with a reply"
            ),
            ("I\n=== demonstration\nhello", "p.txt:3: a demonstration starts with 'Question: ', not with 'hello'"),
        ])
    func malformed(text: String, message: String) {
        let error = #expect(throws: TemperError.self) { try SuitePromptFile.parse(text, named: "p.txt") }
        #expect(error?.description == "error: " + message)
        #expect(error?.code == .data)
    }

    @Test("Marked messages stand as they are, labels and blank lines included")
    func marked() throws {
        let prompt = try SuitePromptFile.parse(
            """
            Do it.
            === demonstration
            --- user
            Task: count.

            Now.
            --- assistant
            Think: I look.

            Act: bash
            --- user
            Observation: 3
            --- assistant
            Act: answer(3)

            """, named: "x")
        #expect(
            prompt.demonstrations.map { $0.map(\.text) }
                == [["Task: count.\n\nNow.", "Think: I look.\n\nAct: bash", "Observation: 3", "Act: answer(3)"]])
        #expect(prompt.demonstrations[0].map(\.role) == [.user, .assistant, .user, .assistant])
    }

    @Test("Marked messages must take turns", arguments: ["--- assistant\nx", "--- user\nx\n--- user\ny"])
    func turns(_ text: String) {
        let error = #expect(throws: TemperError.self) {
            try SuitePromptFile.parse("Do it.\n=== demonstration\n" + text, named: "x")
        }
        #expect(error?.message == "the messages of a demonstration take turns, the user first")
    }
}
