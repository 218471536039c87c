import Foundation
package import TemperCore

extension TurnFormat {
    /// AgentBench's operating-system tasks.
    package static let operatingSystem = TurnFormat("operating_system", OperatingSystemText.self)
}

/// The words of AgentBench's operating-system tasks (Liu et al. 2023): `Think: …`, then `Act: bash` with a code block,
/// `Act: answer(…)` or `Act: finish`; answered by `The output of the OS:`.
///
/// As AgentBench reads it, the last readable `Act:` line counts, and all bash blocks of a reply are one command. Here a thought
/// may have several lines, and an answer may go on over lines up to the last `)`.
enum OperatingSystemText: TurnFormatText {
    static let stopStrings = ["\nThe output of the OS"]
    static let expectation = "Write 'Think: …' and then 'Act: bash' with a ```bash block, 'Act: answer(…)' or 'Act: finish'."

    private static let fence = "```"
    private static let opening = "```bash\n"

    static func write(thought: String?, action: Action) -> String {
        let lead = thought.map { $0.isEmpty ? "" : "Think: \($0)\n\n" } ?? ""
        switch action.name {
        case "bash": return "\(lead)Act: bash\n\n\(opening)\(action.argument)\n\(fence)"
        case "finish": return "\(lead)Act: finish"
        default: return "\(lead)Act: \(action.name)(\(action.argument))"
        }
    }

    static func write(observation: String) -> String {
        observation.isEmpty ? "The output of the OS is empty." : "The output of the OS:\n\n\(observation)"
    }

    static func read(_ text: String) -> TurnText.Reading {
        let acts = text.ranges(of: /(?m)^[ \t]*Act:[ \t]*/)
        guard let first = acts.first else {
            return TurnText.Reading(thought: thought(in: text), diagnosis: "There is no 'Act:' line. \(expectation)")
        }
        let thought = thought(in: String(text[..<first.lowerBound]))
        for act in acts.reversed() {
            let rest = text[act.upperBound...]
            let word = rest.prefix { $0.isLetter }.lowercased()
            if word == "finish" { return TurnText.Reading(thought: thought, action: Action("finish", "")) }
            if word == "answer", let open = rest.firstIndex(of: "("), let close = rest.lastIndex(of: ")"), open < close {
                return TurnText.Reading(thought: thought, action: Action("answer", String(rest[rest.index(after: open)..<close])))
            }
            if word == "bash" {
                let blocks = blocks(of: text)
                guard !blocks.isEmpty else {
                    return TurnText.Reading(thought: thought, diagnosis: "There is no ```bash block. \(expectation)")
                }
                return TurnText.Reading(thought: thought, action: Action("bash", blocks.joined(separator: "\n\n")))
            }
        }
        let line = TurnText.firstLine(String(text[(acts.last ?? first).upperBound...]))
        return TurnText.Reading(thought: thought, diagnosis: "'\(line)' is not an action. \(expectation)")
    }

    /// The texts between ```` ```bash ```` and the next fence that begins a line.
    private static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var rest = text[...]
        while let start = rest.range(of: opening) {
            rest = rest[start.upperBound...]
            if rest.hasPrefix(fence) {
                rest = rest.dropFirst(fence.count)
                continue
            }
            guard let end = rest.range(of: "\n" + fence) else { break }
            blocks.append(String(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return blocks
    }

    private static func thought(in text: String) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let body = trimmed.hasPrefix("Think:") ? String(trimmed.dropFirst("Think:".count)) : trimmed
        let thought = body.trimmingCharacters(in: .whitespacesAndNewlines)
        return thought.isEmpty ? nil : thought
    }
}
