import TemperCore
import TemperTokenizers
import TemperTransformer

/// Answers one chat completion.
struct ChatJob: Sendable {
    /// A choice to be sampled, and the function it must call.
    private struct Choice: Sendable {
        var request: SamplingRequest
        var function: String?
    }

    let request: ChatRequest
    let served: ServedModel
    let prompt: [Int32]
    let head: ReplyHead
    private let reader: ToolCallReader
    private let scores: LogProbabilities

    /// - Throws: ``APIError`` when the chat does not fit the model.
    init(_ request: ChatRequest, _ served: ServedModel, created: Int) throws {
        self.request = request
        self.served = served
        prompt = try ChatPrompt.encode(request, served)
        try served.requireFits(prompt, room: 1)
        head = ReplyHead("chatcmpl", model: served.name, created: created)
        reader = ToolCallReader(request)
        scores = LogProbabilities(tokenizer: served.model.tokenizer)
    }

    /// The whole reply.
    func whole(deadline: ContinuousClock.Instant) async throws -> (body: JSONValue, usage: Usage) {
        let choices = try await choices(deadline)
        let replies = try await Generation.replies(choices.map(\.request), served.model, deadline: deadline)
        var usage = Usage(promptTokens: prompt.count)
        var values: [JSONValue] = []
        for (index, reply) in replies.enumerated() {
            usage.add(reply, isFirstOfPrompt: index == 0)
            let (content, calls) = read(reply.bytes, choices[index])
            var message: [String: JSONValue] = [
                "role": .string("assistant"), "content": content.isEmpty && !calls.isEmpty ? .null : .string(content),
                "refusal": .null,
            ]
            if !calls.isEmpty { message["tool_calls"] = .array(calls.map(\.json)) }
            values.append(
                .object([
                    "index": .number(Double(index)), "message": .object(message),
                    "logprobs": request.alternatives.map { _ in scores.chat(reply.scores.prefix(reply.textTokenCount)) } ?? .null,
                    "finish_reason": .string(finish(reply, calls, choices[index])),
                ]))
        }
        return (head.json("chat.completion", choices: values, usage: usage.json), usage)
    }

    /// The reply in chunks.
    func stream(
        deadline: ContinuousClock.Instant, onFirstToken: () -> Void, _ send: (JSONValue) -> Void
    ) async throws -> Usage {
        let choices = try await choices(deadline)
        var states = choices.map { _ in StreamState() }
        var usage = Usage(promptTokens: prompt.count)
        for index in choices.indices {
            send(chunk(index, ["role": .string("assistant"), "content": .string("")]))
        }
        try await Generation.stream(choices.map(\.request), served.model, deadline: deadline, onFirstToken: onFirstToken) {
            index, event in
            switch event {
            case .piece(let piece):
                states[index].bytes += piece.bytes
                states[index].scores += piece.scores
                let settled = choices[index].function == nil ? reader.settledLength(states[index].bytes) : 0
                guard settled > states[index].sent else { return }
                let text = states[index].text(upTo: settled)
                send(chunk(index, ["content": .string(text)], states[index].takeScores()))
            case .end(let reply):
                usage.add(reply, isFirstOfPrompt: index == 0)
                let (content, calls) = read(reply.bytes, choices[index])
                let bytes = states[index].bytes
                // Without calls all of it is text after all.
                let length =
                    calls.isEmpty
                    ? bytes.count
                    : bytes.starts(with: content.utf8) ? content.utf8.count : reader.settledLength(bytes)
                if length > states[index].sent {
                    let text = states[index].text(upTo: length)
                    send(chunk(index, ["content": .string(text)], states[index].takeScores()))
                }
                for (number, call) in calls.enumerated() {
                    var fields = call.json.object ?? [:]
                    fields["index"] = .number(Double(number))
                    send(
                        chunk(index, ["tool_calls": .array([.object(fields)])], number == 0 ? states[index].takeScores() : []))
                }
                send(
                    chunk(index, [:], states[index].takeScores(), finish: finish(reply, calls, choices[index])))
            }
        }
        if request.sampling.includesUsage {
            send(head.json("chat.completion.chunk", choices: [], usage: usage.json))
        }
        return usage
    }

    /// What of a choice was sent.
    private struct StreamState {
        var bytes: [UInt8] = []
        var sent = 0
        var scores: [TokenScore] = []

        mutating func text(upTo length: Int) -> String {
            defer { sent = length }
            return String(decoding: bytes[sent..<length], as: UTF8.self)
        }

        mutating func takeScores() -> [TokenScore] {
            defer { scores = [] }
            return scores
        }
    }

    private func chunk(
        _ index: Int, _ delta: [String: JSONValue], _ tokens: [TokenScore] = [], finish: String? = nil
    ) -> JSONValue {
        let choice: [String: JSONValue] = [
            "index": .number(Double(index)), "delta": .object(delta),
            "logprobs": request.alternatives == nil || tokens.isEmpty ? .null : scores.chat(tokens),
            "finish_reason": finish.map { .string($0) } ?? .null,
        ]
        return head.json("chat.completion.chunk", choices: [.object(choice)], usage: request.sampling.includesUsage ? .null : nil)
    }

    private func finish(_ reply: SampledReply, _ calls: [ToolCall], _ choice: Choice) -> String {
        if reply.finish == .length { return "length" }
        // A function that the client named is not a decision of the model.
        if case .function = request.toolChoice { return "stop" }
        return calls.isEmpty ? "stop" : "tool_calls"
    }

    /// Text and calls of what a choice wrote.
    private func read(_ bytes: [UInt8], _ choice: Choice) -> (content: String, calls: [ToolCall]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let function = choice.function else { return reader.read(text) }
        // The arguments are the first object; what a model writes instead is passed on as it is.
        let all = Array(text.utf8)
        let end = JSONExtent.end(of: all[...]) ?? all.count
        let arguments = String(decoding: all[..<end].drop { $0 <= 0x20 }, as: UTF8.self)
        return ("", [ToolCall(id: ToolCallReader.newID(), name: function, arguments: arguments)])
    }

    private func choices(_ deadline: ContinuousClock.Instant) async throws -> [Choice] {
        var choices: [Choice] = []
        let room = served.model.contextLength - prompt.count
        let guided = request.sampling.guidedTokens(served)
        for index in 0..<request.sampling.count {
            var request = request.sampling.request(
                prompt, choice: index, maximumNewTokens: self.request.maximumNewTokens ?? room,
                alternatives: self.request.alternatives, guided: guided, served: served)
            guard let function = try await function(request, deadline) else {
                choices.append(Choice(request: request))
                continue
            }
            request.prompt += callStart + served.model.tokenizer.encode(function, isContinued: true)
            request.prompt += served.model.tokenizer.encode(
                served.callForm.middle, allowingSpecialTokens: true, isContinued: true)
            // Other forms end with the turn; what follows the arguments is left out.
            if served.callForm.end.contains(ToolWords.callEnd) {
                request.stopStrings.append(Array(ToolWords.callEnd.utf8))
            }
            choices.append(Choice(request: request, function: function))
        }
        return choices
    }

    /// What a reply that must call a function begins with.
    private var callStart: [Int32] {
        served.model.tokenizer.encode(served.callForm.start, allowingSpecialTokens: true, isContinued: true)
    }

    /// The function that must be called: the one named, or the model's choice among all.
    private func function(_ choice: SamplingRequest, _ deadline: ContinuousClock.Instant) async throws -> String? {
        switch request.toolChoice {
        case .none, .auto: return nil
        case .function(let name): return name
        case .required:
            if request.tools.count == 1 { return request.tools[0].name }
            let tokenizer = served.model.tokenizer
            var choice = choice
            choice.prompt += callStart
            choice.choices = request.tools.map { tokenizer.encode($0.name, isContinued: true) }
            choice.alternatives = nil
            return String(decoding: try await served.model.sample(choice, deadline: deadline).bytes, as: UTF8.self)
        }
    }
}
