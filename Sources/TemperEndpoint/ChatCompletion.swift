import Foundation
import TemperCore

/// The request and reply of OpenAI's chat completions, as far as a policy needs them.
enum ChatCompletion {
    /// The service takes no more stop strings; the rest is cut here.
    static let maximumStops = 4

    /// The exact bytes to send; the same request gives the same bytes.
    static func body(_ request: CompletionRequest, address: EndpointAddress) throws -> [UInt8] {
        var messages =
            request.tools.isEmpty
            ? request.messages.map { .object(["role": .string($0.role.rawValue), "content": .string($0.text)]) }
            : ToolMessages.encode(request.messages)
        if !request.replyStart.isEmpty {
            messages.append(.object(["role": .string("assistant"), "content": .string(request.replyStart)]))
        }
        var fields: [String: JSONValue] = [
            "model": .string(address.model), "messages": .array(messages),
            // Services read seeds as 32-bit numbers.
            "seed": .number(Double(request.seed & 0x7FFF_FFFF)),
        ]
        if !request.tools.isEmpty {
            fields["tools"] = .array(request.tools.map(\.json))
            // One action a turn; other services may not know the field, and of several calls the first counts.
            if address.isOpenAI { fields["parallel_tool_calls"] = .bool(false) }
        }
        if !request.replyStart.isEmpty, !address.isOpenAI {
            // vLLM and SGLang then go on inside the last message. OpenAI's models write a message of their own after it.
            fields["continue_final_message"] = .bool(true)
            fields["add_generation_prompt"] = .bool(false)
        }
        if address.isOpenAI, isReasoning(address.model) {
            fields["max_completion_tokens"] = .number(Double(request.maximumNewTokens))
        } else {
            fields["max_tokens"] = .number(Double(request.maximumNewTokens))
            fields["temperature"] = .number(request.temperature)
            fields["top_p"] = .number(request.topP)
            if !request.stop.isEmpty {
                fields["stop"] = .array(request.stop.prefix(maximumStops).map { .string($0) })
            }
        }
        return Array(try JSONEncoder.stable().encode(JSONValue.object(fields)))
    }

    /// OpenAI's reasoning models refuse `max_tokens`, sampling parameters and stop strings.
    private static func isReasoning(_ model: String) -> Bool {
        ["o1", "o3", "o4", "gpt-5"].contains { model == $0 || model.hasPrefix($0 + "-") || model.hasPrefix($0 + ".") }
    }

    /// Something is wrong with a reply; another attempt may help.
    struct Malformed: Error {
        var reason: String
    }

    /// Reads a reply; its text is not cut at stop strings yet and it has no price.
    ///
    /// - Parameter promptEstimate: the prompt's tokens, should the service not count them.
    static func read(_ body: [UInt8], promptEstimate: Int) throws -> Completion {
        let reply: JSONValue
        do {
            reply = try JSONDecoder().decode(JSONValue.self, from: Data(body))
        } catch {
            let start = String(decoding: body.prefix(60), as: UTF8.self).replacingOccurrences(of: "\n", with: " ")
            throw Malformed(reason: body.isEmpty ? "the reply is empty" : "the reply is not JSON; it begins '\(start)'")
        }
        if let message = errorMessage(reply) { throw Malformed(reason: "the reply is an error: \(message)") }
        guard let choice = reply["choices"]?.array?.first, let message = choice["message"], message.object != nil else {
            throw Malformed(reason: "the reply has no choices[0].message")
        }
        let reason = choice["finish_reason"]?.string
        let refusal = message["refusal"]?.string
        let content = message["content"]?.string ?? parts(message["content"])
        let calls = message["tool_calls"]?.array ?? []
        let text = calls.isEmpty ? content ?? refusal : ToolMessages.text(content: content ?? "", calls: calls)
        guard calls.isEmpty || text != nil else {
            throw Malformed(reason: "the reply's first tool call has no function name")
        }
        let isRefused = reason == "content_filter" || refusal?.isEmpty == false
        guard text != nil || isRefused || reason == "length" else {
            throw Malformed(reason: "the reply has no choices[0].message.content")
        }
        return Completion(
            text: text ?? "", usage: usage(reply["usage"], text: text ?? "", promptEstimate),
            finishReason: isRefused ? .refused : reason == "length" ? .length : .stop)
    }

    /// `{"error": {"message": …}}` and its variants.
    static func errorMessage(_ reply: JSONValue) -> String? {
        reply["error"]?["message"]?.string ?? reply["error"]?.string ?? reply["detail"]?.string
            ?? (reply["object"]?.string == "error" ? reply["message"]?.string : nil)
    }

    private static func parts(_ content: JSONValue?) -> String? {
        content?.array.map { $0.compactMap { $0["text"]?.string }.joined() }
    }

    private static func usage(_ usage: JSONValue?, text: String, _ promptEstimate: Int) -> TokenUsage {
        func count(_ name: String) -> Int? {
            usage?[name]?.number.flatMap { (0...1e12).contains($0) ? Int($0) : nil }
        }
        if let prompt = count("prompt_tokens"), let completion = count("completion_tokens") {
            return TokenUsage(promptTokens: prompt, completionTokens: completion)
        }
        return TokenUsage(
            promptTokens: promptEstimate, completionTokens: (text.utf8.count + 3) / 4, isEstimated: true)
    }

    /// The text before the first stop string.
    static func cut(_ completion: Completion, at stops: [String]) -> Completion {
        let first = stops.filter { !$0.isEmpty }.compactMap { completion.text.range(of: $0, options: .literal)?.lowerBound }.min()
        guard let first else { return completion }
        var completion = completion
        completion.text = String(completion.text[..<first])
        if completion.finishReason == .length { completion.finishReason = .stop }
        return completion
    }
}
