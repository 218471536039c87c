import Foundation
import TemperAgents
import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketWebTests {
    let suite = PocketWebSuite()

    func test(_ limit: Int? = nil) throws -> [AgentTask] { try suite.tasks(split: "test", limit: limit) }

    @Test("Splits have their sizes, the first n tasks do not depend on n, and 20,000 training tasks are distinct")
    func splits() throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try test().count == 500 && test(9_999).count == 500)
        let many = try suite.tasks(split: "train", limit: nil)
        #expect(many.count == 20_000 && Set(many.map(\.instruction)).count > 19_900)
        #expect(Set(many.map(\.payload)).count == 20_000)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
    }

    @Test(
        "Kinds, steps and letters are balanced: B is right in a fifth of the tasks, CLICK in three tenths",
        arguments: ["train", "test"])
    func balance(split: String) throws {
        let tasks = try suite.tasks(split: split, limit: 500)
        func share(_ holds: (AgentTask) throws -> Bool) rethrows -> Double { Double(try tasks.filter(holds).count) / 500 }
        for (operation, expected) in [("CLICK", 0.3), ("TYPE", 0.35), ("SELECT", 0.35)] {
            #expect(abs(share { $0.payload["operation"]?.string == operation } - expected) < 0.001)
        }
        for candidates in ["5", "7"] { #expect((0.42...0.58).contains(share { $0.tags["candidates"] == candidates })) }
        for step in ["1/1", "1/2", "2/2", "3/3"] { #expect(share { $0.tags["step"] == step } > 0.07) }
        // Where the right element stands on its page.
        for (count, places) in [(5, 0..<5), (7, 0..<7)] {
            let pages = try tasks.filter { $0.tags["candidates"] == String(count) }.map { try WebPageTask($0) }
            for place in places {
                let here = pages.filter { page in
                    let order = page.candidates.compactMap(Int.init).sorted()
                    return page.gold.elements.contains(String(order[place]))
                }
                let share = Double(here.count) / Double(pages.count)
                #expect(abs(share - 1 / Double(count)) < 0.07, "\(count) candidates, place \(place): \(share)")
            }
        }
    }

    @Test("No label, name or wording of the test occurs in training")
    func disjoint() throws {
        func words(_ split: String, _ limit: Int) throws -> Set<String> {
            let tasks = try suite.tasks(split: split, limit: limit)
            return Set(
                try tasks.flatMap { task -> [String] in
                    let page = try PageCleaner.cleaned(PageParser.parse(WebPageTask(task).page, as: .html, named: task.id))
                    let names = page.nodes.filter { $0.tag != "option" }.flatMap { node in
                        ["aria_label", "title", "placeholder"].compactMap(node.attribute)
                    }
                    let texts = page.nodes.filter(\.isText).filter { text in
                        text.parent.map { ["a", "button", "h1"].contains(page.nodes[$0].tag) } == true
                    }.map(\.text)
                    return names + texts
                })
        }
        let train = try words("train", 2_000)
        let test = try words("test", 500)
        let validation = try words("validation", 250)
        #expect(train.count > 1_000 && test.count > 500)
        #expect(train.isDisjoint(with: test) && validation.isDisjoint(with: train) && validation.isDisjoint(with: test))
        for phrasing in PocketWebWordings.all {
            #expect(Set(phrasing.train).isDisjoint(with: phrasing.test))
            #expect(Set(phrasing.train).count >= 4 && Set(phrasing.test).count >= 2)
        }
        for kind in PocketWebElement.Kind.allCases {
            #expect(PocketWebWordings.goals(kind).train.count >= 8 && PocketWebWordings.goals(kind).test.count >= 4)
        }
        for (kind, wordings) in WebThoughts.wordings { #expect(Set(wordings).count >= 8, "\(kind)") }
        // Enough of each kind in every partition, so that pages never run out of labels.
        for partition in [WorldPartition.train, .validation, .test] {
            for labels in try #require(PocketWebLabels.all[partition]) {
                #expect(
                    labels.fields.count >= 3 && labels.lists.count >= 4 && labels.boxes.count >= 4 && labels.buttons.count >= 4)
            }
        }
        // Nothing of the demonstration is a label or a name of a made-up page.
        let demonstration = try suite.prompt(for: .react).demonstrations.flatMap { $0 }.map(\.text).joined(separator: " ")
        #expect(!train.union(test).contains { demonstration.contains($0) })
    }

    @Test(
        "The expert solves every task of every split in two turns at most, with short thoughts",
        arguments: ["train", "validation", "test"])
    func expert(split: String) async throws {
        let expert = try scripted(suite, "expert")
        #expect(expert.author == nil, "its words are the stage's: a teacher's while collecting")
        var turns = [0, 0, 0]
        var letters: [Character: Int] = [:]
        var lengths: [Int] = []
        for task in try suite.tasks(split: split, limit: 300) {
            let played = try await play(suite, expert, task)
            #expect(played.score.reward == 1 && played.score.metrics["step_success"] == 1, "\(task.id)")
            turns[played.turns.count] += 1
            for turn in played.turns {
                let words = (turn.thought ?? "").split(separator: " ").count
                #expect((5...45).contains(words), "\(turn.replyText)")
                if let letter = turn.action?.argument.first { letters[letter, default: 0] += 1 }
            }
            lengths.append(
                task.instruction.count + (played.opening ?? "").count
                    + played.turns.reduce(0) { $0 + $1.replyText.count + ($1.observation ?? "").count })
        }
        lengths.sort()
        print("pocket/web \(split), expert: mean reward 1, \(turns[1]) episodes of one turn, \(turns[2]) of two;")
        print("  letters \(letters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "));")
        print(
            "  characters of an episode: median \(lengths[lengths.count / 2]), ninth tenth \(lengths[lengths.count * 9 / 10]), longest \(lengths[lengths.count - 1])"
        )
        // At three characters a token, below 600.
        #expect(lengths[lengths.count * 9 / 10] < 1_500 && lengths[lengths.count - 1] < 1_800)
        for letter in "BCDEF" { #expect((letters[letter] ?? 0) > 35) }
        #expect((letters["A"] ?? 0) > 20)
    }

    @Test("Guessing stays near the stated chance, and constant replies below it")
    func controls() async throws {
        let tasks = try test()
        var means: [String: Double] = [:]
        let policies: [(String, any Script)] = [
            ("random", try scripted(suite, "random")), ("always B, CLICK", Constant(reply: "Answer: B.\nAction: CLICK")),
            ("always A", Constant(reply: "Answer: A.")),
            ("always C, TYPE", Constant(reply: "Answer: C.\nAction: TYPE\nValue: Monday")),
        ]
        for (name, policy) in policies {
            var scores: [Score] = []
            for task in tasks { scores.append(try await play(suite, policy, task).score) }
            means[name] = scores.map(\.reward).reduce(0, +) / 500
            let success = scores.compactMap { $0.metrics["step_success"] }.reduce(0, +) / 500
            print("pocket/web test, \(name): mean reward \(means[name] ?? 0), step success \(success)")
            #expect((means[name] ?? 1) <= suite.chanceLevel + 0.05, "\(name)")
            #expect(success < 0.1, "\(name)")
        }
        #expect(abs((means["random"] ?? 0) - suite.chanceLevel) < 0.03)
        #expect((means["always B, CLICK"] ?? 1) < 0.3)
    }

    /// Says the same whatever is asked.
    struct Constant: Script {
        let name = "constant"
        var reply: String

        func reply(in scene: Scene) async throws -> String { reply }
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop")
    func determinism() async throws {
        try await expectSameAgain(suite, test(60), moreThan: 40)
    }

    @Test("The right choice is always admissible, and the value stands in the task")
    func admissible() async throws {
        for task in try test(200) {
            let played = try await play(suite, scripted(suite, "gold"), task)
            #expect(played.score.reward == 1)
            var environment = try suite.makeEnvironment(for: task)
            _ = try await environment.reset()
            for turn in played.turns {
                let action = try #require(turn.action)
                #expect(environment.admissibleActions?.contains(action) == true, "\(task.id): \(action.text)")
                _ = try await environment.step(action)
            }
            let value = task.payload["value"]?.string ?? ""
            #expect(value.isEmpty || task.instruction.contains(value))
        }
    }

    @Test("Imperfect episodes come in about the share asked for: some end wrong, some recover")
    func imperfect() async throws {
        let erring = try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfect": .number(0.5)]))
        let expert = try scripted(erring, "expert")
        var (wrong, recovered) = (0, 0)
        for task in try suite.tasks(split: "train", limit: 400) {
            let played = try await play(erring, expert, task)
            let perfect = try await play(suite, scripted(suite, "expert"), task)
            if played.score.reward < 1 { wrong += 1 } else if played.turns != perfect.turns { recovered += 1 }
        }
        print("pocket/web with imperfect 0.5: of 400 episodes \(wrong) end wrong, \(recovered) recover")
        #expect((175...225).contains(wrong + recovered) && recovered >= 10)
        #expect(throws: TemperError.self) {
            try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfct": .number(0.5)]))
        }
    }

    @Test("Trajectories are the same at any concurrency")
    func concurrency() async throws {
        let tasks = try test(40)
        let expert = try scripted(suite, "expert")
        let suite = suite
        var alone: [String: [Turn]] = [:]
        for task in tasks { alone[task.id] = try await play(suite, expert, task).turns }
        let together = try await withThrowingTaskGroup(of: (String, [Turn]).self) { group in
            for task in tasks { group.addTask { (task.id, try await play(suite, expert, task).turns) } }
            return try await group.reduce(into: [String: [Turn]]()) { $0[$1.0] = $1.1 }
        }
        #expect(together == alone)
    }

    @Test("The README shows an episode as it is played")
    func transcript() async throws {
        let task = try test(3)[1]
        let played = try await play(suite, scripted(suite, "expert"), task)
        var text = "user\n\(task.instruction)\n\n\(played.opening ?? "")\n"
        for turn in played.turns {
            text += "assistant\n\(turn.replyText)\n"
            if let observation = turn.observation { text += "user\n\(TurnText.write(observation: observation, format: .web))\n" }
        }
        text += "reward \(played.score.reward)\n"
        let tests = webGoldenFolder.deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appendingPathComponent("Sources/TemperEnvironments/WebPages/README.md")
        let readme = try String(contentsOf: file, encoding: .utf8)
        let block = readme.components(separatedBy: "<!-- transcript -->\n```text\n").dropFirst().first?.components(
            separatedBy: "```"
        ).first
        #expect(block == text, "the block should be:\n\(text)")
    }
}

@Suite struct WebPageSpeedTests {
    @Test("The figure of the bench counts turns")
    func speed() async throws {
        let (steps, seconds) = try await WebPageSpeed.measure(episodes: 300)
        print("pocket/web: \(Int(Double(steps) / seconds)) steps/s")
        #expect(steps >= 300 && steps <= 600 && seconds > 0)
    }
}
