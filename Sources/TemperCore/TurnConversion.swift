import Foundation

/// Writes the turns of one method in the words of another: the one place where Temper rewrites a trajectory.
///
/// What it writes is ``Author/converted``; thoughts and arguments keep their authors. The unified form of FireAct (section 3) is
/// the conversion to ``Method/react``: chain of thought is one thought and `finish`, a reflection is a thought, a plan is the
/// thought before each action with the evidence as observation, a function call is an action. Back and forth gives the same
/// text wherever the other method has a place for everything; what it has no place for is in ``turns(of:in:)``.
package enum TurnConversion {
    /// The turns of an episode in the unified ReAct form. A benchmark's own format stays: there the policy is asked in it too.
    ///
    /// A turn that is not an action stays as it is.
    package static func unified(_ trajectory: Trajectory) -> [Turn] {
        let method = trajectory.key.method
        return trajectory.turns.enumerated().map { index, turn in
            var turn = unified(turn, method: method, format: trajectory.task.format)
            if index == 0, let reflections = turn.reflections {
                turn = led(by: reflections, turn, format: trajectory.task.format)
            }
            return turn
        }
    }

    /// A turn in the unified ReAct form.
    package static func unified(_ turn: Turn, method: Method, format: TurnFormat = .react) -> Turn {
        if format != .react, method.usesFormat || !method.usesTools { return turn }
        guard turn.action != nil, !method.text.isUnified(turn.replyText) else { return turn }
        // What a planner left open is filled in, as the environment got it.
        return written(turn, action: method.plans ? turn.effectiveAction : turn.action, in: .react, format, number: 1)
    }

    /// The turns of an episode in the words of a method.
    ///
    /// Lost are: thoughts in `act` and `io`; which evidence an argument came from, when ReWOO is written in another method; where
    /// a reflection ends and the thought begins. A turn that is not an action stays as it is.
    ///
    /// - Throws: ``TemperError`` with code `data` when the method has no place for the turns: more than one in `io` and `cot`, an
    ///   ending other than `finish` there and in `rewoo`.
    package static func turns(of trajectory: Trajectory, in method: Method) throws -> [Turn] {
        let turns = unified(trajectory)
        if method.promptMethod == .react { return turns }
        let format = trajectory.task.format
        if let reason = method.text.fault(of: turns) {
            throw TemperError(
                .data, "the episode cannot be written as \(method.rawValue): \(reason)", place: trajectory.key.text,
                boundary: .data)
        }
        let converted = turns.enumerated().map { index, turn -> Turn in
            guard let action = turn.action else { return turn }
            return written(turn, action: method.plans ? turn.effectiveAction : action, in: method, format, number: index + 1)
        }
        return method.text.joined(converted)
    }

    /// A turn whose action is written in a method's words.
    private static func written(_ turn: Turn, action: Action?, in method: Method, _ format: TurnFormat, number: Int) -> Turn {
        guard let action else { return turn }
        let thought = method.text.writesThoughts ? turn.thought : nil
        let parts = Parts(thought, action) {
            TurnText.write(thought: $0, action: $1, method: method, format: format, number: number)
        }
        var result = turn
        let isOwn = action == turn.action
        if !isOwn {
            // What was filled in has become part of the text.
            result.action = action
            result.carriedOut = nil
        }
        result.plan = nil
        guard parts.text != turn.replyText else { return result }
        let argument: [Span]
        if !isOwn {
            argument = [Span(parts.argument, by: .converted)]
        } else if parts.argument == action.argument {
            argument = own(action.argument, of: turn, searchingBackwards: true)
        } else {
            argument = [Span(parts.argument, by: author(of: turn))]
        }
        result.reply = parts.spans(thought: thought.map { own($0, of: turn) } ?? [], argument: argument)
        return result
    }

    /// The reflections of earlier trials as the beginning of the first thought.
    private static func led(by reflections: [String], _ turn: Turn, format: TurnFormat) -> Turn {
        guard let action = turn.action else { return turn }
        let reflection = reflections.joined(separator: " ")
        var result = turn
        result.reflections = nil
        result.thought = [reflection, turn.thought].compactMap { $0 }.joined(separator: " ")
        let parts = Parts(result.thought, action) { TurnText.write(thought: $0, action: $1, format: format) }
        var thought = [Span(reflection, by: author(of: turn))]
        if let first = turn.thought { thought += [Span(" ", by: .converted)] + own(first, of: turn) }
        result.reply = parts.spans(thought: thought, argument: own(action.argument, of: turn, searchingBackwards: true))
        return result
    }

    /// The author of a reply, apart from labels.
    private static func author(of turn: Turn) -> Author { turn.reply.first { $0.author != .converted }?.author ?? .policy }

    /// A text of the reply with its authors; by the reply's first author when the reply does not contain it.
    private static func own(_ text: String, of turn: Turn, searchingBackwards: Bool = false) -> [Span] {
        let (author, whole) = (author(of: turn), turn.replyText)
        guard !text.isEmpty,
            let range = whole.range(of: text, options: searchingBackwards ? [.literal, .backwards] : .literal)
        else { return [Span(text, by: author)] }
        var spans: [Span] = []
        var start = whole.startIndex
        for span in turn.reply {
            let end = whole.utf8.index(start, offsetBy: span.text.utf8.count)
            let (low, high) = (max(start, range.lowerBound), min(end, range.upperBound))
            if low < high {
                spans.append(Span(String(whole[low..<high]), by: span.author == .converted ? author : span.author))
            }
            start = end
        }
        return spans
    }

    /// A written turn in its parts: words around the thought, words around the argument.
    private struct Parts {
        /// Before the thought, between thought and argument, after the argument. Without a thought the first is empty.
        let labels: (first: String, second: String, third: String)
        let thought: String
        /// The argument as the text writes it, escaped where the method escapes it.
        let argument: String

        /// Finds thought and argument by writing the turn with others in their places.
        init(_ thought: String?, _ action: Action, write: (String?, Action) -> String) {
            let whole = write(thought, action)
            let bare = write(thought, Action(action.name, ""))
            let before = whole.commonPrefix(with: bare, options: .literal)
            let afterCount = bare.utf8.count - before.utf8.count
            argument = String(whole.utf8.dropFirst(before.utf8.count).dropLast(afterCount)) ?? ""
            let after = String(whole.utf8.suffix(afterCount)) ?? ""
            let lead = thought.map { _ in whole.commonPrefix(with: write("\u{1}", action), options: .literal) } ?? ""
            let rest = before.dropFirst(lead.count)
            if let thought, !thought.isEmpty, rest.hasPrefix(thought) {
                self.thought = thought
                labels = (lead, String(rest.dropFirst(thought.count)), after)
            } else {
                self.thought = ""
                labels = ("", before, after)
            }
        }

        var text: String { labels.first + thought + labels.second + argument + labels.third }

        /// The text with thought and argument by their authors and everything else converted.
        func spans(thought: [Span], argument: [Span]) -> [Span] {
            var spans: [Span] = []
            func label(_ text: String) {
                if !text.isEmpty { spans.append(Span(text, by: .converted)) }
            }
            if self.thought.isEmpty {
                label(labels.second)
            } else {
                label(labels.first)
                spans += thought
                let startsLine = labels.second.hasPrefix("\n") && labels.second.count > 1
                if startsLine { label("\n") }
                label(startsLine ? String(labels.second.dropFirst()) : labels.second)
            }
            spans += argument
            label(labels.third)
            return spans
        }
    }
}
