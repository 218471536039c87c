import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Choosing episodes") struct SelectionTests {
    private func curate(
        _ trajectories: [Trajectory], tests: [String] = [], seed: UInt64 = 1, _ change: (inout CurationOptions) -> Void
    ) throws -> CuratedDataset {
        var options = CurationOptions()
        change(&options)
        var context = try Samples.context(Samples.tokenizer(), seed: seed)
        context.testSets = [TestSet(name: "x:test", instructions: tests)]
        return try Curation.run(trajectories, options: options, context: context)
    }

    private func tasks(_ dataset: CuratedDataset) -> [String] { dataset.train.map(\.document.provenance.task) }

    private func holds(_ condition: String, _ episode: Trajectory, _ task: EpisodeFacts.TaskFacts = .init()) throws -> Bool {
        try EpisodeCondition(condition, key: "curate.keep").holds(for: EpisodeFacts(episode, task: task))
    }

    @Test(
        "Conditions read as they are written",
        arguments: [
            ("reward >= 1 and turns <= 8", true), ("turns < 2", false), ("0 < reward <= 1", true), ("1 < turns < 2", false),
            ("not turns == 2 or reward == 1", true), ("not (turns == 2 or reward == 0)", false),
            ("method == 'react' and suite != \"db\"", true), ("metric.exact_match == 1", true), ("tag.kind == ''", true),
            ("turns == 3 or turns == 2 and reward == 0", false), ("(turns == 3 or turns == 2) and reward == 1", true),
            ("price == 0.5 and invalid_turns == 0 and attempt == 0", true), ("answer == 'Ada'", true), ("-1 < 0", true),
        ])
    func conditions(_ condition: String, _ wanted: Bool) throws {
        #expect(try holds(condition, Samples.trajectory("a")) == wanted)
    }

    @Test("Attempts at one task: pass rate, best and mean reward")
    func attempts() throws {
        let facts = EpisodeFacts.TaskFacts(attempts: 4, passed: 1, bestReward: 1, rewardSum: 1.5)
        #expect(try holds("0 < pass_rate < 1 and attempts == 4", Samples.trajectory("a"), facts))
        #expect(try holds("pass_rate == 0.25 and mean_reward == 0.375 and best_reward == 1", Samples.trajectory("a"), facts))
    }

    @Test(
        "What is no condition says why",
        arguments: [
            ("reward", "'curate.keep' has a value that is compared with nothing: reward"),
            ("reward >=", "'curate.keep' ends too early: reward >="), ("(turns < 2", "'curate.keep' lacks a ')': (turns < 2"),
            ("turns < 2 turns", "'curate.keep' has something left over after the condition: turns < 2 turns"),
            ("turns & 2", "'curate.keep' has '&', which means nothing here: turns & 2"),
            ("answer == 'x", "'curate.keep' has a text without its closing quote: answer == 'x"),
            ("", "'curate.keep' ends too early: "),
        ])
    func broken(_ condition: String, _ message: String) {
        let error = #expect(throws: TemperError.self) { try EpisodeCondition(condition, key: "curate.keep") }
        #expect(error?.message == message)
    }

    @Test("An unknown name is refused with the nearest one, and texts have no size")
    func names() {
        let unknown = #expect(throws: TemperError.self) { try holds("pas_rate > 0", Samples.trajectory("a")) }
        #expect(unknown?.message == "'curate.keep' names 'pas_rate', which an episode does not have")
        #expect(unknown?.hint == "did you mean 'pass_rate'?")
        #expect(throws: TemperError.self) { try holds("suite < 3", Samples.trajectory("a")) }
    }

    @Test("Only tasks that were sometimes solved stay when the recipe says so")
    func passRate() throws {
        let trajectories = [
            Samples.trajectory("always", attempt: 0), Samples.trajectory("always", attempt: 1, thought: "Again."),
            Samples.trajectory("sometimes", attempt: 0), Samples.trajectory("sometimes", attempt: 1, reward: 0),
            Samples.trajectory("never", attempt: 0, reward: 0),
        ]
        let dataset = try curate(trajectories) { $0.keep = "0 < pass_rate < 1" }
        #expect(tasks(dataset) == ["sometimes"])
        #expect(
            dataset.card.steps.first { $0.name == "condition" }?.dropped == [.init(reason: "not (0 < pass_rate < 1)", count: 2)])
    }

    @Test("Best takes the highest reward and then the fewest turns, shortest the fewest turns, one a task unless said otherwise")
    func choice() throws {
        var long = Samples.trajectory("a", attempt: 0)
        long.turns.insert(Samples.turn(1, "Thought: More.\nAction: search[b]", observation: "Nothing."), at: 1)
        let half = Samples.trajectory("a", attempt: 1, reward: 0.5, thought: "Half.")
        let good = Samples.trajectory("a", attempt: 2, thought: "Good.")
        func chosen(_ choice: CurationOptions.Choice, most: Int? = nil) throws -> [String] {
            try curate([long, half, good]) {
                $0.choose = choice
                $0.maximumPerTask = most
                $0.minimumReward = ["default": 0]
            }.train.map { $0.document.provenance.episode.suffix(1).description }
        }
        #expect(try chosen(.best) == ["2"])
        #expect(try chosen(.shortest) == ["1"])
        #expect(try chosen(.best, most: 2) == ["0", "2"])
        #expect(try chosen(.all, most: 2) == ["0", "1"])
        #expect(try chosen(.all) == ["0", "1", "2"])
    }

    @Test("Near duplicates go, what only shares words stays")
    func nearDuplicates() throws {
        let words = (0..<60).map { "word\($0)" }
        func episode(_ task: String, _ text: [String]) -> Trajectory {
            var trajectory = Samples.trajectory(task, thought: text.joined(separator: " "))
            trajectory.task.instruction = "Who?"
            return trajectory
        }
        var changed = words
        changed[59] = "other"

        let dataset = try curate([episode("a", words), episode("b", changed), episode("c", words.reversed())]) {
            $0.nearDuplicates = 0.6
        }
        #expect(tasks(dataset) == ["a", "c"])
    }

    @Test("The signatures propose every pair above the threshold: as comparing all pairs")
    func signatures() {
        var random = RandomSource(seed: 5)
        var texts: [String] = []
        for _ in 0..<60 {
            let words = (0..<40).map { _ in "w\(random.index(below: 400))" }
            texts.append(words.joined(separator: " "))
            for changes in [1, 2, 3, 5] {
                var copy = words
                for _ in 0..<changes { copy[random.index(below: 40)] = "x\(random.index(below: 400))" }
                texts.append(copy.joined(separator: " "))
            }
        }
        for threshold in [0.5, 0.7, 0.9] {
            var known = NearDuplicates(threshold: threshold)
            var kept: [Set<UInt64>] = []
            for (index, text) in texts.enumerated() {
                let shingles = NearDuplicates.shingles(of: text)
                let isNear = kept.contains { NearDuplicates.similarity($0, shingles) >= threshold }
                if !isNear { kept.append(shingles) }
                #expect(known.insert(text) == isNear, "threshold \(threshold), text \(index)")
            }
        }
    }

    @Test("No suite has more than its share, whatever the order")
    func balance() throws {
        var episodes: [Trajectory] = (0..<12).map { Samples.trajectory("a\($0)") }
        episodes += (0..<3).map { index in
            var trajectory = Samples.trajectory("b\(index)")
            trajectory.key.suite = "pocket/other"
            return trajectory
        }
        let dataset = try curate(episodes) { $0.balance = .init(by: .suite, atMost: 2) }
        let counts = Dictionary(grouping: dataset.train, by: \.document.provenance.suite).mapValues(\.count)
        #expect(counts == ["pocket/hotpotqa": 6, "pocket/other": 3])
        #expect(try curate(episodes.reversed()) { $0.balance = .init(by: .suite, atMost: 2) }.train == dataset.train)
    }

    @Test("A training task that a test set holds is dropped, and counted")
    func contamination() throws {
        let question = "Which of the two rivers that meet below the old mill was named first by the settlers?"
        var seen = Samples.trajectory("seen")
        seen.task.instruction = "Please answer. " + question
        let dataset = try curate(
            [Samples.trajectory("a"), seen], tests: [question, "Another question that nobody asked before now?"]
        ) {
            $0.contamination = .init(against: ["x:test"])
        }
        #expect(tasks(dataset) == ["a"])
        let step = dataset.card.steps.first { $0.name == "contamination" }
        #expect(step?.dropped == [.init(reason: "matches a test instruction", count: 1)])
    }

    @Test("Options that make no sense are named")
    func options() {
        func message(_ change: (inout CurationOptions) -> Void) -> String? {
            #expect(throws: TemperError.self) { try curate([Samples.trajectory("a")], change) }?.message
        }
        #expect(message { $0.nearDuplicates = 0 } == "'curate.near_duplicates' is 0; it must be above 0 and at most 1")
        #expect(message { $0.contamination = .init() } == "'curate.contamination' names no test set")
        #expect(
            message { $0.balance = .init(by: .method, atMost: 0.5) } == "'curate.balance.at_most' is 0.5; it must be at least 1")
    }
}
