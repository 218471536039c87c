import Foundation
import TemperCore

/// Mistral's `tekken.json`: ranks, the expression that cuts text, and special tokens, which have the lowest ids.
enum TekkenFile {
    /// The special tokens of files that list none (`mistral-common`, `Tekkenizer.DEPRECATED_SPECIAL_TOKENS`).
    private static let defaultSpecial = [
        "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]",
        "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
    ]

    /// - Throws: ``TemperError`` with code `data`.
    static func read(_ data: Data, place: String) throws -> TokenizerContents {
        func damaged(_ reason: String) -> TemperError {
            TemperError(.data, "the tokenizer is damaged: \(reason)", place: place, boundary: .data)
        }
        var tokens: [(bytes: [UInt8], rank: Int)] = []
        var config = JSONValue.null
        var special: [(rank: Int, text: String)]?
        do {
            try data.withUnsafeBytes { raw in
                let bytes = raw.bindMemory(to: UInt8.self)
                guard String(validating: bytes, as: UTF8.self) != nil else { throw damaged("it is not UTF-8 text") }
                var reader = JSONReader(bytes)
                try reader.openObject()
                while let key = try reader.key() {
                    switch key {
                    case "config": config = try reader.value()
                    case "vocab":
                        try reader.openArray()
                        while try reader.element() { tokens.append(try token(&reader, number: tokens.count, damaged)) }
                    case "special_tokens":
                        special = try reader.value().array?.map { entry in
                            guard let rank = entry["rank"]?.number.flatMap(Int.init(exactly:)),
                                let text = entry["token_str"]?.string
                            else { throw damaged("a special token has no rank or no text") }
                            return (rank, text)
                        }
                    default: _ = try reader.value()
                    }
                }
                try reader.end()
            }
        } catch let error as JSONReader.Failure {
            throw TemperError(
                .data, "this is not a tekken.json: \(error.reason), at byte \(error.offset)", hint: "is the file whole?",
                place: place, boundary: .data)
        }
        guard let regex = config["pattern"]?.string,
            let size = config["default_vocab_size"]?.number.flatMap(Int.init(exactly:)),
            let offset = config["default_num_special_tokens"]?.number.flatMap(Int.init(exactly:)),
            (0...1_000_000).contains(offset), size > offset, size - offset <= tokens.count
        else { throw damaged("its config lacks the pattern, or sizes that agree with the vocabulary") }
        guard let pattern = Tokenizer.Pattern.allCases.first(where: { $0.regex == regex && $0 != .smol }) else {
            throw TemperError(
                .data, "the tokenizer's config.pattern is not supported: \(regex)",
                hint: "supported are the expressions of Tekken, GPT-2, Llama 3 and Qwen 2", place: place, boundary: .data)
        }
        var texts = (special ?? defaultSpecial.enumerated().map { ($0.offset, $0.element) }).filter { $0.rank < offset }
        let known = Set(texts.map(\.rank))
        texts += (0..<offset).filter { !known.contains($0) }.map { ($0, "<SPECIAL_\($0)>") }
        return try RankFile.contents(
            Array(tokens.prefix(size - offset)), pattern: pattern, offset: offset,
            special: texts.sorted { $0.rank < $1.rank }.map { ($0.text, $0.rank, true) }, place: place)
    }

    private static func token(
        _ reader: inout JSONReader, number: Int, _ damaged: (String) -> TemperError
    ) throws -> (bytes: [UInt8], rank: Int) {
        var bytes: Data?
        var rank: Int?
        try reader.openObject()
        while let key = try reader.key() {
            switch key {
            case "token_bytes": bytes = Data(base64Encoded: Data(try reader.stringBytes()))
            case "rank": rank = try reader.integer()
            default: _ = try reader.value()
            }
        }
        guard let bytes, !bytes.isEmpty, let rank else {
            throw damaged("entry \(number) of the vocabulary has no bytes or no rank")
        }
        return (Array(bytes), rank)
    }
}
