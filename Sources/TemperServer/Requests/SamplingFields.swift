import TemperCore
import TemperTokenizers
import TemperTransformer

/// The fields that both kinds of completion share.
struct SamplingFields: Sendable {
    var temperature: Double
    var topP: Double
    var topK: Int
    /// Choices for each prompt.
    var count: Int
    var seed: UInt64
    var stops: [String]
    var streams: Bool
    /// Whether a stream ends with the usage.
    var includesUsage: Bool
    /// When not empty, a reply is exactly one of these.
    var choices: [String]

    /// Fields that tell a service about its client and change no reply.
    static let harmless: Set<String> = [
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
    ]

    init(_ fields: inout Fields) throws(APIError) {
        temperature = try fields.number("temperature", in: 0...2) ?? 1
        topP = try fields.number("top_p", in: 0...1) ?? 1
        topK = max(0, try fields.integer("top_k", in: -1...1_000_000) ?? 0)
        count = try fields.integer("n", in: 1...ServerOptions.maximumChoices) ?? 1
        if let given = fields.take("seed") {
            guard let number = given.number, number == number.rounded(), abs(number) < 0x1p63 else {
                throw .field("seed", "must be a whole number of 64 bits", code: "invalid_type")
            }
            seed = UInt64(bitPattern: Int64(number))
        } else {
            seed = UInt64.random(in: 0...UInt64.max)
        }
        stops = try fields.strings("stop") ?? []
        guard stops.count <= ServerOptions.maximumStops else {
            throw .field("stop", "has \(stops.count) strings, at most \(ServerOptions.maximumStops) are allowed")
        }
        guard stops.allSatisfy({ !$0.isEmpty && $0.utf8.count <= ServerOptions.maximumStopBytes }) else {
            throw .field("stop", "holds an empty string or one of more than \(ServerOptions.maximumStopBytes) bytes")
        }
        streams = try fields.bool("stream") ?? false
        includesUsage = false
        if let options = fields.take("stream_options") {
            guard streams else { throw .field("stream_options", "is only allowed with 'stream'") }
            var options = try Fields(options, prefix: "stream_options.")
            includesUsage = try options.bool("include_usage") ?? false
            try options.require("include_obfuscation", toBe: [.bool(false), .bool(true)])
            try options.refuseOthers()
        }
        choices = try fields.strings("guided_choice") ?? []
        let bytes = choices.reduce(0) { $0 + $1.utf8.count }
        guard choices.count <= ServerOptions.maximumGuidedChoices, bytes <= ServerOptions.maximumGuidedBytes else {
            throw .field(
                "guided_choice",
                "has \(choices.count) texts of \(bytes) bytes together, at most \(ServerOptions.maximumGuidedChoices) texts of "
                    + "\(ServerOptions.maximumGuidedBytes) bytes are allowed")
        }
        guard choices.allSatisfy({ !$0.isEmpty }) else { throw .field("guided_choice", "holds an empty text") }
        guard choices.isEmpty || stops.isEmpty else { throw .field("guided_choice", "cannot be combined with 'stop'") }
        for name in ["frequency_penalty", "presence_penalty"] { try fields.require(name, toBe: [.number(0)]) }
        try fields.require("logit_bias", toBe: [.object([:])])
    }

    /// The tokens of what a reply may be; encoded once for all choices of a request.
    func guidedTokens(_ served: ServedModel) -> [[Int32]] {
        choices.map { served.model.tokenizer.encode($0, isContinued: true) }
    }

    /// The request of one choice. Each has a seed of its own, and the first the given one.
    func request(
        _ prompt: [Int32], choice: Int, maximumNewTokens: Int, alternatives: Int?, guided: [[Int32]], served: ServedModel
    ) -> SamplingRequest {
        let model = served.model
        return SamplingRequest(
            prompt: prompt, maximumNewTokens: maximumNewTokens, temperature: temperature, topK: topK, topP: topP,
            seed: choice == 0 ? seed : RandomSource.derive(seed, ["choice", String(choice)]), stopIDs: model.stopIDs,
            stopStrings: model.stopStrings(stops), choices: guided,
            alternatives: alternatives, adapter: served.adapter)
    }
}
