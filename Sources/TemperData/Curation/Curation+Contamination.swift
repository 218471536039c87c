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

    /// What tells the episodes and conversations that match a test instruction which all of them together make dirty.
    static func contaminationMatcher(
        _ episodes: [Trajectory], _ conversations: [Document], _ tests: TestTexts
    ) -> TestTexts.Matcher? {
        var tests = tests
        for episode in episodes { tests.scan(episode.task.instruction) }
        for document in conversations { for text in document.askedTexts { tests.scan(text) } }
        return tests.matcher()
    }

    static func withoutContamination(
        _ episodes: [Trajectory], _ matcher: TestTexts.Matcher?, _ log: inout StepLog
    ) -> [Trajectory] {
        log.filter("contamination", episodes) { episode in
            matcher?.matches(episode.task.instruction) == true ? contaminationReason : nil
        }
    }

    /// - Parameters:
    ///   - before: the episodes that reached the step.
    ///   - after: the training documents.
    static func contaminationTable(
        _ tests: [TestSet], _ rule: ContaminationRule, before: [Trajectory], _ conversations: [Document],
        after: [CuratedDocument]
    ) -> ContaminationTable {
        let came = before.map(\.task.instruction) + conversations.flatMap(\.askedTexts)
        let remain = after.flatMap(\.document.askedTexts)
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
