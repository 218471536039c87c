import TemperCore

extension SentencePieceFile {
    func contents() throws -> TokenizerContents {
        guard !pieces.isEmpty else { throw Refusal(message: "the tokenizer is damaged: it has no pieces") }
        if treatsSpaceAsSuffix {
            throw Refusal(message: "the tokenizer's trainer_spec.treat_whitespace_as_suffix is not supported: true")
        }
        if let index = pieces.firstIndex(where: { $0.kind == .unused }) {
            throw Refusal(message: "the tokenizer's pieces of type UNUSED are not supported: piece \(index)")
        }
        var table = ByteTable(minimumCapacity: pieces.count)
        var contents = TokenizerContents(preTokenization: .none)
        var byteIDs = [Int32](repeating: -1, count: 256)
        let space = [UInt8(ascii: " ")]
        for (id, piece) in pieces.enumerated() {
            guard table.insert(piece.text) == id else {
                throw Refusal(
                    message: "the tokenizer is damaged: the piece '\(String(decoding: piece.text, as: UTF8.self))' occurs twice")
            }
            contents.spellings.append(piece.text)
            contents.tokenBytes.append(TextNormalizer.replace(SentencePieceNormalizer.space, by: space, in: piece.text))
            switch piece.kind {
            case .unknown:
                guard contents.unknownID == nil else {
                    throw Refusal(message: "the tokenizer is damaged: two pieces are unknown")
                }
                contents.unknownID = Int32(id)
            case .control:
                contents.addedTokens.append(AddedToken(id: Int32(id), text: piece.text, isSpecial: true))
            case .byte:
                guard let byte = CharacterVocabulary.byte(spelling: piece.text) else {
                    throw Refusal(message: "the tokenizer is damaged: the byte piece \(id) names no byte")
                }
                byteIDs[Int(byte)] = Int32(id)
                contents.tokenBytes[id] = [byte]
            case .userDefined where modelType == 2:
                contents.addedTokens.append(
                    AddedToken(id: Int32(id), text: piece.text, isSpecial: false, normalizedText: piece.text))
            case .normal, .userDefined, .unused: break
            }
        }
        guard let unknownID = contents.unknownID else { throw Refusal(message: "the tokenizer is damaged: no piece is unknown") }
        if hasByteFallback, let byte = byteIDs.firstIndex(of: -1) {
            throw Refusal(message: "the tokenizer is damaged: it has no piece for the byte \(byte)")
        }
        contents.normalizer.steps = [.sentencePiece(try completeNormalizer())]
        contents.decoder = .sentencePiece(decoder())
        if let id = table.index(of: begin), pieces[id].kind == .control { contents.prefixIDs = [Int32(id)] }

        var fallback = CharacterVocabulary()
        fallback.byteIDs = hasByteFallback ? byteIDs : []
        fallback.unknownID = unknownID
        fallback.fusesUnknown = true
        switch modelType {
        case 1: contents.units = .unigram(unigram(fallback))
        case 2: addMerges(to: &contents, table, fallback)
        default: throw Refusal(message: "the tokenizer's trainer_spec.model_type is not supported: \(modelType)")
        }
        return contents
    }

    private func completeNormalizer() throws -> SentencePieceNormalizer {
        var normalizer = normalizer
        if !characterMap.isEmpty {
            guard let map = CharacterMap(characterMap) else {
                throw Refusal(message: "the tokenizer is damaged: normalizer_spec.precompiled_charsmap is not a character map")
            }
            normalizer.map = map
        }
        for piece in pieces where piece.kind == .userDefined { normalizer.userSymbols.insert(piece.text, 0) }
        return normalizer
    }

    private func decoder() -> SentencePieceDecoder {
        SentencePieceDecoder(
            kinds: pieces.map {
                switch $0.kind {
                case .control: .control
                case .unknown: .unknown
                case .byte: .byte
                case .normal, .userDefined, .unused: .piece
                }
            }, unknownSurface: unknownSurface,
            dropsFirstSpace: normalizer.addsDummyPrefix || normalizer.removesExtraSpaces,
            dropsLeadingSpaces: normalizer.removesExtraSpaces)
    }

    private func unigram(_ fallback: CharacterVocabulary) -> UnigramModel {
        let indices = pieces.indices
        return UnigramModel(
            pieces: indices.filter { pieces[$0].kind == .normal || pieces[$0].kind == .userDefined }
                .map { (pieces[$0].text, Int32($0)) },
            scores: pieces.map { Double($0.score) },
            userDefined: Set(indices.filter { pieces[$0].kind == .userDefined }.map { Int32($0) }),
            normalIDs: indices.filter { pieces[$0].kind == .normal }.map { Int32($0) }, roundsToFloat: true, fallback: fallback)
    }

    /// BPE: the pair whose text is the best piece merges first, the leftmost of equals (`bpe_model.cc`).
    private func addMerges(to contents: inout TokenizerContents, _ table: ByteTable, _ fallback: CharacterVocabulary) {
        var characters = fallback
        characters.virtualStart = Int32(pieces.count)
        var virtualIDs: [UInt32: Int32] = [:]
        // Only these take part in merging: control, unknown and byte pieces are found by their id alone.
        let mergeable = pieces.indices.filter { pieces[$0].kind == .normal || pieces[$0].kind == .userDefined }
        for id in mergeable {
            pieces[id].text.withUnsafeBufferPointer { text in
                var index = 0
                while index < text.count {
                    let (value, length) = UTF8Text.scalar(text, at: index)
                    if length == text.count {
                        characters.insert(value, Int32(id))
                    } else if virtualIDs[value] == nil, isMergeable(table.index(of: Array(text[index..<(index + length)]))) == nil
                    {
                        // A character that stands in pieces and is none itself still merges.
                        let virtual = characters.virtualStart + Int32(characters.virtualScalars.count)
                        virtualIDs[value] = virtual
                        characters.virtualScalars.append(value)
                        characters.insert(value, virtual)
                    }
                    index += length
                }
            }
        }
        var rank: Int32 = -1
        var last = Float.nan
        let ranked = mergeable.sorted { pieces[$0].score > pieces[$1].score }.map { id in
            if pieces[id].score != last { rank += 1 }
            last = pieces[id].score
            return (text: pieces[id].text, id: Int32(id), rank: rank)
        }
        let rules = MergeRules(ranked, isBoundary: { $0 & 0xC0 != 0x80 }) { text in
            if let id = isMergeable(table.index(of: text, hash: ByteTable.hash(text))) { return Int32(id) }
            let (value, length) = UTF8Text.scalar(text, at: 0)
            return length == text.count ? virtualIDs[value] : nil
        }
        contents.merges = rules.merges
        contents.mergeRanks = rules.ranks
        let virtualScalars = characters.virtualScalars
        characters.joins = JoinSet(rules.merges) { [pieces] id in
            Int(id) < pieces.count ? pieces[Int(id)].text : UTF8Text.bytes(virtualScalars[Int(id) - pieces.count])
        }
        contents.units = .characters(characters)
    }

    private func isMergeable(_ id: Int?) -> Int? {
        guard let id, pieces[id].kind == .normal || pieces[id].kind == .userDefined else { return nil }
        return id
    }
}
