package import TemperCore

/// The text a base model is pretrained on: an endless stream of short chats made from a seed.
///
/// Names are fresh in every document, so a reader cannot remember an answer and has to look. No text has the format of an
/// agent's turns, and every generated name belongs to ``WorldPartition/pretraining``.
package enum GeneralText {
    /// What a document is about.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Passages with questions.
        case reading
        /// Questions over two or three facts, explained.
        case multiHop = "multi_hop"
        /// Repeating, picking, editing, filling forms.
        case copying
        /// Greetings, instructions, numbers, dates, comparisons.
        case chat
        /// SQL, shell, HTML and JSON.
        case code
        /// A fixed small world and common knowledge, to memorise.
        case knowledge
        /// Pages and stories.
        case prose
    }

    /// Which share of the documents each kind has; the shares sum to 1.
    package static let mix: [(kind: Kind, share: Double)] = [
        (.reading, 0.30), (.multiHop, 0.25), (.copying, 0.20), (.chat, 0.12), (.code, 0.08), (.knowledge, 0.03), (.prose, 0.02),
    ]

    /// One document as a chat.
    ///
    /// The reply's text is by ``Author/teacher``, what it replies to by ``Author/instruction``. A page of prose may be a
    /// single assistant message.
    ///
    /// - Parameters:
    ///   - index: its place in the stream, 0 or more; documents do not depend on each other.
    ///   - seed: the stream; the same (seed, index) gives the same bytes everywhere.
    package static func document(at index: Int, seed: UInt64) -> [Message] {
        draft(at: index, seed: seed).messages
    }

    /// The kind of a document, known without writing it.
    package static func kind(at index: Int, seed: UInt64) -> Kind {
        var random = source(at: index, seed: seed)
        return drawKind(&random)
    }

    /// The first documents as plain texts, one string each, to train a tokenizer on.
    package static func sample(count: Int, seed: UInt64) -> [String] {
        (0..<count).map { sample(at: $0, seed: seed) }
    }

    /// One document as plain text.
    static func sample(at index: Int, seed: UInt64) -> String {
        document(at: index, seed: seed).map(\.text).joined(separator: "\n")
    }

    /// Whether a text has one of the names as whole words.
    ///
    /// For many texts make one ``NameFinder`` and ask it.
    ///
    /// - Parameter names: full names, such as `Eva Tarvik` and `The Silver Harbor`; letters of the same case.
    package static func containsEntity(of names: some Sequence<String>, in text: String) -> Bool {
        NameFinder(names).firstName(in: text) != nil
    }

    // MARK: Making

    /// A document with the names made for it.
    static func draft(at index: Int, seed: UInt64) -> Scribe {
        var random = source(at: index, seed: seed)
        let kind = drawKind(&random)
        var scribe = Scribe(random: random)
        switch kind {
        case .reading: Reading.write(using: &scribe)
        case .multiHop: MultiHop.write(using: &scribe)
        case .copying: Copying.write(using: &scribe)
        case .chat: SmallTalk.write(using: &scribe)
        case .code: Code.write(using: &scribe)
        case .knowledge: Knowledge.write(using: &scribe)
        case .prose: Prose.write(using: &scribe)
        }
        return scribe
    }

    private static func source(at index: Int, seed: UInt64) -> RandomSource {
        RandomSource(seed: seed, "general text", String(index))
    }

    private static func drawKind(_ random: inout RandomSource) -> Kind {
        var rest = random.unit()
        for (kind, share) in mix {
            rest -= share
            if rest < 0 { return kind }
        }
        return .reading
    }
}
