import Foundation

extension Method {
    /// One thought, then the answer (chain of thought).
    public static let cot = Method(ChainOfThought())
}

/// `Thought: …\nAnswer: …`: one thought, then the answer (Wei et al. 2022).
struct ChainOfThought: MethodText {
    let name = "cot"
    let summary = "one thought, then the answer (chain of thought)"
    let usesTools = false
    let sharesDraws = true

    private static let expectation = "Write one line 'Thought: …' and one line 'Answer: …'."

    func expectation(_ format: TurnFormat) -> String { Self.expectation }
    func stopStrings(_ format: TurnFormat) -> [String] { [] }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { Self.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        TurnText.write(thought: thought ?? "", answer: action.argument)
    }

    static func read(_ text: String) -> TurnText.Reading {
        guard let answer = TurnText.after("\nAnswer:", in: "\n" + text) else {
            // A model trained on the unified format answers a chain of thought with finish[…].
            let reading = ReActText.read(text)
            if reading.action?.name == "finish" { return reading }
            return TurnText.Reading(
                thought: TurnText.thought(in: text), diagnosis: "There is no 'Answer:' line. \(expectation)")
        }
        let head = text.components(separatedBy: "Answer:")[0]
        return TurnText.Reading(thought: TurnText.thought(in: head), action: Action("finish", answer))
    }
}
