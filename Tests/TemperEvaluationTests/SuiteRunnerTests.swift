import Foundation
import Synchronization
import TemperAgents
import TemperCore
import TemperEnvironments
import Testing

@testable import TemperEvaluation

@Suite("Running suites")
struct SuiteRunnerTests {
    /// A model that remembers what it was asked and answers with a search of its own each time.
    private final class Asked: LanguageModel {
        let name: String
        let contextLimit: Int?
        private let log = Mutex<[CompletionRequest]>([])
        private let reply: @Sendable (Int) -> String

        init(_ name: String = "asked", contextLimit: Int? = nil, reply: @escaping @Sendable (Int) -> String) {
            self.name = name
            self.contextLimit = contextLimit
            self.reply = reply
        }

        var requests: [CompletionRequest] { log.withLock { $0 } }

        func complete(_ request: CompletionRequest) async throws -> Completion {
            let count = log.withLock { log in
                log.append(request)
                return log.count
            }
            return Completion(text: reply(count), usage: TokenUsage(promptTokens: 10, completionTokens: 2))
        }
    }

    /// Keeps what episodes leave.
    private actor Kept: EpisodeSink {
        var trajectories: [Trajectory] = []
        func stored(_ key: EpisodeKey) -> StoredEpisode? { nil }
        func turnFinished(_ turn: Turn, of key: EpisodeKey) {}
        func discardPartial(_ key: EpisodeKey, reason: String) {}
        func episodeFinished(_ trajectory: Trajectory) { trajectories.append(trajectory) }
    }

    /// What the model was asked and what came of it, as text.
    private func trace(
        _ settings: EpisodeSettings, _ suite: any Suite, _ method: TemperCore.Method, reply: @escaping @Sendable (Int) -> String
    ) async throws -> [String] {
        let (model, kept) = (Asked(reply: reply), Kept())
        let runner = SuiteRunner(
            entries: [.init(suite: suite, tasks: try suite.tasks(split: "test", limit: 1), methods: [method])],
            policies: ["asked"], settings: settings, seed: 7, concurrency: 1, sink: kept,
            contestant: { word, _ in SuiteRunner.Contestant(.model(model), group: "evaluate/\(word)") })
        _ = try await runner.run()
        let asked = model.requests.map { request in
            let messages = request.messages.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n")
            return "\(messages)|\(request.maximumNewTokens)|\(request.temperature)|\(request.topP)|\(request.seed)|"
                + request.replyStart
        }
        let carriedOut = await kept.trajectories.flatMap(\.turns).map { $0.carriedOut?.text ?? "" }
        return asked + carriedOut
    }

    @Test("Each setting changes what a policy is asked or what is carried out", arguments: EpisodeSettings.CodingKeys.allCases)
    func settings(key: EpisodeSettings.CodingKeys) async throws {
        var usual = EpisodeSettings(maximumNewTokens: 64)
        usual.maximumTurns = 6
        if key == .contextRule { usual.contextTokens = 1000 }
        var changed = usual
        switch key {
        case .prompt: changed.prompt = .task
        case .attempts: changed.attempts = 2
        case .temperature: changed.temperature = 0.7
        case .topP: changed.topP = 0.9
        case .maximumTurns: changed.maximumTurns = 2
        case .maximumNewTokens: changed.maximumNewTokens = 32
        case .contextTokens: changed.contextTokens = 1000
        case .contextRule: changed.contextRule = .agentBench
        case .nearestAction: changed.nearestAction = NearestAction.defaultThreshold
        case .reflexion:
            changed.reflexion = ReflexionOptions()
            changed.reflexion?.rounds = [2, 3]
        case .seed: changed.seed = 8
        }
        let suite: any Suite = key == .nearestAction ? PocketHouseholdSuite() : PocketHotpotQASuite()
        let method: TemperCore.Method = key == .reflexion ? .reflexion : .react
        let long = String(repeating: "much too long a thought about it ", count: 20)
        @Sendable func reply(_ number: Int) -> String {
            key == .nearestAction
                ? "THOUGHT: \(number)\nACTION: go to the \(number)" : "Thought: \(long)\nAction: search[Number \(number)]"
        }
        let before = try await trace(usual, suite, method, reply: { reply($0) })
        let again = try await trace(usual, suite, method, reply: { reply($0) })
        let after = try await trace(changed, suite, method, reply: { reply($0) })
        #expect(before == again)
        #expect(before != after)
    }

    /// A model with one answer, for scores by hand.
    private func fixed(_ name: String, _ answer: String) -> Asked {
        Asked(name) { _ in "Thought: I answer.\nAction: finish[\(answer)]" }
    }

    private func runner(_ kinds: [(any Suite, SuiteKind)], _ policies: [String], pairs: [SuiteRunner.Comparison] = []) throws
        -> SuiteRunner
    {
        let models = Dictionary(uniqueKeysWithValues: policies.map { ($0, fixed($0, $0)) })
        return SuiteRunner(
            entries: try kinds.map { suite, kind in
                .init(suite: suite, kind: kind, tasks: try suite.tasks(split: "test", limit: 8), methods: [suite.defaultMethod])
            }, policies: policies, comparisons: pairs, settings: EpisodeSettings(maximumNewTokens: 64), seed: 7, concurrency: 2,
            sink: nil,
            contestant: { word, _ in SuiteRunner.Contestant(.model(try #require(models[word])), group: "evaluate/\(word)") })
    }

    @Test("The overall score never averages suites of two kinds")
    func kinds() async throws {
        let suites: [(any Suite, SuiteKind)] = [
            (PocketHotpotQASuite(), .heldIn), (PocketStrategyQASuite(), .heldOut), (PocketMMLUSuite(), .general),
            (PocketBamboogleSuite(), .heldIn),
        ]
        let evaluation = try await runner(suites, ["yes", "A"]).run()
        #expect(evaluation.overall.map(\.kind) == [.heldIn, .heldIn, .heldOut, .heldOut, .general, .general])
        #expect(evaluation.overall.map(\.policy) == ["yes", "A", "yes", "A", "yes", "A"])
        for score in evaluation.overall {
            let expected = suites.filter { $0.1 == score.kind }.map(\.0.id)
            #expect(score.parts.map(\.suite) == expected)
            #expect(abs(score.mean - score.parts.reduce(0) { $0 + $1.normalised } / Double(expected.count)) < 1e-12)
        }
        for row in evaluation.results { #expect(row.kind == suites.first { $0.0.id == row.suite }?.1) }
        // The two flags are apart: a shape that training never saw in a suite that is held in.
        let shapes = evaluation.results.filter { $0.suite == "pocket/hotpotqa" }
        #expect(Set(shapes.map(\.kind)) == [.heldIn])
        #expect(shapes.contains { $0.isShapeHeldOut == true } && shapes.contains { $0.isShapeHeldOut == false })
    }

    @Test("Any two policies are compared, in the order they are named")
    func pairs() async throws {
        let pairs = [SuiteRunner.Comparison(baseline: "A", policy: "yes"), .init(baseline: "no", policy: "A")]
        let evaluation = try await runner([(PocketStrategyQASuite(), .heldIn)], ["yes", "no", "A"], pairs: pairs).run()
        let whole = evaluation.comparisons.filter { $0.group == Grouping.all }
        #expect(whole.map(\.baseline) == ["A", "no"] && whole.map(\.policy) == ["yes", "A"])
        let means = Dictionary(uniqueKeysWithValues: evaluation.results.filter { $0.groupBy == nil }.map { ($0.policy, $0) })
        for pair in whole {
            #expect(pair.nPairs == 8)
            #expect(pair.baselineMean == means[pair.baseline]?.value(of: pair.metric))
            #expect(pair.policyMean == means[pair.policy]?.value(of: pair.metric))
        }
    }

    @Test("An evaluation of an earlier version is read: one flag for held-out suites and held-out shapes")
    func earlier() throws {
        func row(_ suite: String, _ group: String, _ heldOut: Bool?) -> JSONValue {
            var fields: [String: JSONValue] = [
                "policy": .string("tuned"), "suite": .string(suite), "split": .string("test"), "method": .string("react"),
                "group": .string(group), "n": .number(1), "metrics": .object([:]), "metric_intervals": .object([:]),
                "outcomes": .object([:]), "errors": .number(0), "errors_by_boundary": .object([:]), "missing": .number(0),
                "tokens": .object(["prompt": .number(1), "completion": .number(1), "is_estimated": .bool(false)]),
                "price_dollars": .number(0), "seconds": .number(0), "seed": .number(7), "notes": .array([]),
            ]
            if let heldOut { fields["held_out"] = .bool(heldOut) }
            return .object(fields)
        }
        let rows = [
            row("in", "all", nil), row("in", "held-out shapes", true), row("in", "trained shapes", false),
            row("out", "all", true), row("out", "trained shapes", true),
        ]
        let text = JSONValue.object([
            "results": .array(rows), "comparisons": .array([]), "overall": .array([]), "primary_metrics": .object([:]),
        ])
        let evaluation = try JSONDecoder().decode(Evaluation.self, from: JSONEncoder().encode(text))
        #expect(evaluation.results.map(\.isShapeHeldOut) == [nil, true, false, nil, nil])
        #expect(evaluation.results.allSatisfy { $0.kind == nil })
    }
}
