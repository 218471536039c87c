import TemperCore

/// What a recipe says under `curate.mix`. These defaults are the only ones.
///
/// AgentTuning (Zeng et al. 2023, section 3.3) trains on η·agent + (1 − η)·general with η = 0.2, by sampling.
package struct MixOptions: Codable, Sendable, Hashable {
    /// A source of general conversations.
    package struct Source: Codable, Sendable, Hashable {
        /// A file, or the name of what makes them, such as `pocket/chat`.
        package var path: String
        /// `sharegpt`, `openai-chat`, `alpaca`, `ultrachat` or `agentinstruct`; nil tells by the keys of the first record.
        package var format: String?
        /// Its share among the general draws, relative to the other sources; above 0.
        package var weight: Double

        package init(path: String, format: String? = nil, weight: Double = 1) {
            self.path = path
            self.format = format
            self.weight = weight
        }

        enum CodingKeys: String, CodingKey { case path, format, weight }

        /// `PATH`, or `{ path: PATH, format: sharegpt, weight: 4 }`.
        package init(from decoder: any Decoder) throws {
            let value = try JSONValue(from: decoder)
            if let path = value.string {
                self.init(path: path)
                return
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            if let key = value.object?.keys.sorted().first(where: { CodingKeys(stringValue: $0) == nil }) {
                throw DecodingError.dataCorruptedError(
                    forKey: .path, in: values, debugDescription: "a source has no key '\(key)', only path, format and weight")
            }
            self.init(
                path: try values.decode(String.self, forKey: .path),
                format: try values.decodeIfPresent(String.self, forKey: .format),
                weight: try values.decodeIfPresent(Double.self, forKey: .weight) ?? 1)
        }
    }

    package var general: [Source] = []
    /// η: the share of agent documents among all, 0…1.
    package var agentRatio = 0.2
    /// `en` keeps English conversations (see ``LanguageFilter``); `any` keeps all.
    package var language = "en"
    /// Documents in all; nil takes as many as give each agent document once.
    package var size: Int?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case general
        case agentRatio = "agent_ratio"
        case language, size
    }

    package init(general: [Source] = [], agentRatio: Double = 0.2, language: String = "en", size: Int? = nil) {
        self.general = general
        self.agentRatio = agentRatio
        self.language = language
        self.size = size
    }

    /// Reads what is given; the rest keeps its default.
    package init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        general = try values.decodeIfPresent([Source].self, forKey: .general) ?? general
        agentRatio = try values.decodeIfPresent(Double.self, forKey: .agentRatio) ?? agentRatio
        language = try values.decodeIfPresent(String.self, forKey: .language) ?? language
        size = try values.decodeIfPresent(Int.self, forKey: .size)
    }

    /// - Throws: ``TemperError`` with code `data` for a value that makes no sense, naming its key.
    package func validate() throws {
        func fault(_ message: String, hint: String? = nil) -> TemperError {
            TemperError(.data, "'curate.mix\(message)", hint: hint, boundary: .recipe)
        }
        guard (0...1).contains(agentRatio) else { throw fault(".agent_ratio' is \(agentRatio), but a share lies in 0…1") }
        if general.isEmpty, agentRatio < 1 {
            throw fault("' names no general conversations", hint: "for example general: [sharegpt.json], or [pocket/chat]")
        }
        if agentRatio == 0, size == nil { throw fault(".agent_ratio' is 0, so 'size' must say how many documents there are") }
        if let size, size < 1 { throw fault(".size' must be at least 1") }
        if let odd = general.first(where: { !($0.weight > 0) || !$0.weight.isFinite }) {
            throw fault(".general' gives '\(odd.path)' the weight \(odd.weight); a weight is above 0")
        }
        guard ["en", "any"].contains(language) else {
            throw fault(".language' is '\(language)'", hint: "it may be: en, any")
        }
        for name in general.compactMap(\.format) where !ChatFormat.all.contains(where: { $0.name == name }) {
            throw fault(
                ".general' names the format '\(name)', which there is not",
                hint: "there are: \(ChatFormat.all.map(\.name).joined(separator: ", "))")
        }
    }
}
