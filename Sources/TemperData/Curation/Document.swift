package import TemperCore
package import TemperTokenizers

/// One training example: a chat whose every character has an author and says whether it is learnt from. One line of
/// `dataset/train.jsonl`.
package struct Document: Codable, Sendable, Hashable {
    /// A piece of text with its author.
    package struct Span: Codable, Sendable, Hashable {
        package var text: String
        package var author: Author
        package var train: Bool
        /// How much its tokens count in the loss beside the others, from 0; 0 means not trained.
        package var weight: Double

        package init(_ text: String, by author: Author, train: Bool, weight: Double = 1) {
            self.text = text
            self.author = author
            self.train = train
            self.weight = weight
        }

        /// Whether it is marked and counts. ``TrainedAuthors`` marks only what its author lets train.
        package var isTrained: Bool { train && weight > 0 }
    }

    /// Whose call a result answers.
    package struct ToolResult: Codable, Sendable, Hashable {
        /// The call's id; nil answers the calls in their order.
        package var callID: String?
        /// The function's.
        package var name: String?

        package init(callID: String? = nil, name: String? = nil) {
            self.callID = callID
            self.name = name
        }

        enum CodingKeys: String, CodingKey {
            case name
            case callID = "call_id"
        }
    }

    package struct Message: Codable, Sendable, Hashable {
        package var role: Role
        /// The text beside calls and reasoning; one empty span where there is none.
        package var spans: [Span]
        /// The functions that a reply calls. They are learnt with its last span.
        package var calls: [TemplateChat.Call]?
        /// Set on what a function gave back, which has the user's role.
        package var result: ToolResult?
        /// What was thought before a reply; learnt with its last span.
        package var reasoning: String?
        /// The speaker's own name.
        package var name: String?
        /// The source says null in the place of an empty text beside calls.
        package var isNull: Bool?

        package init(role: Role, spans: [Span]) {
            self.role = role
            self.spans = spans
        }

        enum CodingKeys: String, CodingKey {
            case role, spans, calls, result, reasoning, name
            case isNull = "is_null"
        }

        package var text: String { spans.map(\.text).joined() }
        /// Whether it is a reply of which something is learnt.
        package var isTrained: Bool { role == .assistant && spans.contains(where: \.isTrained) }
        /// The weight of what is learnt of it; nil when nothing is. All spans of a reply that are learnt weigh alike.
        var trainedWeight: Double? {
            isTrained ? spans.first(where: \.isTrained)?.weight : nil
        }
    }

    /// Where a document comes from.
    package struct Provenance: Codable, Sendable, Hashable {
        /// The recipe's name, not the folder's: the same recipe gives the same bytes in any folder.
        package var run: String
        /// The text of the episode's key; of an imported conversation `import:SOURCE:NUMBER:ID`.
        package var episode: String
        /// Nil for a conversation that is not an episode.
        package var method: Method?
        package var suite: String
        package var task: String
        /// The 0-based turn whose reply alone is trained, when the episode was rendered call by call.
        package var call: Int?
        /// What each step of curation decided; nil for what no step looked at, such as general conversations of a mix.
        package var decisions: [CurationDecision]?

        package init(run: String, key: EpisodeKey, call: Int? = nil) {
            self.run = run
            episode = key.text
            method = key.method
            suite = key.suite
            task = key.task
            self.call = call
        }

        /// Makes a document of a conversation that is not an episode.
        ///
        /// - Parameters:
        ///   - source: what takes a suite's place: `agentinstruct/os`, `sharegpt`.
        ///   - number: its position in its file, counted from 0.
        ///   - id: what the file calls it.
        package init(run: String, source: String, number: Int, id: String) {
            self.run = run
            episode = "import:\(source):\(number):\(id)"
            suite = source
            task = id
        }

        /// Its name in errors and lists.
        package var name: String { episode + (call.map { ", call \($0)" } ?? "") }
    }

    package var messages: [Message]
    /// The functions that may be called: a JSON list in OpenAI's form, as the source spells it.
    package var tools: String?
    package var provenance: Provenance

    package init(messages: [Message], provenance: Provenance) {
        self.messages = messages
        self.provenance = provenance
    }
}
