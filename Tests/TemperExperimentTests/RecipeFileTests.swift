import Foundation
import TemperCore
import TemperData
import TemperTestSupport
import TemperTraining
import TemperTransformer
import Testing

@testable import TemperExperiment

@Suite("Recipe files")
struct RecipeFileTests {
    /// What a person reads when the text is not a recipe.
    private func complaint(_ text: String, file: String = "r.yaml", set: [String] = []) -> (text: String, code: TemperError.Code?)
    {
        let error = #expect(throws: TemperError.self) { try RecipeFile.decode(text, file: file, overrides: set) }
        return (error?.description ?? "", error?.code)
    }

    @Test("An unknown key is named with its file, its line and the nearest key")
    func unknownKey() {
        let text = """
            # The whole loop.
            name: quickstart
            seed: 7
            collect:
              policy: expert
              suites:
                pocket/hotpotqa: 400

            curate:
              held_out: 20
            train:
              base: pocket-base
              epochs: 1
              learning_rte: 5e-5
            """
        let found = complaint(text, file: "recipes/quickstart.yaml")
        #expect(
            found.text == """
                error: recipes/quickstart.yaml:14: unknown key 'learning_rte' in 'train'
                  did you mean 'learning_rate'?
                """)
        #expect(found.code == .data)
    }

    @Test(
        "Every level is strict",
        arguments: [
            ("sed: 1", "error: r.yaml:1: unknown key 'sed'\n  did you mean 'seed'?"),
            ("\n\ntrai: {}", "error: r.yaml:3: unknown key 'trai'\n  did you mean 'train'?"),
            (
                "collect:\n  endpoint:\n    maximum_in_fligt: 3",
                "error: r.yaml:3: unknown key 'maximum_in_fligt' in 'endpoint'\n  did you mean 'maximum_in_flight'?"
            ),
            (
                "collect:\n  suites:\n    pocket/hotpotqa: { limt: 3 }",
                "error: r.yaml:3: unknown key 'limt' in 'pocket/hotpotqa'\n  did you mean 'limit'?"
            ),
            (
                "collect:\n  suites:\n    pocket/hotpotqa: { number: 3 }",
                "error: r.yaml:3: unknown key 'number' in 'pocket/hotpotqa'\n  the keys here are limit, split"
            ),
            (
                "curate:\n  minimum_rewards: { default: 1 }",
                "error: r.yaml:2: unknown key 'minimum_rewards' in 'curate'\n  did you mean 'minimum_reward'?"
            ),
            (
                "train:\n  precision: fp32",
                "error: r.yaml:2: unknown key 'precision' in 'train'\n  it is 'train.native.precision' now"
            ),
            (
                "train:\n  native:\n    precison: fp32",
                "error: r.yaml:3: unknown key 'precison' in 'native'\n  did you mean 'precision'?"
            ),
            ("train:\n  torch: { devices: 2 }", "error: r.yaml:2: unknown key 'torch' in 'train'\n"),
            (
                "curate:\n  mix:\n    general:\n    - pth: chats.json",
                "error: r.yaml:4: unknown key 'pth' in 'general[0]'\n  did you mean 'path'?"
            ),
            (
                "suites:\n  pocket/hotpotqa: { imperfct: 1 }",
                "error: r.yaml:2: unknown key 'imperfct' in 'pocket/hotpotqa'\n  did you mean 'imperfect'?"
            ),
            (
                "pretrain:\n  plan:\n    steps: 3",
                "error: r.yaml:3: unknown key 'steps' in 'plan'\n  the keys here are"
            ),
        ])
    func strict(text: String, message: String) {
        let found = complaint(text)
        #expect(found.text.hasPrefix(message))
        #expect(found.code == .data)
    }

    @Test(
        "A value of the wrong type says where it stands, what it should be and what it is",
        arguments: [
            ("seed: soon", "error: r.yaml:1: 'seed' should be a whole number, not 'soon'"),
            ("seed: -1", "error: r.yaml:1: 'seed' should be a whole number of at least 0, not '-1'"),
            ("name: [a]", "error: r.yaml:1: 'name' should be text"),
            ("train:\n  learning_rate: fast", "error: r.yaml:2: 'train.learning_rate' should be a number, not 'fast'"),
            ("train:\n  epochs: 1.5", "error: r.yaml:2: 'train.epochs' should be a whole number, not '1.5'"),
            ("train:\n  native: fp16", "error: r.yaml:2: 'train.native' should be a mapping, not 'fp16'"),
            (
                "train:\n  native:\n    precision: fp16",
                "error: r.yaml:3: 'train.native.precision' is 'fp16'; it must be one of fp32, bf16, auto"
            ),
            (
                "train:\n  native: { recompute_activations: maybe }",
                "error: r.yaml:2: 'train.native.recompute_activations' should be true or false, not 'maybe'"
            ),
            (
                "pretrain:\n  native: { precision: fp16 }",
                "error: r.yaml:2: 'pretrain.native.precision' is 'fp16'; it must be one of fp32, bf16, auto"
            ),
            (
                "evaluate:\n  nearest_action: 1",
                "error: r.yaml:2: 'evaluate.nearest_action' is 1; it must be at least 0 and below 1\n"
                    + "  AgentBench's threshold is 0.01"
            ),
            ("train:\n  epochs: 0", "error: r.yaml:2: 'train.epochs' is 0; it must be in 1…100000"),
            ("curate:\n  minimum_reward: { db: 2 }", "error: r.yaml:2: 'curate.minimum_reward.db' is 2; it must be in 0…1"),
            ("curate:\n  turn_weights:\n  - when: turn == 1", "error: r.yaml:3: 'curate.turn_weights[0]' lacks 'weight'"),
            ("evaluate:\n  temperature:", "error: r.yaml:2: 'evaluate.temperature' has no value; it should be a number"),
            (
                "suites:\n  pocket/hotpotqa:\n    imperfect: 2",
                "error: r.yaml:3: 'suites.pocket/hotpotqa.imperfect' is 2; it must be in 0…1"
            ),
            ("curate:\n  unify: 3", "error: r.yaml:2: 'curate.unify' should be true or false, not '3'"),
            ("curate:\n  minimum_reward: 1", "error: r.yaml:2: 'curate.minimum_reward' should be a mapping, not '1'"),
            ("evaluate:\n  policies: base", "error: r.yaml:2: 'evaluate.policies' should be a list, not 'base'"),
            ("seed: 1\ncollect: expert", "error: r.yaml:2: 'collect' should be a mapping, not 'expert'"),
            ("- a\n- b", "error: r.yaml:1: a recipe is a mapping of keys to values"),
            ("text", "error: r.yaml:1: a recipe is a mapping of keys to values"),
        ])
    func wrongType(text: String, message: String) {
        let found = complaint(text)
        #expect(found.text == message)
        #expect(found.code == .data)
    }

    @Test(
        "Text that is not YAML is told with its line",
        arguments: [
            ("name: a\ncollect:\n  policy: [expert\ncurate: {}\n", "error: r.yaml:4: not valid YAML: "),
            ("name: a\n\tseed: 1\n", "error: r.yaml:2: not valid YAML: "),
            (
                "collect:\n  policy: expert\n  endpoint:\n    policy: 3\n  policy: random\n",
                "error: r.yaml:5: not valid YAML: the key 'policy' is given twice"
            ),
            ("seed: 1\nname: a\nseed: 2\n", "error: r.yaml:3: not valid YAML: the key 'seed' is given twice"),
        ])
    func badYAML(text: String, message: String) {
        let found = complaint(text)
        #expect(found.text.hasPrefix(message), "\(found.text)")
        #expect(found.code == .data)
    }

    @Test("A missing file is named, with where recipes are listed")
    func missingFile() {
        let error = #expect(throws: TemperError.self) { try RecipeFile.load(URL(fileURLWithPath: "nowhere/none.yaml")) }
        #expect(
            error?.description
                == "error: nowhere/none.yaml: the recipe cannot be read\n  `temper recipes` lists the shipped ones")
        #expect(error?.code == .data)
    }

    @Test("Defaults give way to the file, the file to --set, an earlier --set to a later one")
    func precedence() throws {
        let text = "train:\n  epochs: 2\n  weight_decay: 0.5\nevaluate: {}"
        let (recipe, given) = try RecipeFile.decode(
            text, file: "r.yaml",
            overrides: ["train.epochs=3", "train.learning_rate=3e-5", "train.epochs=4", "evaluate.policies=[base]", "seed=9"])
        #expect(recipe.train?.plan.epochs == 4)
        #expect(recipe.train?.plan.weightDecay == 0.5)
        #expect(recipe.train?.plan.learningRate == 3e-5)
        #expect(recipe.train?.plan.tokensPerStep == Recipe.Train().plan.tokensPerStep)
        #expect(recipe.evaluate?.policies == ["base"])
        #expect(recipe.evaluate?.limit == Recipe.Evaluate().limit)
        #expect(recipe.seed == 9)
        #expect(given == ["evaluate.policies", "seed", "train.epochs", "train.learning_rate", "train.weight_decay"])
    }

    @Test("--set changes one key of a suite that the file gave in short, or in full")
    func suiteOverride() throws {
        for selection in ["400", "{ limit: 400 }"] {
            let (recipe, _) = try RecipeFile.decode(
                "collect:\n  suites:\n    pocket/hotpotqa: \(selection)", file: "r.yaml",
                overrides: ["collect.suites.pocket/hotpotqa.split=validation"])
            #expect(recipe.collect?.suites == ["pocket/hotpotqa": .init(split: "validation", limit: 400)])
        }
    }

    @Test(
        "A bad --set is named as it was typed",
        arguments: [
            ("train.epochs", "error: '--set train.epochs' is not KEY=VALUE\n  for example --set train.learning_rate=3e-5", true),
            ("=3", "error: '--set =3' is not KEY=VALUE\n  for example --set train.learning_rate=3e-5", true),
            ("trai.epochs=1", "error: --set trai.epochs=1: unknown key 'trai'\n  did you mean 'train'?", false),
            ("train.epohcs=1", "error: --set train.epohcs=1: unknown key 'epohcs' in 'train'\n  did you mean 'epochs'?", false),
            ("seed=soon", "error: --set seed=soon: 'seed' should be a whole number, not 'soon'", false),
        ])
    func badOverride(override: String, message: String, isUsage: Bool) {
        let found = complaint("train: { epochs: 1 }", set: [override])
        #expect(found.text == message)
        #expect(found.code == (isUsage ? .usage : .data))
    }

    @Test("A --set that is right is not blamed for a value of the file that is not")
    func blame() {
        let found = complaint("train:\n  learning_rate: fast", set: ["train.epochs=2"])
        #expect(found.text == "error: r.yaml:2: 'train.learning_rate' should be a number, not 'fast'")
    }

    @Test("A recipe that says nothing has the defaults of the types, and no stage")
    func empty() throws {
        for text in ["", "# only a comment\n", "{}"] {
            let (recipe, given) = try RecipeFile.decode(text, file: "r.yaml")
            #expect(recipe == Recipe())
            #expect(given.isEmpty)
        }
        #expect(Recipe().pretrain == nil && Recipe().collect == nil && Recipe().train == nil && Recipe().evaluate == nil)
    }

    @Test("A section that is named has the defaults of its type, and the others stay absent")
    func sections() throws {
        #expect(try RecipeFile.decode("train: {}", file: "r.yaml").recipe.train == Recipe.Train())
        #expect(try RecipeFile.decode("evaluate: {}", file: "r.yaml").recipe.evaluate == Recipe.Evaluate())
        #expect(try RecipeFile.decode("pretrain: {}", file: "r.yaml").recipe.pretrain == Recipe.Pretrain())
        let recipe = try RecipeFile.decode("collect: { policy: random }", file: "r.yaml").recipe
        var expected = Recipe.Collect()
        expected.policy = "random"
        #expect(recipe.collect == expected)
        #expect(recipe.train == nil && recipe.evaluate == nil && recipe.pretrain == nil)
    }

    @Test("Every key of every section can be set, and is then named as given")
    func everyKey() throws {
        func leaves(_ value: JSONValue, _ path: [String]) -> [([String], JSONValue)] {
            guard let fields = value.object, !fields.isEmpty else { return [(path, value)] }
            return fields.sorted { $0.key < $1.key }.flatMap { leaves($0.value, path + [$0.key]) }
        }
        var complete = Recipe()
        complete.pretrain = Recipe.Pretrain()
        complete.derive = Recipe.Derive()
        complete.collect = Recipe.Collect()
        complete.train = Recipe.Train()
        complete.evaluate = Recipe.Evaluate()
        let all = leaves(complete.configuration, [])
        #expect(all.count > 50)
        // The order of documents is seeded by the recipe's own seed.
        let absent = ["train.seed", "pretrain.plan.seed"]
        for (path, value) in all where value.object == nil {
            let key = path.joined(separator: ".")
            if absent.contains(key) {
                #expect(complaint("", set: ["\(key)=1"]).text.contains("unknown key 'seed'"))
                continue
            }
            let json = String(decoding: try JSONEncoder.stable().encode(value), as: UTF8.self)
            let (recipe, given) = try RecipeFile.decode("", file: "r.yaml", overrides: ["\(key)=\(json)"])
            #expect(given == [key])
            let found = path.reduce(Optional(try RecipeFile.jsonValue(recipe))) { $0?[$1] }
            #expect(found == value, "\(key)")
        }
    }

    @Test("Every shipped recipe decodes, is named as its file and survives the manifest")
    func shipped() throws {
        let names = try PackageFolder.names(in: "recipes", suffix: ".yaml")
        var decoded = 0
        for name in names {
            let (recipe, given) = try RecipeFile.load(PackageFolder.url.appendingPathComponent("recipes/\(name)"))
            #expect(recipe.name + ".yaml" == name)
            #expect(!given.isEmpty)
            #expect(try RecipeFile.recipe(from: RecipeFile.jsonValue(recipe)) == recipe)
            decoded += 1
        }
        #expect(decoded == names.count)
        #expect(decoded >= 4)
    }

    @Test("The tuning of a recipe is full, or an adapter whose options may come from file and command line")
    func tuning() throws {
        func tuning(_ text: String, _ overrides: [String] = []) throws -> Tuning? {
            try RecipeFile.decode(text, file: "r.yaml", overrides: overrides).recipe.train?.tuning
        }
        #expect(try tuning("train: { epochs: 2 }") == .full)
        let file = "train:\n  tuning: { lora: { rank: 4, targets: [q_proj, v_proj], base: int8 } }"
        var expected = Tuning.LowRank(base: .int8)
        expected.adapter.rank = 4
        expected.adapter.targets = ["q_proj", "v_proj"]
        #expect(try tuning(file) == .lora(expected))
        expected.adapter.alpha = 32
        #expect(try tuning(file, ["train.tuning.lora.alpha=32"]) == .lora(expected))
        #expect(try tuning(file, ["train.tuning=full"]) == .full)
        #expect(try tuning("train: { tuning: lora }") == .lora(Tuning.LowRank()))
        #expect(
            complaint("train:\n  tuning: { lora: { rnk: 4 } }").text
                == "error: r.yaml:2: unknown key 'rnk' in 'lora'\n  did you mean 'rank'?")
        let recipe = try RecipeFile.decode("train:\n  tuning: { lora: { targets: query } }", file: "r.yaml").recipe
        let error = #expect(throws: TemperError.self) { try recipe.check(stages: [.train]) }
        #expect(error?.message.hasPrefix("'train.tuning.lora': 'targets' names 'query'") ?? false)
    }

    @Test("Redaction is on, off, or a mapping whose keys may come from file and command line, and survives the manifest")
    func redaction() throws {
        func redact(_ text: String, _ set: [String] = []) throws -> RedactionOptions? {
            let recipe = try RecipeFile.decode("curate: { redact: \(text) }", file: "r.yaml", overrides: set).recipe
            #expect(try RecipeFile.recipe(from: RecipeFile.jsonValue(recipe)) == recipe)
            return recipe.curate.redact
        }
        #expect(try redact("true") == RedactionOptions() && redact("false") == nil && redact("null") == nil)
        #expect(try redact("{ except: [email] }") == RedactionOptions(except: ["email"]))
        #expect(try redact("true", ["curate.redact.except=[email]"]) == RedactionOptions(except: ["email"]))
        #expect(try redact("{ except: [email] }", ["curate.redact=false"]) == nil)
        #expect(throws: TemperError.self) { try redact("{ exept: [email] }") }
        #expect(throws: TemperError.self) { try redact("maybe") }
    }

    @Test("The options of an engine are kept as given, over file and command line, and complete in a manifest")
    func engineOptions() throws {
        let text = "train:\n  native: { precision: fp32 }"
        let (recipe, given) = try RecipeFile.decode(text, file: "r.yaml", overrides: ["train.native.checkpoint_seconds=5"])
        #expect(recipe.train?.options == ["native": ["precision": .string("fp32"), "checkpoint_seconds": .number(5)]])
        #expect(given == ["train.native.checkpoint_seconds", "train.native.precision"])
        #expect(try RecipeFile.recipe(from: RecipeFile.jsonValue(recipe)) == recipe)
        #expect(try RecipeFile.decode("train: {}", file: "r.yaml").recipe.train?.options == [:])
        let complete: JSONValue = .object([
            "precision": .string("fp32"), "checkpoint_seconds": .number(5), "recompute_activations": .bool(false),
        ])
        #expect(try RecipeFile.jsonValue(recipe.withDefaults(of: ExperimentRegistry()))["train"]?["native"] == complete)
    }

    @Test(
        "A file without a stage is refused, with the stages it could have", arguments: ["", "# nothing\n", "name: x\nseed: 3\n"])
    func withoutStage(text: String) async throws {
        try await Scratch.with { scratch in
            let url = scratch.appendingPathComponent("r.yaml")
            try Data(text.utf8).write(to: url)
            let error = #expect(throws: TemperError.self) { try RecipeFile.load(url) }
            #expect(error?.message == "the recipe has no stage, so there is nothing to do" && error?.code == .data)
            #expect(error?.hint?.hasPrefix("give pretrain, derive, collect, train or evaluate") == true)
            #expect(try RecipeFile.load(url, overrides: ["evaluate={}"]).recipe.evaluate == Recipe.Evaluate())
        }
    }

    @Test("The seed that a manifest keeps is exact, so a larger one is refused")
    func largeSeed() throws {
        #expect(try RecipeFile.decode("seed: 9007199254740992", file: "r.yaml").recipe.seed == 1 << 53)
        #expect(complaint("seed: 18014398509481984").text.contains("'seed' is 18014398509481984; it must be in 0…"))
    }
}
