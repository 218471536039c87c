import TemperCore

extension TokenizerFile {
    /// No published vocabulary is near it; a damaged file must not make us reserve more.
    private static let maximumID = 4_000_000

    func readVocabulary(into contents: inout TokenizerContents) throws {
        let added = added_tokens ?? []
        let addedTexts = Set(added.map(\.content))
        let highest = max(model.vocab.values.max() ?? -1, added.map(\.id).max() ?? -1)
        guard (0...Self.maximumID).contains(highest) else { throw Damaged(reason: "its highest id is \(highest)") }
        contents.tokenBytes = Array(repeating: [], count: highest + 1)
        contents.byteIDs = Array(repeating: -1, count: 256)

        for (text, id) in model.vocab {
            guard id >= 0 else { throw Damaged(reason: "the token '\(text)' has the id \(id)") }
            guard contents.tokenBytes[id].isEmpty else { throw Damaged(reason: "two tokens have the id \(id)") }
            if let bytes = ByteAlphabet.bytes(of: text) {
                contents.tokenBytes[id] = bytes
                if bytes.count == 1 { contents.byteIDs[Int(bytes[0])] = Int32(id) }
            } else if addedTexts.contains(text) {
                contents.tokenBytes[id] = Array(text.utf8)
            } else {
                throw Unsupported("model.vocab", .string(text))
            }
        }
        if let byte = contents.byteIDs.firstIndex(of: -1) {
            throw Unsupported("model.vocab", .string("no token for the byte \(byte), so some texts have no ids"))
        }
        try readAddedTokens(added, into: &contents)
        try readMerges(into: &contents)
    }

    private func readAddedTokens(_ added: [Added], into contents: inout TokenizerContents) throws {
        var seen: Set<Int> = []
        for token in added {
            guard token.id >= 0, !token.content.isEmpty else { throw Damaged(reason: "an added token has no text or no id") }
            guard seen.insert(token.id).inserted else { throw Damaged(reason: "two added tokens have the id \(token.id)") }
            for (name, value) in [("lstrip", token.lstrip), ("rstrip", token.rstrip), ("single_word", token.single_word)]
            where value == true {
                throw Unsupported("added_tokens.\(name)", .string(token.content))
            }
            let bytes = Array(token.content.utf8)
            let known = contents.tokenBytes[token.id]
            guard known.isEmpty || model.vocab[token.content] == token.id else {
                throw Damaged(reason: "the added token '\(token.content)' has the id \(token.id) of another token")
            }
            contents.tokenBytes[token.id] = bytes
            contents.addedTokens.append(
                AddedToken(id: Int32(token.id), text: token.content, isSpecial: token.special ?? false))
        }
    }

    private func readMerges(into contents: inout TokenizerContents) throws {
        contents.merges.reserveCapacity(model.merges.pairs.count)
        for (rank, pair) in model.merges.pairs.enumerated() {
            guard let left = model.vocab[pair.left], let right = model.vocab[pair.right],
                let merged = model.vocab[pair.left + pair.right]
            else {
                throw Damaged(reason: "merge \(rank) ('\(pair.left)' and '\(pair.right)') is not of the vocabulary")
            }
            contents.merges.append((Int32(left), Int32(right), Int32(merged)))
        }
    }

    /// The file of a tokenizer.
    init(_ contents: TokenizerContents) {
        // Added tokens stand in the vocabulary too: Python numbers those that do not anew.
        var vocabulary = Dictionary(
            contents.addedTokens.map { ($0.text, Int($0.id)) }, uniquingKeysWith: { first, _ in first })
        let added = Set(vocabulary.values)
        for (id, bytes) in contents.tokenBytes.enumerated() where !bytes.isEmpty && !added.contains(id) {
            vocabulary[ByteAlphabet.text(bytes)] = id
        }
        let merges = contents.merges.map {
            (ByteAlphabet.text(contents.tokenBytes[Int($0.left)]), ByteAlphabet.text(contents.tokenBytes[Int($0.right)]))
        }
        model = Model(
            type: "BPE", fuse_unk: false, byte_fallback: false, ignore_merges: contents.ignoresMerges, vocab: vocabulary,
            merges: Merges(merges))
        added_tokens = contents.addedTokens.map {
            Added(
                id: Int($0.id), content: $0.text, single_word: false, lstrip: false, rstrip: false, normalized: false,
                special: $0.isSpecial)
        }
        normalizer = contents.normalizesToNFC ? .object(["type": .string("NFC")]) : nil
        pre_tokenizer = Self.preTokenizer(contents.pattern)
        post_processor = contents.postProcessor
        decoder = Self.byteLevel(usesRegex: true)
    }

    private static func byteLevel(usesRegex: Bool) -> JSONValue {
        .object([
            "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "trim_offsets": .bool(true),
            "use_regex": .bool(usesRegex),
        ])
    }

    private static func preTokenizer(_ pattern: Tokenizer.Pattern) -> JSONValue {
        let first: JSONValue
        switch pattern {
        case .gpt2: return byteLevel(usesRegex: true)
        case .smol: first = .object(["type": .string("Digits"), "individual_digits": .bool(true)])
        case .words, .llama3, .qwen2:
            first = .object([
                "type": .string("Split"), "pattern": .object(["Regex": .string(pattern.regex)]),
                "behavior": .string("Isolated"), "invert": .bool(false),
            ])
        }
        return .object([
            "type": .string("Sequence"), "pretokenizers": .array([first, byteLevel(usesRegex: pattern == .smol)]),
        ])
    }
}
