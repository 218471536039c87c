package import TemperCore

extension CurationOptions {
    package static let keys: [ConfigurationKey<CurationOptions>] = [
        ConfigurationKey(
            "minimum_reward", \.minimumReward, in: .within(0...1),
            "The least reward of an episode that is trained, by suite; `default` stands for every suite not named."),
        ConfigurationKey(
            "reward_filter", \.rewardFilter,
            "What a suite asks for by itself where `minimum_reward` does not name it: in Mind2Web the right element too "
                + "(`right_element`, also without this key), or the paper's least reward alone (`paper`)."),
        ConfigurationKey(
            "keep", \.keep, "A condition on episodes, such as `turns <= 8 and 0 < pass_rate < 1`; without it all are kept."),
        ConfigurationKey(
            "near_duplicates", \.nearDuplicates, in: .above(0, atMost: 1),
            "The Jaccard similarity of five-word shingles from which two texts count as one; without it only equal texts do."),
        ConfigurationKey("contamination", \.contamination, "Drops training episodes whose task is in a test set."),
        ConfigurationKey(
            "redact", \.redactSwitch,
            "Replaces keys, passwords, addresses and other secrets by marks, in episodes and conversations of every source."),
        ConfigurationKey(
            "choose", \.choose,
            "Which of a task's episodes come first: `best` by reward, then fewest turns; `shortest` by turns; `all` by method and "
                + "attempt."),
        ConfigurationKey("balance", \.balance, "Limits how far groups of episodes may differ in size."),
        ConfigurationKey("train_on", \.trainOn, "The authors whose text is trained."),
        ConfigurationKey(
            "turn_weights", \.turnWeights, "How much replies count in the loss: the first rule whose condition holds decides."),
        ConfigurationKey("prompt_style", \.promptStyle, "How much of the suite's prompt a document shows."),
        ConfigurationKey("unify", \.unify, "Writes every method in the one ReAct form (FireAct, section 3)."),
        ConfigurationKey(
            "max_per_task", \.maximumPerTask, in: .atLeast(1),
            "The most episodes of one task; without it 1 when `choose` is `best` or `shortest`, else no limit."),
        ConfigurationKey("held_out", \.heldOut, in: .atLeast(0), "Episodes held out of training, on which the loss is measured."),
        ConfigurationKey(
            "maximum_tokens", \.maximumTokens, in: .atLeast(1),
            "Documents of more tokens are left out; without it those longer than the model's context."),
        ConfigurationKey(
            "chat_template", \.chatTemplate,
            "`chatml`, `llama-2`, `vicuna` or `alpaca`; without it the tokenizer's own, or else ChatML."),
        ConfigurationKey(
            "dropped_turns", \.droppedTurns,
            "An episode whose prompt lost old turns gives one document for each call (`by_call`) or none (`drop`)."),
        ConfigurationKey(
            "invalid_replies", \.invalidReplies,
            "A reply that is not a valid action stays as context (`mask`), removes its episode (`drop`) or is trained (`train`)."),
        ConfigurationKey("mix", \.mix, "General conversations to mix in; without it only agent documents are trained."),
        ConfigurationKey(
            "nearest_actions", \.nearestActions,
            "The same choice for a reply that the nearest admissible action replaced; without it `mask`."),
    ]

    /// ``redact`` as a recipe writes it.
    private var redactSwitch: RedactionSwitch {
        get { RedactionSwitch(options: redact) }
        set { redact = newValue.options }
    }
}
