import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct Mind2WebSuiteTests {
    let suite = Mind2WebSuite()
    var records: String { webGoldenFolder.appendingPathComponent("Golden/mind2web-records.json").path }

    @Test(
        "Twenty records in Mind2Web's own schema load, every action a task, and the recorded steps score as the benchmark counts them"
    )
    func recordsGolden() async throws {
        let tasks = try suite.tasks(from: records)
        #expect(tasks.count == 31 && Set(tasks.map(\.id)).count == 31 && tasks.map(\.id) == tasks.map(\.id).sorted())
        #expect(Set(tasks.map { $0.id.prefix(10) }).count == 20)
        let gold = try scripted(suite, "gold")
        #expect(gold.author == .reference)
        var lost = 0
        for task in tasks {
            let payload = try WebPageTask(task)
            #expect(payload.candidates.count <= 10 && task.format == .web && task.tags["domain"] == "Travel")
            let played = try await play(suite, gold, task)
            // Where no right candidate is among the ten best the step is lost, as in the benchmark.
            #expect(played.score.reward == (task.tags["positive"] == "none" ? 0 : 1), "\(task.id)")
            if task.tags["positive"] == "none" { lost += 1 }
            #expect(played.turns.count <= suite.maximumTurns && suite.maximumTurns == 3)
        }
        #expect(lost > 0)
        let second = try #require(tasks.first { $0.id.hasSuffix("-01") })
        let opening = try await play(suite, gold, second).opening ?? ""
        #expect(try opening.hasPrefix("Previous actions:\n\(WebPageTask(second).previousActions[0])\nPage:\n<html>"))
        #expect(opening.contains("\nOptions:\nA. None of the above\nB. <"))
        #expect(try suite.configured(with: SuiteOptions(suite: suite.id, ["candidates": .number(5)])).maximumTurns == 1)
    }

    /// One record with the given parts.
    private func record(_ change: (inout [String: Any], inout [String: Any]) -> Void = { _, _ in }) throws -> Data {
        var action: [String: Any] = [
            "action_uid": "u",
            "cleaned_html": "<html><a backend_node_id=\"7\"><text>Go</text></a><input backend_node_id=\"8\"/></html>",
            "operation": ["op": "CLICK", "original_op": "CLICK", "value": ""],
            "pos_candidates": [["tag": "a", "backend_node_id": "7"]], "neg_candidates": [["tag": "input", "backend_node_id": 8]],
        ]
        var record: [String: Any] = [
            "annotation_id": "a1", "website": "w", "domain": "d", "subdomain": "s", "confirmed_task": "Go there.",
            "action_reprs": ["[link]  Go -> CLICK"],
        ]
        change(&record, &action)
        if record["actions"] == nil { record["actions"] = [action] }
        return try JSONSerialization.data(withJSONObject: [record])
    }

    private func load(_ data: Data) throws -> [AgentTask] {
        try Mind2WebFile(suite: "mind2web", split: "file", candidates: 10).tasks(in: data, named: "f.json")
    }

    @Test("What is wrong with a record is named with the record")
    func badRecords() throws {
        func message(_ change: (inout [String: Any], inout [String: Any]) -> Void) throws -> String? {
            let data = try record(change)
            return #expect(throws: TemperError.self) { try load(data) }?.description
        }
        #expect(try load(record()).count == 1)
        let first = "error: f.json: record 1 (a1)"
        #expect(
            try message { record, _ in record["annotation_id"] = nil } == "error: f.json: record 1: 'annotation_id' is missing")
        #expect(try message { record, _ in record["confirmed_task"] = nil } == "\(first): 'confirmed_task' is missing")
        #expect(try message { record, _ in record["actions"] = 3 }?.hasPrefix("error: f.json: record 1: ") == true)
        #expect(
            try message { record, _ in record["action_reprs"] = [] as [String] }
                == "\(first): there are 1 actions and 0 action_reprs")
        #expect(try message { _, action in action["operation"] = nil } == "\(first), action 1: 'operation' is missing")
        #expect(
            try message { _, action in action["cleaned_html"] = nil }
                == "\(first), action 1: 'cleaned_html or raw_html' is missing")
        #expect(try message { _, action in action["cleaned_html"] = " " } == "\(first), action 1: the page has no element")
        #expect(
            try message { _, action in action["operation"] = ["op": "DRAG", "value": ""] }
                == "\(first), action 1: the operation 'DRAG' is unknown\n  it must be one of CLICK, SELECT, TYPE")
        #expect(try message { _, action in action["neg_candidates"] = nil } == "\(first), action 1: 'neg_candidates' is missing")
        #expect(
            try message { _, action in action["pos_candidates"] = [["tag": "a"]] }
                == "\(first), action 1: 'backend_node_id of a candidate' is missing")
        #expect(
            try message { _, action in action["pos_candidates"] = [["backend_node_id": "7", "rank": 0]] }
                == "\(first), action 1: 1 of 2 candidates have a rank\n  give all of them a rank, or none")
        #expect(
            try message { _, action in
                action["pos_candidates"] = [["backend_node_id": "70"]]
                action["neg_candidates"] = [] as [String]
            } == "\(first), action 1: none of the best 10 candidates is on the page")
        let twice = try JSONSerialization.jsonObject(with: record()) as? [Any] ?? []
        let doubled = try JSONSerialization.data(withJSONObject: twice + twice)
        #expect(throws: TemperError.self) { try load(doubled) }
        #expect(#expect(throws: TemperError.self) { try load(Data("[{]".utf8)) }?.place == "f.json")
        #expect(#expect(throws: TemperError.self) { try load(Data("{}\n\n{".utf8)) }?.place == "f.json:3")
    }

    @Test("Without a positive candidate a step scores 0; raw pages, other ranks and one record a line load too")
    func others() async throws {
        let none = try load(record { _, action in action["pos_candidates"] = [] as [String] })[0]
        #expect(none.tags["positive"] == "none")
        for name in ["gold", "random"] { #expect(try await play(suite, scripted(suite, name), none).score.reward == 0) }
        let raw = try load(
            record { _, action in
                action["cleaned_html"] = nil
                action["raw_html"] =
                    "<!DOCTYPE html><p><a backend_node_id=7>Go<br><input aria-label='Where to' backend_node_id=8>"
            })[0]
        let played = try await play(suite, scripted(suite, "gold"), raw)
        #expect(played.score.metrics["step_success"] == 1)
        #expect(played.opening?.contains("<input id=1 where to />") == true)
        let ranked = try load(
            record { _, action in
                action["pos_candidates"] = [["backend_node_id": "7", "rank": 12]]
                action["neg_candidates"] = [["backend_node_id": "8", "rank": 3]]
            })[0]
        #expect(try WebPageTask(ranked).candidates == ["8"] && ranked.tags["positive"] == "none")
        let list = try JSONSerialization.jsonObject(with: record()) as? [[String: Any]] ?? []
        let line = try JSONSerialization.data(withJSONObject: list[0])
        #expect(try load(line + Data("\n".utf8)).count == 1)
    }

    @Test("Words shared with the task rank candidates where the data has no ranks")
    func lexicalRank() throws {
        let page = try PageParser.parse(
            "<html><a backend_node_id='1'><text>Terms</text></a><a backend_node_id='2'><text>Weekend trains</text></a><input backend_node_id='3' "
                + "aria_label='trains'/><a backend_node_id='4'><text>Privacy</text></a></html>", as: .cleaned, named: "p")
        let all = ["4", "3", "1", "2"]
        let order = LexicalRank.order(all, page.places(of: Set(all)), on: page, goal: "Find weekend trains to the coast")
        #expect(order == ["2", "3", "1", "4"])
    }

    @Test("Splits come from the data folder, which is named when it is not there")
    func splits() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mind2web-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (index, split) in ["test_task", "test_website", "test_domain"].enumerated() {
            let place = folder.appendingPathComponent(split)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try record { record, _ in record["annotation_id"] = "a\(index)" }.write(to: place.appendingPathComponent("0.json"))
        }
        let suite = Mind2WebSuite(candidates: 10, folder: folder)
        #expect(try suite.tasks(split: "test", limit: nil).map(\.id) == ["a0-00", "a1-00", "a2-00"])
        #expect(try suite.tasks(split: "test", limit: 2).count == 2)
        #expect(#expect(throws: TemperError.self) { try suite.tasks(split: "train", limit: nil) }?.code == .unavailable)
        #expect(#expect(throws: TemperError.self) { try suite.tasks(split: "dev", limit: nil) }?.code == .usage)
    }

    @Test("Every reply uses up its group: odd actions and absent options count as none and are named")
    func oddActions() async throws {
        let gold = WebScore.Gold(elements: ["e8"], operation: "CLICK", value: "")
        let task = WebScoreTests.task(gold, candidates: 8)
        var environment = try WebPageEnvironment(task)
        let opening = try #require(try await environment.reset())
        #expect(opening.hasPrefix("Previous actions:\nNone\nPage:\n<html>"))
        let odd = try await environment.step(Action("search", "x"))
        #expect(
            !odd.isValid
                && odd.observation.hasPrefix(
                    "'search[x]' is not choose[letter operation value]: it counts as none of the above.\nPage:")
        )
        let absent = try await environment.step(Action("choose", "F CLICK"))
        #expect(!absent.isValid && absent.isDone)
        #expect(try await environment.score().reward == 0)
        #expect(environment.answer == nil && environment.admissibleActions == [Action("choose", "A")])
        #expect(try await environment.step(Action("choose", "B CLICK")).isDone)
        let other = AgentTask(id: "x", suite: "mind2web", split: "file", instruction: "?", payload: .object([:]))
        #expect(#expect(throws: TemperError.self) { try suite.makeEnvironment(for: other) }?.code == .data)
        #expect(suite.score(answer: "e8 CLICK", for: other) == nil)
    }
}
