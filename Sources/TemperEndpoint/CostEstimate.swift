package import TemperCore

/// What a run on paid models is likely to cost, worked out before any call is made.
package struct CostEstimate: Codable, Sendable, Hashable {
    /// One policy with one method on one suite.
    package struct Part: Codable, Sendable, Hashable {
        package var stage: String
        package var policy: String
        package var suite: String
        package var method: Method
        package var episodes: Int
        /// Calls of all episodes.
        package var calls: Double
        package var promptTokens: Double
        package var completionTokens: Double
        /// US dollars; nil when the model's price is not known.
        package var dollars: Double?
        /// The same with every episode at its limits: all turns taken, all replies of full length.
        package var mostDollars: Double?

        enum CodingKeys: String, CodingKey {
            case stage, policy, suite, method, episodes, calls, dollars
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
            case mostDollars = "most_dollars"
        }
    }

    package var parts: [Part]
    /// What the figures rest on, a sentence each.
    package var assumptions: [String]
    /// US dollars; nil when a part's price is not known.
    package var dollars: Double?
    package var mostDollars: Double?

    enum CodingKeys: String, CodingKey {
        case parts, assumptions, dollars
        case mostDollars = "most_dollars"
    }

    package init(parts: [Part], assumptions: [String]) {
        self.parts = parts
        self.assumptions = assumptions
        dollars = Self.sum(parts.map(\.dollars))
        mostDollars = Self.sum(parts.map(\.mostDollars))
    }

    private static func sum(_ values: [Double?]) -> Double? {
        values.contains(nil) ? nil : values.compactMap { $0 }.reduce(0, +)
    }

    /// How long the texts of an episode are, in tokens, and how many turns it takes.
    package struct Shape: Sendable, Hashable {
        /// Instruction, demonstrations and task.
        package var head: Double
        package var turns: Double
        package var reply: Double
        package var observation: Double

        package init(head: Double, turns: Double, reply: Double, observation: Double) {
            self.head = head
            self.turns = turns
            self.reply = reply
            self.observation = observation
        }

        /// The shape that a suite's demonstrations have.
        ///
        /// - Parameters:
        ///   - prompt: the method's prompt; nil, or without demonstrations, takes half the turn limit and texts of usual length.
        ///   - style: how much of it the policy sees.
        ///   - tasks: a token count is the mean over them.
        ///   - maximumTurns: the turn limit; demonstrations of more turns count as that many.
        package init(
            prompt: SuitePrompt?, style: PromptStyle, tasks: [AgentTask], method: Method, maximumTurns: Int
        ) {
            func tokens(_ text: String) -> Double { Double(4 + (text.utf8.count + 3) / 4) }
            func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
            let task = mean(tasks.map { tokens($0.instruction) }) ?? 0
            let demonstrations = prompt?.demonstrations ?? []
            let messages = demonstrations.flatMap { $0 }
            var shown = 0.0
            if style != .task, let prompt { shown += tokens(prompt.instruction) }
            if style == .full { shown += messages.reduce(0) { $0 + tokens($1.text) } }
            let replies = messages.filter { $0.role == .assistant }
            let observations = demonstrations.flatMap { $0.dropFirst() }.filter { $0.role == .user }
            let perEpisode = mean(demonstrations.map { Double($0.count { $0.role == .assistant }) })
            let usual = method.usesTools ? Double(maximumTurns) / 2 : 1
            self.init(
                head: shown + task, turns: min(Double(max(1, maximumTurns)), max(1, perEpisode ?? usual)),
                reply: mean(replies.map { tokens($0.text) }) ?? 60, observation: mean(observations.map { tokens($0.text) }) ?? 100
            )
        }

        /// Calls and tokens of one episode: every call sends the conversation so far.
        package func totals() -> (calls: Double, prompt: Double, completion: Double) {
            (turns, turns * head + turns * (turns - 1) / 2 * (reply + observation), turns * reply)
        }

        /// The same episode at its limits.
        package func atMost(turns most: Int, maximumNewTokens: Int) -> Shape {
            Shape(head: head, turns: Double(max(1, most)), reply: Double(maximumNewTokens), observation: observation)
        }
    }

    /// How many trials Reflexion takes on average: each of the trials before the last fails in half of the cases.
    package static func expectedTrials(of most: Int) -> Double {
        (0..<max(1, most)).reduce(0) { sum, trial in sum + 1 / Double(1 << min(trial, 60)) }
    }

    /// One part of an estimate.
    ///
    /// - Parameters:
    ///   - trials: the most trials of an episode, each after the first with a reflection before it.
    ///   - price: nil when it is not known.
    package static func part(
        stage: String, policy: String, suite: String, method: Method, episodes: Int, shape: Shape, maximumTurns: Int,
        maximumNewTokens: Int, trials: Int = 1, price: ModelPrice?
    ) -> Part {
        func totals(_ shape: Shape, trials: Double) -> (calls: Double, prompt: Double, completion: Double) {
            let one = shape.totals()
            let reflections = trials - 1
            let conversation = shape.head + shape.turns * (shape.reply + shape.observation)
            return (
                trials * one.calls + reflections, trials * one.prompt + reflections * conversation,
                trials * one.completion + reflections * shape.reply
            )
        }
        func dollars(_ totals: (calls: Double, prompt: Double, completion: Double)) -> Double? {
            price.map { Double(episodes) * (totals.prompt * $0.prompt + totals.completion * $0.completion) / 1_000_000 }
        }
        let likely = totals(shape, trials: expectedTrials(of: trials))
        let turns = method.text.maximumCalls(turns: maximumTurns)
        let most = totals(shape.atMost(turns: turns, maximumNewTokens: maximumNewTokens), trials: Double(trials))
        return Part(
            stage: stage, policy: policy, suite: suite, method: method, episodes: episodes,
            calls: Double(episodes) * likely.calls, promptTokens: Double(episodes) * likely.prompt,
            completionTokens: Double(episodes) * likely.completion, dollars: dollars(likely), mostDollars: dollars(most))
    }
}
