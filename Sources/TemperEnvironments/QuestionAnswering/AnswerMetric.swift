import Foundation
package import TemperCore

/// How an answer of a question is scored. The reward is the metric `exact_match`.
package enum AnswerMetric: Sendable, Hashable {
    /// HotpotQA and Bamboogle: exact match after normalisation, `f1` beside it.
    case exactMatch
    /// StrategyQA: the first word of the answer is yes or no, as the gold answer is.
    case yesNo
    /// MMLU: the letter of the right option, or its text. The texts may be missing; then only letters count.
    case choice([String])

    package static let letters = ["A", "B", "C", "D"]

    /// The answers there are to choose from; nil when any text may be one.
    package var labels: [String]? {
        switch self {
        case .exactMatch: nil
        case .yesNo: ["yes", "no"]
        case .choice: Self.letters
        }
    }

    var isChoice: Bool { if case .choice = self { true } else { false } }

    /// Scores an answer; none scores 0.
    ///
    /// `prefix_match`, for yes/no and choices, is the rule of FireAct's released code (tasks/strategyqa.py, tasks/mmlu.py): the
    /// lower-case answer starts with the gold label. It takes "not sure" for no and "an apple" for A; the reward does not.
    ///
    /// - Parameter answer: the gold answer: a text, yes or no (or true or false), a letter.
    package func score(_ prediction: String?, _ answer: String) -> Score {
        let gold = normalizedGold(answer)
        let isRight: Bool
        switch self {
        case .exactMatch: return AnswerMetrics.score(prediction, answer)
        case .yesNo: isRight = prediction.map { Self.firstWord($0) == gold } ?? false
        case .choice(let options): isRight = prediction.map { choice($0, options, gold) } ?? false
        }
        let hasPrefix = prediction.map { $0.trimmingCharacters(in: .whitespaces).lowercased().hasPrefix(gold.lowercased()) }
        let match = isRight ? 1.0 : 0
        return Score(reward: match, metrics: ["exact_match": match, "prefix_match": hasPrefix == true ? 1 : 0])
    }

    /// A gold answer as it is compared: yes or no, a capital letter; other texts unchanged.
    func normalizedGold(_ answer: String) -> String {
        let text = answer.trimmingCharacters(in: .whitespacesAndNewlines)
        return switch self {
        case .exactMatch: text
        case .yesNo: ["true": "yes", "false": "no"][text.lowercased()] ?? text.lowercased()
        case .choice: text.uppercased()
        }
    }

    private static func firstWord(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter }.first.map(String.init) ?? ""
    }

    private func choice(_ prediction: String, _ options: [String], _ gold: String) -> Bool {
        if let letter = Self.letter(prediction) { return letter == gold }
        guard let index = Self.letters.firstIndex(of: gold), index < options.count else { return false }
        return Self.plain(prediction) == Self.plain(options[index])
    }

    /// The option letter that `B`, `(b)`, `B. text` and `B: text` name; nil for a text that only starts with a letter.
    private static func letter(_ text: String) -> String? {
        let bare = text.drop { $0.isWhitespace || $0 == "(" }
        guard let first = bare.first?.uppercased(), letters.contains(first) else { return nil }
        let rest = bare.dropFirst()
        guard let next = rest.first(where: { !$0.isWhitespace }) else { return first }
        return rest.first == next && ".):".contains(next) ? first : nil
    }

    /// Lower case, white space collapsed, no full stop at the end. Signs stay: `-4` is not `4`.
    private static func plain(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.hasSuffix(".") ? String(words.dropLast()) : words
    }
}
