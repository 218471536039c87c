import TemperCore

extension TokenizerFile {
    /// No published vocabulary is near it; a damaged file must not make us reserve more.
    private static let maximumID = 4_000_000

    func contents() throws -> TokenizerContents {
        for name in ["truncation", "padding"] {
            if let value = option(name) { throw Unsupported(name, value) }
        }
        for (name, isHarmless) in [("dropout", { $0.number == 0 })] as [(String, (JSONValue) -> Bool)] {
            if let value = model.option(name), !isHarmless(value) { throw Unsupported("model.\(name)", value) }
        }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = model.option(name), value.string != "" { throw Unsupported("model.\(name)", value) }
        }
        let (preTokenization, isByteLevel) = try readPreTokenizer()
        var contents = TokenizerContents(preTokenization: preTokenization)
        contents.normalizer = try readNormalizer()
        contents.ignoresMerges = model.option("ignore_merges")?.bool ?? false
        try readTokens(into: &contents, isByteLevel: isByteLevel)
        switch model.option("type")?.string ?? (model.scores.isEmpty ? "BPE" : "Unigram") {
        case "BPE" where isByteLevel:
            contents.byteIDs = byteIDs()
            contents.unknownID = try unknownID()
            contents.decoder = try readByteLevelDecoder()
            if model.option("byte_fallback")?.bool == true { throw Unsupported("model.byte_fallback", .bool(true)) }
            try readMerges(into: &contents)
        case "BPE":
            try readDecoder(into: &contents)
            try readMerges(into: &contents)
            contents.units = .characters(try characters(contents))
        case "Unigram":
            guard !isByteLevel else { throw Unsupported("pre_tokenizer", options["pre_tokenizer"]) }
            try readDecoder(into: &contents)
            contents.units = .unigram(try unigram())
        case let type: throw Unsupported("model.type", .string(type))
        }
        try readPostProcessor(into: &contents)
        return contents
    }

    private func readTokens(into contents: inout TokenizerContents, isByteLevel: Bool) throws {
        let highest = max(model.ids.max() ?? -1, added.map(\.id).max() ?? -1)
        guard (0...Self.maximumID).contains(highest) else { throw Damaged(reason: "its highest id is \(highest)") }
        contents.tokenBytes = Array(repeating: [], count: highest + 1)
        var isUsed = [Bool](repeating: false, count: highest + 1)
        if !isByteLevel { contents.spellings = contents.tokenBytes }
        for (index, id) in model.ids.enumerated() {
            let text = Array(model.vocabulary.key(index))
            guard id >= 0 else {
                throw Damaged(reason: "the token '\(String(decoding: text, as: UTF8.self))' has the id \(id)")
            }
            guard !isUsed[id] else { throw Damaged(reason: "two tokens have the id \(id)") }
            isUsed[id] = true
            // What is not of the alphabet can come from no text, but stands for itself where a model writes it.
            contents.tokenBytes[id] = isByteLevel ? ByteAlphabet.bytes(of: text) ?? text : text
            if !isByteLevel { contents.spellings[id] = text }
        }
        var seen: Set<Int> = []
        for token in added {
            guard token.id >= 0, !token.content.isEmpty else { throw Damaged(reason: "an added token has no text or no id") }
            guard seen.insert(token.id).inserted else { throw Damaged(reason: "two added tokens have the id \(token.id)") }
            guard !isUsed[token.id] || model.id(of: token.content) == token.id else {
                throw Damaged(reason: "the added token '\(token.text)' has the id \(token.id) of another token")
            }
            let steps = contents.normalizer.steps
            let normalized =
                token.isNormalized && !steps.isEmpty
                ? token.content.withUnsafeBufferPointer { contents.normalizer.apply($0, isContinued: false) } : nil
            // The reference, too, writes what it looks for.
            contents.tokenBytes[token.id] = normalized ?? token.content
            if !isByteLevel { contents.spellings[token.id] = normalized ?? token.content }
            contents.addedTokens.append(
                AddedToken(
                    id: Int32(token.id), text: token.content, isSpecial: token.isSpecial, stripsLeft: token.stripsLeft,
                    stripsRight: token.stripsRight, isSingleWord: token.isSingleWord,
                    normalizedText: normalized))
        }
    }

    private func byteIDs() -> [Int32] {
        (UInt8.min...UInt8.max).map { Int32(model.id(of: Array(ByteAlphabet.text([$0]).utf8)) ?? -1) }
    }

    private func unknownID() throws -> Int32? {
        guard let text = model.option("unk_token")?.string else { return nil }
        guard let id = model.id(of: Array(text.utf8)) else {
            throw Damaged(reason: "the unknown token '\(text)' is not of the vocabulary")
        }
        return Int32(id)
    }

    private func readMerges(into contents: inout TokenizerContents) throws {
        guard let merges = model.merges else { throw Damaged(reason: "it has no merges (model.merges)") }
        contents.merges.reserveCapacity(merges.count)
        for (rank, pair) in merges.enumerated() {
            guard !pair.left.isEmpty, !pair.right.isEmpty, let left = model.id(of: pair.left),
                let right = model.id(of: pair.right), let merged = model.id(of: pair.left + pair.right)
            else {
                let texts = [pair.left, pair.right].map { "'\(String(decoding: $0, as: UTF8.self))'" }
                throw Damaged(reason: "merge \(rank) (\(texts.joined(separator: " and "))) is not of the vocabulary")
            }
            contents.merges.append((Int32(left), Int32(right), Int32(merged)))
        }
    }

    private func characters(_ contents: TokenizerContents) throws -> CharacterVocabulary {
        var characters = try fallback()
        for (index, id) in model.ids.enumerated() {
            let text = Array(model.vocabulary.key(index))
            text.withUnsafeBufferPointer {
                guard !$0.isEmpty, case (let value, let length) = UTF8Text.scalar($0, at: 0), length == $0.count else { return }
                characters.insert(value, Int32(id))
            }
        }
        let bytes = Set(characters.byteIDs)
        if !contents.merges.contains(where: { bytes.contains($0.left) || bytes.contains($0.right) }) {
            characters.joins = JoinSet(contents.merges) { contents.spellings[Int($0)] }
        }
        return characters
    }

    /// What becomes of characters without a token.
    private func fallback() throws -> CharacterVocabulary {
        var characters = CharacterVocabulary()
        characters.unknownID = try unknownID()
        characters.fusesUnknown = model.option("fuse_unk")?.bool ?? false
        if model.option("byte_fallback")?.bool == true {
            characters.byteIDs = (UInt8.min...UInt8.max).map {
                let digits = String($0, radix: 16, uppercase: true)
                return Int32(model.id(of: Array("<0x\(digits.count < 2 ? "0" : "")\(digits)>".utf8)) ?? -1)
            }
        }
        return characters
    }

    private func unigram() throws -> UnigramModel {
        guard !model.ids.isEmpty else { throw Damaged(reason: "its vocabulary is empty") }
        guard model.scores.count == model.ids.count else { throw Damaged(reason: "a unigram vocabulary has no scores") }
        var fallback = try fallback()
        fallback.fusesUnknown = true
        if let value = model.option("unk_id") {
            guard let id = value.number.flatMap(Int.init(exactly:)), model.ids.indices.contains(id) else {
                throw Damaged(reason: "the unknown token (model.unk_id) is not of the vocabulary")
            }
            fallback.unknownID = Int32(id)
        }
        let ids = model.ids.map { Int32($0) }
        return UnigramModel(
            pieces: model.ids.map { (Array(model.vocabulary.key($0)), Int32($0)) }, scores: model.scores, normalIDs: ids,
            roundsToFloat: false, fallback: fallback)
    }
}
