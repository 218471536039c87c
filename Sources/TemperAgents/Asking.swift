import TemperCore

/// Asks a policy for the next turn of an episode: the prompt, the call, the reading of the reply.
struct Asking: Sendable {
    let prompt: SuitePrompt?
    let policy: Policy
    let options: EpisodeOptions
    /// Whose words the replies are.
    let author: Author
    let reflections: Reflections
    private let tools: [ToolDefinition]

    struct Reply: Sendable {
        var turn: Turn
        var isRefused: Bool
    }

    /// - Parameter prompt: nil shows the task alone.
    init(_ prompt: SuitePrompt?, _ episode: Episode) {
        policy = episode.policy
        options = episode.options
        author = episode.policy.author(in: episode.author)
        reflections = episode.reflections
        var prompt = prompt
        if policy.takesTools, let whole = prompt {
            let (rest, tools) = ToolDefinition.split(whole.instruction)
            self.tools = tools
            prompt?.instruction = rest
        } else {
            tools = []
        }
        self.prompt = prompt
    }

    /// The replies among which the policy must choose; none when it is free.
    func choices(in environment: any Environment, _ method: Method, _ format: TurnFormat) -> [String] {
        guard options.admissibleOnly || policy.wantsChoices, method.usesTools, !method.plans,
            let actions = environment.admissibleActions
        else { return [] }
        return actions.map { TurnText.write(thought: nil, action: $0, method: method, format: format) }
    }

    /// - Returns: nil when the conversation does not fit the context.
    /// - Throws: what the policy throws.
    func reply(to trajectory: Trajectory, choices: [String]) async throws -> Reply? {
        let (key, task, turns) = (trajectory.key, trajectory.task, trajectory.turns)
        guard let window = window(trajectory) else { return nil }
        // A trial whose reflection could not be written fails with it.
        let reflection = try reflections.latest?.get()
        let forced = key.method.text.reflects ? options.reflexion.sentence(forTurn: turns.count) : nil
        let start = forced.map { ForcedThought($0, format: task.format) }
        var request = CompletionRequest(
            messages: window.messages, maximumNewTokens: options.maximumNewTokens, temperature: options.temperature,
            topP: options.topP, stop: TurnText.stopStrings(for: key.method, format: task.format),
            seed: RandomSource.derive(trajectory.seed, ["turn \(turns.count)"]), choices: choices)
        if key.method.text.callsFunctions { request.tools = tools }
        if let start { request.replyStart = start.start }
        let scene = Scene(
            key: key, task: task, turns: turns, purpose: key.method.text.purpose(after: turns), choices: choices,
            seed: trajectory.seed)
        let completion = try await policy.complete(request, in: scene)

        var turn = read(completion, start, index: turns.count, key.method, task.format)
        turn.droppedTurns = window.droppedTurns
        if turns.isEmpty, !reflections.texts.isEmpty {
            turn.reflections = reflections.texts
            turn.usage = turn.usage + (reflection?.usage ?? TokenUsage())
            turn.price += reflection?.price ?? 0
        }
        guard completion.finishReason == .refused else { return Reply(turn: turn, isRefused: false) }
        turn.action = nil
        turn.plan = nil
        turn.droppedTurns = 0
        turn.diagnosis = "The model refused to answer."
        return Reply(turn: turn, isRefused: true)
    }

    /// The messages of an episode that fit the context; nil when not even the latest turn fits.
    func window(_ trajectory: Trajectory) -> ContextWindow? {
        // A plan is one reply: none of its turns can be left out.
        let droppable = trajectory.key.method.plans ? [] : trajectory.turns
        return ContextWindow.fit(
            turns: droppable, options: options, limit: options.contextTokens ?? policy.contextLimit,
            build: { dropped in
                Conversation.messages(
                    prompt: prompt, style: options.style, task: trajectory.task, method: trajectory.key.method,
                    opening: trajectory.opening, turns: trajectory.turns, droppedTurns: dropped, reflections: reflections.texts)
            }, tokenCount: policy.tokenCount)
    }

    private func read(
        _ completion: Completion, _ start: ForcedThought?, index: Int, _ method: Method, _ format: TurnFormat
    ) -> Turn {
        let reply =
            start?.reply(goingOn: completion.text, by: author, method: method, format: format)
            ?? [Span(TurnText.trimmed(completion.text, method: method, format: format), by: author)]
        let text = reply.map(\.text).joined()
        let reading = TurnText.read(text, method: method, format: format)
        var turn = Turn(
            index: index, reply: reply, thought: reading.thought, action: reading.action, diagnosis: reading.diagnosis,
            usage: completion.usage, price: completion.price)
        if turn.diagnosis != nil, completion.finishReason == .length {
            turn.diagnosis = "The reply was cut off at the token limit. " + (reading.diagnosis ?? "")
        }
        return method.text.firstTurn(of: turn)
    }
}
