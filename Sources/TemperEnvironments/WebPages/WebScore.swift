import TemperCore

/// Scores a choice of element, operation and value against what the recorded user did.
///
/// The rules are those of Mind2Web's evaluation as AgentBench runs it: token F1 over the sets of words between white space, case
/// kept; a step succeeds when the element is right and the F1 of operation and value together is 1. The reward is the mean of three
/// parts, as AgentTuning's filter of 2/3 supposes: the right element, the right operation, and the F1 of the value (1 when neither
/// side has one).
enum WebScore {
    /// What the recorded user did.
    struct Gold: Sendable, Hashable {
        /// The identifiers that are right; none when no candidate that is asked about is.
        var elements: Set<String>
        var operation: String
        var value: String

        init(elements: Set<String>, operation: String, value: String) {
            self.elements = elements
            self.operation = operation
            // A click has no value, whatever is recorded.
            self.value = operation == "CLICK" ? "" : value
        }
    }

    /// - Parameter chosen: nil when nothing was chosen, which scores 0 in all, as does a task without a right candidate.
    static func score(_ chosen: CandidateTournament.Choice?, gold: Gold) -> Score {
        guard let chosen, !gold.elements.isEmpty else {
            let names = ["element", "operation", "value", "action_f1", "step_success", "step_score"]
            return Score(reward: 0, metrics: Dictionary(uniqueKeysWithValues: names.map { ($0, 0) }))
        }
        let element = gold.elements.contains(chosen.candidate) ? 1.0 : 0
        let operation = chosen.operation == gold.operation ? 1.0 : 0
        let value = tokenF1(chosen.value, gold.value)
        let action = tokenF1("\(chosen.operation) \(chosen.value)", "\(gold.operation) \(gold.value)")
        let reward = (element + operation + value) / 3
        return Score(
            reward: reward,
            metrics: [
                "element": element, "operation": operation, "value": value, "action_f1": action,
                "step_success": element == 1 && action == 1 ? 1 : 0, "step_score": reward,
            ])
    }

    /// Scores an answer as ``answer(_:)`` writes it.
    static func score(answer: String?, gold: Gold) -> Score {
        let words = answer?.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init) ?? []
        guard words.count >= 2 else { return score(nil, gold: gold) }
        return score(
            CandidateTournament.Choice(
                candidate: words[0], operation: words[1] == "-" ? "" : words[1], value: words.count > 2 ? words[2] : ""),
            gold: gold)
    }

    /// A choice in one line: the element's identifier, the operation (`-` for none), the value.
    static func answer(_ choice: CandidateTournament.Choice) -> String {
        let operation = choice.operation.isEmpty ? "-" : choice.operation
        return "\(choice.candidate) \(operation)" + (choice.value.isEmpty ? "" : " \(choice.value)")
    }

    /// F1 of the sets of words; 1 when both are empty, 0 when one is.
    static func tokenF1(_ prediction: String, _ answer: String) -> Double {
        let left = words(prediction)
        let right = words(answer)
        if left.isEmpty || right.isEmpty { return left.isEmpty && right.isEmpty ? 1 : 0 }
        let same = Double(left.intersection(right).count)
        return 2 * same / Double(left.count + right.count)
    }

    /// As UTF-8: Swift's strings take canonically equivalent texts for equal, Python's do not.
    private static func words(_ text: String) -> Set<[UInt8]> {
        Set(text.unicodeScalars.split(whereSeparator: PageTree.isBlank).map { Array(String($0).utf8) })
    }
}
