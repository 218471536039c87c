import Foundation

/// What a mix is made of: a part of the dataset's card.
package struct MixReport: Codable, Sendable, Hashable {
    /// Agent and general counts, and the agent's share of both.
    package struct Share: Codable, Sendable, Hashable {
        package var agent: Int
        package var general: Int
        /// 0…1.
        package var share: Double

        init(agent: Int, general: Int) {
            self.agent = agent
            self.general = general
            share = agent + general == 0 ? 0 : Double(agent) / Double(agent + general)
        }
    }

    /// A source of general conversations.
    package struct Source: Codable, Sendable, Hashable {
        package var name: String
        /// `generated` for what is not a file.
        package var format: String
        package var weight = 1.0
        package var records = 0
        /// Conversations that could be read, in the language asked for.
        package var usable = 0
        /// Usable ones that were passed over while drawing.
        package var tooLong = 0
        /// Usable ones that were passed over since they match a test instruction; nil when no test set was named.
        package var contaminated: Int?
        /// Draws from it; above `distinct` when it had too few conversations and some were drawn again.
        package var drawn = 0
        package var distinct = 0
        package var dropped: [ImportReport.Dropped] = []
        /// What was repaired.
        package var found: [ImportReport.Dropped] = []

        init(name: String, format: String) {
            self.name = name
            self.format = format
        }

        enum CodingKeys: String, CodingKey {
            case name, format, weight, records, usable, contaminated, drawn, distinct, dropped, found
            case tooLong = "too_long"
        }
    }

    /// η as the recipe asks for it.
    package var agentRatio: Double
    package var examples: Share
    package var tokens: Share
    package var trainedTokens: Share
    /// The number of agent documents, and how many of them were drawn at least once.
    package var agentDocuments: Int
    package var agentDistinct: Int
    package var sources: [Source]

    enum CodingKeys: String, CodingKey {
        case examples, tokens, sources
        case agentRatio = "agent_ratio"
        case trainedTokens = "trained_tokens"
        case agentDocuments = "agent_documents"
        case agentDistinct = "agent_distinct"
    }

    /// The lines of `card.md`.
    package var markdown: [String] {
        func percent(_ share: Share) -> String { String(format: "%.1f %%", 100 * share.share) }
        var lines = ["", "## Mix", ""]
        lines.append(
            "Agent share asked for: \(String(format: "%.1f %%", 100 * agentRatio)). \(agentDistinct) of \(agentDocuments) agent "
                + "documents are in it.")
        lines += ["", "| of | agent | general | agent share |", "|---|--:|--:|--:|"]
        for (name, share) in [("examples", examples), ("tokens", tokens), ("trained tokens", trainedTokens)] {
            lines.append("| \(name) | \(share.agent) | \(share.general) | \(percent(share)) |")
        }
        lines += [
            "",
            "| general source | weight | records | usable | too long | contaminated | drawn | distinct | left out | repaired |",
        ]
        lines.append("|---|--:|--:|--:|--:|--:|--:|--:|---|---|")
        for source in sources {
            let lists = [source.dropped, source.found].map { $0.map { "\($0.reason): \($0.count)" }.joined(separator: "; ") }
            let cells = [
                source.name, "\(source.weight)", "\(source.records)", "\(source.usable)", "\(source.tooLong)",
                source.contaminated.map(String.init) ?? "not checked", "\(source.drawn)", "\(source.distinct)",
            ]
            lines.append("| \((cells + lists).joined(separator: " | ")) |")
        }
        return lines
    }
}
