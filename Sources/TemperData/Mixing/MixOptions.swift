package import TemperCore

/// What a recipe says under `curate.mix`. These defaults are the only ones.
///
/// AgentTuning (Zeng et al. 2023, section 3.3) trains on η·agent + (1 − η)·general with η = 0.2, by sampling.
package struct MixOptions: Configurable {
    /// A source of general conversations.
    package struct Source: Configurable {
        /// A file, or the name of what makes them, such as `pocket/chat`.
        package var path = ""
        /// `sharegpt`, `openai-chat`, `alpaca`, `ultrachat` or `agentinstruct`; nil tells by the keys of the first record.
        package var format: String?
        /// Its share among the general draws, relative to the other sources; above 0.
        package var weight = 1.0

        /// `PATH`, or `{ path: PATH, format: sharegpt, weight: 4 }`.
        package static var shortKey: String? { "path" }
        package static let keys: [ConfigurationKey<Source>] = [
            ConfigurationKey(
                "path", \.path, use: .required, "A file, or the name of what makes conversations, such as `pocket/chat`."),
            ConfigurationKey(
                "format", \.format,
                "`sharegpt`, `openai-chat`, `alpaca`, `ultrachat` or `agentinstruct`; without it the first record's keys decide."),
            ConfigurationKey(
                "weight", \.weight, in: .above(0), "The share among the general draws, relative to the other sources."),
        ]

        package init() {}

        package init(path: String, format: String? = nil, weight: Double = 1) {
            self.path = path
            self.format = format
            self.weight = weight
        }
    }

    package var general: [Source] = []
    /// η: the share of agent documents among all, 0…1.
    package var agentRatio = 0.2
    /// `en` keeps English conversations (see ``LanguageFilter``); `any` keeps all.
    package var language = "en"
    /// Documents in all; nil takes as many as give each agent document once.
    package var size: Int?

    package static let keys: [ConfigurationKey<MixOptions>] = [
        ConfigurationKey("general", \.general, "The sources of general conversations, each a path or a mapping."),
        ConfigurationKey(
            "agent_ratio", \.agentRatio, in: .within(0...1), "The share of agent documents among all (AgentTuning: 0.2)."),
        ConfigurationKey(
            "language", \.language, shape: .choice(["en", "any"]), "`en` keeps English conversations, `any` keeps all."),
        ConfigurationKey(
            "size", \.size, in: .atLeast(1), "Documents in all; without it as many as give each agent document once."),
    ]

    package init() {}

    package init(general: [Source] = [], agentRatio: Double = 0.2, language: String = "en", size: Int? = nil) {
        self.general = general
        self.agentRatio = agentRatio
        self.language = language
        self.size = size
    }

    /// - Throws: ``TemperError`` with code `data` for a value that makes no sense, naming its key.
    package func validate() throws {
        func fault(_ message: String, hint: String? = nil) -> TemperError {
            TemperError(.data, "'curate.mix\(message)", hint: hint, boundary: .recipe)
        }
        if let problem = rangeProblem(at: ConfigurationPath(["curate", "mix"])) {
            throw TemperError(.data, problem, boundary: .recipe)
        }
        if general.isEmpty, agentRatio < 1 {
            throw fault("' names no general conversations", hint: "for example general: [sharegpt.json], or [pocket/chat]")
        }
        if agentRatio == 0, size == nil { throw fault(".agent_ratio' is 0, so 'size' must say how many documents there are") }
        guard ["en", "any"].contains(language) else {
            throw fault(".language' is '\(language)'", hint: "it may be: en, any")
        }
        for name in general.compactMap(\.format) where !ChatFormat.all.contains(where: { $0.name == name }) {
            throw fault(
                ".general' names the format '\(name)', which does not exist",
                hint: "there are: \(ChatFormat.all.map(\.name).joined(separator: ", "))")
        }
    }
}
