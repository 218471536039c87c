import TemperCore

/// Something outside this process that plays one episode after the other: a child process, a session of a server.
protocol OutsideWorld: Sendable {
    /// - Throws: ``TemperError`` with boundary `environment`; the world is then given up.
    func reset(_ task: AgentTask) async throws -> OutsideOpening
    func step(_ action: Action) async throws -> OutsideStep
    func score() async throws -> OutsideScore
    /// Ends the episode so that another may begin.
    func endEpisode() async throws
    /// Ends the world.
    func close() async
}

/// What a world shows at the start of an episode.
struct OutsideOpening: Sendable, Hashable {
    var observation: String?
    /// The actions that make sense now; nil when the world does not say.
    var actions: [Action]?
}

/// What a world answers to an action.
struct OutsideStep: Sendable, Hashable {
    var result: StepResult
    var actions: [Action]?
}

/// What a world says at the end.
struct OutsideScore: Sendable, Hashable {
    var score: Score
    /// The final answer, where the world knows it.
    var answer: String?
}
