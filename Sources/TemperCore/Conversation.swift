/// Builds the chat a policy sees, which is also the chat a tuned model learns from: one writer for both.
public enum Conversation {
    /// The messages of an episode up to now.
    ///
    /// The first user message holds instruction and task; demonstrations stand between as turns of their own, after the
    /// instruction and before the task. Observations are user messages.
    ///
    /// - Parameters:
    ///   - prompt: the suite's prompt for the method; needed unless `style` is ``PromptStyle/task``.
    ///   - opening: what the environment showed at reset.
    ///   - turns: the turns so far, oldest first.
    ///   - droppedTurns: how many of the oldest turns to leave out, with a notice in their place.
    public static func messages(
        prompt: SuitePrompt?, style: PromptStyle, task: AgentTask, opening: String?, turns: [Turn], droppedTurns: Int = 0
    ) -> [Message] {
        var messages: [Message] = []
        if style != .task, let prompt {
            if style == .full, !prompt.demonstrations.isEmpty {
                var demonstrations = prompt.demonstrations.flatMap { $0 }
                if demonstrations.first?.role == .user {
                    demonstrations[0].spans.insert(Span(prompt.instruction + "\n\n", by: .instruction), at: 0)
                }
                messages += demonstrations
                messages.append(Message(.user, taskSpans(task, opening)))
            } else {
                let instruction = Span(prompt.instruction + "\n\n", by: .instruction)
                messages.append(Message(.user, [instruction] + taskSpans(task, opening)))
            }
        } else {
            messages.append(Message(.user, taskSpans(task, opening)))
        }
        if droppedTurns > 0, !messages.isEmpty {
            let notice = "\n\n[\(droppedTurns) earlier turns are not shown.]"
            messages[messages.count - 1].spans.append(Span(notice, by: .instruction))
        }
        for turn in turns.dropFirst(droppedTurns) {
            messages.append(Message(.assistant, turn.reply))
            if let observation = turn.observation {
                messages.append(Message(.user, TurnText.write(observation: observation, format: task.format), by: .environment))
            }
        }
        return messages
    }

    private static func taskSpans(_ task: AgentTask, _ opening: String?) -> [Span] {
        var spans = [Span(task.instruction, by: .instruction)]
        if let opening { spans.append(Span("\n\n" + opening, by: .environment)) }
        return spans
    }

    /// A turn of any method in the unified ReAct form (FireAct, section 3): what Temper rewrote is marked as converted.
    ///
    /// A benchmark's own format stays: there the policy is asked in that format too.
    public static func unified(_ turn: Turn, format: TurnFormat = .react) -> Turn {
        guard format == .react else { return turn }
        let isUnified = turn.replyText.split(separator: "\n").contains { $0.hasPrefix("Action:") }
        guard let action = turn.action, !isUnified else { return turn }
        var unified = turn
        let author = turn.reply.first?.author ?? .policy
        var spans: [Span] = []
        if let thought = turn.thought {
            spans = [Span("Thought: ", by: .converted), Span(thought, by: author), Span("\n", by: .converted)]
        }
        spans.append(Span("Action: \(action.name)[", by: .converted))
        spans.append(Span(action.argument, by: author))
        spans.append(Span("]", by: .converted))
        unified.reply = spans
        return unified
    }
}
