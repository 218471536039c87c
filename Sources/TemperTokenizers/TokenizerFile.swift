import Foundation
import TemperCore

/// A `tokenizer.json` of Hugging Face `tokenizers`, read in one pass.
struct TokenizerFile {
    struct Added {
        var id = -1
        var content: [UInt8] = []
        var isSpecial = false
        var stripsLeft = false
        var stripsRight = false
        var isSingleWord = false
        var isNormalized = false
        var text: String { String(decoding: content, as: UTF8.self) }
    }

    /// The `model` object; only the keys of BPE and unigram models.
    struct Model {
        var options: [String: JSONValue] = [:]
        var vocabulary = ByteTable(minimumCapacity: 1 << 16)
        /// [vocabulary.count]
        var ids: [Int] = []
        /// [vocabulary.count]; unigram only.
        var scores: [Double] = []
        /// Numbers of ``mergeTexts``, two for each merge; nil: the key is missing.
        var merges: [(left: [UInt8], right: [UInt8])]?

        func option(_ name: String) -> JSONValue? {
            options[name].flatMap { $0 == .null ? nil : $0 }
        }

        func id(of text: [UInt8]) -> Int? { vocabulary.index(of: text).map { ids[$0] } }
    }

    /// Something this module does not compute.
    struct Unsupported: Error {
        var option: String
        var value: String

        init(_ option: String, _ value: JSONValue?) {
            self.option = option
            let text: String
            do {
                text = String(decoding: try JSONEncoder.stable().encode(value ?? .null), as: UTF8.self)
            } catch {
                text = "?"
            }
            self.value = text.count > 200 ? text.prefix(200) + "…" : text
        }
    }

    /// Parts that contradict each other.
    struct Damaged: Error {
        var reason: String
    }

    var options: [String: JSONValue] = [:]
    var added: [Added] = []
    var model = Model()

    func option(_ name: String) -> JSONValue? {
        options[name].flatMap { $0 == .null ? nil : $0 }
    }

    /// Reads the bytes of a file.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and, where the tokenizer uses something this module
    ///   does not compute, the option.
    static func read(_ data: Data, place: String) throws -> TokenizerContents {
        do {
            return try TokenizerFile(data).contents()
        } catch let error as Unsupported {
            throw TemperError(
                .data, "the tokenizer's \(error.option) is not supported: \(error.value)",
                hint: "supported are BPE and unigram tokenizers in the manner of GPT-2, Llama, Mistral, Qwen and SmolLM",
                place: place, boundary: .data)
        } catch let error as Damaged {
            throw TemperError(.data, "the tokenizer is damaged: \(error.reason)", place: place, boundary: .data)
        } catch let error as JSONReader.Failure {
            throw TemperError(
                .data, "this is not a tokenizer.json: \(error.reason), at byte \(error.offset)",
                hint: "is the file whole? Compare its size with the one it was copied from", place: place, boundary: .data)
        }
    }

    private init(_ data: Data) throws {
        try data.withUnsafeBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            guard String(validating: bytes, as: UTF8.self) != nil else { throw Damaged(reason: "it is not UTF-8 text") }
            var reader = JSONReader(bytes)
            try reader.openObject()
            while let key = try reader.key() {
                switch key {
                case "model": try Self.readModel(&reader, &model)
                case "added_tokens" where reader.peek() == UInt8(ascii: "n"): try reader.null()
                case "added_tokens":
                    try reader.openArray()
                    while try reader.element() { added.append(try Self.readAdded(&reader)) }
                default: options[key] = try reader.value()
                }
            }
            try reader.end()
        }
    }

    private static func readAdded(_ reader: inout JSONReader) throws -> Added {
        var token = Added()
        func flag(_ reader: inout JSONReader) throws -> Bool { try reader.value().bool ?? false }
        var isNormalized: Bool?
        try reader.openObject()
        while let key = try reader.key() {
            switch key {
            case "id": token.id = try reader.integer()
            case "content": token.content = try reader.stringBytes()
            case "special": token.isSpecial = try flag(&reader)
            case "lstrip": token.stripsLeft = try flag(&reader)
            case "rstrip": token.stripsRight = try flag(&reader)
            case "single_word": token.isSingleWord = try flag(&reader)
            case "normalized": isNormalized = try flag(&reader)
            default: _ = try reader.value()
            }
        }
        token.isNormalized = isNormalized ?? !token.isSpecial
        return token
    }

    private static func readModel(_ reader: inout JSONReader, _ model: inout Model) throws {
        try reader.openObject()
        while let key = try reader.key() {
            switch key {
            case "vocab" where reader.peek() == UInt8(ascii: "["): try readScoredVocabulary(&reader, &model)
            case "vocab":
                try reader.openObject()
                while let text = try reader.keyBytes() {
                    try insert(text, &model)
                    model.ids.append(try reader.integer())
                }
            case "merges":
                var merges: [(left: [UInt8], right: [UInt8])] = []
                try reader.openArray()
                while try reader.element() { merges.append(try readMerge(&reader, number: merges.count)) }
                model.merges = merges
            default: model.options[key] = try reader.value()
            }
        }
    }

    private static func insert(_ text: [UInt8], _ model: inout Model) throws {
        guard model.vocabulary.insert(text) == model.ids.count else {
            throw Damaged(reason: "the vocabulary has the token '\(String(decoding: text, as: UTF8.self))' twice")
        }
    }

    /// `[["▁the", -3.2], …]`, as of unigram models: ids are positions.
    private static func readScoredVocabulary(_ reader: inout JSONReader, _ model: inout Model) throws {
        try reader.openArray()
        while try reader.element() {
            var part = 0
            try reader.openArray()
            while try reader.element() {
                if part == 0 {
                    let text = try reader.stringBytes()
                    try insert(text, &model)
                    model.ids.append(model.ids.count)
                } else if part == 1, let score = try reader.value().number {
                    model.scores.append(score)
                }
                part += 1
            }
            guard part == 2, model.scores.count == model.ids.count else {
                throw Damaged(reason: "entry \(model.ids.count - 1) of the vocabulary is not a token and a score")
            }
        }
    }

    /// `"a b"`, or `["a", "b"]` as newer versions write.
    private static func readMerge(_ reader: inout JSONReader, number: Int) throws -> (left: [UInt8], right: [UInt8]) {
        var parts: [[UInt8]] = []
        if reader.peek() == UInt8(ascii: "[") {
            try reader.openArray()
            while try reader.element() { parts.append(try reader.stringBytes()) }
        } else {
            let text = try reader.stringBytes()
            parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
        }
        guard parts.count == 2 else { throw Damaged(reason: "merge \(number) is not a pair") }
        return (parts[0], parts[1])
    }
}
