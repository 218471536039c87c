import TemperCore
import TemperTokenizers
import TemperTransformer

/// Log-probabilities in OpenAI's two forms.
struct LogProbabilities {
    let tokenizer: Tokenizer

    /// As `choices[].logprobs` of chat completions.
    func chat(_ scores: some Sequence<TokenScore>) -> JSONValue {
        let entries = scores.map { score -> JSONValue in
            var fields = entry(score.id, score.logProbability)
            fields["top_logprobs"] = .array(score.alternatives.map { .object(entry($0.id, $0.logProbability)) })
            return .object(fields)
        }
        return .object(["content": .array(entries), "refusal": .null])
    }

    private func entry(_ id: Int32, _ logProbability: Double) -> [String: JSONValue] {
        let bytes = tokenizer.bytes(of: id)
        return [
            "token": .string(String(decoding: bytes, as: UTF8.self)), "logprob": .number(logProbability),
            "bytes": .array(bytes.map { .number(Double($0)) }),
        ]
    }

    /// As `choices[].logprobs` of completions.
    ///
    /// - Parameters:
    ///   - ids: tokens of the text, the first ones without a score where the scores are fewer.
    ///   - offset: characters before the first token.
    func text(_ ids: [Int32], _ scores: [TokenScore], offset: Int) -> JSONValue {
        var tokens: [JSONValue] = [], values: [JSONValue] = [], top: [JSONValue] = [], offsets: [JSONValue] = []
        var bytes: [UInt8] = []
        for (index, id) in ids.enumerated() {
            let score = index < ids.count - scores.count ? nil : scores[index - (ids.count - scores.count)]
            tokens.append(.string(text(id)))
            offsets.append(.number(Double(offset + String(decoding: bytes, as: UTF8.self).unicodeScalars.count)))
            bytes += tokenizer.bytes(of: id)
            values.append(score.map { .number($0.logProbability) } ?? .null)
            let alternatives = score.map { score in
                // Several tokens may be spelt alike; the most likely one stands for them.
                Dictionary(
                    score.alternatives.map { (text($0.id), JSONValue.number($0.logProbability)) },
                    uniquingKeysWith: { first, _ in first })
            }
            top.append(alternatives.map { .object($0) } ?? .null)
        }
        return .object([
            "tokens": .array(tokens), "token_logprobs": .array(values), "top_logprobs": .array(top),
            "text_offset": .array(offsets),
        ])
    }

    private func text(_ id: Int32) -> String { String(decoding: tokenizer.bytes(of: id), as: UTF8.self) }
}
