/// What ``Audit`` says of a file: counts, findings with places, and a verdict.
package struct AuditReport: Codable, Sendable {
    /// What may be wrong with a training example.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// It cannot be read, or the model's template cannot show it as it would be learnt.
        case unrenderable
        /// Its tokens are others than the template gives, or sampled ids others than the tokenizer gives for their text.
        case drift
        /// The prompt before a reply is another in training than where the reply is asked for.
        case prompt
        /// It is longer than the model's context, ends without a reply, or its tokens end too early.
        case cut
        /// Its last reply is not learnt, or nothing is.
        case masked
        /// A call of a tool is not learnt beside replies that are.
        case untrainedTool = "untrained_tool"
        /// One special token twice in a row.
        case doubledSpecial = "doubled_special"
        /// A text spells a special token, or a trained reply repeats a line of the system message.
        case leaked

        /// For a person.
        package var summary: String {
            switch self {
            case .unrenderable: "cannot be read, or not shown by the template as learnt"
            case .drift: "tokens differ from what template and tokenizer give"
            case .prompt: "the prompt before a reply differs between training and asking"
            case .cut: "longer than the context, without a last reply, or cut"
            case .masked: "the last reply is not learnt"
            case .untrainedTool: "a call of a tool is not learnt"
            case .doubledSpecial: "a special token twice in a row"
            case .leaked: "special tokens or system text in what is said"
            }
        }
    }

    package struct Finding: Codable, Sendable {
        package var kind: Kind
        package var count: Int
        /// The first few.
        package var places: [String]
        /// What is wrong at the first place.
        package var example: String
    }

    package enum Verdict: String, Codable, Sendable { case good, faulty }

    private static let shown = 5

    package var path: String
    package var template: String
    package var examples = 0
    package var replies = 0
    package var tokens = 0
    package var trainedTokens = 0
    package var verdict = Verdict.good
    /// In the order of ``Kind``; only what was found.
    package var findings: [Finding] = []

    enum CodingKeys: String, CodingKey {
        case path, template, examples, replies, tokens, verdict, findings
        case trainedTokens = "trained_tokens"
    }

    mutating func add(_ kind: Kind, at place: String, _ text: String) {
        verdict = .faulty
        if let index = findings.firstIndex(where: { $0.kind == kind }) {
            findings[index].count += 1
            if findings[index].places.count < Self.shown { findings[index].places.append(place) }
        } else {
            findings.append(Finding(kind: kind, count: 1, places: [place], example: text))
            findings.sort { Kind.allCases.firstIndex(of: $0.kind) ?? 0 < Kind.allCases.firstIndex(of: $1.kind) ?? 0 }
        }
    }
}
