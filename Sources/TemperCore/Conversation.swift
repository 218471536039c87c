/// Builds the chat a policy sees, which is also the chat a tuned model learns from: one writer for both.
public enum Conversation {
    /// A reply and what came back, as the chat shows them. ReWOO's plan is one reply of several turns.
    public struct Exchange: Sendable, Hashable {
        public var turns: [Turn]
        public var reply: [Span]
        /// The whole message of the environment; nil after the reply that ended the episode.
        public var answer: String?

        public init(turns: [Turn], reply: [Span], answer: String?) {
            self.turns = turns
            self.reply = reply
            self.answer = answer
        }
    }

    /// The messages of an episode up to now.
    ///
    /// The first user message holds instruction and task; demonstrations stand between as turns of their own, after the
    /// instruction and before the task. Observations are user messages.
    ///
    /// - Parameters:
    ///   - prompt: the suite's prompt for the method; needed unless `style` is ``PromptStyle/task``.
    ///   - method: how the turns are written.
    ///   - opening: what the environment showed at reset.
    ///   - turns: the turns so far, oldest first.
    ///   - droppedTurns: how many of the oldest turns to leave out, with a notice in their place.
    ///   - reflections: what the policy wrote after earlier trials, oldest first.
    public static func messages(
        prompt: SuitePrompt?, style: PromptStyle, task: AgentTask, method: Method = .react, opening: String?, turns: [Turn],
        droppedTurns: Int = 0, reflections: [String] = []
    ) -> [Message] {
        var messages: [Message] = []
        let asked = taskSpans(task, opening, reflections)
        if style != .task, let prompt {
            let words = method.text.instruction(prompt.instruction)
            let instruction = Span(words + "\n\n", by: .instruction)
            if style == .full, !prompt.demonstrations.isEmpty {
                var demonstrations = prompt.demonstrations.flatMap { $0 }
                if demonstrations.first?.role == .user { demonstrations[0].spans.insert(instruction, at: 0) }
                messages += demonstrations
                messages.append(Message(.user, asked))
            } else {
                messages.append(Message(.user, [instruction] + asked))
            }
        } else {
            messages.append(Message(.user, asked))
        }
        if droppedTurns > 0, !messages.isEmpty {
            let notice = "\n\n[\(droppedTurns) earlier turns are not shown.]"
            messages[messages.count - 1].spans.append(Span(notice, by: .instruction))
        }
        for exchange in exchanges(of: Array(turns.dropFirst(droppedTurns)), method: method, format: task.format) {
            messages.append(Message(.assistant, exchange.reply))
            if let answer = exchange.answer { messages.append(Message(.user, answer, by: .environment)) }
        }
        return messages
    }

    /// The turns as the chat shows them: one exchange a turn, except that a plan is one reply and its evidence one message.
    public static func exchanges(of turns: [Turn], method: Method, format: TurnFormat = .react) -> [Exchange] {
        method.text.exchanges(of: turns, format)
    }

    private static func taskSpans(_ task: AgentTask, _ opening: String?, _ reflections: [String]) -> [Span] {
        var spans = [Span(task.instruction, by: .instruction)]
        if let opening { spans.append(Span("\n\n" + opening, by: .environment)) }
        if !reflections.isEmpty {
            let lines = reflections.enumerated().map { "After trial \($0.offset + 1): \($0.element)" }
            spans.append(
                Span("\n\nYou have tried this task before.\n" + lines.joined(separator: "\n"), by: .instruction))
        }
        return spans
    }
}
