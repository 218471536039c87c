/// How a policy is prompted and its text is read: one ``MethodText`` by its name.
///
/// A new method is a file with its ``MethodText`` and its constant, its prompts, and its place in ``allCases``.
package struct Method: RawRepresentable, Codable, Sendable, Hashable, CaseIterable {
    /// What the method is.
    package let text: any MethodText

    package init(_ text: any MethodText) {
        self.text = text
    }

    /// The methods that recipes and stores may name.
    package static let allCases: [Method] = [.io, .cot, .act, .react, .reflexion, .rewoo, .tools]

    /// The method of that name among ``allCases``.
    package init?(rawValue: String) {
        guard let method = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = method
    }

    /// As recipes and stores name it.
    package var rawValue: String { text.name }

    /// Whether the policy acts on the environment before it answers.
    package var usesTools: Bool { text.usesTools }

    /// Whether its turns are written in the task's ``TurnFormat``.
    package var usesFormat: Bool { text.usesFormat }

    /// Whether its replies are plans of several turns.
    package var plans: Bool { text.plans }

    /// The method whose prompt a suite shows.
    package var promptMethod: Method { text.promptMethod ?? self }

    /// One line for `temper methods`.
    package var summary: String { text.summary }
}
