import TemperCore

extension TokenizerFile {
    /// The parts of a component: itself, or those of a sequence; empty when it is absent.
    private static func parts(_ component: JSONValue?, _ list: String) -> [JSONValue] {
        guard let component else { return [] }
        guard component["type"]?.string == "Sequence" else { return [component] }
        return (component[list]?.array ?? []).flatMap { parts($0, list) }
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? { value?.string.map { Array($0.utf8) } }

    // MARK: Normaliser

    func readNormalizer() throws -> TextNormalizer {
        var normalizer = TextNormalizer()
        for part in Self.parts(option("normalizer"), "normalizers") {
            let unsupported = Unsupported("normalizer", part)
            switch part["type"]?.string {
            case "NFC": normalizer.steps.append(.nfc)
            case "NFD": normalizer.steps.append(.nfd)
            case "NFKC": normalizer.steps.append(.nfkc)
            case "NFKD": normalizer.steps.append(.nfkd)
            case "Lowercase": normalizer.steps.append(.lowercase)
            case "StripAccents": normalizer.steps.append(.stripAccents)
            case "Strip":
                normalizer.steps.append(
                    .strip(left: part["strip_left"]?.bool ?? true, right: part["strip_right"]?.bool ?? true))
            case "Prepend":
                guard let prefix = Self.bytes(part["prepend"]) else { throw unsupported }
                normalizer.steps.append(.prepend(prefix))
            case "Replace":
                guard let old = Self.bytes(part["pattern"]?["String"]), !old.isEmpty, let new = Self.bytes(part["content"])
                else { throw unsupported }
                normalizer.steps.append(.replace(old, by: new))
            default: throw unsupported
            }
        }
        return normalizer
    }

    // MARK: Pre-tokenizer

    func readPreTokenizer() throws -> (PreTokenization, isByteLevel: Bool) {
        let parts = Self.parts(option("pre_tokenizer"), "pretokenizers")
        var steps: [PreTokenization.Step] = []
        var isByteLevel = false
        for (index, part) in parts.enumerated() {
            let unsupported = Unsupported("pre_tokenizer", part)
            switch part["type"]?.string {
            case "ByteLevel":
                // It changes the alphabet, so what follows would see other characters.
                guard index == parts.count - 1 else { throw unsupported }
                isByteLevel = true
                if part["add_prefix_space"]?.bool ?? true { steps.append(.prefixSpace) }
                if part["use_regex"]?.bool ?? true { steps.append(.pattern(.gpt2)) }
            case "Digits": steps.append(.digits(individually: part["individual_digits"]?.bool ?? false))
            case "Metaspace": steps.append(try Self.metaspace(part))
            case "Split": steps.append(try Self.split(part))
            default: throw unsupported
            }
        }
        switch steps.count {
        case 0: return (.none, isByteLevel)
        case 1:
            if case .pattern(let pattern) = steps[0] { return (.pattern(pattern), isByteLevel) }
        case 2:
            if case .digits(individually: true) = steps[0], case .pattern(.gpt2) = steps[1] {
                return (.pattern(.smol), isByteLevel)
            }
        default: break
        }
        return (.steps(steps), isByteLevel)
    }

    private static func metaspace(_ part: JSONValue) throws -> PreTokenization.Step {
        guard let replacement = bytes(part["replacement"]), !replacement.isEmpty else {
            throw Unsupported("pre_tokenizer", part)
        }
        var scheme = PreTokenization.PrependScheme.always
        if let name = part["prepend_scheme"]?.string {
            guard let known = PreTokenization.PrependScheme(rawValue: name) else { throw Unsupported("pre_tokenizer", part) }
            scheme = known
        } else if part["add_prefix_space"]?.bool == false {
            scheme = .never
        }
        return .metaspace(replacement, scheme, splits: part["split"]?.bool ?? true)
    }

    private static func split(_ part: JSONValue) throws -> PreTokenization.Step {
        let unsupported = Unsupported("pre_tokenizer", part)
        guard let behavior = part["behavior"]?.string.flatMap(PreTokenization.Behavior.init(rawValue:)) else {
            throw unsupported
        }
        let isInverted = part["invert"]?.bool ?? false
        if let literal = bytes(part["pattern"]?["String"]) {
            guard !literal.isEmpty, !isInverted else { throw unsupported }
            return .literal(literal, behavior)
        }
        // The known expressions match every text from end to end, so that matches alone remain either way.
        guard let regex = part["pattern"]?["Regex"]?.string,
            (behavior == .isolated && !isInverted) || (behavior == .removed && isInverted)
        else { throw unsupported }
        switch regex {
        case #"\p{N}"#: return .digits(individually: true)
        case #"\p{N}+"#: return .digits(individually: false)
        default:
            guard let pattern = Tokenizer.Pattern.allCases.first(where: { $0.regex == regex && $0 != .smol }) else {
                throw unsupported
            }
            return .pattern(pattern)
        }
    }

    // MARK: Decoder

    func readByteLevelDecoder() throws -> TokenDecoder {
        let parts = Self.parts(option("decoder"), "decoders")
        guard parts.count == 1, parts[0]["type"]?.string == "ByteLevel" else { throw Unsupported("decoder", option("decoder")) }
        return .bytes
    }

    func readDecoder(into contents: inout TokenizerContents) throws {
        let parts = Self.parts(option("decoder"), "decoders")
        guard !parts.isEmpty else { throw Unsupported("decoder", option("decoder")) }
        let steps: [TokenDecoder.Step] = try parts.map { part in
            let unsupported = Unsupported("decoder", part)
            switch part["type"]?.string {
            case "ByteFallback": return .byteFallback
            case "Fuse": return .fuse
            case "Replace":
                guard let old = Self.bytes(part["pattern"]?["String"]), !old.isEmpty, let new = Self.bytes(part["content"])
                else { throw unsupported }
                return .replace(old, by: new)
            case "Strip":
                guard let content = Self.bytes(part["content"]), !content.isEmpty,
                    let start = part["start"]?.number.flatMap(Int.init(exactly:)),
                    let stop = part["stop"]?.number.flatMap(Int.init(exactly:)), start >= 0, stop >= 0
                else { throw unsupported }
                return .strip(content, start: start, stop: stop)
            case "Metaspace":
                guard let replacement = Self.bytes(part["replacement"]), !replacement.isEmpty else { throw unsupported }
                let keepsFirst = part["prepend_scheme"]?.string == "never" || part["add_prefix_space"]?.bool == false
                return .metaspace(replacement, keepsFirst: keepsFirst)
            default: throw unsupported
            }
        }
        contents.decoder = .steps(steps)
        let added = Set(contents.addedTokens.filter { $0.normalizedText == nil }.map(\.id))
        for id in contents.spellings.indices where !added.contains(Int32(id)) {
            contents.tokenBytes[id] = TokenDecoder.bytes(of: contents.spellings[id], steps)
        }
    }

    // MARK: Post-processor

    func readPostProcessor(into contents: inout TokenizerContents) throws {
        for part in Self.parts(option("post_processor"), "processors") {
            switch part["type"]?.string {
            case "ByteLevel": break
            case "TemplateProcessing": try readTemplate(part, into: &contents)
            case "BertProcessing", "RobertaProcessing":
                contents.prefixIDs.insert(try idOfPair(part["cls"], part), at: 0)
                contents.suffixIDs.append(try idOfPair(part["sep"], part))
            default: throw Unsupported("post_processor", part)
            }
        }
        let highest = Int32(contents.tokenBytes.count)
        for id in contents.prefixIDs + contents.suffixIDs where id < 0 || id >= highest {
            throw Damaged(reason: "the post-processor adds the id \(id), which the vocabulary does not have")
        }
    }

    private func idOfPair(_ pair: JSONValue?, _ part: JSONValue) throws -> Int32 {
        guard let id = pair?.array?.last?.number.flatMap(Int32.init(exactly:)) else { throw Unsupported("post_processor", part) }
        return id
    }

    private func readTemplate(_ part: JSONValue, into contents: inout TokenizerContents) throws {
        let unsupported = Unsupported("post_processor", part)
        guard let pieces = part["single"]?.array else { throw unsupported }
        var isBefore = true
        var prefix: [Int32] = []
        for piece in pieces {
            if let sequence = piece["Sequence"] {
                guard sequence["id"]?.string == "A", isBefore else { throw unsupported }
                isBefore = false
            } else if let name = piece["SpecialToken"]?["id"]?.string {
                guard let ids = part["special_tokens"]?[name]?["ids"]?.array else { throw unsupported }
                let added = try ids.map { id in
                    guard let id = id.number.flatMap(Int32.init(exactly:)) else { throw unsupported }
                    return id
                }
                if isBefore { prefix += added } else { contents.suffixIDs += added }
            } else {
                throw unsupported
            }
        }
        guard !isBefore else { throw unsupported }
        contents.prefixIDs = prefix + contents.prefixIDs
    }
}
