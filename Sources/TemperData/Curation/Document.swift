public import TemperCore

/// One training example: a chat whose every character has an author and says whether it is learnt from. One line of
/// `dataset/train.jsonl`.
public struct Document: Codable, Sendable, Hashable {
    /// A piece of text with its author.
    public struct Span: Codable, Sendable, Hashable {
        public var text: String
        public var author: Author
        public var train: Bool
        /// How much its tokens count in the loss beside the others, from 0; 0 is as good as not trained.
        public var weight: Double

        public init(_ text: String, by author: Author, train: Bool, weight: Double = 1) {
            self.text = text
            self.author = author
            self.train = train
            self.weight = weight
        }
    }

    public struct Message: Codable, Sendable, Hashable {
        public var role: Role
        public var spans: [Span]

        public init(role: Role, spans: [Span]) {
            self.role = role
            self.spans = spans
        }

        public var text: String { spans.map(\.text).joined() }
        /// Whether it is a reply of which something is learnt.
        public var isTrained: Bool { role == .assistant && spans.contains { $0.train && $0.weight > 0 } }
        /// The weight of what is learnt of it; nil when nothing is. All spans of a reply that are learnt weigh alike.
        var trainedWeight: Double? {
            isTrained ? spans.first { $0.train && $0.weight > 0 }?.weight : nil
        }
    }

    /// Where a document comes from.
    public struct Provenance: Codable, Sendable, Hashable {
        /// The recipe's name, not the folder's: the same recipe gives the same bytes in any folder.
        public var run: String
        /// The text of the episode's key; of an imported conversation `import:SOURCE:NUMBER:ID`.
        public var episode: String
        /// Nil for a conversation that is no episode.
        public var method: Method?
        public var suite: String
        public var task: String
        /// The 0-based turn whose reply alone is trained, when the episode was rendered call by call.
        public var call: Int?
        /// What each step of curation decided; nil for what no step looked at, such as general conversations of a mix.
        public var decisions: [CurationDecision]?

        public init(run: String, key: EpisodeKey, call: Int? = nil) {
            self.run = run
            episode = key.text
            method = key.method
            suite = key.suite
            task = key.task
            self.call = call
        }

        /// Of a conversation that is no episode.
        ///
        /// - Parameters:
        ///   - source: what stands in a suite's place: `agentinstruct/os`, `sharegpt`.
        ///   - number: its position in its file, counted from 0.
        ///   - id: what the file calls it.
        public init(run: String, source: String, number: Int, id: String) {
            self.run = run
            episode = "import:\(source):\(number):\(id)"
            suite = source
            task = id
        }

        /// A name for errors and lists.
        public var name: String { episode + (call.map { ", call \($0)" } ?? "") }
    }

    public var messages: [Message]
    public var provenance: Provenance

    public init(messages: [Message], provenance: Provenance) {
        self.messages = messages
        self.provenance = provenance
    }
}
