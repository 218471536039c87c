import TemperCore

/// What a recipe says about the searches of a question suite.
struct SearchOptions: Configurable {
    enum Kind: String, Codable, Hashable, ConfigurationChoice { case local, recorded, wikipedia, serpapi, serper, searxng }

    /// Nil takes the suite's own.
    var search: Kind?
    var file: String?
    var url: String?
    var cache: String?
    var faults = SearchFaultOptions()

    static let keys: [ConfigurationKey<SearchOptions>] =
        [
            ConfigurationKey("search", \.search, "What answers searches; without it the suite's own."),
            ConfigurationKey(
                "search_file", \.file, "The corpus of `local` (JSON lines), or the recording of `recorded` (JSON object)."),
            ConfigurationKey("search_url", \.url, "The server of a search service; needed for `searxng`."),
            ConfigurationKey("search_cache", \.cache, "A folder of recorded replies: a query in it is not sent again."),
        ] + ConfigurationKey.all(of: \.faults)
}

/// How often searches go wrong, see ``SearchFaults``.
struct SearchFaultOptions: Configurable {
    var nothing = 0.0
    var other = 0.0
    var seed = 0

    static let keys: [ConfigurationKey<SearchFaultOptions>] = [
        ConfigurationKey("fault_none", \.nothing, in: .within(0...1), "The probability that a search gives `None`."),
        ConfigurationKey(
            "fault_other", \.other, in: .within(0...1), "The probability that a search gives another query's result."),
        ConfigurationKey("fault_seed", \.seed, in: .atLeast(0), "Seeds which searches go wrong."),
    ]

    /// - Throws: ``TemperError`` with code `data` when the probabilities add up to more than 1.
    func checked() throws -> SearchFaults {
        guard nothing + other <= 1 else {
            throw TemperError(.data, "'fault_none' and 'fault_other' are more than 1 together", boundary: .recipe)
        }
        return SearchFaults(none: nothing, other: other, seed: UInt64(seed))
    }
}

/// The options of `bamboogle`.
struct BamboogleOptions: Configurable {
    var search = SearchOptions()
    var questions: String?

    static let keys: [ConfigurationKey<BamboogleOptions>] =
        ConfigurationKey.all(of: \.search) + [
            ConfigurationKey("questions", \.questions, "A file of questions and answers; without it the data folder's.")
        ]
}

/// The options of the generated question suites.
struct PocketQuestionOptions: Configurable {
    var imperfect = ImperfectOptions()
    var faults = SearchFaultOptions()

    static let keys: [ConfigurationKey<PocketQuestionOptions>] =
        ConfigurationKey.all(of: \.imperfect) + ConfigurationKey.all(of: \.faults)
}
