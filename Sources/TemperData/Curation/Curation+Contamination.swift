import Foundation
import TemperCore

/// What the training side holds of the test sets, before contaminated episodes go and in the dataset as it is.
package struct ContaminationTable: Codable, Sendable, Hashable {
    package var rule: ContaminationRule.Reading
    /// Matches among all instructions that reached the step.
    package var before: [ContaminationReport.TestRow]
    /// Matches among the training documents, general conversations included.
    package var after: [ContaminationReport.TestRow]

    /// The lines of `card.md`.
    var markdown: [String] {
        func percent(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
        var lines = ["", "## Contamination", ""]
        lines.append(
            "Rule \(rule.rawValue): matches of 10 tokens; an example is dirty when more than 80 % of its tokens are covered, clean "
                + "when less than 20 % are. First what came in, then what the dataset holds.")
        lines += [
            "", "| test set | n | rate | dirty | clean | rate in dataset | dirty | clean |", "|---|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for (old, new) in zip(before, after) {
            let cells = [
                old.test, "\(old.n)", percent(old.rate), "\(old.dirty)", "\(old.clean)", percent(new.rate), "\(new.dirty)",
                "\(new.clean)",
            ]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines
    }
}

extension CurationContext {
    /// All test sets together.
    func tests(_ reading: ContaminationRule.Reading) -> TestTexts {
        TestTexts(testSets.flatMap(\.instructions), rule: ContaminationRule(reading))
    }
}

/// The steps of ``Curation`` that keep test sets out.
extension Curation {
    static let contaminationReason = "matches a test instruction"

    /// Drops every episode whose task text matches a test instruction that the training side makes dirty.
    static func withoutContamination(_ episodes: [Trajectory], _ tests: TestTexts, _ log: inout StepLog) -> [Trajectory] {
        let matched = matches(episodes.map(\.task.instruction), tests)
        var position = 0
        return log.filter("contamination", episodes) { _ in
            defer { position += 1 }
            return matched[position] ? contaminationReason : nil
        }
    }

    /// Whether each text matches a test instruction that all the texts together make dirty.
    static func matches(_ texts: [String], _ tests: TestTexts) -> [Bool] {
        var tests = tests
        for text in texts { tests.scan(text) }
        let matcher = tests.matcher()
        return texts.map { matcher?.matches($0) ?? false }
    }

    /// What the user says in a chat: what is compared with test instructions.
    static func asked(in document: Document) -> String {
        document.messages.filter { $0.role == .user }.map(\.text).joined(separator: "\n")
    }

    /// - Parameters:
    ///   - before: the episodes that reached the step.
    ///   - after: the training documents; an episode's counts with its task text, a conversation with what the user says.
    static func contaminationTable(
        _ tests: [TestSet], _ rule: ContaminationRule, before: [Trajectory], _ conversations: [Document],
        after: [CuratedDocument]
    ) -> ContaminationTable {
        let instructions = Dictionary(before.map { ($0.episodeName, $0.task.instruction) }) { first, _ in first }
        let came = before.map(\.task.instruction) + conversations.map(asked)
        let remain = after.map { instructions[$0.episodeName] ?? asked(in: $0.document) }
        func rows(_ texts: [String]) -> [ContaminationReport.TestRow] {
            tests.map { set in
                var own = TestTexts(set.instructions, rule: rule)
                for text in texts { own.scan(text) }
                return own.row(set.name)
            }
        }
        return ContaminationTable(rule: rule.reading, before: rows(came), after: rows(remain))
    }
}
