import TemperAgents
package import TemperCore
import TemperEnvironments
import TemperTraining

extension Recipe {
    package static let keys: [ConfigurationKey<Recipe>] = [
        ConfigurationKey("name", \.name, "Names the run folder, `runs/NAME`."),
        ConfigurationKey(
            "seed", \.seed, in: .within(0...9_007_199_254_740_992), "Seeds every random draw of the run."),
        ConfigurationKey("pretrain", \.pretrain, "Trains a base model from nothing on generated general text."),
        ConfigurationKey("derive", \.derive, "Makes tasks with a teacher."),
        ConfigurationKey("collect", \.collect, "Runs a policy over tasks and keeps every trajectory."),
        ConfigurationKey("curate", \.curate, "Chooses which trajectories are trained, and which of their tokens."),
        ConfigurationKey("train", \.train, "Tunes a base model on the dataset."),
        ConfigurationKey("evaluate", \.evaluate, "Measures policies on tasks that no training text came from."),
        ConfigurationKey(
            "suites", \.suites, shape: SuiteRegistry.optionsShape, "Options of suites, by the suite's id.",
            also: SuiteRegistry.checkOptions),
    ]
}

extension Recipe.Pretrain {
    package static let keys: [ConfigurationKey<Recipe.Pretrain>] = [
        ConfigurationKey(
            "vocabulary_size", \.vocabularySize, in: .within(300...1_000_000_000),
            "Tokens of the vocabulary, special ones included."),
        ConfigurationKey(
            "tokenizer_documents", \.tokenizerDocuments, in: .within(1...1_000_000_000),
            "Documents of general text that the tokenizer is trained on."),
        ConfigurationKey("layers", \.layers, in: .within(1...1_000_000_000), "Layers of the model."),
        ConfigurationKey(
            "width", \.width, in: .within(2...1_000_000_000), "Width of the residual stream: an even multiple of `heads`."),
        ConfigurationKey(
            "feed_forward_width", \.feedForwardWidth, in: .within(1...1_000_000_000), "Width inside the feed-forward layers."),
        ConfigurationKey(
            "heads", \.heads, in: .within(1...1_000_000_000), "Attention heads of a layer: a multiple of `key_value_heads`."),
        ConfigurationKey("key_value_heads", \.keyValueHeads, in: .within(1...1_000_000_000), "Key and value heads of a layer."),
        ConfigurationKey("context", \.context, in: .within(2...1_000_000_000), "The longest text in tokens."),
        ConfigurationKey("tokens", \.tokens, in: .within(1...1_000_000_000), "Training ends after this many tokens."),
        ConfigurationKey(
            "held_out_documents", \.heldOutDocuments, in: .within(0...1_000_000_000), "Documents kept out to measure the loss on."
        ),
        ConfigurationKey("plan", \.plan, "How the model is trained."),
        ConfigurationKey("native", \.native, "Options of the engine `native`, the only one that pretrains."),
    ]
}

extension Recipe.Collect {
    package static let keys: [ConfigurationKey<Recipe.Collect>] =
        [
            ConfigurationKey(
                "policy", \.policy,
                "Who acts: a script of the suite such as `expert`, `gold` or `random`, `openai:MODEL`, `http(s)://…#MODEL`, `model:PATH` "
                    + "or `recording:PATH`."),
            ConfigurationKey("suites", \.suites, "The tasks, by suite: a number of tasks, or a mapping."),
            ConfigurationKey(
                "methods", \.methods, in: .within(0...1),
                shape: .mapping(.number, known: Method.allCases.map { ($0.rawValue, .number) }),
                "The share of the tasks that each method gets; 1 is every task."),
            ConfigurationKey("concurrency", \.concurrency, in: .within(1...10_000), "Episodes in flight."),
            ConfigurationKey("endpoint", \.endpoint, "How patiently, how fast and at what price an endpoint is asked."),
        ] + ConfigurationKey.all(of: \.episodes)
}

extension Recipe.SuiteSelection {
    package static let keys: [ConfigurationKey<Recipe.SuiteSelection>] = [
        ConfigurationKey("split", \.split, "The split; empty takes the stage's own."),
        ConfigurationKey("limit", \.limit, in: .within(0...1_000_000_000), "The first N tasks by id; 0 takes all."),
    ]
}

extension Recipe.Train {
    package static let keys: [ConfigurationKey<Recipe.Train>] =
        [
            ConfigurationKey("engine", \.engine, "What trains: see `temper engines`."),
            ConfigurationKey("base", \.base, "The base model: a folder, or a shipped name such as `pocket-base`."),
            ConfigurationKey(
                "tuning", \.tuning, "`full` trains every weight; `{ lora: { … } }` an adapter beside the frozen base."),
        ] + ConfigurationKey.all(of: \.plan)
}

extension Recipe.Evaluate {
    package static let keys: [ConfigurationKey<Recipe.Evaluate>] =
        [
            ConfigurationKey(
                "policies", \.policies,
                "`base` (with demonstrations), `tuned` (the prompt it was trained with), or policies as in `collect.policy`."),
            ConfigurationKey(
                "controls", \.controls,
                "What shows how much of a score needs an agent: `base-admissible`, `search-once`, `mismatched-observations`."),
            ConfigurationKey("held_in", \.heldIn, "Suites of the kinds of task that were trained on."),
            ConfigurationKey("held_out", \.heldOut, "Suites of kinds of task that training had none of."),
            ConfigurationKey("general", \.general, "Suites of general abilities, such as `pocket/mmlu`."),
            ConfigurationKey(
                "methods", \.methods,
                "The methods of each suite; empty takes the suite's own. With several, the report shows random, best single and "
                    + "oracle choice (FireAct, Tables 4 and 10)."),
            ConfigurationKey(
                "compare", \.compare,
                "The pairs `[BASELINE, POLICY]` that are compared task by task; without it base and tuned, where both are run."),
            ConfigurationKey(
                "prompts", \.prompts,
                "The prompt styles of single policies, by policy. Others have `prompt`, but `tuned` the style of its training."),
            ConfigurationKey("split", \.split, "The split of the suites."),
            ConfigurationKey(
                "limit", \.limit, in: .within(0...1_000_000_000), "The first N tasks by id of each suite; 0 takes all."),
            ConfigurationKey("concurrency", \.concurrency, in: .within(1...10_000), "Episodes in flight."),
        ] + ConfigurationKey.all(of: \.episodes)
}

extension Recipe.Derive {
    package static let keys: [ConfigurationKey<Recipe.Derive>] = [
        ConfigurationKey(
            "policy", \.policy,
            "The teacher: `templates` (a script with fixed sentences), `openai:MODEL`, `http(s)://…#MODEL` or `model:PATH`; for "
                + "tasks with references also a script that solves them."),
        ConfigurationKey("solver", \.solver, "Solves proposed tasks; empty takes the teacher, in a run of its own."),
        ConfigurationKey("suites", \.suites, "How the tasks of each suite are made, by suite."),
        ConfigurationKey(
            "temperature", \.temperature, in: .within(0...100), "Randomness of proposals; everything else is greedy."),
        ConfigurationKey("concurrency", \.concurrency, in: .within(1...10_000), "Tasks in work at once."),
        ConfigurationKey("endpoint", \.endpoint, "How patiently, how fast and at what price an endpoint is asked."),
        ConfigurationKey(
            "near_duplicates", \.nearDuplicates, in: .above(0, atMost: 1),
            "The Jaccard similarity of two tasks' word pairs from which the second is left out."),
        ConfigurationKey("maximum_new_tokens", \.maximumNewTokens, in: .within(1...1_000_000), "The most tokens of one reply."),
    ]
}

extension Recipe.DerivePlan {
    package static let keys: [ConfigurationKey<Recipe.DerivePlan>] = [
        ConfigurationKey(
            "self_instruct", \.selfInstruct, "The teacher writes task, reference and check, and another run must agree."),
        ConfigurationKey(
            "thoughts", \.thoughts, "Trajectories of references, whose thoughts the teacher writes."),
        ConfigurationKey(
            "interaction", \.interaction, "The teacher's own episodes, kept when their result is the reference's."),
    ]
}

extension Recipe.DeriveSource {
    package static let keys: [ConfigurationKey<Recipe.DeriveSource>] = [
        ConfigurationKey(
            "from", \.from, "A file or folder in the benchmark's own format; empty takes the suite's split."),
        ConfigurationKey("split", \.split, "The split."),
        ConfigurationKey("limit", \.limit, in: .within(0...1_000_000_000), "The first N tasks; 0 takes all."),
    ]
}

extension Recipe.SelfInstruct {
    package static let keys: [ConfigurationKey<Recipe.SelfInstruct>] = [
        ConfigurationKey("tasks", \.tasks, in: .within(1...10_000_000), "How many tasks are wanted."),
        ConfigurationKey(
            "tries", \.tries, in: .within(0...100_000_000), "The most proposals asked for; 0 is four times `tasks`."),
        ConfigurationKey("kinds", \.kinds, "What to ask for, in turn; empty takes every kind the suite has."),
        ConfigurationKey(
            "references", \.references, in: .atLeast(1), "Reference solutions per proposal, which must agree (suite `db`)."),
        ConfigurationKey("examples", \.examples, in: .within(0...100), "Questions shown as examples."),
        ConfigurationKey("source", \.source, "Where worlds and examples come from; `os` needs none."),
    ]
}
