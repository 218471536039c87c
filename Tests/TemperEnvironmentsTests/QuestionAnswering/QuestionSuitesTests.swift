import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct QuestionSuitesTests {
    @Test("StrategyQA's questions have their number, labels and ids, and their own answers score 1")
    func strategyRealData() async throws {
        guard realData("strategyqa/dev.json") != nil else { return }
        let suite = StrategyQASuite()
        let tasks = try suite.tasks(split: "dev", limit: nil)
        #expect(tasks.count == 229 && tasks.filter { $0.referenceAnswer == "yes" }.count == 107)
        #expect(tasks[0].instruction.hasPrefix("Will the Albany in Georgia") && tasks[0].referenceAnswer == "no")
        #expect(tasks[0].id == "dev-0000" && tasks[0].tags["qid"] == "e0044a7b4d146d611e73")
        #expect(try suite.tasks(split: "train", limit: nil).count == 2_821)
        #expect(try suite.tasks(split: "test", limit: 5).map(\.id) == tasks.prefix(5).map(\.id))
        try await goldScoresOne(suite, tasks)
    }

    @Test("MMLU's tables have their sizes, ids that mix the subjects, and their own answers score 1")
    func mmluRealData() async throws {
        guard realData("mmlu/test") != nil else { return }
        let suite = MMLUSuite()
        for (split, count) in [("dev", 285), ("val", 1_531), ("test", 755)] {
            let tasks = try suite.tasks(split: split, limit: nil)
            #expect(tasks.count == count && Set(tasks.map(\.id)).count == count && tasks.map(\.id) == tasks.map(\.id).sorted())
            try await goldScoresOne(suite, Array(tasks.prefix(300)))
        }
        let first = try suite.tasks(split: "test", limit: 5)
        #expect(Set(first.compactMap { $0.tags["subject"] }).count == 5)
        #expect(
            first[0].instruction == """
                Question: Find the degree for the given field extension Q(sqrt(2), sqrt(3), sqrt(18)) over Q.
                A. 0
                B. 4
                C. 2
                D. 6
                """)
        #expect(first[0].id == "test-0000-abstract_algebra" && first[0].referenceAnswer == "B")
    }

    @Test("MMLU's questions are written as in FireAct's training sets")
    func instructionsRealData() throws {
        guard let file = realData("fireact/gpt_format/multitask.jsonl") else { return }
        let texts = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            try JSONValue.parse(Data(line.utf8), named: "x")["messages"]?.array?.first?["content"]?.string
        }
        let choices = texts.filter { $0.contains("\nD. ") }
        #expect(choices.count > 400)
        for text in choices.prefix(400) {
            let lines = text.components(separatedBy: "\n")
            guard lines.count == 5 else { continue }
            let options = lines.dropFirst().map { String($0.dropFirst(3)) }
            #expect(QuestionTask.text(String(lines[0].dropFirst("Question: ".count)), options: options) == text)
        }
    }

    private func goldScoresOne(_ suite: any TemperCore.Suite, _ tasks: [AgentTask]) async throws {
        let policy = try scripted(suite, "gold")
        #expect(policy.author == .reference)
        for method in suite.methods {
            for task in tasks { #expect(try await play(suite, policy, task, method: method).score.reward == 1, "\(task.id)") }
        }
    }

    @Test("Controls on real questions stay near chance")
    func controlsRealData() async throws {
        guard realData("strategyqa/dev.json") != nil, realData("mmlu/test") != nil else { return }
        for (suite, count) in [(StrategyQASuite() as any TemperCore.Suite, 200), (MMLUSuite(), 200)] {
            var total = 0.0
            for task in try suite.tasks(split: "test", limit: count) {
                total += try await play(suite, scripted(suite, "random"), task).score.reward
            }
            print("\(suite.id): random \(total / Double(count)) on \(count) questions, chance \(suite.chanceLevel)")
            #expect(total / Double(count) <= suite.chanceLevel + 0.05)
        }
    }

    @Test("Bamboogle reads the file that is named, and says what to set when there is none")
    func bamboogle() async throws {
        if DataFolder.locate().map({
            FileManager.default.fileExists(atPath: $0.appendingPathComponent(BamboogleSuite.fileName).path)
        })
            != true
        {
            let error = #expect(throws: TemperError.self) { try BamboogleSuite().tasks(split: "test", limit: nil) }
            #expect(error?.code == .unavailable && error?.hint?.contains("suites.bamboogle.questions") == true)
        }
        try await withQuestionFiles([
            "q.csv": "Question,Answer\nWho led the country in the year the bank began?,james madison\n\"Who, then?\",Ann Lee\n",
            "q.jsonl": #"{"id": "x", "question": "Who?", "answer": "Ann"}"#,
        ]) { folder in
            let suite = try BamboogleSuite().configured(
                with: SuiteOptions(suite: "bamboogle", ["questions": .string(folder + "/q.csv")]))
            let tasks = try suite.tasks(split: "test", limit: nil)
            #expect(tasks.map(\.id) == ["test-0000", "test-0001"] && tasks[1].instruction == "Who, then?")
            let task = try #require(tasks.first)
            #expect(suite.score(answer: "The James Madison", for: task)?.reward == 1)
            #expect(suite.score(answer: "Madison", for: task)?.metrics["f1"] == 2.0 / 3)
            #expect(try suite.tasks(split: "test", limit: 1).count == 1)
            #expect(try BamboogleSuite().tasks(from: folder + "/q.jsonl").map(\.tags) == [["source_id": "x"]])
        }
    }

    @Test("Every question suite reads task files in its own form, and refuses answers that cannot be")
    func taskFiles() async throws {
        try await withQuestionFiles([
            "s.json": #"[{"qid": "a", "question": "Is it?", "answer": false}, {"question": "Was it?", "answer": "yes"}]"#,
            "s-bad.csv": "question,answer\nIs it?,yes\nWas it?,perhaps\n", "m/law_file.csv": "\"One\nor two?\",p,q,r,s,c\n",
            "m/art_file.csv": "Which?,p,q,r,s,A\n", "m-bad.csv": "Which?,p,q,r,s,E\n",
            "m-short.csv": "x,p,q,r,s,A\nWhich?,p,q,r,A\n",
            "m-empty.csv": "Which?,p,,r,s,A\n",
            "m.jsonl": #"{"question": "Which?", "options": ["p", "q", "r", "s"], "answer": "b"}"#,
            "h.jsonl": #"{"question": "Who?", "answer": "Ann", "context": [["T", ["Ann is here."]]], "type": "bridge"}"#,
            "none/readme": "x",
        ]) { folder in
            let strategy = try StrategyQASuite().tasks(from: folder + "/s.json")
            #expect(strategy.map { $0.referenceAnswer } == ["no", "yes"] && strategy[0].tags == ["qid": "a"])
            let mmlu = try MMLUSuite().tasks(from: folder + "/m")
            #expect(mmlu.map(\.id) == ["file-0000-art", "file-0000-law"] && mmlu[1].referenceAnswer == "C")
            #expect(mmlu[1].instruction == "Question: One\nor two?\nA. p\nB. q\nC. r\nD. s")
            #expect(try MMLUSuite().tasks(from: folder + "/m.jsonl")[0].referenceAnswer == "B")
            let hotpot = try #require(try HotpotQASuite().tasks(from: folder + "/h.jsonl").first)
            var environment = try HotpotQASuite().makeEnvironment(for: hotpot)
            #expect(try await environment.step(Action("search", "t")).observation == "T: Ann is here.")
            for (suite, file, wanted) in [
                (
                    StrategyQASuite() as any TemperCore.Suite, "s-bad.csv",
                    "s-bad.csv:3: the answer 'perhaps' is neither yes nor no"
                ),
                (MMLUSuite(), "m-bad.csv", "m-bad.csv:1: the answer 'E' is none of A, B, C, D"),
                (MMLUSuite(), "m-short.csv", "m-short.csv:2: the row has 5 columns"),
                (MMLUSuite(), "m-empty.csv", "m-empty.csv:1: the question has 3 options, not four"),
                (MMLUSuite(), "none", "no table (.csv) in the folder"), (MMLUSuite(), "s.json", "has 0 options"),
                (MMLUSuite(), "gone.csv", "cannot be read"),
            ] {
                let error = #expect(throws: TemperError.self) { try suite.tasks(from: "\(folder)/\(file)") }
                #expect(error?.description.contains(wanted) == true, "\(String(describing: error))")
            }
        }
    }

    @Test("Every suite has a prompt for each of its methods, whose demonstrations end with an answer of its kind")
    func prompts() throws {
        for id in ["strategyqa", "bamboogle", "mmlu", "pocket/strategyqa", "pocket/bamboogle", "pocket/mmlu"] {
            let suite = try SuiteRegistry.suite(id)
            for method in suite.methods {
                let prompt = try suite.prompt(for: method)
                #expect(!prompt.demonstrations.isEmpty)
                for demonstration in prompt.demonstrations {
                    let last = try #require(demonstration.last)
                    let action = try #require(TurnText.read(last.text, method: method).action)
                    #expect(action.name == "finish")
                    if id.hasSuffix("strategyqa") { #expect(["yes", "no"].contains(action.argument)) }
                    if id.hasSuffix("mmlu") { #expect(AnswerMetric.letters.contains(action.argument)) }
                    if id.hasSuffix("mmlu") { #expect(demonstration[0].text.hasPrefix("Question: ")) }
                }
            }
        }
    }

    @Test("No name of a prompt's demonstration is one of a pocket world")
    func demonstrationNames() throws {
        var names: Set<String> = []
        for split in PocketSplit.allCases {
            for number in 0..<20 { names.formUnion(split.world(number).entities.map(\.name)) }
        }
        for id in ["pocket/hotpotqa", "pocket/strategyqa", "pocket/bamboogle", "pocket/mmlu"] {
            for method in [TemperCore.Method.react, .cot, .io] {
                for message in try SuiteRegistry.suite(id).prompt(for: method).demonstrations.joined() {
                    #expect(TextSpans.titles(in: message.text).allSatisfy { !names.contains($0) }, "\(message.text)")
                }
            }
        }
    }

    @Test("Where labels are the answers, these are the ones to choose from")
    func admissible() async throws {
        let task = AgentTask(id: "t", suite: "s", split: "x", instruction: "Is Rome in Italy?", payload: .null)
        let index = try SearchIndex([SearchPage(title: "Rome", sentences: ["Rome is in Italy."])])
        for (metric, labels) in [(AnswerMetric.yesNo, ["yes", "no"]), (.choice([]), ["A", "B", "C", "D"])] {
            var environment = QuestionAnsweringEnvironment(task: task, gold: labels[0], metric: metric, search: index)
            _ = try await environment.step(Action("search", "Rome"))
            let finishes = try #require(environment.admissibleActions).filter { $0.name == "finish" }
            #expect(finishes.map(\.argument) == labels)
            _ = try await environment.step(Action("finish", labels[0]))
            #expect(try await environment.score().reward == 1)
        }
    }

    @Test("A page that is too long is cut")
    func longPage() async throws {
        let task = AgentTask(id: "t", suite: "s", split: "x", instruction: "?", payload: .null)
        let index = try SearchIndex([SearchPage(title: "Long", sentences: [String(repeating: "word ", count: 4_000)])])
        var environment = QuestionAnsweringEnvironment(task: task, gold: "x", search: index)
        let shown = try await environment.step(Action("search", "Long")).observation
        #expect(shown.count == QuestionAnsweringEnvironment.shownCharacters + 1 && shown.hasSuffix("…"))
    }

    @Test("A search that fails ends the episode as an environment error, and is not an observation")
    func failingSearch() async throws {
        let task = AgentTask(id: "t", suite: "s", split: "x", instruction: "?", payload: .null)
        let search = try CachedSearch(GoogleSearch(.serper, key: "k"))
            .reaching(WorldAccess(http: ScriptedService([.init(status: 500)])))
        var environment = QuestionAnsweringEnvironment(task: task, gold: "x", search: search)
        let error = await #expect(throws: TemperError.self) { try await environment.step(Action("search", "x")) }
        #expect(error?.boundary == .environment && error?.code == .unavailable)
    }
}
