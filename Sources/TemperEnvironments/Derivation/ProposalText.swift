import Foundation
import TemperCore

/// A teacher's proposal: a paragraph after `Task:`, and code blocks, each after a label of its own or after none.
/// ```
/// Task: How many files are in /srv/data?
/// Solution:
/// ```bash
/// ls /srv/data | wc -l
/// ```
/// ```
struct ProposalText {
    struct Block: Hashable {
        /// The label in lower case; empty without one.
        var label: String
        /// The word after the fence, in lower case.
        var language: String
        var code: String
    }

    /// Longer ones are not tasks.
    static let longestQuestion = 2_000

    private(set) var question = ""
    private(set) var blocks: [Block] = []

    /// The one block of a label; nil when there is none.
    func block(_ label: String) -> Block? { blocks.first { $0.label == label } }

    /// - Returns: the rejection when the reply has another form.
    static func read(_ reply: String, labels: [String]) -> Result<ProposalText, Fault> {
        var proposal = ProposalText()
        var label = ""
        var open: Block?
        var hasTask = false
        for line in reply.replacing("\r\n", with: "\n").components(separatedBy: "\n") {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if var block = open {
                if trimmed == "```" {
                    proposal.blocks.append(block)
                    open = nil
                    label = ""
                } else {
                    block.code += block.code.isEmpty ? line : "\n" + line
                    open = block
                }
            } else if trimmed.hasPrefix("```") {
                open = Block(label: label, language: trimmed.dropFirst(3).lowercased(), code: "")
            } else if let (name, rest) = labelled(trimmed, ["task"] + labels) {
                if name == "task", hasTask { return .failure(Fault("there are two tasks in the reply")) }
                hasTask = hasTask || name == "task"
                label = name
                if name == "task" { proposal.question = rest }
            } else if label == "task", !trimmed.isEmpty {
                proposal.question += (proposal.question.isEmpty ? "" : "\n") + trimmed
            }
        }
        if open != nil { return .failure(Fault("a code block is not closed")) }
        guard hasTask, !proposal.question.isEmpty else { return .failure(Fault("there is no text after 'Task:'")) }
        guard proposal.question.count <= longestQuestion else {
            return .failure(Fault("the task is longer than \(longestQuestion) characters"))
        }
        return .success(proposal)
    }

    /// What is wrong with a reply.
    struct Fault: Error {
        var detail: String
        init(_ detail: String) { self.detail = detail }
    }

    /// `**Task:** text` counts as `Task: text`.
    private static func labelled(_ line: String, _ labels: [String]) -> (name: String, rest: String)? {
        let plain = line.trimmingCharacters(in: CharacterSet(charactersIn: "*# "))
        guard let colon = plain.firstIndex(of: ":") else { return nil }
        let name = plain[..<colon].lowercased()
        guard labels.contains(name) else { return nil }
        let rest = plain[plain.index(after: colon)...].trimmingCharacters(in: CharacterSet(charactersIn: "* "))
        return (name, rest)
    }
}
