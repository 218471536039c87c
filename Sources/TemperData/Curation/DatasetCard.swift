import Foundation
package import TemperCore
package import TemperTokenizers

/// What a dataset is made of: `card.json`, and `card.md` to read. Holds no times, so that the same trajectories give the
/// same bytes.
package struct DatasetCard: Codable, Sendable, Hashable {
    /// The part of a suite in one method, or of a source of imported conversations.
    package struct Part: Codable, Sendable, Hashable {
        package var suite: String
        /// Nil for imported conversations.
        package var method: Method?
        /// Episodes before curation, including errors and missing ones.
        package var episodes: Int
        /// Those in training or held out.
        package var kept: Int
        /// `kept` / `episodes`.
        package var ratio: Double
        /// Turns per kept episode.
        package var averageTurns: Double
        /// Training documents, before general conversations are mixed in.
        package var documents: Int
        package var tokens: Int
        package var trainedTokens: Int
        /// What all its episodes cost, in US dollars.
        package var cost: Double
        /// `cost` / `kept`: what was thrown away is paid for too. Nil when nothing is kept.
        package var costPerKept: Double?

        enum CodingKeys: String, CodingKey {
            case suite, method, episodes, kept, ratio, documents, tokens, cost
            case costPerKept = "cost_per_kept"
            case averageTurns = "average_turns"
            case trainedTokens = "trained_tokens"
        }
    }

    package var run: String
    package var seed: UInt64
    package var options: CurationOptions
    package var chatTemplate: ChatTemplate
    package var steps: [CurationStep]
    package var parts: [Part]
    package var documents: Int
    package var heldOutDocuments: Int
    package var tokens: Int
    package var trainedTokens: Int
    /// What was mixed in; nil without a mix.
    package var mix: MixReport?
    /// How far the test sets of `curate.contamination` were and are in it; nil without.
    package var contamination: ContaminationTable?
    /// What was replaced by marks; nil without `curate.redact`.
    package var redaction: RedactionReport?
    /// What all episodes cost, in US dollars.
    package var cost: Double
    /// `cost` by kept episode; nil when nothing is kept.
    package var costPerKept: Double?

    enum CodingKeys: String, CodingKey {
        case run, seed, options, steps, parts, documents, tokens, mix, contamination, redaction, cost
        case costPerKept = "cost_per_kept"
        case chatTemplate = "chat_template"
        case heldOutDocuments = "held_out_documents"
        case trainedTokens = "trained_tokens"
    }

    init(
        run: String, seed: UInt64, options: CurationOptions, template: ChatTemplate, steps: [CurationStep],
        episodes: [Trajectory], conversations: [Document], agent: [CuratedDocument], train: [CuratedDocument],
        heldOut: [CuratedDocument], mix: MixReport?
    ) {
        self.run = run
        self.seed = seed
        self.options = options
        self.steps = steps
        self.mix = mix
        chatTemplate = template
        documents = train.count
        heldOutDocuments = heldOut.count
        tokens = train.reduce(0) { $0 + $1.tokens.ids.count }
        trainedTokens = train.reduce(0) { $0 + $1.tokens.trainedCount }
        let keptKeys = Set((agent + heldOut).map(\.document.provenance.episode))
        let groups = Dictionary(grouping: episodes) { PartName(suite: $0.key.suite, method: $0.key.method) }
        parts = groups.sorted { ($0.key.suite, $0.key.method.rawValue) < ($1.key.suite, $1.key.method.rawValue) }.map {
            name, all in
            let kept = all.filter { keptKeys.contains($0.key.text) }
            let own = agent.filter { $0.document.provenance.suite == name.suite && $0.document.provenance.method == name.method }
            let turns = kept.reduce(0) { $0 + $1.turns.count }
            let cost = all.reduce(0) { $0 + $1.price }
            return Part(
                suite: name.suite, method: name.method, episodes: all.count, kept: kept.count,
                ratio: Double(kept.count) / Double(all.count),
                averageTurns: kept.isEmpty ? 0 : Double(turns) / Double(kept.count), documents: own.count,
                tokens: own.reduce(0) { $0 + $1.tokens.ids.count }, trainedTokens: own.reduce(0) { $0 + $1.tokens.trainedCount },
                cost: cost, costPerKept: kept.isEmpty ? nil : cost / Double(kept.count))
        }
        parts += Dictionary(grouping: conversations, by: \.provenance.suite).sorted { $0.key < $1.key }.map { source, all in
            let kept = all.filter { keptKeys.contains($0.provenance.episode) }
            let own = agent.filter { $0.document.provenance.suite == source && $0.document.provenance.method == nil }
            let turns = kept.reduce(0) { $0 + $1.messages.count { $0.isTrained } }
            return Part(
                suite: source, method: nil, episodes: all.count, kept: kept.count, ratio: Double(kept.count) / Double(all.count),
                averageTurns: kept.isEmpty ? 0 : Double(turns) / Double(kept.count), documents: own.count,
                tokens: own.reduce(0) { $0 + $1.tokens.ids.count }, trainedTokens: own.reduce(0) { $0 + $1.tokens.trainedCount },
                cost: 0, costPerKept: nil)
        }
        let keptCount = parts.reduce(0) { $0 + $1.kept }
        cost = parts.reduce(0) { $0 + $1.cost }
        costPerKept = keptCount == 0 ? nil : cost / Double(keptCount)
    }

    /// Cards of earlier versions state no cost of the whole.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        run = try values.decode(String.self, forKey: .run)
        seed = try values.decode(UInt64.self, forKey: .seed)
        options = try values.decode(CurationOptions.self, forKey: .options)
        chatTemplate = try values.decode(ChatTemplate.self, forKey: .chatTemplate)
        steps = try values.decode([CurationStep].self, forKey: .steps)
        parts = try values.decode([Part].self, forKey: .parts)
        documents = try values.decode(Int.self, forKey: .documents)
        mix = try values.decodeIfPresent(MixReport.self, forKey: .mix)
        contamination = try values.decodeIfPresent(ContaminationTable.self, forKey: .contamination)
        redaction = try values.decodeIfPresent(RedactionReport.self, forKey: .redaction)
        heldOutDocuments = try values.decode(Int.self, forKey: .heldOutDocuments)
        tokens = try values.decode(Int.self, forKey: .tokens)
        trainedTokens = try values.decode(Int.self, forKey: .trainedTokens)
        cost = try values.decodeIfPresent(Double.self, forKey: .cost) ?? parts.reduce(0) { $0 + $1.cost }
        costPerKept = try values.decodeIfPresent(Double.self, forKey: .costPerKept)
    }

    private struct PartName: Hashable {
        var suite: String
        var method: Method
    }

    /// The card as a page.
    package var markdown: String {
        var lines = ["# Dataset of \(run)", ""]
        lines.append(
            "\(documents) training documents, \(heldOutDocuments) held out; \(tokens) tokens, \(trainedTokens) of them trained; "
                + "chat template \(chatTemplate.rawValue); seed \(seed).")
        lines += ["", "| suite | method | episodes | kept | ratio | turns | documents | tokens | trained | cost | per kept |"]
        lines.append("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for part in parts {
            let cells = [
                part.suite, part.method?.rawValue ?? "", "\(part.episodes)", "\(part.kept)", Self.rounded(part.ratio, 3),
                Self.rounded(part.averageTurns, 2), "\(part.documents)", "\(part.tokens)", "\(part.trainedTokens)",
                "$" + Self.rounded(part.cost, 4), part.costPerKept.map { "$" + Self.rounded($0, 4) } ?? "",
            ]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        lines += ["", "| step | in | kept | dropped |", "|---|--:|--:|---|"]
        for step in steps {
            let dropped = step.dropped.map { "\($0.reason): \($0.count)" }.joined(separator: "; ")
            lines.append("| \(step.name) (\(step.unit)) | \(step.entering) | \(step.kept) | \(dropped) |")
        }
        if let contamination { lines += contamination.markdown }
        if let redaction { lines += redaction.markdown }
        if let mix { lines += mix.markdown }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rounded(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
