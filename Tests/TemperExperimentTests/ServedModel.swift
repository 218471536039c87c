import Foundation
import TemperCore
import TemperTestServer
import TemperTransformer

/// The native engine behind OpenAI's chat protocol, on a server that misbehaves to order.
enum ServedModel {
    static func start(_ folder: URL, faults: FaultSchedule) async throws -> MisbehavingServer {
        try TinyModel.write(to: folder, context: 8192)
        let model = try NativeLanguageModel(folder: folder)
        return try await MisbehavingServer(faults) { await answer($0, model) }
    }

    /// A third of the calls meet a fault, each kind in turn by a seeded draw.
    static let faults = FaultSchedule.random(
        [
            .status(429, headers: ["Retry-After": "0"]), .status(500), .hang, .truncate, .drop, .malformed,
        ], share: 0.3, seed: 11)

    private static func answer(_ request: JSONValue, _ model: NativeLanguageModel) async -> JSONValue {
        do {
            let messages = (request["messages"]?.array ?? []).map { message in
                Message(
                    Role(rawValue: message["role"]?.string ?? "") ?? .user, message["content"]?.string ?? "", by: .instruction)
            }
            let completion = try await model.complete(
                CompletionRequest(
                    messages: messages, maximumNewTokens: Int(request["max_tokens"]?.number ?? 8),
                    temperature: request["temperature"]?.number ?? 0, stop: request["stop"]?.array?.compactMap(\.string) ?? []))
            return MisbehavingServer.reply(
                text: completion.text, promptTokens: completion.usage.promptTokens,
                completionTokens: completion.usage.completionTokens,
                finishReason: completion.finishReason == .length ? "length" : "stop")
        } catch {
            return .object(["error": .object(["message": .string("\(error)")])])
        }
    }
}

/// Endpoint options that give up a hanging call soon and try often.
let patientSettings = [
    "collect.endpoint.timeout_seconds=4", "collect.endpoint.maximum_attempts=12", "collect.endpoint.backoff_seconds=0.05",
    "collect.endpoint.maximum_wait_seconds=0.3",
]
