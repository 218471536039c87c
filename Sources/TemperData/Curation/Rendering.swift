package import TemperCore

/// Turns a trajectory into documents: the same chat that a policy sees (``Conversation``), with what is learnt from it.
package enum Rendering {
    /// The documents of an episode: one, or one per call when old turns were left out of a prompt.
    ///
    /// - Parameters:
    ///   - prompt: the suite's prompt for the form the turns are written in; needed unless the style is `task`.
    ///   - run: the recipe's name.
    /// - Returns: a reason when the episode cannot be rendered faithfully.
    /// - Throws: ``TemperError`` with code `data` for a condition of `curate.turn_weights` that names what a turn does not have.
    package static func documents(
        of trajectory: Trajectory, prompt: SuitePrompt?, options: CurationOptions, run: String
    ) throws -> Result<[Document], Refusal> {
        let turns = options.unify ? TurnConversion.unified(trajectory) : trajectory.turns
        for (turn, original) in zip(turns, trajectory.turns) where turn.reply != original.reply {
            guard TurnText.read(turn.replyText, method: .react, format: trajectory.task.format).action == turn.action else {
                return .failure(Refusal("a reply cannot be written in the unified form"))
            }
        }
        let weights = try (options.turnWeights ?? []).map {
            (try EpisodeCondition($0.when, key: "curate.turn_weights"), $0.weight)
        }
        let trained = try TrainedAuthors(options.trainOn)
        let builder = Builder(
            trajectory: trajectory, prompt: prompt, options: options, run: run, weights: weights, trained: trained)
        guard turns.contains(where: { $0.droppedTurns > 0 }) else {
            return .success([try builder.document(turns, dropped: 0, call: nil)])
        }
        guard options.droppedTurns == .byCall else { return .failure(Refusal("old turns were left out of its prompts")) }
        return .success(
            try turns.indices.filter { try builder.isTrainable(turns[$0]) && builder.weight(of: turns[$0]) > 0 }.map { index in
                try builder.document(Array(turns[...index]), dropped: turns[index].droppedTurns, call: index)
            })
    }

    /// Why an episode is left out.
    package struct Refusal: Error, Sendable {
        package var reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private struct Builder {
        let trajectory: Trajectory
        let prompt: SuitePrompt?
        let options: CurationOptions
        let run: String
        let weights: [(condition: EpisodeCondition, weight: Double)]
        let trained: TrainedAuthors

        /// How the turns are written.
        var method: Method { options.unify ? .react : trajectory.key.method }

        /// Whether anything of a turn's reply is learnt.
        func isTrainable(_ turn: Turn) -> Bool {
            let isNearest = turn.carriedOut != nil && !trajectory.key.method.plans
            let isShown = isNearest ? options.nearestActions == .train : turn.diagnosis == nil || options.invalidReplies == .train
            return isShown && turn.reply.contains { trained.contains($0.author) }
        }

        /// How much a turn's reply counts.
        func weight(of turn: Turn) throws -> Double {
            let facts = EpisodeFacts(trajectory, turn: turn)
            return try weights.first { try $0.condition.holds(for: facts) }?.weight ?? 1
        }

        /// The chat up to the last reply. With a call, that reply alone is trained.
        func document(_ turns: [Turn], dropped: Int, call: Int?) throws -> Document {
            var messages = Conversation.messages(
                prompt: prompt, style: options.promptStyle, task: trajectory.task, method: method, opening: trajectory.opening,
                turns: turns, droppedTurns: dropped, reflections: turns.first?.reflections ?? [])
            // Text after the last reply teaches nothing.
            while let last = messages.last, last.role != .assistant { messages.removeLast() }
            let shown = Conversation.exchanges(of: Array(turns.dropFirst(dropped)), method: method)
            // Replies of demonstrations come first; each exchange gave one assistant message.
            var position = shown.count - messages.count { $0.role == .assistant }
            let document = Document(
                messages: try messages.map { message in
                    var (trains, weight) = (false, 1.0)
                    if message.role == .assistant {
                        if position >= 0 {
                            let isCalled = call == nil || position == shown.count - 1
                            trains = isCalled && shown[position].turns.allSatisfy(isTrainable)
                            weight = try shown[position].turns.first.map { try self.weight(of: $0) } ?? 1
                        }
                        position += 1
                    }
                    return Document.Message(
                        role: message.role,
                        spans: message.spans.map { Document.Span($0.text, by: $0.author, train: trains, weight: weight) })
                }, provenance: Document.Provenance(run: run, key: trajectory.key, call: call))
            return trained.verdict(on: document)
        }
    }
}
