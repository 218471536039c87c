import Foundation

/// Prompts as text files: the instruction, then demonstrations.
///
/// ```
/// Instruction, any lines.
/// === demonstration
/// Question: …
/// Thought: …
/// Action: search[…]
/// Observation: …
/// Thought: …
/// Action: finish[…]
/// ```
/// Question and observations become user messages (the question without its label, as a task is shown), the text between
/// becomes an assistant message. A line without a label continues the one before.
///
/// A demonstration in another format has a line `--- user` or `--- assistant` before each message, whose text is taken as it is.
package enum SuitePromptFile {
    package static let marker = "=== demonstration"

    /// Reads a prompt file.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the line.
    package static func parse(_ text: String, named place: String) throws -> SuitePrompt {
        var instruction: [String] = []
        var demonstrations: [Demonstration] = []
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line == marker {
                try close(&demonstrations, place)
                demonstrations.append(Demonstration(line: index + 1))
            } else if demonstrations.isEmpty {
                instruction.append(line)
            } else {
                try demonstrations[demonstrations.count - 1].read(line, at: "\(place):\(index + 1)")
            }
        }
        try close(&demonstrations, place)
        let lead = instruction.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !lead.isEmpty else { throw TemperError(.data, "there is no instruction before the demonstrations", place: place) }
        return SuitePrompt(instruction: lead, demonstrations: demonstrations.map(\.messages))
    }

    private static func close(_ demonstrations: inout [Demonstration], _ place: String) throws {
        guard !demonstrations.isEmpty else { return }
        try demonstrations[demonstrations.count - 1].close(place)
    }

    /// One worked example while it is read.
    private struct Demonstration {
        let line: Int
        private(set) var messages: [Message] = []

        init(line: Int) {
            self.line = line
        }

        /// Whether messages are marked by lines of their own.
        private var isMarked = false

        mutating func read(_ line: String, at place: String) throws {
            if line == "--- user" || line == "--- assistant" {
                isMarked = true
                let role: Role = line == "--- user" ? .user : .assistant
                guard messages.last?.role != role, !messages.isEmpty || role == .user else {
                    throw TemperError(.data, "the messages of a demonstration take turns, the user first", place: place)
                }
                return add(role, "")
            }
            if isMarked { return append(line) }
            if line.trimmingCharacters(in: .whitespaces).isEmpty { return }
            if line.hasPrefix("Question: ") {
                guard messages.isEmpty else { throw TemperError(.data, "a demonstration has one question", place: place) }
                add(.user, String(line.dropFirst("Question: ".count)))
            } else if line.hasPrefix("Observation: ") {
                guard messages.last?.role == .assistant else {
                    throw TemperError(.data, "an observation must follow an action", place: place)
                }
                add(.user, line)
            } else if line.hasPrefix("Thought: ") {
                guard messages.last?.role == .user else {
                    throw TemperError(.data, "a thought must follow the question or an observation", place: place)
                }
                add(.assistant, line)
            } else if line.hasPrefix("Action: ") || line.hasPrefix("Answer: ") {
                if messages.last?.role == .user { add(.assistant, line) } else { try goOn(line, place) }
            } else {
                try goOn(line, place)
            }
        }

        mutating func close(_ place: String) throws {
            for index in messages.indices where isMarked {
                messages[index].spans[0].text = messages[index].text.trimmingCharacters(in: .newlines)
            }
            guard messages.first?.role == .user, messages.last?.role == .assistant else {
                throw TemperError(
                    .data, "a demonstration starts with 'Question: ' and ends with a reply", place: "\(place):\(line)")
            }
        }

        private mutating func append(_ text: String) {
            messages[messages.count - 1].spans[0].text += isMarked ? text + "\n" : text
        }

        private mutating func add(_ role: Role, _ text: String) {
            messages.append(Message(role, text, by: .demonstration))
        }

        private mutating func goOn(_ line: String, _ place: String) throws {
            guard !messages.isEmpty else {
                throw TemperError(.data, "a demonstration starts with 'Question: ', not with '\(line.prefix(40))'", place: place)
            }
            append("\n" + line)
        }
    }
}
