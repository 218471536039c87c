import Foundation
import TemperCore
import TemperPocketText
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

@Suite struct PocketDatabaseTests {
    let suite = PocketDatabaseSuite()

    func test(_ limit: Int? = nil) throws -> [AgentTask] { try suite.tasks(split: "test", limit: limit) }

    @Test("Splits have their sizes, the first n tasks do not depend on n, and 20,000 train tasks are all different")
    func splits() throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try test().count == 500)
        #expect(try suite.tasks(split: "test", limit: 9_999).count == 500)
        #expect(try suite.tasks(split: "train", limit: 0).isEmpty)
        let many = try suite.tasks(split: "train", limit: 20_000)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
        #expect(Set(many.map(\.payload)).count == 20_000)
        let error = #expect(throws: TemperError.self) { try suite.tasks(split: "tests", limit: 1) }
        #expect(error?.description == "error: 'pocket/database' has no split 'tests'\n  its splits are train, validation, test")
    }

    @Test("Every twelve tasks hold each shape once, and all four kinds occur")
    func balance() throws {
        let tasks = try test(480)
        for shape in PocketDatabaseShape.allCases { #expect(tasks.count { $0.tags["shape"] == shape.rawValue } == 40) }
        #expect(Set(tasks.compactMap { $0.tags["kind"] }) == ["select", "insert", "update", "delete"])
        #expect(tasks.allSatisfy { $0.format == .database })
    }

    @Test("No name of a test table belongs to another partition or occurs in a train table")
    func disjointNames() throws {
        func names(_ tasks: [AgentTask]) throws -> Set<String> {
            let words = Set(
                PocketTableTheme.all.flatMap(\.others).flatMap { column -> [String] in
                    if case .word(let words) = column.content { return words }
                    return []
                })
            let cells = try tasks.flatMap { task -> [String] in
                guard case .tables(let tables) = try DatabaseGoal(task).source else { return [] }
                return tables.flatMap(\.rows).flatMap { $0.compactMap { $0 } }
            }
            return Set(cells.filter { !words.contains($0) && Int($0) == nil })
        }
        let train = try names(suite.tasks(split: "train", limit: 4_000))
        let test = try names(test())
        #expect(train.isDisjoint(with: test))
        #expect(try names(suite.tasks(split: "validation", limit: nil)).isDisjoint(with: test.union(train)))
        // A person's given name comes from a common list; the rest decides.
        for name in test where !WorldPartition.test.holds(name) { Issue.record("\(name) is not of the test partition") }
    }

    @Test("Question wordings of the test never occur in training, and every shape has eight and four")
    func wordings() {
        var seen: Set<String> = []
        for shape in PocketDatabaseShape.allCases {
            #expect(shape.wordings.train.count >= 8 && shape.wordings.test.count >= 4)
            for pattern in shape.wordings.train + shape.wordings.test {
                #expect(seen.insert(shape.rawValue + pattern.pattern).inserted, "\(pattern.pattern)")
            }
        }
        let train = Set(PocketDatabaseShape.allCases.flatMap { $0.wordings.train.map(\.pattern) })
        #expect(train.isDisjoint(with: PocketDatabaseShape.allCases.flatMap { $0.wordings.test.map(\.pattern) }))
    }

    @Test("Names of the demonstration occur in no split")
    func demonstration() throws {
        let prompt = try suite.prompt(for: .react)
        let text = prompt.demonstrations.flatMap { $0 }.map(\.text).joined(separator: "\n")
        #expect(text.contains("Wilma Quist"))
        for split in suite.splits {
            for task in try suite.tasks(split: split, limit: 2_000) { #expect(!"\(task.payload)".contains("Quist")) }
        }
        for message in prompt.demonstrations[0] where message.role == .assistant {
            #expect(TurnText.read(message.text, method: .react, format: .database).action != nil)
        }
    }

    @Test("The expert solves at least 98 % of 200 test tasks, with short results and episodes")
    func expert() async throws {
        var (total, turns, characters) = (0.0, [Int: Int](), [Int]())
        var answers: [String: Int] = [:]
        for task in try test(200) {
            let played = try await play(suite, scripted(suite, "expert"), task)
            total += played.score.reward
            turns[played.turns.count, default: 0] += 1
            answers[played.turns.last?.action?.argument ?? "none", default: 0] += 1
            for turn in played.turns { #expect((turn.observation ?? "").count < 150) }
            characters.append(
                task.instruction.count + played.turns.reduce(0) { $0 + $1.replyText.count + ($1.observation ?? "").count })
        }
        let common = answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        print(
            "expert \(total / 200), turns \(turns.sorted { $0.key < $1.key }), characters \(characters.sorted()[100]) (most \(characters.max() ?? 0)), answers \(common)"
        )
        #expect(total / 200 >= 0.98)
        #expect(characters.allSatisfy { $0 < 1_500 })
    }

    @Test("Controls that need no understanding stay low: random and nothing")
    func controls() async throws {
        for name in ["random", "nothing"] {
            var total = 0.0
            for task in try test(300) { total += try await play(suite, scripted(suite, name), task).score.reward }
            print("\(name): \(total / 300)")
            #expect(total / 300 <= suite.chanceLevel + 0.05)
        }
    }

    @Test("The expert answers and copies only what the question or a result shows")
    func visible() async throws {
        for task in try test(240) {
            var seen = task.instruction
            for turn in try await play(suite, scripted(suite, "expert"), task).turns {
                let action = try #require(turn.action)
                let reading = TurnText.read(turn.replyText, method: .react, format: .database)
                #expect(reading.action == action && reading.diagnosis == nil)
                if action.name == "answer", task.tags["kind"] == "select" {
                    let items = try #require(PythonLiteral.parse(action.argument)?.items)
                    for case .string(let item) in items { #expect(seen.contains(item), "\(task.id)") }
                }
                if let update = action.argument.firstRange(of: " SET "), action.name == "sql" {
                    let value = action.argument[update.upperBound...].split(separator: "=")[1].split(separator: " WHERE")[0]
                    #expect(seen.contains(value.trimmingCharacters(in: CharacterSet(charactersIn: " '"))), "\(task.id)")
                }
                seen += " " + (turn.observation ?? "")
            }
        }
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop")
    func determinism() async throws {
        try await expectSameAgain(suite, test(40), moreThan: 30)
    }

    @Test("Thoughts have at least eight wordings for each situation")
    func thoughts() throws {
        for shape in PocketDatabaseShape.allCases {
            let task = try #require(test(100).first { $0.tags["shape"] == shape.rawValue })
            var thoughts = PocketDatabaseThoughts(plan: try PocketDatabasePlan(task), random: RandomSource(seed: 1))
            #expect(Set((0..<300).map { _ in thoughts.opening() }).count >= 8, "\(shape)")
            #expect(Set((0..<300).map { _ in thoughts.conclusion(["x"]) }).count >= 8)
            #expect(Set((0..<300).map { _ in thoughts.changeDone() }).count >= 8)
            #expect(Set((0..<300).map { _ in thoughts.correction() }).count >= 8)
            if shape == .copy { #expect(Set((0..<300).map { _ in thoughts.next(["x"]) }).count >= 8) }
        }
    }

    @Test("With imperfect 0.5 about half of the episodes err, of which some recover and some fail")
    func imperfect() async throws {
        let suite = try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfect": .number(0.5)]))
        var (failed, longer) = (0, 0)
        for task in try test(200) {
            let perfect = try await play(self.suite, scripted(self.suite, "expert"), task)
            let played = try await play(suite, scripted(suite, "expert"), task)
            if played.score.reward < 1 { failed += 1 } else if played.turns.count > perfect.turns.count { longer += 1 }
        }
        print("imperfect: \(failed) failed, \(longer) recovered of 200")
        #expect((15...60).contains(failed) && (20...70).contains(longer))
        #expect(throws: TemperError.self) {
            try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfekt": .number(0.5)]))
        }
    }

    @Test("A task of another form is refused as bad data")
    func badPayload() async throws {
        let task = AgentTask(
            id: "x", suite: suite.id, split: "test", instruction: "?", payload: .object(["kind": .string("select")]))
        let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
        #expect(error?.message == "the payload of task 'x' has no tables, or one that is malformed")
        #expect(error?.code == .data)
    }
}

extension WorldPartition {
    /// Whether the deciding part of a generated name is of this partition: a surname, a place, an organisation's root, a title.
    func holds(_ name: String) -> Bool {
        let words = name.split(separator: " ").map(String.init)
        return ([name] + words).contains { WorldPartition.of($0) == self }
    }
}
