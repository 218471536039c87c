import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketHotpotQATests {
    let suite = PocketHotpotQASuite()

    func test(_ limit: Int? = nil) throws -> [AgentTask] { try suite.tasks(split: "test", limit: limit) }

    @Test("Splits have their sizes and the first n tasks do not depend on n")
    func splits() throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try test().count == 500)
        #expect(try suite.tasks(split: "test", limit: 9_999).count == 500)
        #expect(try suite.tasks(split: "train", limit: 0).isEmpty)
        let many = try suite.tasks(split: "train", limit: 130)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
        #expect(Set(many.map(\.instruction)).count == 130)
    }

    @Test("Ten thousand training tasks take seconds")
    func speed() throws {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try suite.tasks(split: "train", limit: 10_000).count == 10_000)
        #expect(start.duration(to: clock.now) < .seconds(20))
    }

    @Test("Training shows at least 12 shapes, the test at least 3 more, apart by their tag")
    func shapes() throws {
        let train = Set(try suite.tasks(split: "train", limit: 1_000).compactMap { $0.tags["shape"] })
        let tasks = try test()
        let trained = Set(tasks.filter { $0.tags["held_out"] == "false" }.compactMap { $0.tags["shape"] })
        let heldOut = Set(tasks.filter { $0.tags["held_out"] == "true" }.compactMap { $0.tags["shape"] })
        #expect(train.count >= 12 && trained == train)
        #expect(heldOut.count >= 3 && heldOut.isDisjoint(with: train))
        #expect(tasks.filter { $0.tags["held_out"] == "true" }.count >= 100)
        #expect(try suite.tasks(split: "train", limit: 1_000).allSatisfy { $0.tags["held_out"] == "false" })
    }

    @Test("At most a fifth of the answers is yes, no or one of two; both yes and no occur", arguments: ["train", "test"])
    func comparisons(split: String) throws {
        let tasks = try suite.tasks(split: split, limit: 500)
        let shapes = Dictionary(PocketShape.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let compared = tasks.filter { shapes[$0.tags["shape"] ?? ""]?.isComparison == true }
        #expect(!compared.isEmpty && compared.count * 5 <= tasks.count)
        let closed = tasks.compactMap { $0.referenceAnswer }.filter { ["yes", "no"].contains($0) }
        let yes = closed.filter { $0 == "yes" }.count
        #expect(yes * 4 >= closed.count && yes * 4 <= closed.count * 3)
    }

    @Test("The raw question as a query finds the answer in at most 30 % of test tasks")
    func rawQuestionLeak() throws {
        let tasks = try test()
        var found = 0
        for task in tasks {
            let gold = try PocketGold(task)
            if let page = try PocketWorldCache.shared.index(gold).search(task.instruction),
                "\(page.title) \(page.text)".contains(gold.answer)
            {
                found += 1
            }
        }
        #expect(Double(found) <= 0.30 * Double(tasks.count))
    }

    @Test("No name on the way to a test answer occurs on the way to a training answer")
    func disjointEntities() throws {
        func names(_ tasks: [AgentTask]) throws -> Set<String> {
            let hops = try tasks.flatMap { try PocketGold($0).hops }
            return Set(hops.flatMap { [$0.title, $0.value] }.filter { $0.first?.isUppercase == true })
        }
        let train = try names(suite.tasks(split: "train", limit: 1_000))
        let test = try names(test())
        #expect(train.count > 500 && test.count > 300)
        #expect(train.isDisjoint(with: test))
        let validation = try names(suite.tasks(split: "validation", limit: nil))
        #expect(validation.isDisjoint(with: train) && validation.isDisjoint(with: test))
    }

    @Test("The way to the answer is true, needs every page, and about one hop in six lies deep")
    func gold() throws {
        var (hops, deep) = (0, 0)
        for task in try test(400) {
            let gold = try PocketGold(task)
            let world = PocketWorld(number: gold.world, partition: .test, wording: .test)
            for (index, hop) in gold.hops.enumerated() {
                let page = try #require(world.pages.first { $0.title == hop.title })
                let position = try #require(page.sentences.firstIndex(of: hop.sentence))
                hops += 1
                if position >= 3 { deep += 1 }
                if case .chain = gold.shape.form, index < gold.hops.count - 1 {
                    #expect(hop.value == gold.hops[index + 1].title)
                    #expect(!page.text.contains(gold.answer), "\(task.id)")
                }
            }
            #expect(task.instruction.contains(gold.hops[0].title))
            #expect(!task.instruction.hasSuffix("??") && task.instruction.first?.isUppercase == true)
        }
        let share = Double(deep) / Double(hops)
        #expect((0.15...0.20).contains(share), "\(share)")
    }

    @Test("The expert answers every task of every split in every method", arguments: ["train", "validation", "test"])
    func expert(split: String) async throws {
        let expert = try scripted(suite, "expert")
        #expect(expert.author == nil, "its words are the stage's: a teacher's while collecting")
        for method in [TemperCore.Method.react, .cot, .io] {
            for task in try suite.tasks(split: split, limit: method == .react ? 300 : 100) {
                let played = try await play(suite, expert, task, method: method)
                #expect(played.score.reward == 1, "\(task.id) \(method)")
                for turn in played.turns {
                    #expect(
                        turn.replyText.split { " \n".contains($0) }.count <= (method == .react ? 42 : 60), "\(turn.replyText)")
                }
            }
        }
    }

    @Test("The expert says nothing that it has not seen: each answer and query stands in the question or an observation")
    func expertReads() async throws {
        for task in try test(300) {
            let played = try await play(suite, scripted(suite, "expert"), task)
            var seen = task.instruction
            for turn in played.turns {
                let action = try #require(turn.action)
                if action.name == "finish", !["yes", "no"].contains(action.argument) { #expect(seen.contains(action.argument)) }
                if action.name == "search" {
                    let hops = try PocketGold(task).hops
                    #expect(hops.contains { action.argument.hasPrefix($0.title) && seen.contains($0.title) }, "\(action)")
                }
                seen += " " + (turn.observation ?? "")
            }
        }
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop")
    func determinism() async throws {
        try await expectSameAgain(suite, test(40), moreThan: 30)
    }

    @Test("Controls that need no agent stay low: search-once at most 0.30, random below 0.15")
    func controls() async throws {
        let tasks = try test(300)
        for (name, bound) in [("search-once", 0.30), ("random", 0.15)] {
            let policy = try scripted(suite, name)
            var total = 0.0
            for task in tasks { total += try await play(suite, policy, task).score.reward }
            #expect(total / 300 <= bound, "\(name)")
        }
    }

    @Test("Another task's observations are shown in their order, and the score stays the task's own")
    func mismatched() async throws {
        let tasks = try test(100)
        for task in tasks.prefix(20) {
            let partner = try #require(MismatchedObservations.partner(of: task, among: tasks))
            #expect(partner.id != task.id && partner.referenceAnswer != task.referenceAnswer)
            var environment = try MismatchedObservations(suite: suite, task: task, partner: partner, seed: 1)
            _ = try await environment.reset()
            let hops = try PocketGold(partner).hops
            let first = try await environment.step(Action("search", task.instruction))
            #expect(first.observation.hasPrefix(hops[0].title + ":"))
            #expect(try await environment.step(Action("fly", "x")).isValid == false)
            _ = try await environment.step(Action("finish", try PocketGold(task).answer))
            #expect(try await environment.score().reward == 1)
        }
        let hotpot = AgentTask(id: "a", suite: "hotpotqa", split: "easy", instruction: "", payload: .null)
        #expect(throws: TemperError.self) {
            try MismatchedObservations(suite: HotpotQASuite(), task: hotpot, partner: hotpot, seed: 1)
        }
    }

    @Test("The expert's searches and answers are admissible, but for searches with a word added")
    func admissible() async throws {
        var (listed, all) = (0, 0)
        for task in try test(200) {
            let turns = try await play(suite, scripted(suite, "expert"), task).turns
            for (index, turn) in turns.enumerated() where turn.action?.name != "lookup" {
                let history = QuestionActions.history(of: Array(turns.prefix(index)))
                let actions = QuestionActions.admissible(question: task.instruction, history: history)
                all += 1
                if let action = turn.action, actions.contains(action) { listed += 1 }
            }
        }
        #expect(Double(listed) >= 0.85 * Double(all), "\(listed) of \(all)")
    }

    @Test("A task of another form is refused as bad data")
    func badPayload() {
        let task = AgentTask(id: "x", suite: suite.id, split: "test", instruction: "?", payload: .object(["world": .number(-1)]))
        let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
        #expect(error?.code == .data)
    }

    @Test("The cache of worlds forgets the oldest")
    func cache() throws {
        let cache = PocketWorldCache(capacity: 2)
        let tasks = try test(100)
        let golds = try [0, 25, 50].map { try PocketGold(tasks[$0]) }
        let first = try cache.index(golds[0])
        #expect(try cache.index(golds[0]) === first)
        _ = try cache.index(golds[1])
        _ = try cache.index(golds[2])
        #expect(try cache.index(golds[0]) !== first)
    }
}
