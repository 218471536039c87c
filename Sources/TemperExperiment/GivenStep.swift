import Foundation
import TemperCore

/// One step of a given solution, for which a teacher writes the thought.
struct GivenStep {
    let action: Action
    /// The episode so far.
    let trajectory: Trajectory
    let prompt: SuitePrompt

    /// A turn whose thought is the teacher's and whose action is the reference's.
    ///
    /// - Returns: a turn with a diagnosis when the thought cannot stand there.
    /// - Throws: what the teacher throws.
    func turn(by teacher: Policy, maximumNewTokens: Int) async throws -> Turn {
        let (task, turns) = (trajectory.task, trajectory.turns)
        let given = TurnText.write(thought: nil, action: action, format: task.format)
        var messages = Conversation.messages(
            prompt: prompt, style: .full, task: task, method: trajectory.key.method, opening: trajectory.opening, turns: turns)
        if !messages.isEmpty { messages[messages.count - 1].spans.append(Span(Self.request(given), by: .instruction)) }
        let completion = try await teacher.complete(
            CompletionRequest(
                messages: messages, maximumNewTokens: maximumNewTokens,
                seed: RandomSource.derive(trajectory.seed, ["turn \(turns.count)"])),
            in: Scene(key: trajectory.key, task: task, turns: turns, seed: trajectory.seed))
        var turn = Turn(
            index: turns.count, reply: [Span(completion.text, by: teacher.author(in: .teacher))], usage: completion.usage,
            price: completion.price)
        switch thought(in: completion, format: task.format) {
        case .failure(let fault): turn.diagnosis = fault.detail
        case .success(let thought):
            let whole = TurnText.write(thought: thought, action: action, format: task.format)
            guard whole.hasSuffix(given), TurnText.read(whole, method: .react, format: task.format).action == action else {
                turn.diagnosis = "the action cannot be read after this thought"
                return turn
            }
            turn.reply = [
                Span(String(whole.dropLast(given.count)), by: teacher.author(in: .teacher)), Span(given, by: .reference),
            ]
            turn.thought = thought
            turn.action = action
        }
        return turn
    }

    private struct Fault: Error { var detail: String }

    /// Asks for what a person would think who does not know the solution yet.
    private static func request(_ given: String) -> String {
        """


        You will now do this:
        \(given)
        Write down the thought that leads you there: one to three sentences in the first person that rest on the task and on what \
        you have seen so far. Do not write as if the step had been given to you. Write the thought alone, without the step.
        """
    }

    /// The thought of a reply, which may be bare or a whole turn with the same action.
    private func thought(in completion: Completion, format: TurnFormat) -> Result<String, Fault> {
        if completion.finishReason == .refused { return .failure(Fault(detail: "the teacher refused")) }
        if completion.finishReason == .length { return .failure(Fault(detail: "the thought was cut off at the token limit")) }
        let text = TurnText.trimmed(completion.text, method: .react, format: format)
        let reading = TurnText.read(text, method: .react, format: format)
        if let other = reading.action {
            let ends = ["answer", "finish"].contains(action.name)
            guard other.name == action.name, ends || other.argument == action.argument else {
                return .failure(Fault(detail: "the teacher would do something else: \(other.text.prefix(100))"))
            }
        }
        guard let thought = reading.thought, !thought.isEmpty else { return .failure(Fault(detail: "there is no thought")) }
        // Some derived thoughts of AgentInstruct speak of an answer that was provided, which an agent never has.
        if let found = thought.firstMatch(
            of:
                /(?i)\b(provided|given|reference|expected|gold)\s+(answer|solution|sql|query|statement|command|step|action)s?\b/
        ) {
            return .failure(Fault(detail: "the thought speaks of the solution as given: '\(found.output.0)'"))
        }
        return .success(thought)
    }
}
