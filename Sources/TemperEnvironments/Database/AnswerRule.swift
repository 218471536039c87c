import TemperDatabases

/// AgentBench's rule for answers to questions (agentbench v0.2, dbbench), without its `eval`.
///
/// The answer is read as a Python list. One item against one label: equal as numbers when both are numbers, else equal as text.
/// Otherwise the set of items must equal the set of labels, and there `2001` is not `'2001'`, as in Python. Text that is not a
/// Python literal counts as a single item that can only match as a number: AgentBench compares it with its leading space.
enum AnswerRule {
    static func matches(_ answer: String?, labels: [String]) -> Bool {
        guard let answer else { return false }
        guard let items = PythonLiteral.parse(answer)?.items else {
            guard labels.count == 1, let given = PythonText.float(answer) else { return false }
            return PythonText.float(labels[0]) == given
        }
        if items.count == 1, labels.count == 1 {
            if let given = items[0].float, let wanted = PythonText.float(labels[0]) { return given == wanted }
            return items[0] == .string(labels[0])
        }
        guard items.allSatisfy(\.isHashable) else { return false }
        return Set(items.map(\.comparable)) == Set(labels.map { PythonValue.string($0) })
    }
}
