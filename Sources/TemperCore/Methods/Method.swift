/// How a policy is prompted and its text is read: one ``MethodText`` by its name.
///
/// A new method is a file with its ``MethodText`` and its constant, its prompts, and its place in ``allCases``.
public struct Method: RawRepresentable, Codable, Sendable, Hashable, CaseIterable {
    /// What the method is.
    public let text: any MethodText

    public init(_ text: any MethodText) {
        self.text = text
    }

    /// The methods that recipes and stores may name.
    public static let allCases: [Method] = [.io, .cot, .act, .react, .reflexion, .rewoo, .tools]

    /// The method of that name among ``allCases``.
    public init?(rawValue: String) {
        guard let method = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = method
    }

    /// As recipes and stores name it.
    public var rawValue: String { text.name }

    /// Whether the policy acts on the environment before it answers.
    public var usesTools: Bool { text.usesTools }

    /// Whether its turns are written in the task's ``TurnFormat``.
    public var usesFormat: Bool { text.usesFormat }

    /// Whether its replies are plans of several turns.
    public var plans: Bool { text.plans }

    /// The method whose prompt a suite shows.
    public var promptMethod: Method { text.promptMethod ?? self }

    /// One line for `temper methods`.
    public var summary: String { text.summary }
}
