import Foundation
import TemperCore
import Testing

@testable import TemperData

/// FireAct's released fine-tuning files (MIT), with the faults that are known of them.
@Suite("FireAct's files") struct FireActFilesTests {
    private func read(_ format: any ImportFormat, _ name: String) throws -> (trajectories: [Trajectory], report: ImportReport) {
        try format.read(DataFolder.file("fireact/\(name)"), options: ImportOptions(isStrict: true))
    }

    private func counts(_ report: ImportReport) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: report.found.map { ($0.reason, $0.count) })
    }

    private static let wrong = "the answer is wrong by the text's own reward, kept with reward 0"
    private static let doubled = "a doubled finish, its copy inside the thought cut out"
    private static let bare = "a reply without a thought, kept"
    private static let options = "the options stood in the output, moved to the question"

    @Test("Every row of every file is read, and the known faults are found and counted", .enabled(if: DataFolder.locate() != nil))
    func faultsRealData() throws {
        let files: [(format: any ImportFormat, name: String, rows: Int, found: [String: Int])] = [
            (FireActAlpaca(), "hotpotqa.json", 500, [:]),
            (FireActAlpaca(), "hotpotqa_multimethod.json", 734, [Self.wrong: 40, Self.doubled: 14, Self.bare: 1]),
            (FireActAlpaca(), "multitask.json", 1344, [Self.options: 456]),
            (FireActChat(), "gpt_format/hotpotqa_multimethod.jsonl", 733, [Self.wrong: 40, Self.doubled: 14]),
            (FireActChat(), "gpt_format/multitask.jsonl", 1344, [:]),
        ]
        for file in files {
            let (trajectories, report) = try read(file.format, file.name)
            #expect(report.records == file.rows && report.kept == file.rows && report.dropped.isEmpty, "\(file.name)")
            #expect(counts(report) == file.found, "\(file.name)")
            #expect(trajectories.count == file.rows)
            #expect(trajectories.allSatisfy { $0.outcome == .finished && $0.turns.last?.action != nil }, "\(file.name)")
            for turn in trajectories.flatMap(\.turns) {
                #expect(
                    !turn.replyText.contains("Action: finish[") || turn.replyText.components(separatedBy: "finish[").count == 2)
            }
        }
    }

    @Test("The rows that Reflexion wrote are the wrong ones", .enabled(if: DataFolder.locate() != nil)) func reflexionRealData()
        throws
    {
        let trajectories = try read(FireActAlpaca(), "hotpotqa_multimethod.json").trajectories
        let forced = trajectories.filter { $0.turns.flatMap(\.reply).contains { $0.author == .forced } }
        #expect(forced.count == 47 && forced.count { $0.score?.reward == 0 } == 40)
        #expect(trajectories.count { $0.score?.reward == 0 } == 40)
    }

    @Test("Clean rows are written again as they were", .enabled(if: DataFolder.locate() != nil)) func roundTripRealData() throws {
        let files: [(any ImportFormat, RecordFile, String)] = [
            (FireActAlpaca(), .fireActAlpaca, "hotpotqa.json"), (FireActAlpaca(), .fireActAlpaca, "hotpotqa_multimethod.json"),
            (FireActAlpaca(), .fireActAlpaca, "multitask.json"),
            (FireActChat(), .fireActChat, "gpt_format/hotpotqa_multimethod.jsonl"),
            (FireActChat(), .fireActChat, "gpt_format/multitask.jsonl"),
        ]
        for (format, export, name) in files {
            let url = try DataFolder.file("fireact/\(name)")
            let mended = [Self.doubled, Self.options, "text after the episode's end, left out"]
            var (clean, same) = (0, 0)
            for record in try RecordStream(url) {
                let value = try record.content.get()
                let imported = try format.read(SourceRecord(index: record.index, value: value), options: ImportOptions())
                guard case .trajectory(let trajectory) = imported.content, !imported.found.contains(where: mended.contains) else {
                    continue
                }
                clean += 1
                guard
                    case .success(let documents) = try Rendering.documents(
                        of: trajectory, prompt: nil, options: CurationOptions(), run: "")
                else { continue }
                let again = try export.record(documents[0], trajectory.task.payload[FireActText.endingKey]?.string)
                if again == value { same += 1 } else if clean - same < 3 { print("\(record.place): \(value)\n\(again)") }
            }
            print("\(name): \(same) of \(clean) clean rows again the same")
            #expect(same == clean, "\(name)")
        }
    }

    @Test("Faults of files outside the data folder: two endings, and a thought inside the brackets") func otherFaults() throws {
        let temporary = try TemporaryFolder()
        let rows = [
            "Thought: So.\nAction: finish[A]\nObservation: Episode finished, reward = 0\nObservation: Episode finished, reward = 1\n",
            "Thought: So.\nAction: finish[A]\nObservation: Episode finished, reward = 0\nThought: Or so.\nAction: finish[B]\n"
                + "Observation: Episode finished, reward = 1\n",
            "Action: finish[Thought: It is not so. Answer: no.]\nObservation: Episode finished, reward = 1\n",
            "Thought: So.\nAction: finish[A]",
        ]
        let lines = try rows.map {
            String(decoding: try JSONEncoder().encode(["instruction": "Q?", "input": "", "output": $0]), as: UTF8.self)
        }
        let url = try temporary.write(lines.joined(separator: "\n"), "rows.jsonl")
        let (trajectories, report) = try FireActAlpaca().read(url, options: ImportOptions())
        #expect(trajectories.map(\.answer) == ["A", "A", "no", "A"])
        #expect(trajectories.map { $0.score?.reward } == [0, 0, 1, 0])
        #expect(trajectories[2].turns[0].replyText == "Thought: It is not so.\nAction: finish[no]")
        #expect(trajectories[2].turns[0].reply.map(\.author) == [.converted, .teacher, .converted, .teacher, .converted])
        #expect(
            counts(report) == [
                "text after the episode's end, left out": 2, Self.wrong: 2,
                "thought and answer both inside the brackets, set apart": 1,
                "the text states no reward, kept with reward 0": 1,
            ])
    }
}
