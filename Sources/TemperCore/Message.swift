import Foundation

/// Who speaks in a chat.
public enum Role: String, Codable, Sendable, Hashable {
    case system, user, assistant
}

/// Who wrote a span of text. A recipe's `train_on` names the authors a model learns from.
public enum Author: String, Codable, Sendable, Hashable, ConfigurationChoice {
    /// The policy under study, in its own words.
    case policy
    /// A stronger policy that shows how it is done (an expert, a hosted model).
    case teacher
    /// A given solution, such as reference SQL.
    case reference
    /// Written by Temper when one method's trajectory was converted to another's format.
    case converted
    /// A fixed sentence put into the policy's mouth.
    case forced
    /// An observation.
    case environment
    /// Instructions and questions.
    case instruction
    /// A worked example in the prompt.
    case demonstration

    /// Text of these authors can never train, whatever a recipe says.
    public static let neverTrained: Set<Author> = [.environment, .instruction, .demonstration]
    /// What a recipe trains on unless it says otherwise.
    public static let trainedByDefault: Set<Author> = [.policy, .teacher, .reference, .converted]
}

/// A piece of text with its author.
public struct Span: Codable, Sendable, Hashable {
    public var text: String
    public var author: Author

    public init(_ text: String, by author: Author) {
        self.text = text
        self.author = author
    }
}

/// One chat message, kept as spans so that every character keeps its author.
public struct Message: Codable, Sendable, Hashable {
    public var role: Role
    public var spans: [Span]

    public init(_ role: Role, _ spans: [Span]) {
        self.role = role
        self.spans = spans
    }

    public init(_ role: Role, _ text: String, by author: Author) {
        self.init(role, [Span(text, by: author)])
    }

    /// The whole text, as a model sees it.
    public var text: String { spans.map(\.text).joined() }
}
