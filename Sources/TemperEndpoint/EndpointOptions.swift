import TemperCore

/// How patiently, how fast and at what price an endpoint is asked.
package struct EndpointOptions: Codable, Sendable, Hashable {
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

    enum CodingKeys: String, CodingKey {
        case timeoutSeconds = "timeout_seconds"
        case maximumAttempts = "maximum_attempts"
        case backoffSeconds = "backoff_seconds"
        case maximumWaitSeconds = "maximum_wait_seconds"
        case requestsPerMinute = "requests_per_minute"
        case maximumInFlight = "maximum_in_flight"
        case price
        case contextLimit = "context_limit"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let standard = EndpointOptions()
        timeoutSeconds = try fields.decodeIfPresent(Double.self, forKey: .timeoutSeconds) ?? standard.timeoutSeconds
        maximumAttempts = try fields.decodeIfPresent(Int.self, forKey: .maximumAttempts) ?? standard.maximumAttempts
        backoffSeconds = try fields.decodeIfPresent(Double.self, forKey: .backoffSeconds) ?? standard.backoffSeconds
        maximumWaitSeconds = try fields.decodeIfPresent(Double.self, forKey: .maximumWaitSeconds) ?? standard.maximumWaitSeconds
        requestsPerMinute = try fields.decodeIfPresent(Double.self, forKey: .requestsPerMinute)
        maximumInFlight = try fields.decodeIfPresent(Int.self, forKey: .maximumInFlight) ?? standard.maximumInFlight
        price = try fields.decodeIfPresent(ModelPrice.self, forKey: .price)
        contextLimit = try fields.decodeIfPresent(Int.self, forKey: .contextLimit)
    }

    /// - Throws: ``TemperError`` with code `usage` that names the option.
    package func validate() throws {
        func require(_ isValid: Bool, _ name: CodingKeys, _ range: String) throws {
            guard isValid else {
                throw TemperError(.data, "the endpoint option '\(name.rawValue)' must be \(range)", boundary: .policy)
            }
        }
        try require(timeoutSeconds > 0 && timeoutSeconds <= 86_400, .timeoutSeconds, "above 0 and at most 86400")
        try require((1...100).contains(maximumAttempts), .maximumAttempts, "in 1…100")
        try require((0...3600).contains(backoffSeconds), .backoffSeconds, "in 0…3600")
        try require((0...3600).contains(maximumWaitSeconds), .maximumWaitSeconds, "in 0…3600")
        try require(requestsPerMinute.map { $0 >= 0.01 && $0 <= 1_000_000 } ?? true, .requestsPerMinute, "0.01…1000000")
        try require((1...1024).contains(maximumInFlight), .maximumInFlight, "in 1…1024")
        try require(price.map { $0.prompt >= 0 && $0.completion >= 0 } ?? true, .price, "at least 0")
        try require(contextLimit.map { $0 > 0 } ?? true, .contextLimit, "above 0")
    }
}
