import Foundation
import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketHouseholdTests {
    let suite = PocketHouseholdSuite()

    func suite(_ options: [String: JSONValue]) throws -> any Suite {
        try PocketHouseholdSuite().configured(with: SuiteOptions(suite: suite.id, options))
    }

    /// An episode as the policy sees and writes it.
    func transcript(_ task: AgentTask, _ played: Played) -> String {
        let turns = played.turns.map { $0.replyText + ($0.observation.map { "\n\n\($0)\n" } ?? "") }
        return ([task.instruction, "", played.opening ?? "", ""] + turns + ["(reward \(Int(played.score.reward)))"])
            .joined(separator: "\n")
    }

    @Test("Splits have their sizes, ids in order, all six kinds alike, and the first n tasks do not depend on n")
    func splits() throws {
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try suite.tasks(split: "test", limit: nil).count == 500)
        #expect(try suite.tasks(split: "test", limit: 9_999).count == 500)
        let many = try suite.tasks(split: "train", limit: 600)
        #expect(try suite.tasks(split: "train", limit: 60) == Array(many.prefix(60)))
        #expect(many.map(\.id) == many.map(\.id).sorted() && many[0].id == "train-000000")
        #expect(Dictionary(grouping: many) { $0.tags["kind"] ?? "" }.mapValues(\.count).values.allSatisfy { $0 == 100 })
        #expect(many.allSatisfy { $0.format == .household && $0.suite == "pocket/household" })
        #expect(throws: TemperError.self) { try suite.tasks(split: "dev", limit: nil) }
    }

    @Test("Two thousand training tasks are distinct")
    func distinct() throws {
        let rooms = (0..<2_000).map { number -> String in
            let home = PocketHome(partition: .train, wording: .train, number: number)
            return "\(home.goalText) \(home.places)"
        }
        #expect(Set(rooms).count >= 1_990)
    }

    @Test("No thing of one partition occurs in another, nor in the demonstration")
    func disjointThings() throws {
        let parts = WorldPartition.allCases.map { Set(PocketHomeNouns.all($0)) }
        for (index, part) in parts.enumerated() {
            #expect(part.count > 250)
            for other in parts.dropFirst(index + 1) { #expect(part.isDisjoint(with: other)) }
        }
        let prompt = try suite.prompt(for: .react)
        let words = Set(prompt.demonstrations.joined().map(\.text).joined(separator: " ").split { !$0.isLetter }.map(String.init))
        #expect(parts.allSatisfy { $0.isDisjoint(with: words) })
        let receptacles = Set((0..<300).flatMap { PocketHome(partition: .train, wording: .train, number: $0).places })
        let demonstrated = ["ottoman 1", "toilet 1", "tvstand 1", "wardrobe 1"]
        #expect(receptacles.isDisjoint(with: demonstrated))
    }

    @Test("Wordings of the test never occur in training, and every kind has eight and four of them")
    func wordings() throws {
        for kind in HouseholdKind.allCases {
            let table = try #require(HouseholdWordings.tables[kind])
            let (train, test) = (Set(table.train.map(\.pattern)), Set(table.test.map(\.pattern)))
            #expect(train.count >= 8 && test.count >= 4 && train.isDisjoint(with: test), "\(kind)")
            #expect((train.union(test)).allSatisfy { $0.contains("{o}") && $0.contains("{g}") })
        }
        let thoughts = HouseholdThoughts.tables.values.joined()
        let tests = HouseholdWordings.tables.values.flatMap { $0.test.map(\.pattern) }
        for thought in thoughts { #expect(!tests.contains { thought.lowercased().contains($0) }, "\(thought)") }
        let said = try suite.tasks(split: "test", limit: nil).map(\.instruction)
        let trained = try suite.tasks(split: "train", limit: 3_000).map(\.instruction)
        #expect(Set(said).isDisjoint(with: trained))
    }

    @Test("Every kind of thought has at least eight wordings of at most 25 words")
    func thoughts() {
        for (kind, table) in HouseholdThoughts.tables {
            #expect(Set(table).count >= 8, "\(kind)")
            #expect(table.allSatisfy { $0.split(separator: " ").count <= 25 && !$0.hasPrefix("{") }, "\(kind)")
        }
    }

    @Test(
        "The expert solves the tasks of every split; turn counts and lengths are printed",
        arguments: ["train", "validation", "test"])
    func expert(split: String) async throws {
        let expert = try scripted(suite, "expert")
        #expect(expert.author == nil, "its words are the stage's: a teacher's while collecting")
        let tasks = try suite.tasks(split: split, limit: split == "test" ? 210 : 60)
        var turns: [String: [Int]] = [:]
        var lengths: [Int] = []
        for task in tasks {
            let played = try await play(suite, expert, task)
            #expect(played.score.reward == 1, "\(transcript(task, played))")
            #expect(
                played.turns.allSatisfy { $0.replyText.split(separator: " ").count <= 32 && ($0.observation ?? "").count < 300 })
            turns[task.tags["kind"] ?? "", default: []].append(played.turns.count)
            lengths.append(transcript(task, played).utf8.count)
        }
        func mean(_ numbers: [Int]) -> String { String(format: "%.1f", Double(numbers.reduce(0, +)) / Double(numbers.count)) }
        let kinds = turns.sorted { $0.key < $1.key }.map {
            "\($0.key) \($0.value.min() ?? 0)-\($0.value.max() ?? 0), mean \(mean($0.value))"
        }
        print(
            "pocket/household \(split): reward 1 on \(tasks.count); turns \(mean(turns.values.flatMap { $0 })) "
                + "(\(kinds.joined(separator: "; ")))"
        )
        print("pocket/household \(split): \(mean(lengths)) characters an episode, longest \(lengths.max() ?? 0)")
        #expect(turns.values.joined().allSatisfy { $0 <= 16 })
    }

    @Test("The expert names nothing that was not shown, and all it does is admissible")
    func expertReads() async throws {
        for task in try suite.tasks(split: "test", limit: 60) {
            let played = try await play(suite, scripted(suite, "expert"), task)
            var environment = try suite.makeEnvironment(for: task)
            var seen = try await environment.reset() ?? ""
            for turn in played.turns {
                let action = try #require(turn.action)
                #expect(environment.admissibleActions?.contains(action) == true, "\(action)")
                for name in action.argument.matches(of: /[a-z]+ \d/).map({ String($0.0) }) {
                    #expect(seen.contains(name), "\(task.id): \(name)")
                }
                seen += try await environment.step(action).observation
            }
        }
    }

    @Test("The expert writes the same again, another with another seed, and goes on alike after a stop")
    func determinism() async throws {
        try await expectSameAgain(suite, suite.tasks(split: "test", limit: 24), moreThan: 20)
    }

    @Test("A useless turn anywhere does not stop the expert")
    func recovers() async throws {
        let expert = try scripted(suite, "expert")
        for (number, task) in try suite.tasks(split: "validation", limit: 36).enumerated() {
            let whole = try await play(suite, expert, task)
            let place = try PocketHouseholdSuite.home(of: task).places[number % 6]
            let useless = ["go to \(place)", "close \(place)", "look", "fly away", "inventory"][number % 5]
            var stored = Array(whole.turns.prefix(1 + number % (whole.turns.count - 1)))
            var environment = try suite.makeEnvironment(for: task)
            _ = try await environment.reset()
            for turn in stored { if let action = turn.action { _ = try await environment.step(action) } }
            let answer = try await environment.step(Action("act", useless))
            stored.append(
                Turn(index: stored.count, reply: [], action: Action("act", useless), observation: answer.observation))
            #expect(try await play(suite, expert, task, resuming: stored).score.reward == 1, "\(task.id) after \(useless)")
        }
    }

    @Test("Acting at random wins next to nothing")
    func random() async throws {
        let policy = try scripted(suite, "random")
        let tasks = try suite.tasks(split: "test", limit: 150)
        var total = 0.0
        for task in tasks { total += try await play(suite, policy, task).score.reward }
        print("pocket/household: random wins \(Int(total)) of \(tasks.count)")
        #expect(total / 150 <= suite.chanceLevel + 0.05)
    }

    @Test("An imperfect expert recovers from wrong turns or ends without a result")
    func imperfect() async throws {
        let suite = try suite(["imperfect": .number(1)])
        let expert = try scripted(suite, "expert")
        var (won, lost, longer) = (0, 0, 0)
        for task in try suite.tasks(split: "train", limit: 60) {
            let played = try await play(suite, expert, task)
            let whole = try await play(suite, scripted(self.suite, "expert"), task)
            if played.score.reward == 1 { won += 1 } else { lost += 1 }
            if played.score.reward == 1, played.turns.count > whole.turns.count { longer += 1 }
            if played.score.reward == 0 {
                let last = played.turns.suffix(3).map(\.replyText)
                #expect(Set(last).count == 1)
            }
        }
        #expect(won > 15 && lost > 15 && longer > 10)
        #expect(throws: TemperError.self) { try self.suite(["imperfct": .number(1)]) }
    }

    @Test("The words of 0.4 are played as well")
    func dialect() async throws {
        let suite = try suite(["dialect": .string("0.4")])
        for task in try suite.tasks(split: "test", limit: 30) {
            let played = try await play(suite, scripted(suite, "expert"), task)
            #expect(played.score.reward == 1)
            #expect(played.turns.allSatisfy { $0.action?.argument.hasPrefix("put ") == false })
        }
    }

    @Test("A task of another form is refused as bad data")
    func badPayload() {
        for (split, payload) in [
            ("test", JSONValue.null), ("test", .object(["home": .number(500)])), ("dev", .object(["home": .number(1)])),
        ] {
            let task = AgentTask(id: "x", suite: suite.id, split: split, instruction: "?", payload: payload)
            let error = #expect(throws: TemperError.self) { try suite.makeEnvironment(for: task) }
            #expect(error?.description == "error: pocket/household: the task 'x' names no split or no home")
        }
    }

    @Test("The transcript in the README is what the expert does")
    func readme() async throws {
        let task = try #require(
            try suite.tasks(split: "train", limit: 12).last { $0.tags["kind"] == HouseholdKind.heat.rawValue })
        let wanted = transcript(task, try await play(suite, scripted(suite, "expert"), task))
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/TemperEnvironments/Household/README.md")
        let readme = try String(contentsOf: file, encoding: .utf8)
        if !readme.contains("```text\n\(wanted)\n```") { print("The transcript for the README:\n\(wanted)") }
        #expect(readme.contains("```text\n\(wanted)\n```"))
    }
}
