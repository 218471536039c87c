import Foundation
import TemperCore
import TemperEnvironments
import Testing

@testable import TemperOutside

/// A suite with a shell tool, from which each test departs.
private let arithmetic = """
    summary: sums with a calculator
    instruction: |
      Work out the sum. Actions: calc[expression], finish[number].
    demonstration: |
      Question: What is 2 + 3?
      Thought: I add both numbers.
      Action: calc[2 + 3]
      Observation: 5
      Thought: The calculator says 5.
      Action: finish[5]
    tasks:
      files: { train: train.jsonl, test: train.jsonl }
      fields: { instruction: question, answer: label }
      tags: [level]
    tools:
      - name: calc
        shell: echo $(($1))
        seconds: 5
    reward: { numeric: { absolute: 0.5 } }
    maximum_turns: 4
    chance_level: 0.1
    """

private let sums = """
    {"id": "a", "question": "What is 20 + 22?", "label": 42, "level": "easy", "solution": ["calc[20 + 22]", "finish[42]"]}

    {"question": "What is 7 * 6 * 100?", "label": "4,200", "level": "hard"}
    """

@Suite(.tags(.alone)) struct SuiteFileTests {
    @Test func aSuiteIsDefinedByItsFileAlone() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(arithmetic, in: folder, files: ["train.jsonl": sums])
            #expect(suite.splits == ["train", "test"])
            #expect(suite.summary == "sums with a calculator")
            #expect(suite.maximumTurns == 4)
            #expect(suite.chanceLevel == 0.1)
            #expect(suite.primaryMetric == "match")
            let prompt = try suite.prompt(for: .react)
            #expect(prompt.instruction == "Work out the sum. Actions: calc[expression], finish[number].")
            #expect(prompt.demonstrations.map { $0.map(\.role) } == [[.user, .assistant, .user, .assistant]])
            let tasks = try suite.tasks(split: "test", limit: nil)
            #expect(tasks.map(\.id) == ["a", "test-3"])
            #expect(tasks.map(\.tags) == [["level": "easy"], ["level": "hard"]])
            #expect(try suite.tasks(split: "train", limit: 1).map(\.split) == ["train"])

            let played = try await act(
                suite, tasks[0], [Action("calc", "20 + 22"), Action("clac", "1"), Action("finish", "42.4")])
            #expect(played.opening == nil)
            #expect(played.results[0] == StepResult("42"))
            #expect(
                played.results[1]
                    == StepResult("There is no action 'clac'. The actions are calc[…], finish[…].", isValid: false))
            #expect(played.results[2].isDone)
            #expect(played.score == Score(reward: 1, metrics: ["match": 1]))
            #expect(suite.score(answer: "4200.4", for: tasks[1])?.reward == 1)
            #expect(suite.score(answer: "4201", for: tasks[1])?.reward == 0)
            #expect(suite.score(answer: nil, for: tasks[1])?.reward == 0)
            // Turn limit: an unfinished episode scores.
            #expect(try await act(suite, tasks[0], [Action("calc", "1")]).score.reward == 0)
        }
    }

    @Test func theGoldPolicyReplaysSolutionsOrGivesTheAnswer() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(arithmetic, in: folder, files: ["train.jsonl": sums])
            let gold = try scripted(suite, "gold")
            let trajectories = try await rollOut(suite, suite.tasks(split: "test", limit: nil), policy: gold, concurrency: 2)
            #expect(trajectories.map { $0.turns.count } == [2, 1])
            #expect(trajectories.allSatisfy { $0.score?.reward == 1 })
            #expect(trajectories[0].turns[0].reply.map(\.author) == [.reference])
        }
    }

    @Test func anArgumentIsDataToTheShell() async throws {
        try await withFolder { folder in
            let yaml = arithmetic.replacing("shell: echo $(($1))", with: #"shell: 'printf "%s|" "$1"; cat'"#)
            let suite = try fileSuite(yaml, in: folder, files: ["train.jsonl": sums])
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let evil = #"'; touch pwned; $(touch pwned) `touch pwned` "x" \ *"#
            let played = try await act(suite, task, [Action("calc", evil), Action("calc", "")])
            #expect(played.results[0].observation == "\(evil)|\(evil)")
            #expect(played.results[1].observation == "|")
        }
    }

    @Test func aToolSeesWhatEarlierCallsWroteAndItsFailuresAreShown() async throws {
        try await withFolder { folder in
            let yaml = arithmetic.replacing("shell: echo $(($1))", with: "shell: eval \"$1\"").replacing(
                "seconds: 5", with: "seconds: 0.4")
            let suite = try fileSuite(yaml, in: folder, files: ["train.jsonl": sums])
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let results = try await act(
                suite, task,
                ["echo 1 > f", "cat f", "echo no >&2; exit 3", "echo first; sleep 20", "seq 5000"].map { Action("calc", $0) }
            ).results
            #expect(results[0].observation == "(no output)")
            #expect(results[1].observation == "1")
            #expect(results[2].observation == "no\n(exit code 3)")
            #expect(results[3].observation == "first\n(stopped after 0.4 s)")
            #expect(results[4].observation.count < 10_100)
            #expect(results[4].observation.contains("characters are not shown"))
            // Another episode finds nothing of this one.
            #expect(try await act(suite, task, [Action("calc", "cat f")]).results[0].observation.contains("No such file"))
        }
    }

    @Test func aSetupScriptPreparesTheWorldFromTheRecord() async throws {
        try await withFolder { folder in
            let yaml = arithmetic.replacing("tools:", with: "setup: cat > record.json\ntools:")
                .replacing("shell: echo $(($1))", with: #"shell: cat "$1""#)
            let suite = try fileSuite(yaml, in: folder, files: ["train.jsonl": sums])
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let shown = try await act(suite, task, [Action("calc", "record.json")]).results[0].observation
            #expect(shown.contains(#""id":"a""#))
            let failing = try fileSuite(
                yaml.replacing("cat > record.json", with: "echo broken; exit 2"), in: folder)
            let error = await #expect(throws: TemperError.self) { try await act(failing, task, []) }
            #expect(error?.message == "the setup script ended with exit code 2: broken")
        }
    }

    @Test(arguments: [
        ("summary:", "sumary:", "suite.yaml:1: unknown key 'sumary'\n  did you mean 'summary'?"),
        ("    shell: echo", "    shel: echo", "suite.yaml:17: unknown key 'shel' in 'tools[0]'\n  did you mean 'shell'?"),
        ("    seconds: 5", "    secnds: 5", "suite.yaml:18: unknown key 'secnds' in 'tools[0]'\n  did you mean 'seconds'?"),
        ("    seconds: 5", "    seconds: soon", "suite.yaml:18: 'tools[0].seconds' must be a number in 0.001…86400.0"),
        ("name: calc", "name: ca lc", "suite.yaml:16: 'tools[0].name' must be letters, digits, '_' and '-'"),
        ("name: calc", "name: finish", "suite.yaml:16: 'tools[0]' 'finish' is taken"),
        ("maximum_turns: 4", "maximum_turns: 0", "suite.yaml:20: 'maximum_turns' must be a whole number in 1…10000"),
        (
            "maximum_turns: 4", "maximum_turns: 4\nmaximum_turns: 5",
            "suite.yaml:21: not valid YAML: the key 'maximum_turns' is given twice"
        ),
        ("reward: { numeric: { absolute: 0.5 } }", "reward: numerc", "suite.yaml:19: 'reward' is 'numerc'"),
        ("reward: { numeric: { absolute: 0.5 } }", "", "suite.yaml:1: a suite with tools needs a 'reward'"),
        (
            "reward: { numeric: { absolute: 0.5 } }", "reward: { numeric: {}, judge: {} }",
            "'reward' has both 'numeric' and 'judge'"
        ),
        (
            "reward: { numeric: { absolute: 0.5 } }", "reward: { regular_expression: '(' }",
            "suite.yaml:19: '(' is not a regular expression"
        ),
        (
            "reward: { numeric: { absolute: 0.5 } }", "reward: { judge: { prompt: x } }",
            "suite.yaml:19: 'reward.judge' lacks 'model'"
        ),
        ("train: train.jsonl,", "train: trian.jsonl,", "'tasks.files.train' names a file that does not exist: 'trian.jsonl'"),
        ("fields: {", "field: {", "suite.yaml:13: unknown key 'field' in 'tasks'\n  did you mean 'fields'?"),
        ("files: {", "numbers: {", "suite.yaml:12: 'tasks.numbers.train' must be a range such as 0-199, both ends included"),
        ("tools:", "tool:", "suite.yaml:15: unknown key 'tool'\n  did you mean 'tools'?"),
        ("instruction: |", "instruction: [a, b]\nx: |", "suite.yaml:2: 'instruction' must be text"),
        ("Thought: I add", "Observation: I add", "an observation must follow an action"),
        ("summary: sums with a calculator", "summary: [", "not valid YAML"),
        (
            "summary: sums with a calculator", "summary: sums: many",
            "suite.yaml:1: not valid YAML: mapping values are not allowed in this context\n  text with ': ' in it needs quotes"
        ),
    ])
    func mistakesAreNamedByLine(_ old: String, _ new: String, _ message: String) async throws {
        try await withFolder { folder in
            try #require(arithmetic.contains(old))
            let changed = arithmetic.replacing(old, with: new, maxReplacements: 1)
            let error = #expect(throws: TemperError.self) {
                try fileSuite(changed, in: folder, files: ["train.jsonl": sums])
            }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
            #expect(error?.code == .data)
        }
    }

    @Test(arguments: [
        (#"{"question": "a""#, "train.jsonl:2: not valid JSON"),
        (#"["a"]"#, "train.jsonl:2: the record is not a JSON object"),
        (#"{"label": 1, "level": "x"}"#, "train.jsonl:2: the record lacks 'question', the text of the task"),
        (#"{"question": "", "label": 1, "level": "x"}"#, "train.jsonl:2: the record lacks 'question'"),
        (#"{"question": "a", "level": "x"}"#, "train.jsonl:2: the task has no answer"),
        (#"{"question": "a", "label": "many", "level": "x"}"#, "train.jsonl:2: the answer 'many' is not a number"),
        (#"{"question": "a", "label": 1}"#, "train.jsonl:2: the record lacks 'level', a tag"),
        (
            #"{"question": "a", "label": 1, "level": "x", "solution": "calc[1]"}"#,
            "train.jsonl:2: 'solution' is not a list of actions"
        ),
        (
            #"{"id": "test-1", "question": "a", "label": 1, "level": "x"}"#,
            "train.jsonl:2: the id 'test-1' stands in line 1 already"
        ),
        (#"{"id": [], "question": "a", "label": 1, "level": "x"}"#, "train.jsonl:2: 'id' is neither text nor a number"),
    ])
    func badRecordsAreNamedByLine(_ line: String, _ message: String) async throws {
        try await withFolder { folder in
            let good = #"{"question": "What is 1 + 1?", "label": 2, "level": "easy"}"#
            let suite = try fileSuite(arithmetic, in: folder, files: ["train.jsonl": good + "\n" + line + "\n"])
            let error = #expect(throws: TemperError.self) { try suite.tasks(split: "test", limit: nil) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func otherTaskFilesAreReadInTheSameWay() async throws {
        try await withFolder { folder in
            let suite = try fileSuite(arithmetic, in: folder, files: ["train.jsonl": sums, "more.jsonl": sums])
            #expect(try suite.tasks(from: "\(folder)/more.jsonl").count == 2)
            try write("\n", to: "\(folder)/empty.jsonl")
            #expect(throws: TemperError.self) { try suite.tasks(from: "\(folder)/empty.jsonl") }
            #expect(throws: TemperError.self) { try suite.tasks(from: "\(folder)/absent.jsonl") }
            let error = #expect(throws: TemperError.self) { try suite.tasks(split: "dev", limit: 1) }
            #expect(error?.hint == "its splits are train, test")
        }
    }

    @Test func theTextOfATaskMayBePutTogether() async throws {
        try await withFolder { folder in
            let yaml = arithmetic.replacing("fields: {", with: "text: 'Level {level}: {question} {unknown}'\n  fields: {")
            let suite = try fileSuite(yaml, in: folder, files: ["train.jsonl": sums])
            #expect(try suite.tasks(split: "test", limit: 1)[0].instruction == "Level easy: What is 20 + 22? {unknown}")
        }
    }

    @Test func theRegistryLoadsAFileByItsPath() async throws {
        try await withFolder { folder in
            try write(arithmetic, to: "\(folder)/suite.yaml")
            try write(sums, to: "\(folder)/train.jsonl")
            let suite = try SuiteRegistry.suite("\(folder)/suite.yaml")
            #expect(suite.id == "\(folder)/suite.yaml")
            #expect(try suite.tasks(split: "test", limit: 1)[0].suite == suite.id)
            #expect(throws: TemperError.self) {
                try SuiteRegistry.suite("\(folder)/suite.yaml", options: ["imperfect": .number(1)])
            }
        }
    }

    @Test func aWordThatEndsInYamlNamesAFile() async throws {
        #expect(FileSuite.isFile("my/suite.yaml") && FileSuite.isFile("suite.yml"))
        #expect(!FileSuite.isFile("pocket/hotpotqa"))
        let error = #expect(throws: TemperError.self) { try FileSuite("no/such/suite.yaml") }
        #expect(error?.description == "error: no/such/suite.yaml: the suite's file cannot be read")
    }
}
