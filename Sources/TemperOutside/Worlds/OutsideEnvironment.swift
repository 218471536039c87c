import TemperCore

/// One episode in a world outside this process.
///
/// A world that fails (it dies, hangs, floods its output, answers nonsense) ends this episode with an error and is closed; the
/// next episode gets another one. A world whose episode ends well goes back to the pool.
struct OutsideEnvironment: Environment {
    let task: AgentTask
    let pool: WorldPool
    /// Replaces the world's own score, if the suite says so.
    let reward: Reward?
    /// The most characters of an observation that a policy sees.
    let observationLimit: Int
    /// For a judge.
    private let access: WorldAccess
    private var world: (any OutsideWorld)?
    private var isDone = false
    private(set) var answer: String?
    private(set) var admissibleActions: [Action]?

    init(
        task: AgentTask, pool: WorldPool, reward: Reward? = nil, observationLimit: Int = 10_000, access: WorldAccess = .none
    ) {
        self.task = task
        self.pool = pool
        self.reward = reward
        self.observationLimit = observationLimit
        self.access = access
    }

    mutating func reset() async throws -> String? {
        await close()
        isDone = false
        answer = nil
        let world = try await pool.take()
        self.world = world
        let task = task
        let opening = try await attempt { try await world.reset(task) }
        admissibleActions = opening.actions
        return opening.observation.map { ObservationText.clipped($0, to: observationLimit) }
    }

    mutating func step(_ action: Action) async throws -> StepResult {
        if isDone { return StepResult("The episode is over.", isDone: true, isValid: false) }
        let world = try current()
        var step = try await attempt { try await world.step(action) }
        if ["finish", "answer"].contains(action.name) { answer = action.argument }
        isDone = step.result.isDone
        admissibleActions = step.actions
        step.result.observation = ObservationText.clipped(step.result.observation, to: observationLimit)
        return step.result
    }

    mutating func score() async throws -> Score {
        let world = try current()
        if let reward { return try await reward.score(answer: answer, task: task, sandbox: nil, access: access) }
        let outcome = try await attempt { try await world.score() }
        if let given = outcome.answer { answer = given }
        var score = outcome.score
        score.metrics["reward"] = score.reward
        return score
    }

    mutating func close() async {
        guard let world else { return }
        self.world = nil
        do {
            try await world.endEpisode()
            pool.give(back: world)
        } catch {
            // The episode is over and scored; a world that cannot end it is not used again.
            await world.close()
        }
    }

    private func current() throws -> any OutsideWorld {
        guard let world else {
            throw TemperError(.internal, "the environment has failed or was not reset", boundary: .environment)
        }
        return world
    }

    /// Runs a call; when it fails the world is given up at once.
    private mutating func attempt<Value: Sendable>(_ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch {
            let failed = world
            world = nil
            await failed?.close()
            throw error
        }
    }
}

/// Observations of any origin, made fit to show.
enum ObservationText {
    /// The start and the end of a text that is too long, with a notice between.
    static func clipped(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit, text.count > limit else { return text }
        let tail = limit / 4
        let head = limit - tail
        return "\(text.prefix(head))\n[… \(text.count - limit) characters are not shown …]\n\(text.suffix(tail))"
    }
}
