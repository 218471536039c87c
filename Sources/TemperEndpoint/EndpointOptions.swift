package import TemperCore

/// How patiently, how fast and at what price an endpoint is asked.
package struct EndpointOptions: Configurable {
    /// Seconds for one attempt, body included.
    package var timeoutSeconds: Double = 120
    /// Attempts at one request, the first included.
    package var maximumAttempts: Int = 6
    /// Seconds before the second attempt; doubled for each further one, times a random factor in 0.5…1.
    package var backoffSeconds: Double = 1
    /// The longest wait before an attempt, also where `Retry-After` asks for more.
    package var maximumWaitSeconds: Double = 60
    /// Requests are spaced evenly to stay below; nil: as fast as they come.
    package var requestsPerMinute: Double?
    /// Requests at the service at once, over all its addresses.
    package var maximumInFlight: Int = 32
    /// US dollars per million tokens; nil: the table's for `openai:`, 0 for others.
    package var price: ModelPrice?
    /// The most tokens of prompt and reply together, where known.
    package var contextLimit: Int?

    package init() {}

    package static let keys: [ConfigurationKey<EndpointOptions>] = [
        ConfigurationKey(
            "timeout_seconds", \.timeoutSeconds, in: .above(0, atMost: 86_400),
            "Seconds for one attempt, reading the reply included."),
        ConfigurationKey(
            "maximum_attempts", \.maximumAttempts, in: .within(1...100), "Attempts at one request, the first included."),
        ConfigurationKey(
            "backoff_seconds", \.backoffSeconds, in: .within(0...3600),
            "Seconds before the second attempt; doubled for each further one, times a random factor in 0.5…1."),
        ConfigurationKey(
            "maximum_wait_seconds", \.maximumWaitSeconds, in: .within(0...3600),
            "The longest wait before an attempt, also where `Retry-After` asks for more."),
        ConfigurationKey(
            "requests_per_minute", \.requestsPerMinute, in: .within(0.01...1_000_000),
            "Requests are spaced evenly to stay below; without it they are sent as fast as they come."),
        ConfigurationKey(
            "maximum_in_flight", \.maximumInFlight, in: .within(1...1024),
            "Requests at the service at once, over all its addresses."),
        ConfigurationKey(
            "price", \.price, "What tokens cost; without it the table's price for `openai:`, and 0 for other addresses."),
        ConfigurationKey(
            "context_limit", \.contextLimit, in: .atLeast(1), "The most tokens of prompt and reply together, where known."),
    ]

    /// - Throws: ``TemperError`` with code `data` that names the option.
    package func validate() throws {
        if let rangeProblem { throw TemperError(.data, "endpoint: \(rangeProblem)", boundary: .policy) }
    }
}
