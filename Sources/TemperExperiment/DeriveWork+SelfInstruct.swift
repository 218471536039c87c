import TemperAgents
import TemperCore
import TemperData
import TemperEnvironments

extension DeriveWork {
    /// The words of a shingle of near duplicates: tasks are a sentence or two.
    private static let shingleLength = 2
    /// Questions that are kept already and shown to the teacher.
    private static let shownEarlier = 8

    private struct Proposed: Sendable {
        var trajectory: Trajectory
        var result: DerivationResult
    }

    /// Self-Instruct, in waves of as many proposals as tasks are still wanted, so that concurrency changes nothing.
    func selfInstruct(_ plan: Recipe.SelfInstruct, _ tasks: inout [AgentTask], _ parts: inout [DeriveReport.Part]) async throws {
        let way = Way.selfInstruct
        let worlds = try Self.worlds(plan.source, of: suite)
        var part = DeriveReport.Part(suite: suite.id, way: way.rawValue)
        var seen = NearDuplicates(threshold: derive.nearDuplicates, shingleLength: Self.shingleLength)
        for world in worlds { _ = seen.insert(suite.derivation.question(of: world)) }
        var kept: [AgentTask] = []
        while kept.count < plan.tasks, part.proposed < plan.bound {
            let count = min(plan.tasks - kept.count, plan.bound - part.proposed)
            let questions = kept.map(suite.derivation.question)
            let briefs = try (part.proposed..<part.proposed + count).map { try brief($0, plan, worlds, questions) }
            let wave = try await each(briefs, "proposals") { try await propose($0) }
            part.proposed += wave.count
            var candidates: [AgentTask] = []
            for proposed in wave {
                switch proposed.result {
                case .rejected(let rejection): part.reject(proposed.trajectory.key.task, rejection)
                case .task(let task) where seen.insert(suite.derivation.question(of: task)):
                    part.reject(proposed.trajectory.key.task, Rejection(.duplicate, suite.derivation.question(of: task)))
                case .task(let task): candidates.append(task)
                }
            }
            for (task, rejection) in try await solve(candidates, by: solver, way) {
                if let rejection { part.reject(task.id, rejection) } else { kept.append(task) }
            }
            // Where nothing is answered any more, asking on is of no use.
            if wave.allSatisfy({ $0.trajectory.outcome.isError }) { break }
        }
        part.kept = kept.count
        tasks += kept
        parts.append(part)
    }

    /// What is asked for: world, examples and kind are drawn for each number by itself.
    private func brief(_ number: Int, _ plan: Recipe.SelfInstruct, _ worlds: [AgentTask], _ earlier: [String]) throws
        -> ProposalBrief
    {
        var random = RandomSource(seed: seed, "derive", suite.id, String(number))
        let world = worlds.isEmpty ? nil : random.pick(worlds)
        let possible = try suite.derivation.kinds(in: world)
        let wanted = plan.kinds.isEmpty ? possible : plan.kinds.filter(possible.contains)
        guard !wanted.isEmpty else {
            throw TemperError(
                .data, "none of 'kinds' can be asked for in the world of task '\(world?.id ?? "")'", boundary: .recipe)
        }
        let others = worlds.filter { $0.id != world?.id }
        let examples = others.shuffled(using: &random).prefix(plan.examples).map(suite.derivation.question)
        let shown = earlier.shuffled(using: &random).prefix(Self.shownEarlier)
        return ProposalBrief(
            number: number, kind: wanted[number % wanted.count], references: plan.references,
            world: suite.derivation.needsWorld ? world : nil, examples: examples, earlier: Array(shown))
    }

    /// One call of the teacher, and what its reply is worth. A stored reply is judged by the brief it was written for.
    private func propose(_ brief: ProposalBrief) async throws -> Proposed {
        let digits = brief.number.padded(6)
        let derivation = suite.derivation
        let task = AgentTask(
            id: "proposal-\(digits)", suite: suite.id, split: "proposals", instruction: try await derivation.request(brief),
            payload: try brief.payload(), tags: ["kind": brief.kind])
        let key = EpisodeKey(group: Self.proposalGroup, suite: suite.id, task: task.id, method: .io)
        let id = "self-instruct-\(digits)"
        var fresh: DerivationResult?
        let trajectory = try await recorded(key, task) { trajectory in
            let request = CompletionRequest(
                messages: [Message(.user, task.instruction, by: .instruction)], maximumNewTokens: derive.maximumNewTokens,
                temperature: derive.temperature, seed: trajectory.seed)
            let completion = try await teacher.complete(
                request, in: Scene(key: key, task: task, turns: [], seed: trajectory.seed))
            var turn = Turn(
                index: 0, reply: [Span(completion.text, by: teacher.author(in: .teacher))], usage: completion.usage,
                price: completion.price)
            if completion.finishReason == .refused { trajectory.outcome = .refused }
            let result = try await derivation.task(completion.text, for: brief, id: id)
            if case .rejected(let rejection) = result { turn.diagnosis = "\(rejection.reason.rawValue): \(rejection.detail)" }
            fresh = result
            trajectory.turns = [turn]
            trajectory.score = Score(reward: turn.diagnosis == nil ? 1 : 0)
        }
        if trajectory.outcome.isError {
            return Proposed(trajectory: trajectory, result: .rejected(Rejection(.error, trajectory.failure?.message ?? "")))
        }
        if let fresh { return Proposed(trajectory: trajectory, result: fresh) }
        guard let reply = trajectory.turns.first, let asked = try ProposalBrief(of: trajectory.task, format: suite.format) else {
            let detail = "there is no reply: \(trajectory.outcome.rawValue)"
            return Proposed(trajectory: trajectory, result: .rejected(Rejection(.unparsable, detail)))
        }
        return Proposed(trajectory: trajectory, result: try await derivation.task(reply.replyText, for: asked, id: id))
    }
}
