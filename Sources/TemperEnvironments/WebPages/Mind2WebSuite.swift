import Foundation
package import TemperCore

/// Mind2Web (Deng et al. 2023) as AgentTuning uses it: one step of a recorded task at a time.
package struct Mind2WebSuite: Suite {
    package static let identifier = "mind2web"
    /// AgentBench asks about the ten best candidates.
    static let standardCandidates = 10

    package let id = Self.identifier
    package let summary = "the next step on a web page: element among candidates, operation and value (Mind2Web)"
    package let splits = ["train", "test", "test_task", "test_website", "test_domain"]
    package let methods: [TemperCore.Method] = [.react]
    package let defaultMethod = TemperCore.Method.react
    package let format = TurnFormat.web
    package let primaryMetric = "step_success"
    /// Worked out, not measured: an option at random in each group ends on one right element of ten with probability 2/27, and
    /// something over half of these steps are clicks whose operation is then right too.
    package let chanceLevel = 0.05
    package let scriptedPolicyNames = ["gold", "random"]
    private let candidates: Int
    private let folder: URL?

    package init() { self.init(candidates: Self.standardCandidates, folder: nil) }

    /// - Parameter folder: the one that holds a folder for each split; nil for `mind2web` of the data folder.
    init(candidates: Int, folder: URL?) {
        self.candidates = candidates
        self.folder = folder
    }

    package var maximumTurns: Int { CandidateTournament.maximumTurns(candidates: candidates) }

    /// The records in `mind2web/<split>/`; `test` is all three test splits.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else {
            throw TemperError(
                .usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let names = split == "test" ? splits.filter { $0.hasPrefix("test_") } : [split]
        let tasks = try names.flatMap { name in
            let url = try folder?.appendingPathComponent(name) ?? DataFolder.file("mind2web/\(name)")
            return try file(split).tasks(at: url)
        }
        let sorted = tasks.sorted { $0.id < $1.id }
        return limit.map { Array(sorted.prefix(max(0, $0))) } ?? sorted
    }

    package func tasks(from path: String) throws -> [AgentTask] {
        try file("file").tasks(at: URL(fileURLWithPath: path)).sorted { $0.id < $1.id }
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment { try WebPageEnvironment(task) }

    package func prompt(for method: TemperCore.Method) throws -> SuitePrompt {
        try SuitePromptFile.load(suite: id, method: method)
    }

    /// The answer is the element's identifier, the operation and the value: `136 TYPE Boston`.
    package func score(answer: String?, for task: AgentTask) -> Score? {
        WebScore.Gold(payload: task.payload).map { WebScore.score(answer: answer, gold: $0) }
    }

    /// `candidates`: how many of the best-ranked ones are asked about, 2…50.
    package func configured(with options: SuiteOptions) throws -> any Suite {
        let count = try options.integer("candidates", default: Self.standardCandidates, in: 2...50)
        try options.finish()
        return Mind2WebSuite(candidates: count, folder: folder)
    }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": WebGoldPolicy()
        case "random": RandomPolicy { _, _ in "" }
        default: nil
        }
    }

    private func file(_ split: String) -> Mind2WebFile { Mind2WebFile(suite: id, split: split, candidates: candidates) }
}
