import Foundation

/// Who speaks in a chat.
package enum Role: String, Codable, Sendable, Hashable {
    case system, user, assistant
}

/// Who wrote a span of text. A recipe's `train_on` names the authors a model learns from.
package enum Author: String, Codable, Sendable, Hashable, ConfigurationChoice {
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
    package static let neverTrained: Set<Author> = [.environment, .instruction, .demonstration]
    /// What a recipe trains on unless it says otherwise.
    package static let trainedByDefault: Set<Author> = [.policy, .teacher, .reference, .converted]
}

/// A piece of text with its author.
package struct Span: Codable, Sendable, Hashable {
    package var text: String
    package var author: Author

    package init(_ text: String, by author: Author) {
        self.text = text
        self.author = author
    }
}

/// One chat message, kept as spans so that every character keeps its author.
package struct Message: Codable, Sendable, Hashable {
    package var role: Role
    package var spans: [Span]

    package init(_ role: Role, _ spans: [Span]) {
        self.role = role
        self.spans = spans
    }

    package init(_ role: Role, _ text: String, by author: Author) {
        self.init(role, [Span(text, by: author)])
    }

    /// The whole text, as a model sees it.
    package var text: String { spans.map(\.text).joined() }
}
