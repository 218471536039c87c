import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct WebScoreTests {
    /// Worked by hand from the published rules; `why` says how. Fractions are texts.
    struct Vector: Decodable {
        struct Gold: Decodable {
            var elements: [String]
            var operation: String
            var value: String
        }

        var why: String
        var gold: Gold
        var options: Int
        var reply: String
        var element: Double
        var operation: Double
        var value: String
        var action_f1: String
        var step_success: Double
        var reward: String
    }

    static func task(_ gold: WebScore.Gold, candidates: Int, previous: [String] = []) -> AgentTask {
        let names = (1...candidates).map { "e\($0)" }
        let buttons = names.map { "<button backend_node_id=\"\($0)\">Go \($0)</button>" }.joined()
        let task = WebPageTask(
            page: "<html><body>\(buttons)</body></html>", markup: .html, candidates: names, gold: gold, previousActions: previous)
        return AgentTask(id: "t", suite: "mind2web", split: "file", instruction: "Do it.", payload: task.payload, format: .web)
    }

    private func fraction(_ text: String) -> Double {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 ? parts[0] / parts[1] : parts[0]
    }

    @Test("Rewards are those worked by hand from the published rules, near misses among them")
    func vectorsGolden() async throws {
        let vectors = try webGolden("web-rewards", as: [Vector].self)
        #expect(vectors.count >= 50)
        for vector in vectors {
            let gold = WebScore.Gold(
                elements: Set(vector.gold.elements), operation: vector.gold.operation, value: vector.gold.value)
            let task = Self.task(gold, candidates: vector.options)
            var environment = try WebPageEnvironment(task)
            _ = try await environment.reset()
            let reading = TurnText.read(vector.reply, method: .react, format: .web)
            #expect(try await environment.step(#require(reading.action)).isDone)
            let score = try await environment.score()
            let expected = [
                "element": vector.element, "operation": vector.operation, "value": fraction(vector.value),
                "action_f1": fraction(vector.action_f1), "step_success": vector.step_success,
            ]
            for (name, value) in expected {
                #expect(abs((score.metrics[name] ?? -1) - value) < 1e-12, "\(name): \(vector.why)")
            }
            #expect(abs(score.reward - fraction(vector.reward)) < 1e-12, "\(vector.why)")
            #expect(Mind2WebSuite().score(answer: environment.answer, for: task) == score, "rescored: \(vector.why)")
        }
    }

    @Test("A whole tournament: survivors meet again, the last choice counts, an empty line ends with nothing")
    func tournament() {
        typealias Choice = CandidateTournament.Choice
        func play(_ count: Int, _ answers: [Int?]) -> (groups: [[String]], result: String?) {
            var tournament = CandidateTournament(candidates: (0..<count).map(String.init))
            var groups: [[String]] = []
            for answer in answers {
                groups.append(tournament.group)
                let group = tournament.group
                tournament.answer(answer.map { Choice(candidate: group[$0], operation: "CLICK", value: "") })
            }
            #expect(tournament.isOver && tournament.group.isEmpty)
            return (groups, tournament.result?.candidate)
        }
        #expect(play(5, [3]).result == "3")
        #expect(play(5, [nil]).result == nil)
        // Ten: a choice in the first group meets the second; none there leaves it alone in the line.
        let ten = play(10, [1, nil])
        #expect(ten.groups == [["0", "1", "2", "3", "4"], ["5", "6", "7", "8", "9"]] && ten.result == "1")
        let three = play(10, [0, 0, 1])
        #expect(three.groups[2] == ["0", "5"] && three.result == "5")
        #expect(play(10, [0, 0, nil]).result == nil)
        #expect(play(10, [nil, 2]).result == "7")
        // Six, none of the first five: the sixth is left and was never chosen.
        #expect(play(6, [nil]).result == nil)
        // One candidate is asked about once.
        #expect(play(1, [0]).result == "0")
        #expect(play(1, [nil]).result == nil)
        for count in 1...50 {
            var tournament = CandidateTournament(candidates: (0..<count).map(String.init))
            var turns = 0
            while let first = tournament.group.first {
                tournament.answer(Choice(candidate: first, operation: "CLICK", value: ""))
                turns += 1
            }
            #expect(turns == CandidateTournament.maximumTurns(candidates: count))
        }
    }

    @Test(
        "Replies are written and read again in the benchmark's words",
        arguments: ["A", "B CLICK", "C SELECT Pickup", "F TYPE New [x] York"])
    func roundTrip(argument: String) throws {
        let action = Action("choose", argument)
        let text = TurnText.write(thought: "Because: it [fits].", action: action, format: .web)
        let reading = TurnText.read(text, method: .react, format: .web)
        #expect(reading.action == action && reading.thought == "Because: it [fits]." && reading.diagnosis == nil)
        #expect(
            TurnText.read(TurnText.write(thought: nil, action: action, format: .web), method: .react, format: .web).action
                == action)
    }

    @Test("A reply looks as in AgentBench, and what is missing is named while the turn counts")
    func words() {
        let text = TurnText.write(thought: "Pickup is asked for.", action: Action("choose", "C SELECT Pickup"), format: .web)
        #expect(text == "Thought: Pickup is asked for.\nAnswer: C.\nAction: SELECT\nValue: Pickup")
        let lost = TurnText.read("I would buy it.", method: .react, format: .web)
        #expect(lost.action == Action("choose", "A") && lost.thought == "I would buy it.")
        #expect(lost.diagnosis?.hasPrefix("There is no 'Answer: ' with a letter of A to F, which counts as A.") == true)
        let bare = TurnText.read("Answer: C.", method: .react, format: .web)
        #expect(bare.action == Action("choose", "C"))
        #expect(bare.diagnosis?.hasPrefix("There is no 'Action: ' with CLICK, SELECT or TYPE.") == true)
        #expect(TurnText.write(observation: "Page:", format: .web) == "Page:")
        let cut = TurnText.trimmed("Answer: B.\nAction: CLICK\nPage:\n<html>", method: .react, format: .web)
        #expect(cut == "Answer: B.\nAction: CLICK")
        #expect(WebChoice(Action("search", "x")) == nil && WebChoice(Action("choose", "Z CLICK")) == nil)
        #expect(WebChoice(letter: "B", value: "x").action == Action("choose", "B - x"))
    }
}
