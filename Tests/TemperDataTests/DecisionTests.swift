import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Decisions of curation") struct DecisionTests {
    private func curate(
        _ trajectories: [Trajectory], conversations: [Document] = [], allowsNothing: Bool = false,
        _ change: (inout CurationOptions) -> Void = { _ in }
    ) throws -> CuratedDataset {
        var options = CurationOptions()
        change(&options)
        return try Curation.run(
            trajectories, conversations: conversations, options: options, context: Samples.context(Samples.tokenizer()),
            allowsNothing: allowsNothing)
    }

    private func chat(_ number: Int, _ question: String = "Hello there?") -> Document {
        Document(
            messages: [
                .init(role: .user, spans: [.init(question, by: .instruction, train: false)]),
                .init(role: .assistant, spans: [.init("Yes.", by: .teacher, train: true)]),
            ], provenance: .init(run: "", source: "sharegpt", number: number, id: "c\(number)"))
    }

    @Test("Every episode and conversation has its fate, with each step's decision and why") func fates() throws {
        let wrong = Samples.trajectory("wrong", reward: 0.5)
        let late = Samples.trajectory("late", outcome: .turnLimit)
        let dataset = try curate([Samples.trajectory("a"), wrong, late], conversations: [chat(0), chat(1)])
        let fates = dataset.fates
        #expect(fates.map(\.outcome) == [.training, .dropped, .dropped, .training, .dropped])
        #expect(fates.map(\.documents) == [1, 0, 0, 1, 0])
        #expect(fates.map(\.episode).prefix(2) == [Samples.key("a").text, Samples.key("late").text])
        #expect(fates[0].dropped == nil)
        #expect(fates[1].dropped == .init(step: "format", kept: false, reason: "not finished: turn_limit"))
        #expect(fates[2].dropped == .init(step: "reward", kept: false, reason: "below 1.0 in pocket/hotpotqa"))
        #expect(fates[4].dropped == .init(step: "duplicates", kept: false, reason: "same text"))
        #expect(
            fates[0].decisions.map(\.step) == [
                "errors", "reward", "format", "duplicates", "episodes per task", "held out", "rendering, training",
                "length, training",
            ])
        #expect(fates[0].decisions[1].reason == "1.0, at least 1.0")
        // The counts of the card are those of the decisions.
        for step in dataset.card.steps {
            let own = fates.flatMap(\.decisions).filter { $0.step == step.name }
            let counted = dataset.card.steps.filter { $0.name == step.name }
            #expect(
                own.count == counted.reduce(0) { $0 + $1.entering }
                    && own.count(where: \.kept) == counted.reduce(0) { $0 + $1.kept })
        }
    }

    @Test("A document carries the decisions of its episode, the held-out ones too") func provenance() throws {
        let dataset = try curate((0..<4).map { Samples.trajectory("t\($0)") }) { $0.heldOut = 1 }
        for item in dataset.train + dataset.heldOut {
            let fate = try #require(dataset.fates.first { $0.episode == item.document.provenance.episode })
            #expect(item.document.provenance.decisions == fate.decisions)
            #expect(fate.outcome == (dataset.heldOut.contains(item) ? .heldOut : .training))
        }
        #expect(dataset.fates.count { $0.outcome == .heldOut } == 1)
    }

    @Test("A document of one call carries the decisions about itself, not about its episode's other calls") func calls() throws {
        var trajectory = Samples.trajectory("long")
        trajectory.turns[1].droppedTurns = 1
        let whole = try curate([trajectory])
        let sizes = whole.train.map(\.tokens.ids.count)
        #expect(sizes.count == 2)
        for item in whole.train {
            let decisions = try #require(item.document.provenance.decisions)
            #expect(decisions.last == .init(step: "length, training", call: item.document.provenance.call, kept: true))
            #expect(decisions.count { $0.step == "length, training" } == 1)
        }
        let limit = try #require(sizes.max()) - 1
        let shorter = try curate([trajectory]) { $0.maximumTokens = limit }
        #expect(shorter.train.count == 1 && shorter.fates[0].documents == 1 && shorter.fates[0].outcome == .training)
        #expect(shorter.fates[0].decisions.count { $0.step == "length, training" } == 2)
        #expect(shorter.fates[0].decisions.last { !$0.kept }?.reason == "more than \(limit) tokens")
    }

    @Test("What the mix did not draw is told from what trains") func notDrawn() throws {
        let dataset = try curate((0..<8).map { Samples.trajectory("t\($0)") }) { $0.mix = MixOptions(agentRatio: 1, size: 3) }
        #expect(dataset.fates.count { $0.outcome == .training } == 3 && dataset.fates.count { $0.outcome == .notDrawn } == 5)
        #expect(dataset.train.allSatisfy { $0.document.provenance.decisions?.isEmpty == false })
    }

    @Test("Where nothing is left, a look at it shows the steps; a dataset is refused") func nothing() throws {
        let wrong = [Samples.trajectory("wrong", reward: 0)]
        #expect(throws: TemperError.self) { try curate(wrong) }
        let dataset = try curate(wrong, allowsNothing: true)
        #expect(dataset.train.isEmpty && dataset.card.steps[1].kept == 0 && dataset.fates[0].outcome == .dropped)
    }

    @Test("They are written beside the dataset and read back") func files() throws {
        let temporary = try TemporaryFolder()
        let dataset = try curate([Samples.trajectory("a"), Samples.trajectory("b", reward: 0)])
        let hashes = try dataset.write(to: temporary.url)
        #expect(hashes["decisions.jsonl"] != nil)
        #expect(try CuratedDataset.fates(in: temporary.url) == dataset.fates)
        #expect(try CuratedDataset.documents(in: temporary.file("train.jsonl")) == dataset.train.map(\.document))
        #expect(try CuratedDataset.fates(in: temporary.file("none")) == nil)
    }
}
