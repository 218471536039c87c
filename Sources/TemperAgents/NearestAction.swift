import Foundation
package import TemperCore

/// Carries out the admissible action most like what a policy wrote, as AgentBench does in ALFWorld (Liu et al. 2023).
package enum NearestAction {
    /// AgentBench's least score: a reply that is no nearer to any action stays as it is.
    package static let defaultThreshold = 0.01

    /// The action to carry out for a reply; nil when the reply's own is carried out, or nothing is near enough.
    ///
    /// Lower-cased words are compared. Where all admissible actions have one name, as in ALFWorld, only arguments are; a reply
    /// that cannot be read is compared by its action line, or else its first line.
    ///
    /// - Parameters:
    ///   - listsAll: whether every action that can be taken is listed; otherwise any argument of a listed name is admissible.
    package static func choose(
        for turn: Turn, among admissible: [Action], listsAll: Bool = true, threshold: Double = defaultThreshold
    ) -> Action? {
        if let action = turn.action {
            if admissible.contains(action) || (!listsAll && admissible.contains { $0.name == action.name }) { return nil }
            if let same = admissible.first(where: { $0.text.lowercased() == action.text.lowercased() }) { return same }
        }
        let hasOneName = Set(admissible.map(\.name)).count == 1
        func words(_ action: Action) -> [String] {
            let text = hasOneName ? action.argument : "\(action.name) \(action.argument)"
            return text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        }
        let wanted =
            turn.action.map(words) ?? line(of: turn.replyText).lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        var best: (score: Double, action: Action)?
        for action in admissible {
            let score = SentenceBLEU.score(reference: words(action), hypothesis: wanted)
            if score > threshold, score > best?.score ?? 0 { best = (score, action) }
        }
        return best?.action
    }

    /// The text after the last label of an action, or the first line.
    private static func line(of reply: String) -> String {
        let lines = reply.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        if let action = lines.last(where: { $0.lowercased().hasPrefix("action:") }) { return String(action.dropFirst(7)) }
        return lines.first ?? ""
    }
}
