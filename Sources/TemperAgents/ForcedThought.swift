import Foundation
import TemperCore

/// A reply that begins with a sentence put in the policy's mouth.
struct ForcedThought {
    /// `Thought: SENTENCE`, in the words of the format.
    let start: String
    /// `Thought:`
    private let label: String

    init(_ sentence: String, format: TurnFormat) {
        let written = TurnText.write(thought: sentence, action: Action("finish", ""), format: format)
        let range = written.range(of: sentence)
        start = String(written[..<(range?.upperBound ?? written.startIndex)])
        label = String(written[..<(range?.lowerBound ?? written.startIndex)]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The whole reply. A model that starts over instead of going on loses its own label or its copy of the sentence.
    func reply(goingOn completion: String, by author: Author, method: Method, format: TurnFormat) -> [Span] {
        var rest = TurnText.trimmed(completion, method: method, format: format)
        for copy in [start, label] where !copy.isEmpty && rest.hasPrefix(copy) {
            rest = rest.dropFirst(copy.count).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let reading = TurnText.read(rest, method: method, format: format)
        let separator = reading.action != nil && reading.thought == nil ? "\n" : " "
        return rest.isEmpty ? [Span(start, by: .forced)] : [Span(start + separator, by: .forced), Span(rest, by: author)]
    }
}
