import Foundation
import TemperCore
import TemperData
import TemperTestServer
import TemperTestSupport
import Testing

@testable import TemperExperiment

@Suite("The command line", .tags(.alone), .timeLimit(.minutes(3)))
struct CommandLineTests {
    /// Every command of the binary, as it describes itself; of a group its commands, such as `bench train`.
    static func commands() async throws -> [String] {
        let dump = try await CommandLineTool.run(["--experimental-dump-help"]).json()
        func names(of command: JSONValue?, after path: String) -> [String] {
            (command?["subcommands"]?.array ?? []).flatMap { inner -> [String] in
                guard let name = inner["commandName"]?.string, name != "help" else { return [] }
                let deeper = names(of: inner, after: path + name + " ")
                return deeper.isEmpty ? [path + name] : deeper
            }
        }
        return names(of: dump["command"], after: "")
    }

    @Test("Every command has help with an example, and exits 0")
    func help() async throws {
        let commands = try await Self.commands()
        #expect(commands.count >= 18)
        for command in commands {
            let result = try await CommandLineTool.run(command.split(separator: " ").map(String.init) + ["--help"])
            #expect(result.status == 0 && result.errors.isEmpty)
            #expect(result.output.contains("Example"), "\(command)")
            #expect(
                result.output.contains("  temper \(command) ") || result.output.contains("  temper \(command)\n"), "\(command)")
            #expect(result.output.contains("--json"), "\(command)")
        }
    }

    @Test(
        "What is wrong is said on standard error, with the exit code of its kind",
        arguments: [
            (["evaluate", "--limt", "3"], 64, "--limit"),
            (["bench", "layers", "--length", "1"], 64, "error: --length is 1\n  use 2 to 8192\n"),
            (
                ["bench", "layers", "--tokens", "0"], 64,
                "error: --tokens is 0\n  use no less than --length, which is 512\n"
            ),
            (
                ["bench", "train", "--lora", "8"], 64,
                "error: --model, --lora and --precision are for a dataset\n  give --dataset\n"
            ),
            (
                ["bench", "generate", "--model", "x"], 64,
                "error: --model, --precision and --single are for a workload\n  give --episodes\n"
            ),
            (
                ["bench", "generate", "--episodes", "none.json"], 65,
                "none.json: the workload cannot be read\n  Benchmarks/sampling.py --workload FILE writes one\n"
            ),
            (
                ["evaluate"], 64,
                "error: nothing to evaluate\n  give a recipe, or --suite S --policy P; see temper evaluate --help\n"
            ),
            (
                ["evaluate", "--suite", "pocket/hotpotqs", "--policy", "expert"], 64,
                "error: there is no suite 'pocket/hotpotqs'\n  did you mean 'pocket/hotpotqa'?\n"
            ),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "exprt"], 65,
                "error: there is no policy 'exprt' for suite 'pocket/hotpotqa'\n  did you mean 'expert'?\n"
            ),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--method", "acts"], 64,
                "error: suite 'pocket/hotpotqa' has no method 'acts'\n  methods: "
            ),
            (["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--split", "tset"], 64, "tset"),
            (["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--limit", "many"], 64, "many"),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--concurrency", "0"], 64,
                "error: --concurrency must be in 1…10000"
            ),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--prompt", "none"], 64,
                "--prompt must be one of full, instruction, task"
            ),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "openai:gpt-4o-mini"], 69,
                "error: the policy 'openai:gpt-4o-mini' needs a key\n  set the environment variable OPENAI_API_KEY (or TEMPER_API_KEY)\n"
            ),
            (["evaluate", "--suite", "pocket/hotpotqa", "--policy", "model:nowhere"], 65, "error: there is no model 'nowhere'"),
            (["evaluate", "--rescore"], 64, "error: --rescore needs a run folder\n"),
            (["evaluate", "nowhere", "--rescore"], 65, "this is not a run folder"),
            (["run", "nowhere.yaml"], 65, "error: nowhere.yaml: the recipe cannot be read\n"),
            (["run"], 64, "<recipe>"),
            (
                ["run", "recipes/quickstart.yaml", "--set", "train.epohcs=2"], 65,
                "error: --set train.epohcs=2: unknown key 'epohcs' in 'train'\n  did you mean 'epochs'?\n"
            ),
            (["run", "recipes/quickstart.yaml", "--budget", "0"], 64, "error: --budget must be above 0\n"),
            (["collect", "recipes/hotpotqa.yaml", "--run", "FOLDER/run"], 69, "OPENAI_API_KEY"),
            (["suites", "pocket"], 64, "error: there is no suite 'pocket'"),
            (["show", "nowhere"], 65, "this is not a run folder"),
            (
                ["tokenize", "pocket-bass", "--text", "a"], 65,
                "error: there is no model 'pocket-bass'\n  did you mean 'pocket-base'?\n"
            ),
            (["score", "hotpotqa", "--predictions", "nowhere.jsonl"], 65, "nowhere.jsonl"),
            (
                ["import", "fireact", "nowhere.json", "--run", "FOLDER/run"], 64,
                "error: there is no import format 'fireact'\n  there are: fireact-results"
            ),
            (
                ["import", "fireact-results", "nowhere.json", "--run", "FOLDER/run"], 65,
                "error: nowhere.json: the file does not exist\n"
            ),
            (["recipes", "--folder", "nowhere"], 65, "error: nowhere: there is no folder of recipes\n"),
            (["frobnicate"], 64, "frobnicate"),
            (
                ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--limit", "1", "--run", "/dev/null/run"], 69,
                "error: /dev/null/run: the run folder cannot be created"
            ),
        ] as [([String], Int32, String)])
    func failure(arguments: [String], status: Int32, message: String) async throws {
        try await Scratch.with { scratch in
            let arguments = arguments.map { $0.replacingOccurrences(of: "FOLDER", with: scratch.path) }
            for extra in [[], ["--json"]] where extra.isEmpty || status != 64 {
                let result = try await CommandLineTool.run(arguments + extra)
                #expect(result.status == status)
                #expect(result.errors.contains(message), "\(result.errors)")
                if message.hasPrefix("error: ") { #expect(result.errors.hasPrefix(message)) }
                #expect(result.output.isEmpty)
            }
        }
    }

    @Test("A recipe that is wrong exits 65 and names file, line and the nearest key")
    func badRecipe() async throws {
        try await Scratch.with { scratch in
            try Data("name: a\ntrain:\n  learning_rte: 1\n".utf8).write(to: scratch.appendingPathComponent("bad.yaml"))
            let result = try await CommandLineTool.run(["run", "bad.yaml"], in: scratch)
            #expect(result.status == 65)
            #expect(
                result.errors == "error: bad.yaml:3: unknown key 'learning_rte' in 'train'\n  did you mean 'learning_rate'?\n")
            #expect(!FileManager.default.fileExists(atPath: scratch.appendingPathComponent("runs").path))
        }
    }

    @Test(
        "With --json, standard output is one JSON object of the documented shape",
        arguments: [
            (["suites"], ["suites"]), (["suites", "pocket/hotpotqa"], ["suites"]), (["methods"], ["methods"]),
            (["engines"], ["engines"]), (["recipes"], ["recipes"]), (["doctor"], ["findings"]),
        ])
    func lists(arguments: [String], keys: [String]) async throws {
        let result = try await CommandLineTool.run(arguments + ["--json"])
        #expect(result.status == 0)
        let json = try result.json()
        #expect(json.object?.keys.sorted() == keys)
        #expect(json[keys[0]]?.array?.isEmpty == false)
        #expect(result.errors.isEmpty)
    }

    @Test("evaluate prints the row of the one suite and policy, at top level too")
    func evaluate() async throws {
        let result = try await CommandLineTool.run(
            ["evaluate", "--suite", "pocket/hotpotqa", "--policy", "expert", "--limit", "5", "--json"])
        #expect(result.status == 0)
        let json = try result.json()
        #expect(json["n"] == .number(5))
        #expect(json["exact_match"] == .number(1) && json["f1"] == .number(1) && json["mean_reward"] == .number(1))
        #expect(json["policy"] == .string("expert") && json["suite"] == .string("pocket/hotpotqa"))
        #expect(json["split"] == .string("test") && json["seed"] == .number(7) && json["errors"] == .number(0))
        #expect(json["interval"] != nil)
        let rows = try #require(json["results"]?.array)
        #expect(rows[0]["n"] == .number(5) && rows.count > 1)
        let keys = [
            "errors", "errors_by_boundary", "group", "interval", "mean_reward", "mean_turns", "method", "metric_intervals",
            "metrics", "missing", "n", "notes", "outcomes", "policy", "price_dollars", "prompt_style", "seconds", "seed",
            "split", "suite", "tokens",
        ]
        #expect(rows[0].object?.keys.sorted() == keys)
        #expect(json.object?.keys.sorted() == (keys + ["exact_match", "f1", "results"]).sorted())
    }

    @Test("A second evaluation in the same folder takes up only episodes that were run with the same settings")
    func evaluateAgain() async throws {
        let server = try await MisbehavingServer(.none) { _ in
            MisbehavingServer.reply(text: "Thought: I know.\nAction: finish[Ada]")
        }
        try await Scratch.with { scratch in
            func evaluate(_ extra: [String]) async throws -> JSONValue {
                let arguments = [
                    "evaluate", "--suite", "pocket/hotpotqa", "--policy", "\(server.url)#m", "--limit", "3", "--run", "run",
                    "--json",
                ]
                return try await CommandLineTool.run(arguments + extra, in: scratch).json()
            }
            _ = try await evaluate([])
            #expect(server.requestCount == 3)
            _ = try await evaluate(["--concurrency", "1"])
            #expect(server.requestCount == 3, "finished episodes are not run again")
            let other = try await evaluate(["--prompt", "task"])
            #expect(server.requestCount == 6, "another prompt is another evaluation")
            #expect(other["prompt_style"] == .string("task") && other["n"] == .number(3))
        }
    }

    @Test("Ctrl-C ends with 130 and says how to go on, and the same command does")
    func interrupted() async throws {
        try await Scratch.with { scratch in
            // So many that collecting them takes longer than a busy machine needs to notice that it has begun.
            _ = try TinyRecipe.write(to: scratch, tasks: 4000)
            let command = ["collect", "tiny.yaml", "--run", "out", "--set", "collect.concurrency=1"]
            let files = scratch.appendingPathComponent("files")
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            let process = try CommandLineTool.Started(command, in: scratch, files: files)
            let manifest = scratch.appendingPathComponent("out/manifest.json").path
            while process.isRunning, !FileManager.default.fileExists(atPath: manifest) {
                try await Task.sleep(for: .milliseconds(1))
            }
            process.kill(SIGINT)
            let result = try await process.end()
            #expect(result.status == 130 && !result.wasKilled)
            #expect(result.errors.contains("interrupted; the same command goes on where it stopped"), "\(result.errors)")
            let again = try await CommandLineTool.run(command + ["--json"], in: scratch)
            #expect(try again.json()["stages"]?["collect"]?["status"] == .string("finished"))
        }
    }

    @Test("A stage without what it reads is refused, naming the stage before it")
    func stageOrder() async throws {
        try await Scratch.with { scratch in
            _ = try TinyRecipe.write(to: scratch)
            for (stage, before) in [("curate", "collect"), ("train", "curate"), ("evaluate", "train")] {
                let result = try await CommandLineTool.run([stage, "tiny.yaml", "--run", "out"], in: scratch)
                #expect(result.status == 65)
                #expect(result.errors.contains("'\(stage)' needs '\(before)', which is not finished"), "\(result.errors)")
            }
        }
    }

    @Test("A reached budget ends with 75, and the same command goes on where it stopped")
    func budget() async throws {
        let server = try await MisbehavingServer(.none) { _ in
            MisbehavingServer.reply(text: "Thought: I know.\nAction: finish[Ada]", promptTokens: 1000, completionTokens: 0)
        }
        try await Scratch.with { scratch in
            // Each reply costs one dollar.
            let arguments = [
                "evaluate", "--suite", "pocket/hotpotqa", "--policy", "\(server.url)#m", "--limit", "6", "--concurrency", "1",
                "--set", "collect.endpoint.price={ prompt: 1000, completion: 0 }", "--run",
                scratch.appendingPathComponent("run").path,
                "--json",
            ]
            let first = try await CommandLineTool.run(arguments + ["--budget", "2.5"])
            #expect(first.status == 75)
            #expect(first.errors.hasPrefix("error: "), "\(first.errors)")
            #expect(first.output.isEmpty)
            let paid = server.requestCount
            #expect((2...3).contains(paid))
            let second = try await CommandLineTool.run(arguments + ["--budget", "100"])
            #expect(second.status == 0)
            #expect(try second.json()["n"] == .number(6))
            #expect(server.requestCount == 6, "what was paid for is not asked again")
        }
    }

    @Test("A service that refuses every call ends with 69 and its own words, and no key reaches a file or the terminal")
    func allFailed() async throws {
        let server = try await MisbehavingServer(.first([], then: .status(401, message: "bad key sk-very-secret")))
        try await Scratch.with { scratch in
            let result = try await CommandLineTool.run(
                [
                    "evaluate", "--suite", "pocket/hotpotqa", "--policy", "\(server.url)#m", "--limit", "3", "--run",
                    scratch.appendingPathComponent("run").path,
                ], environment: ["TEMPER_API_KEY": "sk-very-secret"])
            #expect(result.status == 69)
            #expect(result.errors.contains("401") && result.errors.contains("its key is set"), "\(result.errors)")
            #expect(server.received.first?.header("Authorization") == "Bearer sk-very-secret")
            #expect(!result.errors.contains("very-secret"))
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch.appendingPathComponent("run").path) {
                let data = try Data(contentsOf: scratch.appendingPathComponent("run/\(name)"))
                #expect(data.range(of: Data("very-secret".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test("run, show, loss, tokenize and generate on one small run")
    func oneRun() async throws {
        try await Scratch.with { scratch in
            _ = try TinyRecipe.write(to: scratch)
            let command = [
                "run", "tiny.yaml", "--run", "out", "--set", "evaluate.policies=[base, tuned]", "--set", "evaluate.controls=[]",
            ]
            let result = try await CommandLineTool.run(command + ["--json"], in: scratch)
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
            let summary = try result.json()
            #expect(
                summary.object?.keys.sorted() == [
                    "comparisons", "method_choices", "over_seeds", "overall", "report", "results", "run", "stages",
                ])
            #expect(summary["run"] == .string("out") && summary["report"] == .string("out/report.html"))
            #expect(summary["stages"]?["train"]?["status"] == .string("finished"))
            #expect(summary["results"]?.array?.isEmpty == false)

            let again = try await CommandLineTool.run(command, in: scratch)
            #expect(again.status == 0)
            #expect(again.errors.contains("collect: already done") && again.errors.contains("evaluate: already done"))
            #expect(again.output.contains("report: out/report.html") && again.output.contains("tuned"))

            try await show(scratch)
            try await models(scratch)

            let lock = try RunFolder.existing(scratch.appendingPathComponent("out")).lock()
            let busy = try await CommandLineTool.run(command, in: scratch)
            #expect(busy.status == 69)
            #expect(busy.errors.contains("the run is in use by another process\n  wait until it ends"), "\(busy.errors)")
            withExtendedLifetime(lock) {}
        }
    }

    private func show(_ scratch: URL) async throws {
        let list = try await CommandLineTool.run(["show", "out", "--group", "collect", "--json"], in: scratch).json()
        let episodes = try #require(list["episodes"]?.array)
        let key = try #require(episodes.first?["key"]?.string)
        #expect(episodes.first?.object?.keys.sorted() == ["key", "outcome", "reward", "turns"])
        let whole = try await CommandLineTool.run(["show", "out", key, "--json"], in: scratch).json()
        #expect(whole["turns"]?.array?.isEmpty == false && whole["outcome"] == .string("finished"))

        let tokens = try await CommandLineTool.run(["show", "out", key, "--tokens", "--json"], in: scratch).json()
        #expect(tokens.object?.keys.sorted() == ["tokens"])
        let rows = try #require(tokens["tokens"]?.array)
        #expect(rows.allSatisfy { $0.object?.keys.sorted() == ["author", "id", "text", "trained"] })
        for row in rows where row["trained"] == .bool(true) { #expect(row["author"] == .string("teacher")) }
        #expect(rows.contains { $0["trained"] == .bool(true) } && rows.contains { $0["author"] == .null })

        let coloured = try await CommandLineTool.run(["show", "out", key, "--tokens"], in: scratch).output
        #expect(coloured.contains("\u{1B}[32m") && coloured.contains("\u{1B}[2m"))
        let without = try await CommandLineTool.run(["show", "out", "--tokens"], in: scratch)
        #expect(without.status == 64)
        #expect(without.errors == "error: --tokens needs an EPISODE\n  for example: temper show out 1 --tokens\n")
        let unknown = try await CommandLineTool.run(["show", "out", "train-00000", "--json"], in: scratch)
        #expect(
            unknown.status == 64 && unknown.errors.contains("such as: collect:pocket/hotpotqa:train-00000"), "\(unknown.errors)")
    }

    private func models(_ scratch: URL) async throws {
        let text = "Hello there.\n<|im_end|> ümlaut"
        let option = try await CommandLineTool.run(["tokenize", "base", "--text", text, "--json"], in: scratch).json()
        let input = try await CommandLineTool.run(["tokenize", "base", "--json"], in: scratch, input: text).json()
        let expected = try ModelUse.tokenize(model: scratch.appendingPathComponent("base").path, text: text)
        #expect(option == input)
        #expect(option == .object(["ids": .array(expected.map { .number(Double($0)) })]))

        let generated = try await CommandLineTool.run(
            ["generate", "base", "--prompt", "Hi", "--maximum-new-tokens", "4", "--json"], in: scratch
        ).json()
        #expect(generated.object?.keys.sorted() == ["finish_reason", "text", "token_ids"])

        let tokens = try TokenDataset(contentsOf: scratch.appendingPathComponent("out/dataset/tokens.safetensors"))
        let losses = try await ["base", "out/model"].asyncMap {
            try await CommandLineTool.run(["loss", $0, "out/dataset", "--json"], in: scratch).json()
        }
        for loss in losses { #expect(loss["token_count"] == .number(Double(tokens.trainedCount))) }
        let sums = losses.compactMap { $0["loss_sum"]?.number }
        #expect(sums.count == 2 && sums[1] < sums[0], "training lowers the loss on its own dataset")
        let odd = try await CommandLineTool.run(["loss", "base", "out/dataset", "--precision", "fp8"], in: scratch)
        #expect(odd.status == 64)
    }
}

extension Sequence {
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
