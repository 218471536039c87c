import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct PocketTwinTests {
    static let twins: [any PocketQuestionSuite] = [PocketStrategyQASuite(), PocketBamboogleSuite(), PocketMMLUSuite()]
    static let suites: [any PocketQuestionSuite] = [PocketHotpotQASuite()] + twins

    @Test("Splits have their sizes, the first n tasks do not depend on n, and hardly a question comes twice", arguments: twins)
    func splits(suite: any PocketQuestionSuite) throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        let test = try suite.tasks(split: "test", limit: nil)
        #expect(test.count == 500)
        #expect(try suite.tasks(split: "train", limit: 0).isEmpty)
        let many = try suite.tasks(split: "train", limit: 1_000)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
        // Films of two worlds may have one name.
        #expect(Set(many.map(\.instruction)).count >= 990 && Set(test.map(\.instruction)).count >= 495)
    }

    @Test("The test has all shapes of training and a fifth of tasks of others, apart by their tag", arguments: twins)
    func shapes(suite: any PocketQuestionSuite) throws {
        let train = try suite.tasks(split: "train", limit: 1_000)
        let test = try suite.tasks(split: "test", limit: nil)
        let heldOut = test.filter { $0.tags["held_out"] == "true" }
        let trained = Set(train.compactMap { $0.tags["shape"] })
        #expect(train.allSatisfy { $0.tags["held_out"] == "false" } && trained.count >= 15)
        #expect(heldOut.count == 100)
        #expect(Set(heldOut.compactMap { $0.tags["shape"] }).count >= 4)
        #expect(Set(heldOut.compactMap { $0.tags["shape"] }).isDisjoint(with: trained))
        #expect(Set(test.filter { $0.tags["held_out"] == "false" }.compactMap { $0.tags["shape"] }) == trained)
    }

    @Test("Labels are in balance: over all, and yes and no in every shape", arguments: ["train", "test"])
    func balance(split: String) throws {
        let strategy = try PocketStrategyQASuite().tasks(split: split, limit: 1_000)
        let isYes = { (task: AgentTask) in task.referenceAnswer == "yes" }
        #expect(strategy.filter(isYes).count * 2 == strategy.count)
        for (shape, tasks) in Dictionary(grouping: strategy, by: { $0.tags["shape"] ?? "" }) {
            let share = Double(tasks.filter(isYes).count) / Double(tasks.count)
            #expect((0.25...0.75).contains(share), "\(shape): \(share) of \(tasks.count)")
        }
        let mmlu = try PocketMMLUSuite().tasks(split: split, limit: 1_000)
        for letter in AnswerMetric.letters {
            #expect(mmlu.filter { $0.referenceAnswer == letter }.count * 4 == mmlu.count)
        }
        #expect(mmlu.allSatisfy { Set($0.options).count == 4 })
    }

    @Test("No shape of pocket/bamboogle is one of pocket/hotpotqa's, and none of its questions is a comparison")
    func otherShapes() {
        let names = Set(PocketShape.all.map(\.name))
        #expect(PocketShape.bamboogle.filter { !$0.isHeldOut }.allSatisfy { !names.contains($0.name) && !$0.isComparison })
    }

    @Test("The way to the answer is true, and only its last page holds the answer", arguments: twins)
    func gold(suite: any PocketQuestionSuite) throws {
        for task in try suite.tasks(split: "test", limit: 300) {
            let gold = try PocketGold(task)
            let world = gold.split.world(Int(gold.world))
            for hop in gold.hops {
                let page = try #require(world.pages.first { $0.title == hop.title })
                #expect(page.sentences.contains(hop.sentence) && hop.sentence.contains(hop.value))
            }
            #expect(task.instruction.contains(gold.hops[0].title))
            let (first, last) = (gold.hops[0].value, gold.hops[gold.hops.count - 1].value)
            switch gold.shape.form {
            case .same: #expect((first == last) == (gold.answer == "yes"))
            case .before: #expect((first < last) == (gold.answer == "yes"))
            case .check: #expect((gold.claim == last) == (gold.answer == "yes") && task.instruction.contains(gold.claim ?? "?"))
            case .chain where gold.options.isEmpty: #expect(gold.answer == last && !task.instruction.contains(last))
            case .chain:
                let index = try #require(AnswerMetric.letters.firstIndex(of: gold.answer))
                #expect(gold.options[index] == last && gold.options.filter { $0 == last }.count == 1)
            case .earlier: Issue.record("no twin asks this")
            }
            for hop in gold.hops.dropLast() where gold.shape.start != .person || gold.hops.count == 2 {
                if case .chain = gold.shape.form { #expect(gold.hops.contains { $0.title == hop.value }) }
            }
        }
    }

    @Test("No name on the way to an answer of one split occurs in another split", arguments: twins)
    func disjointEntities(suite: any PocketQuestionSuite) throws {
        let names = try ["train", "validation", "test"].map { split in
            let hops = try suite.tasks(split: split, limit: 500).flatMap { try PocketGold($0).hops }
            return Set(hops.flatMap { [$0.title, $0.value] }.filter { $0.first?.isUppercase == true })
        }
        #expect(names.allSatisfy { $0.count > 150 })
        #expect(names[0].isDisjoint(with: names[1]) && names[0].isDisjoint(with: names[2]) && names[1].isDisjoint(with: names[2]))
    }

    @Test("The expert answers every task of every split in every method, briefly", arguments: twins)
    func expert(suite: any PocketQuestionSuite) async throws {
        let expert = try scripted(suite, "expert")
        #expect(expert.author == nil, "its words are the stage's: a teacher's while collecting")
        for split in suite.splits {
            for method in [TemperCore.Method.react, .cot, .io] {
                for task in try suite.tasks(split: split, limit: method == .react ? 150 : 50) {
                    let played = try await play(suite, expert, task, method: method)
                    #expect(played.score.reward == 1, "\(task.id) \(method)")
                    for turn in played.turns where method == .react {
                        #expect((turn.thought ?? "").split(separator: " ").count <= 40, "\(turn.replyText)")
                    }
                }
            }
        }
    }

    @Test("The expert says nothing that it has not seen", arguments: twins)
    func expertReads(suite: any PocketQuestionSuite) async throws {
        for task in try suite.tasks(split: "test", limit: 150) {
            var seen = task.instruction
            for turn in try await play(suite, scripted(suite, "expert"), task).turns {
                let action = try #require(turn.action)
                let isLabel = metricLabels(suite, task).contains(action.argument)
                if action.name == "finish", !isLabel { #expect(seen.contains(action.argument)) }
                if action.name == "search" {
                    let hops = try PocketGold(task).hops
                    #expect(hops.contains { action.argument.hasPrefix($0.title) && seen.contains($0.title) }, "\(action)")
                }
                for hop in try PocketGold(task).hops where !seen.contains(hop.value) {
                    #expect(turn.thought?.contains(hop.value) != true, "\(turn.replyText)")
                }
                seen += " " + (turn.observation ?? "")
            }
        }
    }

    private func metricLabels(_ suite: any PocketQuestionSuite, _ task: AgentTask) -> [String] {
        suite.metric(of: task).labels ?? []
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop", arguments: twins)
    func determinism(suite: any PocketQuestionSuite) async throws {
        try await expectSameAgain(suite, suite.tasks(split: "test", limit: 30), moreThan: 25)
    }

    @Test("There are at least eight wordings of each kind of thought")
    func wordings() throws {
        let suite = PocketBamboogleSuite()
        let tasks = try suite.tasks(split: "train", limit: 400)
        var kinds: [String: Set<String>] = [:]
        for (number, task) in tasks.enumerated() {
            let gold = try PocketGold(task)
            var voice = TwinThoughts(random: RandomSource(seed: UInt64(number)), gold: gold)
            var named = voice
            func note(_ kind: String, _ text: String) {
                let hop = gold.hops[0]
                var masked = text
                for (index, name) in ([hop.title, hop.value, gold.hops[1].title, gold.hops[1].value] + nouns).enumerated() {
                    masked = masked.replacing(name, with: "#\(min(index, 4))")
                }
                kinds[kind, default: []].insert(masked)
            }
            note("opening", voice.opening())
            note("continuation", voice.continuation(gold.hops[0]))
            note("correction", voice.correction(gold.hops[0]))
            note("retry", voice.retry(gold.hops[0]))
            note("gap", voice.gap(gold.hops[0], keyword: "k"))
            note("repeated", voice.repeated(gold.hops[0], keyword: "k"))
            note("switched", voice.switched(gold.hops[0], keyword: "k"))
            note("conclusion", voice.conclusion())
            note("statement of \(gold.hops[0].relation)", named.statement(gold.hops[0]))
        }
        #expect(kinds.count >= 15)
        for (kind, texts) in kinds { #expect(texts.count >= (kind.hasPrefix("statement") ? 6 : 8), "\(kind): \(texts.sorted())") }
    }

    private var nouns: [String] { PocketRelation.allCases.map(\.noun).sorted { $0.count > $1.count } }

    @Test("Figures: the expert reaches 0.98, random stays at chance, and turns and answers are told", arguments: suites)
    func figures(suite: any PocketQuestionSuite) async throws {
        let tasks = try suite.tasks(split: "test", limit: 200)
        for name in suite.scriptedPolicyNames {
            var total = 0.0
            var turns: [Int: Int] = [:]
            var answers: [String: Int] = [:]
            var characters = 0
            for task in tasks {
                let played = try await play(suite, scripted(suite, name), task)
                total += played.score.reward
                turns[played.turns.count, default: 0] += 1
                answers[played.turns.last?.action?.argument ?? "", default: 0] += 1
                characters += task.instruction.count
                for turn in played.turns { characters += turn.replyText.count + (turn.observation?.count ?? 0) + 14 }
            }
            let counts = turns.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
            let common = answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map { "\($0.key):\($0.value)" }
            print("\(suite.id) \(name): \(total / 200); turns \(counts); \(characters / 200) characters; \(common)")
            if name == "expert" { #expect(total >= 196) }
            if name == "random" { #expect(total / 200 <= suite.chanceLevel + 0.05) }
        }
    }

    @Test("Random stays near chance with other seeds", arguments: suites)
    func random(suite: any PocketQuestionSuite) async throws {
        let random = try scripted(suite, "random")
        var total = 0.0
        for seed in 0..<4 {
            for task in try suite.tasks(split: "test", limit: 200) {
                total += try await play(suite, random, task, seed: UInt64(seed)).score.reward
            }
        }
        print("\(suite.id) random: \(total / 800) over 800 episodes")
        #expect(total / 800 <= suite.chanceLevel + 0.03)
    }

    @Test("An imperfect expert errs in the stated share of episodes: half of them fail, half recover", arguments: suites)
    func imperfect(suite: any PocketQuestionSuite) async throws {
        let options = SuiteOptions(suite: suite.id, ["imperfect": .number(0.6)])
        let imperfect = try scripted(suite.configured(with: options), "expert")
        let expert = try scripted(suite, "expert")
        var (different, failed) = (0, 0)
        for task in try suite.tasks(split: "train", limit: 200) {
            let played = try await play(suite, imperfect, task)
            #expect(played.turns.last?.action?.name == "finish")
            if played.score.reward < 1 { failed += 1 }
            if try await play(suite, expert, task).turns != played.turns { different += 1 }
        }
        #expect((90...150).contains(different) && (35...85).contains(failed), "\(different) differ, \(failed) fail")
    }

    @Test("The expert finds its way when half of the searches fail", arguments: suites, ["fault_none", "fault_other"])
    func faults(suite: any PocketQuestionSuite, kind: String) async throws {
        let faulty = try suite.configured(with: SuiteOptions(suite: suite.id, [kind: .number(0.5)]))
        var (total, share) = (0.0, 0.0)
        let expert = try scripted(faulty, "expert")
        for task in try faulty.tasks(split: "test", limit: 60) {
            let played = try await play(faulty, expert, task)
            total += played.score.reward
            share += try #require(played.score.metrics["faulty_searches"])
            if kind == "fault_none", played.turns.contains(where: { $0.observation == "None" }) {
                #expect(played.score.metrics["faulty_searches"] ?? 0 > 0)
            }
        }
        #expect(total / 60 >= 0.9 && (0.3...0.6).contains(share / 60), "\(total / 60), \(share / 60)")
    }

    @Test("A task of another form is refused as bad data", arguments: twins)
    func badPayload(suite: any PocketQuestionSuite) {
        let task = AgentTask(id: "x", suite: suite.id, split: "test", instruction: "?", payload: .object(["world": .number(-1)]))
        let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
        #expect(error?.code == .data)
        #expect(throws: TemperError.self) { try suite.tasks(split: "dev", limit: 1) }
    }
}
