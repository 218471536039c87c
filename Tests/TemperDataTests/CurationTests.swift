import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Curation") struct CurationTests {
    private func curate(
        _ trajectories: [Trajectory], contextLimit: Int? = nil, seed: UInt64 = 1,
        _ change: (inout CurationOptions) -> Void = { _ in }
    ) throws -> CuratedDataset {
        var options = CurationOptions()
        change(&options)
        return try Curation.run(
            trajectories, options: options, context: Samples.context(Samples.tokenizer(), seed: seed, contextLimit: contextLimit))
    }

    private func step(_ dataset: CuratedDataset, _ name: String) throws -> CurationStep {
        try #require(dataset.card.steps.first { $0.name == name })
    }

    @Test("Every step says how many entered, stayed and left, and why") func counting() throws {
        var error = Samples.trajectory("error", outcome: .policyError)
        error.score = nil
        var unscored = Samples.trajectory("unscored")
        unscored.score = nil
        var invalid = Samples.trajectory("lies")
        invalid.turns[0].action = Action("search", "something else")
        var copy = Samples.trajectory("a", attempt: 1)
        copy.turns[0].seconds = 99
        let dataset = try curate([
            Samples.trajectory("a"), copy, Samples.trajectory("wrong", reward: 0.5), error, unscored, invalid,
            Samples.trajectory("gone", reward: 0, outcome: .missing), Samples.trajectory("late", outcome: .turnLimit),
        ])
        #expect(dataset.train.map(\.document.provenance.task) == ["a"])
        let steps = dataset.card.steps
        #expect(steps.map(\.entering) == [8, 5, 4, 2, 1, 1, 1, 1, 0, 0])
        #expect(steps.map(\.kept) == [5, 4, 2, 1, 1, 1, 1, 1, 0, 0])
        #expect(
            steps[0].dropped == [
                .init(reason: "missing", count: 1), .init(reason: "no score", count: 1), .init(reason: "policy_error", count: 1),
            ])
        #expect(steps[1].dropped == [.init(reason: "below 1.0 in pocket/hotpotqa", count: 1)])
        #expect(
            steps[2].dropped == [
                .init(reason: "a reply does not read as its action", count: 1),
                .init(reason: "not finished: turn_limit", count: 1),
            ])
        #expect(steps[3].dropped == [.init(reason: "same text", count: 1)])
    }

    @Test("A suite has its own least reward, the others the default") func minimumReward() throws {
        let trajectories = [Samples.trajectory("half", reward: 0.5), Samples.trajectory("full")]
        #expect(try curate(trajectories) { $0.minimumReward = ["pocket/hotpotqa": 0.5] }.train.count == 2)
        #expect(try curate(trajectories) { $0.minimumReward = ["other": 0.5] }.train.count == 1)
        #expect(try curate(trajectories) { $0.minimumReward = ["default": 0.4, "other": 1] }.train.count == 2)
    }

    @Test("An episode kept at Mind2Web's two thirds is rejected at 1; every other suite asks for 1") func mind2Web() throws {
        func episode(_ reward: Double, element: Double = 1, _ name: String = "step") -> Trajectory {
            var trajectory = Samples.trajectory("\(name) \(reward)", reward: reward)
            trajectory.key.suite = "mind2web"
            trajectory.score?.metrics["element"] = element
            return trajectory
        }
        // Right operation and no value: two thirds in sum for an element that nobody chose.
        let wrong = episode(2.0 / 3, element: 0, "wrong")
        let both = try curate([episode(2.0 / 3), wrong, episode(0.666)])
        #expect(both.train.map(\.document.provenance.task) == ["step 0.6666666666666666"])
        #expect(
            try step(both, "reward").dropped.map(\.reason).sorted() == [
                "below 0.6666666666666666 in mind2web", "wrong element in mind2web",
            ])
        let paper = try curate([episode(2.0 / 3), wrong, episode(0.666)]) { $0.rewardFilter = .paper }
        #expect(paper.train.count == 2)
        #expect(try curate([episode(2.0 / 3), wrong]) { $0.minimumReward = ["mind2web": 0.6] }.train.count == 2)
        let steps = [episode(2.0 / 3), episode(1.0 / 3), episode(1)]
        #expect(try curate(steps).train.map(\.document.provenance.task) == ["step 0.6666666666666666", "step 1.0"])
        for stricter in [["mind2web": 1.0], ["default": 1.0]] {
            let dataset = try curate(steps) { $0.minimumReward = stricter }
            #expect(dataset.train.map(\.document.provenance.task) == ["step 1.0"])
            #expect(try step(dataset, "reward").dropped == [.init(reason: "below 1.0 in mind2web", count: 2)])
        }
        #expect(try curate([Samples.trajectory("a", reward: 2.0 / 3), Samples.trajectory("b")]).train.count == 1)
    }

    @Test("At most n episodes of a task stay, the first in order") func perTask() throws {
        let trajectories =
            (0..<4).map { Samples.trajectory("a", attempt: $0, thought: "Thought \($0).") } + [Samples.trajectory("b")]
        let dataset = try curate(trajectories.reversed()) { $0.maximumPerTask = 2 }
        #expect(
            dataset.train.map(\.document.provenance.episode) == [
                "collect:pocket/hotpotqa:a:react:0", "collect:pocket/hotpotqa:a:react:1", "collect:pocket/hotpotqa:b:react:0",
            ])
        #expect(try step(dataset, "episodes per task").dropped == [.init(reason: "more than 2", count: 2)])
    }

    @Test(
        "Held-out episodes are as many as asked, share no task with training and depend on the seed alone", arguments: [1, 2, 3])
    func heldOut(seed: UInt64) throws {
        let trajectories = (0..<30).flatMap { task in
            (0..<(task % 3 == 0 ? 2 : 1)).map { Samples.trajectory("t\(task)", attempt: $0, thought: "Thought \($0).") }
        }
        var random = RandomSource(seed: 9)
        let dataset = try curate(trajectories, seed: seed) { $0.heldOut = 7 }
        let shuffled = try curate(trajectories.shuffled(using: &random), seed: seed) { $0.heldOut = 7 }
        let tasks = { (side: [CuratedDocument]) in Set(side.map(\.document.provenance.task)) }
        #expect(dataset.heldOut.count == 7)
        #expect(dataset.train.count == trajectories.count - 7)
        #expect(tasks(dataset.heldOut).isDisjoint(with: tasks(dataset.train)))
        #expect(dataset.heldOut == shuffled.heldOut)
        let other = try curate(trajectories, seed: seed + 10) { $0.heldOut = 7 }
        #expect(tasks(other.heldOut) != tasks(dataset.heldOut))
    }

    @Test("One question under two ids is never on both sides") func heldOutQuestions() throws {
        let trajectories = (0..<20).map { index -> Trajectory in
            var trajectory = Samples.trajectory("t\(index)", thought: "Thought \(index).")
            trajectory.task.instruction = "Question \(index / 2)?"
            return trajectory
        }
        let dataset = try curate(trajectories) { $0.heldOut = 6 }
        let questions = { (side: [CuratedDocument]) in Set(side.map { $0.document.messages[0].text }) }
        #expect(questions(dataset.heldOut).count == 3)
        #expect(questions(dataset.heldOut).isDisjoint(with: questions(dataset.train)))
    }

    @Test("What is too long for the model is dropped and counted, never cut") func length() throws {
        let long = Samples.trajectory("long", thought: String(repeating: "and then ", count: 200))
        let dataset = try curate([Samples.trajectory("a"), long], contextLimit: 400)
        #expect(dataset.train.map(\.document.provenance.task) == ["a"])
        #expect(try step(dataset, "length, training").dropped == [.init(reason: "more than 400 tokens", count: 1)])
        #expect(try curate([Samples.trajectory("a"), long]) { $0.maximumTokens = 100_000 }.train.count == 2)
        #expect(throws: TemperError.self) { try curate([Samples.trajectory("a")], contextLimit: 10) }
    }

    @Test("A chain of thought is written in the unified form, what was added marked as converted") func unified() throws {
        let spans = try curate([Samples.chainOfThought("a")]).train[0].document.messages[1].spans
        #expect(spans.map(\.text).joined() == "Thought: I know it.\nAction: finish[Ada]")
        #expect(spans.map(\.author) == [.converted, .policy, .converted, .converted, .policy, .converted])
        #expect(spans.allSatisfy { $0.train })
        let plain = try curate([Samples.chainOfThought("a")]) { $0.unify = false }
        #expect(plain.train[0].document.messages[1].text == "Thought: I know it.\nAnswer: Ada")
    }

    @Test("An answer that the unified form cannot carry drops its episode") func notUnifiable() throws {
        var odd = Samples.chainOfThought("odd")
        odd.turns[0].reply = [Span("Thought: I know it.\nAnswer: a] b", by: .policy)]
        odd.turns[0].action = Action("finish", "a] b")
        let dataset = try curate([odd, Samples.chainOfThought("a")])
        #expect(dataset.train.count == 1)
        #expect(
            try step(dataset, "rendering, training").dropped == [
                .init(reason: "a reply cannot be written in the unified form", count: 1)
            ])
    }

    private var invalidInTheMiddle: Trajectory {
        var trajectory = Samples.trajectory("a")
        trajectory.turns.insert(Samples.turn(1, "I am lost", observation: "There is no 'Action:' line."), at: 1)
        trajectory.turns[2].index = 2
        return trajectory
    }

    @Test("An invalid reply stays in the context and is not trained, unless the recipe says otherwise") func invalidReplies()
        throws
    {
        let masked = try curate([invalidInTheMiddle]).train[0].document
        let replies = masked.messages.filter { $0.role == .assistant }
        #expect(replies.map(\.text)[1] == "I am lost")
        #expect(replies.map { $0.spans.contains { $0.train } } == [true, false, true])
        let trained = try curate([invalidInTheMiddle]) { $0.invalidReplies = .train }.train[0].document
        #expect(trained.messages.filter { $0.role == .assistant }.allSatisfy { $0.spans.allSatisfy(\.train) })
        let dropped = try curate([invalidInTheMiddle, Samples.trajectory("b")]) { $0.invalidReplies = .drop }
        #expect(dropped.train.map(\.document.provenance.task) == ["b"])
    }

    private var withDroppedTurns: Trajectory {
        var trajectory = Samples.trajectory("a")
        trajectory.turns.insert(Samples.turn(1, "Thought: Again.\nAction: search[more]", observation: "More."), at: 1)
        trajectory.turns[2].index = 2
        trajectory.turns[2].droppedTurns = 1
        return trajectory
    }

    @Test("An episode whose old turns were left out is rendered call by call, with what the policy saw") func callByCall() throws
    {
        let documents = try curate([withDroppedTurns]).train.map(\.document)
        #expect(documents.map(\.provenance.call) == [0, 1, 2])
        let trained = documents.map { $0.messages.filter { $0.spans.contains { $0.train } }.map(\.text) }
        #expect(trained == withDroppedTurns.turns.map { [$0.replyText] })
        #expect(documents[0].messages.count == 2 && documents[1].messages.count == 4 && documents[2].messages.count == 4)
        let seen = documents[2].messages.map(\.text).joined(separator: "\n")
        #expect(seen.contains("[1 earlier turns are not shown.]"))
        #expect(!seen.contains("was made by Ada"))
    }

    @Test("Or it is dropped and counted") func droppedTurnsOption() throws {
        let dataset = try curate([withDroppedTurns, Samples.trajectory("b")]) { $0.droppedTurns = .drop }
        #expect(dataset.train.map(\.document.provenance.task) == ["b"])
        #expect(
            try step(dataset, "rendering, training").dropped == [
                .init(reason: "old turns were left out of its prompts", count: 1)
            ])
    }

    @Test("Instruction and demonstration are shown when asked for, and never trained") func prompts() throws {
        let demonstration = [
            Message(.user, "Who made x?", by: .demonstration),
            Message(.assistant, "Thought: Easy.\nAction: finish[Bob]", by: .demonstration),
        ]
        var options = CurationOptions()
        options.promptStyle = .full
        var context = Samples.context(try Samples.tokenizer())
        context.prompt = { _, _ in SuitePrompt(instruction: "Answer.", demonstrations: [demonstration]) }
        let document = try Curation.run([Samples.trajectory("a")], options: options, context: context).train[0].document
        #expect(document.messages.count == 6)
        #expect(document.messages[0].text == "Answer.\n\nWho made x?")
        let trained = document.messages.flatMap(\.spans).filter(\.train)
        #expect(trained.map(\.text) == Samples.trajectory("a").turns.map(\.replyText))
    }

    @Test("A prompt that is asked for and not there is an error, not left out") func noPrompt() throws {
        let error = #expect(throws: TemperError.self) { try curate([Samples.trajectory("a")]) { $0.promptStyle = .instruction } }
        #expect(error?.message == "the suite 'pocket/hotpotqa' has no prompt for 'react'")
    }

    @Test("Nothing left to train on is an error that says which step took it") func nothingLeft() throws {
        let error = #expect(throws: TemperError.self) { try curate([Samples.trajectory("a", reward: 0)]) }
        #expect(error?.code == .data)
        #expect(error?.message.contains("errors kept 1 of 1, reward kept 0 of 1") == true)
        #expect(throws: TemperError.self) { try curate([Samples.trajectory("a")]) { $0.heldOut = 1 } }
    }

    @Test("Options that make no sense are refused by name") func options() throws {
        func message(_ change: (inout CurationOptions) -> Void) -> String? {
            #expect(throws: TemperError.self) { try curate([Samples.trajectory("a")], change) }?.message
        }
        for author in Author.neverTrained {
            #expect(
                message { $0.trainOn = [.policy, author] }
                    == "'curate.train_on' names '\(author.rawValue)', whose text can never be trained")
        }
        #expect(message { $0.minimumReward = ["x": 2] } == "'curate.minimum_reward.x' is 2; it must be in 0…1")
        #expect(message { $0.maximumPerTask = 0 } == "'curate.max_per_task' is 0; it must be at least 1")
        #expect(message { $0.chatTemplate = "chatmi" } == "'curate.chat_template' names 'chatmi', which is not a chat template")
        #expect(message { $0.trainOn = [] } == "'curate.train_on' names no author, so there is nothing to train")
        #expect(message { $0.heldOut = -1 } == "'curate.held_out' is -1; it must be at least 0")
        #expect(message { $0.maximumTokens = 0 } == "'curate.maximum_tokens' is 0; it must be at least 1")
    }

    @Test("Options not given keep their defaults, and every one has its key") func decoding() throws {
        let empty = try JSONDecoder().decode(CurationOptions.self, from: Data("{}".utf8))
        #expect(empty == CurationOptions())
        let text = """
            {"minimum_reward": {"mind2web": 0.667}, "train_on": ["policy", "forced"], "prompt_style": "full", "unify": false,
             "max_per_task": 3, "held_out": 20, "maximum_tokens": 512, "chat_template": "alpaca", "dropped_turns": "drop",
             "invalid_replies": "train", "nearest_actions": "drop", "reward_filter": "paper", "keep": "turns < 9", "near_duplicates": 0.9, "choose": "best",
             "contamination": {"against": ["db:test"], "rule": "paper"}, "redact": true, "balance": {"by": "method", "at_most": 3},
             "mix": {"general": ["chats.json"]}, "turn_weights": [{"when": "turn == 1", "weight": 0.5}]}
            """
        let all = try JSONDecoder().decode(CurationOptions.self, from: Data(text.utf8))
        #expect(all.minimumReward(for: "mind2web") == 0.667 && all.minimumReward(for: "db") == 1)
        #expect(all.trainOn == [.policy, .forced] && all.promptStyle == .full && !all.unify && all.maximumPerTask == 3)
        #expect(all.heldOut == 20 && all.maximumTokens == 512 && all.chatTemplate == "alpaca")
        #expect(all.droppedTurns == .drop && all.invalidReplies == .train && all.nearestActions == .drop)
        #expect(all.keep == "turns < 9" && all.nearDuplicates == 0.9 && all.choose == .best)
        #expect(all.contamination == .init(against: ["db:test"], rule: .paper) && all.balance == .init(by: .method, atMost: 3))
        #expect(all.turnWeights == [.init(when: "turn == 1", weight: 0.5)] && all.rewardFilter == .paper)
        let fields = try JSONValue.parse(JSONEncoder.stable().encode(all), named: "options").object
        #expect(Set(fields?.keys.map { $0 } ?? []) == Set(CurationOptions.keys.map(\.name)))
    }

    @Test("The same episodes give the same bytes, in whatever order and time they ended") func determinism() async throws {
        let temporary = try TemporaryFolder()
        var hashes: [[String: String]] = []
        for seed in 0..<3 {
            var random = RandomSource(seed: UInt64(seed))
            let store = try RunStore(temporary.file("\(seed).sqlite"), formats: [])
            let trajectories = (0..<40).map { Samples.trajectory("t\($0 / 2)", attempt: $0 % 2, thought: "Thought \($0).") }
            for var trajectory in trajectories.shuffled(using: &random) {
                for index in trajectory.turns.indices { trajectory.turns[index].seconds = random.unit() }
                for turn in trajectory.turns { try await store.turnFinished(turn, of: trajectory.key) }
                try await store.episodeFinished(trajectory)
            }
            let dataset = try curate(store.trajectories(group: "collect")) { $0.heldOut = 4 }
            hashes.append(try dataset.write(to: temporary.file("dataset\(seed)")))
        }
        #expect(
            Set(hashes[0].keys) == [
                "train.jsonl", "tokens.safetensors", "held_out.jsonl", "held_out.safetensors", "decisions.jsonl",
                "card.json", "card.md",
            ])
        #expect(hashes[0] == hashes[1] && hashes[1] == hashes[2])
    }

    @Test("The files of a dataset read back: line i is document i in text and in tokens") func files() throws {
        let temporary = try TemporaryFolder()
        let dataset = try curate((0..<5).map { Samples.trajectory("t\($0)") }) { $0.heldOut = 1 }
        try dataset.write(to: temporary.url)
        #expect(try CuratedDataset.documents(in: temporary.file("train.jsonl")) == dataset.train.map(\.document))
        let tokens = try TokenDataset(contentsOf: temporary.file("tokens.safetensors"))
        #expect(tokens == dataset.trainTokens && tokens.documentCount == 4)
        #expect(tokens.document(2) == dataset.train[2].tokens)
        let card = try JSONDecoder().decode(DatasetCard.self, from: Data(contentsOf: temporary.file("card.json")))
        #expect(card == dataset.card)
        #expect(card.trainedTokens == tokens.trainedCount && card.tokens == tokens.tokenCount && card.heldOutDocuments == 1)
        _ = try temporary.write("{\"messages\": 1}\n", "bad.jsonl")
        let error = #expect(throws: TemperError.self) { try CuratedDataset.documents(in: temporary.file("bad.jsonl")) }
        #expect(error?.place == temporary.file("bad.jsonl").path + ":1")
    }

    @Test("The card tells suites and methods apart") func card() throws {
        let dataset = try curate([
            Samples.trajectory("a"), Samples.trajectory("b", reward: 0), Samples.chainOfThought("a"),
        ])
        let parts = dataset.card.parts
        #expect(parts.map(\.method) == [.cot, .react])
        #expect(parts[1].episodes == 2 && parts[1].kept == 1 && parts[1].ratio == 0.5 && parts[1].averageTurns == 2)
        #expect(parts[1].cost == 1 && parts[0].averageTurns == 1)
        #expect(parts.map(\.trainedTokens).reduce(0, +) == dataset.card.trainedTokens)
        #expect(dataset.card.markdown.contains("| pocket/hotpotqa | react | 2 | 1 | 0.500 | 2.00 | 1 |"))
        #expect(dataset.card.markdown.contains("| reward (episodes) | 3 | 2 | below 1.0 in pocket/hotpotqa: 1 |"))
    }

    @Test("FireAct's recorded episodes: 131 are right, all of them render, 20 are kept out") func fireactRealData() throws {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let url = folder.appendingPathComponent("fireact/trajectories-llama-2-7b.json")
        let episodes = try FireActResults().read(url, options: ImportOptions { ImportTests.score($0, $1) }).trajectories
        for template in ChatTemplate.allCases {
            let dataset = try curate(episodes) {
                $0.heldOut = 20
                $0.chatTemplate = template.rawValue
            }
            #expect(try step(dataset, "reward").kept == 131)
            #expect(dataset.train.count == 111 && dataset.heldOut.count == 20)
        }
    }
}
