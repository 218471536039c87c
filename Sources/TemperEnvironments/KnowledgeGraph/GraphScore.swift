import Foundation
import TemperCore

/// Scores a set of answers as AgentBench does.
enum GraphScore {
    /// Reward is F1 of the sets; `exact_match` says whether they are equal, `executability` whether there is any answer.
    static func score(_ predicted: Set<String>, gold: Set<String>) -> Score {
        let same = Double(predicted.intersection(gold).count)
        let f1 = same > 0 ? 2 * same / Double(predicted.count + gold.count) : 0
        return Score(
            reward: f1,
            metrics: [
                "f1": f1, "exact_match": predicted == gold && !gold.isEmpty ? 1 : 0, "executability": predicted.isEmpty ? 0 : 1,
            ])
    }

    /// Answers as one text, a JSON list.
    ///
    /// - Throws: what the encoder throws.
    static func text(_ answers: [String]) throws -> String {
        String(decoding: try JSONEncoder.stable().encode(answers), as: UTF8.self)
    }

    /// The answers of a text: a JSON list of texts, or one answer.
    static func answers(_ text: String?) -> Set<String> {
        guard let text, !text.isEmpty else { return [] }
        do {
            return try Set(JSONDecoder().decode([String].self, from: Data(text.utf8)))
        } catch {
            return [text]  // not a list, so an answer itself
        }
    }
}
