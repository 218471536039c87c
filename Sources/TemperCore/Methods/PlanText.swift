import Foundation

/// ReWOO's words (Xu et al. 2023): a plan names all actions before any is carried out, and may refer to earlier evidence.
/// ```
/// Plan: Find the page of the company.
/// #E1 = search[Sjolund Motors]
/// Plan: Find out who founded it.
/// #E2 = lookup[founded]
/// ```
/// An argument that names `#E1` gets the first action's observation in its place. Numbers may have any number of digits, where
/// the released prompts of AgentTuning keep single digits only.
public enum PlanText {
    /// One action of a plan.
    public struct Step: Sendable, Hashable {
        /// The number after `#E`.
        public var number: Int
        /// Its part of the plan; all parts, joined by line ends, are the plan.
        public var text: String
        /// The plan as thought and the action, or what is wrong with it.
        public var reading: TurnText.Reading
    }

    static let expectation = "Write lines 'Plan: …' and '#E1 = name[argument]', one pair for each action."
    /// What the message with the evidence starts with; a planner that goes on to write it is cut off there.
    static let evidenceMark = "Evidence #E"

    private static func label() -> Regex<(Substring, Substring)> { /#E([0-9]{1,9})[ \t]*=/ }

    /// The steps of a plan; none when the text has no `#E… =`.
    public static func steps(of plan: String) -> [Step] {
        var parts: [[String]] = [[]]
        var isComplete = false
        for line in plan.components(separatedBy: "\n") {
            let start = line.drop { $0 == " " || $0 == "\t" }
            let beginsStep = start.hasPrefix("Plan:") || start.prefixMatch(of: label()) != nil
            if isComplete, beginsStep {
                parts.append([])
                isComplete = false
            }
            parts[parts.count - 1].append(line)
            isComplete = isComplete || line.firstMatch(of: label()) != nil
        }
        // What follows the last action belongs to its part.
        if !isComplete, parts.count > 1 { parts[parts.count - 2] += parts.removeLast() }
        return parts.map { $0.joined(separator: "\n") }.compactMap(step)
    }

    /// What `#E` numbers stand for in a plan: the argument of the step with earlier evidence filled in.
    public static func resolved(_ action: Action, evidence: [Int: String]) -> Action {
        let argument = action.argument.replacing(/#E([0-9]{1,9})/) { match in
            Int(match.1).flatMap { evidence[$0] } ?? String(match.0)
        }
        return Action(action.name, argument)
    }

    /// The text of a step.
    public static func write(number: Int, plan: String?, action: Action) -> String {
        "Plan: \(plan ?? "")\n#E\(number) = \(action.text)"
    }

    /// The message that shows what the actions brought.
    public static func write(evidence: [(number: Int, text: String)]) -> String {
        evidence.map { "\(evidenceMark)\($0.number): \($0.text)" }.joined(separator: "\n")
    }

    /// The step of the last plan that was not carried out yet, with the evidence so far.
    public static func pending(in turns: [Turn]) -> (step: Step, evidence: [Int: String])? {
        guard let start = turns.lastIndex(where: { $0.plan != nil }), let plan = turns[start].plan else { return nil }
        let steps = steps(of: plan)
        let done = turns.count - start
        guard done < steps.count else { return nil }
        let pairs = zip(steps, turns[start...]).map { ($0.number, $1.observation ?? "") }
        return (steps[done], Dictionary(pairs) { $1 })
    }

    /// Reads a planner's or a solver's reply. A plan reads as its first action; a bare text is an answer.
    static func read(_ text: String) -> TurnText.Reading {
        if let first = steps(of: text).first { return first.reading }
        if ("\n" + text).contains("\nAnswer:") { return ChainOfThought.read(text) }
        let unified = ReActText.read(text)
        if unified.action?.name == "finish" { return unified }
        guard unified.action == nil, !text.hasPrefix("Plan:") else {
            return TurnText.Reading(thought: unified.thought, diagnosis: "There is no '#E1 = …'. \(expectation)")
        }
        return TurnText.Reading(action: Action("finish", text))
    }

    private static func step(_ text: String) -> Step? {
        guard let match = text.firstMatch(of: label()), let number = Int(match.1) else { return nil }
        var plan = text[..<match.range.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
        if let mark = plan.range(of: "Plan:") {
            // What stands before the first 'Plan:' is a preface.
            plan = plan[mark.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let action = text[match.range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        var reading = ReActText.read("Action: " + action)
        if reading.diagnosis != nil { reading.diagnosis = "'#E\(number)' is no action name[argument]. \(expectation)" }
        reading.thought = plan.isEmpty ? nil : plan
        return Step(number: number, text: text, reading: reading)
    }
}
