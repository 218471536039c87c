import Foundation
import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketGraphTests {
    let suite = PocketGraphSuite()

    @Test("Splits have their sizes, the first n tasks do not depend on n, and questions differ")
    func splits() throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try suite.tasks(split: "test", limit: 9_999).count == 500)
        #expect(try suite.tasks(split: "train", limit: 0).isEmpty)
        let many = try suite.tasks(split: "train", limit: 1_000)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
        #expect(Set(many.map(\.instruction)).count == 1_000)
        #expect(throws: TemperError.self) { try suite.tasks(split: "nowhere", limit: 1) }
    }

    @Test("Kinds are balanced; a tenth of the test has shapes that training never shows")
    func shapes() throws {
        let train = try suite.tasks(split: "train", limit: 1_000)
        let test = try suite.tasks(split: "test", limit: nil)
        for tasks in [train, test] {
            let kinds = Dictionary(grouping: tasks, by: { $0.tags["kind"] ?? "" }).mapValues {
                Double($0.count) / Double(tasks.count)
            }
            #expect(kinds.count == 5 && kinds.values.allSatisfy { $0 >= 0.1 && $0 <= 0.35 }, "\(kinds)")
        }
        let held = test.filter { $0.tags["held_out"] == "true" }
        #expect(held.count == 40 && train.allSatisfy { $0.tags["held_out"] == "false" })
        #expect(Set(held.map { $0.tags["shape"] }).isDisjoint(with: Set(train.map { $0.tags["shape"] })))
        #expect(Set(train.map { $0.tags["shape"] }).count == PocketGraphShape.all.filter { !$0.isHeldOut }.count)
    }

    @Test("No entity of a test question occurs in a training question, professions aside")
    func disjointEntities() throws {
        func names(_ split: String) throws -> Set<String> {
            let names = try suite.tasks(split: split, limit: 1_000).flatMap { try GraphSolution($0).entities.map(\.name) }
            return Set(names.filter { $0.first?.isUppercase == true })
        }
        let train = try names("train")
        let test = try names("test")
        #expect(train.count > 500 && test.count > 200)
        let validation = try names("validation")
        #expect(train.isDisjoint(with: test) && test.isDisjoint(with: validation) && train.isDisjoint(with: validation))
    }

    @Test("Wordings of the test never occur in training, and every word of them does")
    func wordings() {
        let tables =
            Array(PocketWordings.Graph.frames.values) + Array(PocketWordings.Graph.counts.values)
            + Array(PocketWordings.Graph.both.values) + Array(PocketWordings.Graph.nounPhrases.values)
            + [true, false].flatMap { isMaximum in
                PocketWordings.Graph.frames.keys.compactMap { PocketWordings.Graph.extremum($0, isMaximum: isMaximum) }
            }
        let train = Set(tables.flatMap(\.train).map(\.pattern))
        let test = Set(tables.flatMap(\.test).map(\.pattern))
        #expect(train.isDisjoint(with: test) && train.count > 200 && test.count > 80)
        #expect(tables.allSatisfy { $0.train.count >= 2 && $0.test.count >= 2 })
        func words(_ patterns: Set<String>) -> Set<Substring> {
            Set(patterns.flatMap { $0.split { !$0.isLetter && $0 != "{" } })
        }
        // "built" stands in a wording that `pocket/hotpotqa` shares.
        #expect(
            words(test).subtracting(words(train)).map { $0.lowercased() }.filter { !["one", "that", "built"].contains($0) } == [])
    }

    @Test("Every call of a solution names a relation of its list, and lists are short")
    func listsAreShort() async throws {
        var (lists, longest, letters) = (0, 0, 0)
        for task in try suite.tasks(split: "test", limit: 200) {
            for turn in try await play(suite, scripted(suite, "expert"), task).turns {
                guard let observation = turn.observation, observation.hasPrefix("[") else { continue }
                let count = observation.split(separator: ",").count
                lists += 1
                letters += observation.count
                longest = max(longest, count)
                #expect(count <= 9 && observation.count < 200, "\(observation)")
            }
        }
        print("pocket graph: \(lists) lists, \(letters / lists) characters on average, at most \(longest) names")
    }

    @Test("The expert answers every task of every split", arguments: ["train", "validation", "test"])
    func expert(split: String) async throws {
        let expert = try scripted(suite, "expert")
        #expect(expert.author == nil, "its words are the stage's: a teacher's while collecting")
        var turns: [Int: Int] = [:]
        var (characters, total, longest) = (0, 0.0, 0)
        let tasks = try suite.tasks(split: split, limit: 250)
        for task in tasks {
            let played = try await play(suite, expert, task)
            #expect(played.score.reward == 1 && played.score.metrics["executability"] == 1, "\(task.id)")
            total += played.score.reward
            turns[played.turns.count, default: 0] += 1
            let length = played.turns.reduce(task.instruction.count) {
                $0 + $1.replyText.count + ($1.observation?.count ?? 0) + 13
            }
            characters += length
            longest = max(longest, length)
            for turn in played.turns {
                #expect((3...30).contains((turn.thought ?? "").split(separator: " ").count), "\(turn.replyText)")
                #expect(turn.diagnosis == nil)
            }
        }
        let mean = total / Double(tasks.count)
        print(
            "pocket graph \(split): reward \(mean), turns \(turns.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }), "
                + "\(characters / tasks.count) characters an episode, at most \(longest)")
        let kinds = Dictionary(grouping: tasks, by: { $0.tags["kind"] ?? "" }).mapValues(\.count)
        let sizes = Dictionary(grouping: tasks, by: { $0.payload["answers"]?.array?.count ?? 0 }).mapValues(\.count)
        print(
            "pocket graph \(split): kinds \(kinds.sorted { $0.key < $1.key }), answers of a size \(sizes.sorted { $0.key < $1.key })"
        )
    }

    @Test("The expert says nothing that it has not seen: every argument stands in the question or an observation")
    func expertReads() async throws {
        for task in try suite.tasks(split: "test", limit: 250) {
            var seen = task.instruction
            for turn in try await play(suite, scripted(suite, "expert"), task).turns {
                let action = try #require(turn.action)
                for argument in action.argument.split(separator: ",") {
                    #expect(seen.contains(argument.trimmingPrefix(" ")), "\(task.id) \(action.text)")
                }
                seen += " " + (turn.observation ?? "")
            }
        }
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop")
    func determinism() async throws {
        try await expectSameAgain(suite, suite.tasks(split: "test", limit: 40), moreThan: 35)
    }

    @Test("Imperfect experts recover from wrong turns, and end wrong in about a quarter of the episodes that err")
    func imperfect() async throws {
        let suite = try self.suite.configured(with: SuiteOptions(suite: suite.id, ["imperfect": .number(1)]))
        let tasks = try suite.tasks(split: "train", limit: 250)
        var (right, wrong, longer) = (0, 0, 0)
        for task in tasks {
            let played = try await play(suite, scripted(suite, "expert"), task)
            let gold = try GraphSolution(task).calls.count + 1
            if played.score.reward == 1 { right += 1 } else { wrong += 1 }
            if played.turns.count > gold {
                longer += 1
                #expect(played.score.reward == 1, "\(task.id)")
            }
        }
        print("pocket graph, imperfect: \(right) right, \(wrong) wrong, \(longer) longer than needed")
        #expect(wrong >= 40 && longer >= 100)
    }

    @Test("Random actions stay below chance and a twentieth more")
    func random() async throws {
        var total = 0.0
        let tasks = try suite.tasks(split: "test", limit: nil)
        for task in tasks { total += try await play(suite, scripted(suite, "random"), task).score.reward }
        print("pocket graph: random actions get \(total / 500)")
        #expect(total / 500 <= suite.chanceLevel + 0.05)
        #expect(total / 500 >= suite.chanceLevel - 0.05)
    }

    @Test("Answering with the first variable, and without acting, gets little")
    func controls() async throws {
        var (first, none) = (0.0, 0.0)
        for task in try suite.tasks(split: "test", limit: 250) {
            var environment = try suite.makeEnvironment(for: task)
            _ = try await environment.reset()
            #expect(try await environment.step(Action("answer", "#0")).isValid == false)
            none += try await environment.score().reward
            let played = try await play(suite, scripted(suite, "expert"), task)
            for turn in played.turns.prefix(2) { _ = try await environment.step(try #require(turn.action)) }
            _ = try await environment.step(Action("answer", "#0"))
            first += try await environment.score().reward
        }
        print("pocket graph: the expert's first variable gets \(first / 250), of it a quarter are questions of one hop")
        #expect(none == 0 && first / 250 < 0.55)
    }

    @Test("A task of another form is refused as bad data")
    func badPayload() {
        let task = AgentTask(id: "x", suite: suite.id, split: "test", instruction: "?", payload: .object(["world": .number(-1)]))
        let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
        #expect(error?.code == .data)
    }
}
