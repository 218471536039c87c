import Foundation
import TemperCore
import TemperEvaluation
import TemperExperiment
import Testing

// The part between the lines is the example of docs/embedding.md, which a test compares with it. This target is outside the
// package's own access, so it sees what a program sees that depends on the product `Temper`.

// example begins
/// Questions such as "What is 17 + 25?", with a calculator to ask.
struct SumSuite: Suite {
    let id = "sums"
    let summary = "adds numbers with a calculator"
    let splits = ["train", "test"]
    let methods: [TemperCore.Method] = [.react]
    let defaultMethod = TemperCore.Method.react
    let maximumTurns = 3
    let primaryMetric = "correct"
    let chanceLevel = 0.0
    let scriptedPolicyNames = ["expert"]

    func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        // Numbers of the test questions never occur in training.
        let first = split == "train" ? 10 : 60
        return (0..<(limit ?? 40)).map { index in
            let (left, right) = (first + index, first + 7 * index % 40)
            return AgentTask(
                id: "\(split)-\(index)", suite: id, split: split, instruction: "What is \(left) + \(right)?",
                payload: .object(["left": .number(Double(left)), "right": .number(Double(right))]))
        }
    }

    func makeEnvironment(for task: AgentTask) throws -> any Environment { Calculator(sum: sum(task)) }

    func prompt(for method: TemperCore.Method) throws -> SuitePrompt {
        SuitePrompt(instruction: "Use add[a, b] to add, then give the sum with finish[sum].", demonstrations: [])
    }

    func score(answer: String?, for task: AgentTask) -> Score? {
        let reward = answer == "\(sum(task))" ? 1.0 : 0
        return Score(reward: reward, metrics: ["correct": reward])
    }

    func scriptedPolicy(named name: String) -> (any Script)? { name == "expert" ? Adder() : nil }

    private func sum(_ task: AgentTask) -> Int {
        Int((task.payload["left"]?.number ?? 0) + (task.payload["right"]?.number ?? 0))
    }
}

struct Calculator: Environment {
    let sum: Int
    var answer: String?

    mutating func reset() async throws -> String? { nil }

    mutating func step(_ action: Action) async throws -> StepResult {
        switch action.name {
        case "add":
            let numbers = action.argument.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            return StepResult("\(numbers.reduce(0, +))")
        case "finish":
            answer = action.argument
            return StepResult("", isDone: true)
        default: return StepResult("Write add[a, b] or finish[sum].", isValid: false)
        }
    }

    mutating func score() async throws -> Score {
        let reward = answer == "\(sum)" ? 1.0 : 0
        return Score(reward: reward, metrics: ["correct": reward])
    }
}

/// The expert whose episodes are trained.
struct Adder: Script {
    let name = "expert"

    func reply(in scene: Scene) async throws -> String {
        if let sum = scene.turns.last?.observation { return "Thought: The sum is \(sum).\nAction: finish[\(sum)]" }
        let numbers = scene.task.instruction.split { !$0.isNumber }.joined(separator: ", ")
        return "Thought: I add the numbers.\nAction: add[\(numbers)]"
    }
}
// example ends

@Suite("The library from outside", .timeLimit(.minutes(5)))
struct EmbeddingTests {
    private static let recipe = """
        name: sums
        collect: { policy: expert, suites: { sums: 40 } }
        train: { base: pocket-base, maximum_steps: 2, tokens_per_step: 1024 }
        evaluate: { policies: [expert, tuned], held_in: [sums], limit: 4, maximum_new_tokens: 16 }
        """

    @Test("A program runs an experiment on a suite of its own, loads the model and plays an episode with it")
    func wholeWay() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = folder.appendingPathComponent("sums.yaml")
        try Data(Self.recipe.utf8).write(to: recipe)

        let result = try await Experiment.run(
            recipe, in: folder.appendingPathComponent("run"), suites: [SumSuite()], progress: { print($0) })
        let expert = try #require(result.rows.first { $0.policy == "expert" })
        #expect(expert.n == 4 && expert.meanReward == 1 && expert.value(of: "correct") == 1)
        #expect(result.rows.contains { $0.policy == "tuned" })
        #expect(FileManager.default.fileExists(atPath: result.report.path))

        let model = try await Experiment.model(result.model.path)
        let suite = SumSuite()
        let task = try suite.tasks(split: "test", limit: 1)[0]
        let episode = try await Experiment.play(.model(model), on: task, of: suite, style: .task, maximumNewTokens: 16)
        #expect(episode.failure == nil && !episode.turns.isEmpty)
        let solved = try await Experiment.play(.script(Adder()), on: task, of: suite)
        #expect(solved.score?.reward == 1 && solved.turns.count == 2)
    }

    @Test("docs/embedding.md shows this file's example and recipe")
    func documented() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let source = try String(contentsOf: here, encoding: .utf8)
        let begin = try #require(source.range(of: "// example begins\n"))
        let end = try #require(source.range(of: "// example ends\n"))
        let page = try String(contentsOf: root.appendingPathComponent("docs/embedding.md"), encoding: .utf8)
        #expect(page.contains(source[begin.upperBound..<end.lowerBound]))
        #expect(page.contains(Self.recipe))
    }
}
