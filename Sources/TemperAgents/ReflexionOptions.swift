package import TemperCore

/// How method `reflexion` reflects.
package struct ReflexionOptions: Configurable {
    package enum Form: String, Codable, Sendable, ConfigurationChoice {
        /// FireAct's: a fixed sentence begins the thought of given rounds, inside one episode.
        case forced
        /// The real one (Shinn et al. 2023): after a failed trial the policy writes what went wrong, and tries again with that in
        /// its prompt. Needs tasks whose reward is known.
        case trials
    }

    /// Whose words a forced sentence is in.
    package enum Wording: String, Codable, Sendable, ConfigurationChoice {
        case temper
        /// The sentences of FireAct's release.
        case fireact
    }

    package var form = Form.forced
    /// 1-based rounds whose thought is forced. The last of several asks to wrap up, as in FireAct.
    package var rounds = [6, 10]
    package var wording = Wording.temper
    /// The most trials, the first included.
    package var trials = 3

    package init() {}

    package static let keys: [ConfigurationKey<ReflexionOptions>] = [
        ConfigurationKey(
            "form", \.form,
            "`forced`: a fixed sentence begins the thought of given rounds (FireAct). `trials`: after a failed trial the policy "
                + "writes what went wrong and tries again (Shinn et al. 2023)."),
        ConfigurationKey("rounds", \.rounds, in: .atLeast(2), "The rounds whose thought is forced, ascending, counted from 1."),
        ConfigurationKey("wording", \.wording, "Temper's sentences, or those of FireAct's release."),
        ConfigurationKey("trials", \.trials, in: .within(2...100), "The most trials, the first included."),
    ]

    /// What makes no sense, as `KEY …`; nil when all does.
    package var problem: String? {
        if rounds.isEmpty || rounds != rounds.sorted() || Set(rounds).count != rounds.count {
            return "'rounds' must be rounds from 2 on, in ascending order"
        }
        return rangeProblem
    }

    /// The sentence that begins the thought of a 0-based turn; nil when none is forced there.
    func sentence(forTurn index: Int) -> String? {
        guard form == .forced, let position = rounds.firstIndex(of: index + 1) else { return nil }
        let wrapsUp = position > 0 && position == rounds.count - 1
        switch (wording, wrapsUp) {
        case (.temper, false):
            return
                "I have taken \(index) steps and the task is not solved. I think about what went wrong and how to go on better."
        case (.temper, true): return "I have taken \(index) steps. I have to finish now with what I know."
        case (.fireact, false):
            return
                "Now that I haven't solved the task within \(index) steps, let me do a reflection and think about how to improve my strategy."
        case (.fireact, true):
            return
                "Now that I haven't solved the task within \(index) steps, I need to wrap up and finish this task in the next step."
        }
    }
}
