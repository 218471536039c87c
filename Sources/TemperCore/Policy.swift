/// Who acts in an episode.
package enum Policy: Sendable {
    /// A language model: it sees messages, and never the task with its answer.
    case model(any LanguageModel)
    /// A program that sees the task itself.
    case script(any Script)

    /// The recipe's word for it.
    package var name: String {
        switch self {
        case .model(let model): model.name
        case .script(let script): script.name
        }
    }

    /// Whose words its replies are.
    ///
    /// - Parameter stage: whose words the stage takes them for: a teacher's while collecting.
    package func author(in stage: Author) -> Author {
        switch self {
        case .model: stage
        case .script(let script): script.author ?? stage
        }
    }

    /// The most tokens of prompt and reply together, if there is a limit and it is known.
    package var contextLimit: Int? {
        switch self {
        case .model(let model): model.contextLimit
        case .script: nil
        }
    }

    /// Whether the episode should name the admissible actions, where its environment can.
    package var wantsChoices: Bool {
        switch self {
        case .model: false
        case .script(let script): script.wantsChoices
        }
    }

    /// Whether it is given functions to call in its own way; to others the prompt describes them.
    package var takesTools: Bool {
        switch self {
        case .model(let model): model.takesTools
        case .script: false
        }
    }

    /// Length of a conversation in the policy's tokens.
    package func tokenCount(_ messages: [Message]) -> Int {
        switch self {
        case .model(let model): model.tokenCount(messages)
        case .script: TokenEstimate.count(messages)
        }
    }

    /// The next text: a model's from the request, a script's from the scene.
    ///
    /// - Throws: what the model or the script throws.
    package func complete(_ request: CompletionRequest, in scene: Scene) async throws -> Completion {
        switch self {
        case .model(let model): try await model.complete(request)
        case .script(let script): Completion(text: try await script.reply(in: scene))
        }
    }
}

/// A policy that is a program: an expert, a gold solution, chance, a control.
package protocol Script: Sendable {
    /// The recipe's word for it.
    var name: String { get }
    /// Whose words it writes wherever it runs, such as a reference solution's; nil: whoever's the stage takes them for.
    var author: Author? { get }
    /// Whether it picks among ``Scene/choices``, where the environment can list them.
    var wantsChoices: Bool { get }

    /// Writes the next turn, as a model would write it in method ``Method/react`` unless it knows others.
    ///
    /// - Throws: ``TemperError`` with code `data` for a task it cannot do.
    func reply(in scene: Scene) async throws -> String
}

extension Script {
    package var author: Author? { nil }
    package var wantsChoices: Bool { false }
}

/// Where an episode stands, for scripts. It carries the task with its answer and never reaches a model.
package struct Scene: Sendable {
    /// What a call is for.
    package enum Purpose: Sendable {
        /// The next turn of an episode, which in ReWOO is the answer from the evidence.
        case turn
        /// A plan of all actions (ReWOO).
        case plan
        /// What went wrong in a failed trial (Reflexion).
        case reflection
    }

    package var key: EpisodeKey
    package var task: AgentTask
    package var turns: [Turn]
    /// What the policy is asked for.
    package var purpose = Purpose.turn
    /// When not empty, the reply is exactly one of these (the admissible-choice constraint).
    package var choices: [String] = []
    /// Derived from (run seed, task, attempt).
    package var seed: UInt64

    package init(
        key: EpisodeKey, task: AgentTask, turns: [Turn], purpose: Purpose = .turn, choices: [String] = [], seed: UInt64
    ) {
        self.key = key
        self.task = task
        self.turns = turns
        self.purpose = purpose
        self.choices = choices
        self.seed = seed
    }
}

/// The length of a conversation where no tokenizer is known.
package enum TokenEstimate {
    /// A token is taken as four UTF-8 bytes, the usual rule of thumb for English.
    package static func count(_ messages: [Message]) -> Int {
        messages.reduce(0) { $0 + 4 + ($1.text.utf8.count + 3) / 4 }
    }
}
