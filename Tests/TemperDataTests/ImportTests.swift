import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Import") struct ImportTests {
    /// Exact match and F1 as SQuAD's and HotpotQA's scorers define them, written here apart from the suite's own.
    static func score(_ answer: String?, _ gold: String) -> Score {
        func words(_ text: String) -> [String] {
            let ascii = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
            return text.lowercased().filter { !ascii.contains($0) }
                .replacing(/\b(a|an|the)\b/, with: " ").split(whereSeparator: \.isWhitespace).map(String.init)
        }
        let (given, right) = (words(answer ?? ""), words(gold))
        let exact = given == right ? 1.0 : 0
        let special: Set<String> = ["yes", "no", "noanswer"]
        let (one, other) = (given.joined(separator: " "), right.joined(separator: " "))
        var left = right
        var common = 0
        for word in given {
            if let index = left.firstIndex(of: word) {
                left.remove(at: index)
                common += 1
            }
        }
        var f1 = 0.0
        if common > 0, one == other || !(special.contains(one) || special.contains(other)) {
            let precision = Double(common) / Double(given.count)
            let recall = Double(common) / Double(right.count)
            f1 = 2 * precision * recall / (precision + recall)
        }
        return Score(reward: exact, metrics: ["exact_match": exact, "f1": f1])
    }

    private func options(
        strict: Bool = false, expected: [AgentTask] = [], count: Int? = nil
    ) -> ImportOptions {
        ImportOptions(expectedTasks: expected, expectedCount: count, isStrict: strict) { Self.score($0, $1) }
    }

    @Test("FireAct's 500 result episodes score 0.262 exact match and 0.380 F1 from their raw text") func fireactResultsRealData()
        throws
    {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let url = folder.appendingPathComponent("fireact/trajectories-llama-2-7b.json")
        let (trajectories, report) = try FireActResults().read(url, options: options(strict: true, count: 500))
        #expect(report.records == 500 && report.kept == 500 && report.dropped.isEmpty)
        let mean = { (name: String) in trajectories.reduce(0) { $0 + ($1.score?.metrics[name] ?? 0) } / 500 }
        #expect(trajectories.count { $0.score?.reward == 1 } == 131)
        #expect(abs(mean("exact_match") - 0.262) < 1e-9)
        #expect(abs(mean("f1") - 0.380) < 0.0005)
        let turns = Dictionary(grouping: trajectories, by: \.turns.count).mapValues(\.count)
        #expect(turns == [2: 161, 3: 202, 4: 28, 5: 19, 6: 60, 7: 1, 8: 5, 9: 4, 10: 20])
        #expect(trajectories.allSatisfy { $0.outcome == .finished && $0.turns.last?.observation == nil })
        #expect(trajectories.flatMap(\.turns).count { $0.diagnosis != nil } == 1)
        let first = try #require(trajectories.first { $0.key.task == "dev-06238" })
        #expect(first.task.instruction == "Who created the show with Wendy Schaal doing the voice of Francine?")
        #expect(first.answer == "Seth MacFarlane")
        #expect(first.turns[1].replyText == "Thought: The show was created by Seth MacFarlane.\nAction: finish[Seth MacFarlane]")
        #expect(first.turns[0].observation?.hasPrefix("It was finally in '05 that Schaal") == true)
        #expect(first.turns.flatMap(\.reply).allSatisfy { $0.author == .policy })
    }

    @Test("FireAct's stored text can be rebuilt from the turns, byte for byte") func fireactTextRealData() throws {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let url = folder.appendingPathComponent("fireact/trajectories-llama-2-7b.json")
        let file = try JSONValue.parse(try Data(contentsOf: url), named: url.path)
        for trajectory in try FireActResults().read(url, options: options()).trajectories {
            let text = try #require(file[String(Int(trajectory.key.task.dropFirst(4)) ?? -1)]?["traj"]?.string)
            let response = try FireActText.split(alpaca: text).response
            let rebuilt = trajectory.turns.map { turn in
                turn.replyText + "\n" + (turn.observation.map { "Observation: \($0)\n" } ?? "")
            }.joined()
            #expect(response.hasPrefix(rebuilt), "\(trajectory.key.text)")
            #expect(response.dropFirst(rebuilt.count).hasPrefix("Observation: Episode finished, reward = "))
        }
    }

    private func episode(_ response: String, gold: String = "ada") -> String {
        let text = "Below is …\n\n### Instruction:\nWho made it?\n\n### Response:\n\(response)"
        return String(decoding: (try? JSONEncoder().encode(["gt": gold, "traj": text])) ?? Data(), as: UTF8.self)
    }

    @Test("Text after the closing bracket does not leak into the answer") func leaking() throws {
        let temporary = try TemporaryFolder()
        let leak =
            "Thought: Not there.\nAction: finish[Not found]\nThought: The action is complete]\nObservation: Episode finished, reward = False\n"
        let nested = "Thought: So.\nAction: finish[Ada [the first] ]\nObservation: Episode finished, reward = True\n"
        let url = try temporary.write("{\"1\": \(episode(leak)), \"2\": \(episode(nested))}", "r.json")
        let trajectories = try FireActResults().read(url, options: options()).trajectories
        #expect(trajectories.map(\.answer) == ["Not found", "Ada [the first] "])
        #expect(trajectories[0].turns[0].replyText.hasSuffix("[Not found]\nThought: The action is complete]"))
    }

    @Test("The stored reward is not trusted") func storedReward() throws {
        let temporary = try TemporaryFolder()
        let lie = "Thought: So.\nAction: finish[Bob]\nObservation: Episode finished, reward = True\n"
        let url = try temporary.write("{\"1\": \(episode(lie))}", "r.json")
        #expect(try FireActResults().read(url, options: options()).trajectories[0].score?.reward == 0)
    }

    @Test("An episode without an end is kept as one that met its turn limit") func unfinished() throws {
        let temporary = try TemporaryFolder()
        let url = try temporary.write("{\"1\": \(episode("Thought: So.\nAction: search[x]\nObservation: one\ntwo\n"))}", "r.json")
        let trajectory = try FireActResults().read(url, options: options()).trajectories[0]
        #expect(trajectory.outcome == .turnLimit && trajectory.answer == nil && trajectory.score?.reward == 0)
        #expect(trajectory.turns.map(\.observation) == ["one\ntwo\n"])
    }

    @Test("Chat-form results read like text-form ones") func chatForm() throws {
        let temporary = try TemporaryFolder()
        let chat = """
            {"9": {"gt": "ada", "traj": [
                {"role": "user", "content": "Who made it?"},
                {"role": "assistant", "content": "Thought: Look.\\nAction: search[it]"},
                {"role": "user", "content": "Observation: Ada did."},
                {"role": "assistant", "content": "Thought: So.\\nAction: finish[Ada]"},
                {"role": "user", "content": "Observation: Episode finished, reward = True"}]}}
            """
        let text =
            "Thought: Look.\nAction: search[it]\nObservation: Ada did.\nThought: So.\nAction: finish[Ada]\nObservation: Episode finished, reward = True\n"
        let one = try FireActResults().read(try temporary.write(chat, "chat.json"), options: options()).trajectories
        let other = try FireActResults().read(try temporary.write("{\"9\": \(episode(text))}", "text.json"), options: options())
        #expect(one == other.trajectories)
        #expect(one[0].score?.reward == 1 && one[0].turns.count == 2)
    }

    private static let faults = [
        ("{\"x\": {\"gt\": \"a\", \"traj\": \"\"}}", "[x]", "the key is not a dataset index"),
        ("{\"5\": {\"traj\": \"\"}}", "[5]", "'gt' is missing or not a string"),
        ("{\"5\": {\"gt\": \"a\", \"traj\": 3}}", "[5]", "'traj' is neither a string nor a list of messages"),
        ("{\"5\": {\"gt\": \"a\", \"traj\": \"hello\"}}", "[5]", "the text has no '### Instruction:' and '### Response:'"),
        (
            "{\"5\": {\"gt\": \"a\", \"traj\": \"### Instruction:\\nq\\n\\n### Response:\\nhello\"}}", "[5]",
            "the text does not begin with 'Thought:' or 'Action:'"
        ),
        ("{\"5\": {\"gt\": \"a\", \"traj\": [{\"role\": 1}]}}", "[5]", "a message has no text 'role' or 'content'"),
        ("{\"5\": {\"gt\": \"a\", \"traj\": [{\"role\": \"user\", \"content\": \"q\"}]}}", "[5]", "the chat has no reply"),
    ]

    @Test("A bad record is counted with its place, and stops a strict import", arguments: faults)
    func badRecords(text: String, place: String, reason: String) throws {
        let temporary = try TemporaryFolder()
        let url = try temporary.write(text, "r.json")
        let report = try FireActResults().read(url, options: options()).report
        #expect(report.records == 1 && report.kept == 0)
        #expect(report.dropped == [.init(reason: reason, count: 1, places: ["r.json" + place])])
        let error = #expect(throws: TemperError.self) { try FireActResults().read(url, options: options(strict: true)) }
        #expect(error?.code == .data)
        #expect(error?.description == "error: \(url.path)\(place): \(reason)")
    }

    @Test("A file that is not of the format is an error that names it", arguments: ["", "{\"1\": ", "[1, 2]"])
    func badFile(text: String) throws {
        let temporary = try TemporaryFolder()
        let url = try temporary.write(text, "r.json")
        let error = #expect(throws: TemperError.self) { try FireActResults().read(url, options: options()) }
        #expect(error?.code == .data)
        #expect(error?.place?.hasPrefix(url.path) == true)
    }

    @Test("Expected episodes that are absent are there as missing, with reward 0") func missing() throws {
        let temporary = try TemporaryFolder()
        let done = episode("Thought: So.\nAction: finish[Ada]\nObservation: Episode finished, reward = True\n")
        let url = try temporary.write("{\"1\": \(done)}", "r.json")
        let expected = ["dev-00001", "dev-00002"].map {
            AgentTask(id: $0, suite: "hotpotqa", split: "dev", instruction: "?", payload: .object(["answer": .string("")]))
        }
        let (trajectories, report) = try FireActResults().read(url, options: options(expected: expected, count: 5))
        // Two are known by name; the other three of the five count too.
        #expect(trajectories.map(\.outcome) == [.finished, .missing, .missing, .missing, .missing])
        #expect(trajectories.dropFirst().allSatisfy { $0.score == Score(reward: 0, metrics: ["exact_match": 0, "f1": 0]) })
        #expect(Set(trajectories.map(\.key)).count == 5)
        #expect(report.kept == 1)
        #expect(
            report.dropped == [
                .init(reason: "missing", count: 4, places: ["dev-00002", "missing-0", "missing-1", "missing-2"])
            ])
    }

    @Test("FireAct's training sets read alike as Alpaca and as chat, with forced sentences marked") func trainingSetsRealData()
        throws
    {
        guard let folder = DataFolder.locate() else {
            print("skipped: no data folder; set TEMPER_DATA")
            return
        }
        let alpaca = try FireActAlpaca().read(
            folder.appendingPathComponent("fireact/hotpotqa_multimethod.json"), options: options(strict: true)
        ).trajectories
        let chat = try FireActChat().read(
            folder.appendingPathComponent("fireact/gpt_format/hotpotqa_multimethod.jsonl"), options: options(strict: true)
        ).trajectories
        #expect(alpaca.count == 734 && chat.count == 733)
        #expect(alpaca.count { $0.score?.reward == 1 } == 694)
        #expect(chat.count { $0.score?.reward == 1 } == 693)
        #expect(alpaca.count { $0.turns.flatMap(\.reply).contains { $0.author == .forced } } == 47)
        #expect(chat.count { $0.turns.flatMap(\.reply).contains { $0.author == .forced } } == 47)
    }

    @Test("An unknown format is an error that lists the known ones") func unknownFormat() throws {
        #expect(try ImportFormats.named("fireact-results").name == "fireact-results")
        let error = #expect(throws: TemperError.self) { try ImportFormats.named("fireact") }
        #expect(
            error?.hint
                == "there are: fireact-results, fireact-alpaca, fireact-chat, agentinstruct, sharegpt, openai-chat, alpaca, ultrachat, prompt-completion, xlam, glaive"
        )
        #expect(throws: TemperError.self) { try ExportFormats.named("x") }
    }
}
