import Foundation
import Synchronization

/// Text to ids and back: byte-level BPE as in GPT-2, Llama 3 and Qwen, and SentencePiece's BPE and unigram models.
///
/// A byte-level tokenizer gives back every text byte for byte; the others do so up to their normalisation and the space
/// some of them put before a text.
package final class Tokenizer: Sendable {
    /// The texts of special tokens with a role of their own.
    package struct Roles: Sendable, Hashable {
        package var begin: String?
        package var end: String?
        package var padding: String?

        package init(begin: String? = nil, end: String? = nil, padding: String? = nil) {
            self.begin = begin
            self.end = end
            self.padding = padding
        }
    }

    /// The highest id plus one; ids between may be unused.
    package let vocabularySize: Int
    /// The expression that cuts text, where there is one and it is all there is.
    package let pattern: Pattern?
    package let roles: Roles
    /// The chat template it was trained or saved with, where that is one of Temper's.
    package let chatTemplate: ChatTemplate?

    let contents: TokenizerContents
    private let merges: BytePairMerges
    private let specialIDs: [[UInt8]: Int32]
    private let isSpecialID: [Bool]
    /// Tokens found before normalisation and after it; first with the special ones, then without.
    private let matchers: [(raw: AddedTokenMatcher, normalized: AddedTokenMatcher)]
    private let wholeTokens: (table: ByteTable, ids: [Int32])?
    private let caches = Mutex<[PreTokenCache]>([])

    /// - Parameter contents: checked by whoever made it.
    init(_ contents: TokenizerContents, roles: Roles, chatTemplate: ChatTemplate?) {
        self.contents = contents
        self.roles = roles
        self.chatTemplate = chatTemplate
        pattern = contents.pattern
        vocabularySize = contents.tokenBytes.count
        merges = BytePairMerges(contents.merges, ranks: contents.mergeRanks)
        let special = contents.addedTokens.filter(\.isSpecial)
        specialIDs = Dictionary(special.map { ($0.text, $0.id) }, uniquingKeysWith: { first, _ in first })
        var isSpecialID = [Bool](repeating: false, count: vocabularySize)
        for token in special { isSpecialID[Int(token.id)] = true }
        self.isSpecialID = isSpecialID
        matchers = [contents.addedTokens, contents.addedTokens.filter { !$0.isSpecial }].map {
            (AddedTokenMatcher($0, normalized: false), AddedTokenMatcher($0, normalized: true))
        }
        wholeTokens = contents.ignoresMerges ? Self.wholeTokenTable(contents) : nil
    }

    /// The same tokenizer with another chat template, which is saved with it; its end of turn becomes the end token.
    package func with(chatTemplate: ChatTemplate) -> Tokenizer {
        var roles = roles
        if id(ofSpecial: chatTemplate.endOfTurn) != nil { roles.end = chatTemplate.endOfTurn }
        return Tokenizer(contents, roles: roles, chatTemplate: chatTemplate)
    }

    private static func wholeTokenTable(_ contents: TokenizerContents) -> (table: ByteTable, ids: [Int32]) {
        let added = Set(contents.addedTokens.map(\.id))
        var table = ByteTable(minimumCapacity: contents.tokenBytes.count)
        var ids: [Int32] = []
        let texts = contents.spellings.isEmpty ? contents.tokenBytes : contents.spellings
        for (id, bytes) in texts.enumerated() where !bytes.isEmpty && !added.contains(Int32(id)) {
            if table.insert(bytes) == ids.count { ids.append(Int32(id)) }
        }
        return (table, ids)
    }

    // MARK: Encoding

    /// The ids of a text.
    ///
    /// Plain text never gives a special token, whatever it spells: an observation that contains `<|im_end|>` stays text.
    /// Where the file asks for normalisation (Qwen: NFC) the text is normalised first, as there. Ids are those of the
    /// reference implementation of the file's kind (`tokenizers`, `sentencepiece`, `tiktoken`).
    ///
    /// - Parameters:
    ///   - allowingSpecialTokens: whether the texts of special tokens become those tokens.
    ///   - addingSpecialTokens: whether the tokens the file itself puts around a text (`<s>`) are added.
    ///   - isContinued: whether the text follows other text of the same document, so that a tokenizer that puts a space
    ///     before a text (Llama 2, Mistral) does not do so.
    package func encode(
        _ text: String, allowingSpecialTokens: Bool = false, addingSpecialTokens: Bool = false, isContinued: Bool = false
    ) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.utf8.count / 3 + 4)
        if addingSpecialTokens { ids += contents.prefixIDs }
        var cache = caches.withLock { $0.popLast() } ?? PreTokenCache()
        let matcher = matchers[allowingSpecialTokens ? 0 : 1]
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while let match = matcher.raw.firstMatch(in: bytes, from: start) {
                encodeSection(bytes, start..<match.range.lowerBound, matcher.normalized, isContinued, into: &ids, &cache)
                ids.append(match.id)
                start = match.range.upperBound
            }
            encodeSection(bytes, start..<bytes.count, matcher.normalized, isContinued, into: &ids, &cache)
        }
        caches.withLock { if $0.count < 16 { $0.append(cache) } }
        if addingSpecialTokens { ids += contents.suffixIDs }
        return ids
    }

    /// Whether there are special tokens that are found in normalised text only.
    var findsSpecialTokensLate: Bool { contents.addedTokens.contains { $0.isSpecial && $0.normalizedText != nil } }

    /// The ids of a text in which special tokens count only where they are allowed.
    ///
    /// - Parameter allows: whether a special token may stand at a range of bytes.
    func encode(_ bytes: UnsafeBufferPointer<UInt8>, isContinued: Bool, allows: (Range<Int>) -> Bool) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(bytes.count / 3 + 4)
        var cache = caches.withLock { $0.popLast() } ?? PreTokenCache()
        var (start, search) = (0, 0)
        while var match = matchers[0].raw.firstMatch(in: bytes, from: search) {
            if isSpecial(match.id), !allows(match.range) {
                let plain = matchers[1].raw.firstMatch(in: bytes, from: match.range.lowerBound)
                guard let plain, plain.range.lowerBound == match.range.lowerBound else {
                    search = match.range.lowerBound + 1
                    continue
                }
                match = plain
            }
            encodeSection(bytes, start..<match.range.lowerBound, matchers[1].normalized, isContinued, into: &ids, &cache)
            ids.append(match.id)
            start = match.range.upperBound
            search = start
        }
        encodeSection(bytes, start..<bytes.count, matchers[1].normalized, isContinued, into: &ids, &cache)
        caches.withLock { if $0.count < 16 { $0.append(cache) } }
        return ids
    }

    /// A stretch of text between added tokens.
    private func encodeSection(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ matcher: AddedTokenMatcher, _ isContinued: Bool,
        into ids: inout [Int32], _ cache: inout PreTokenCache
    ) {
        guard !range.isEmpty else { return }
        let bytes = UnsafeBufferPointer(rebasing: text[range])
        let isStart = range.lowerBound == 0
        let isContinued = isContinued && isStart
        let normalizer = contents.normalizer
        if normalizer.steps.isEmpty || (normalizer.keepsASCII && !bytes.contains { $0 >= 0x80 }) {
            encodeNormalized(bytes, matcher, isStart, isContinued, into: &ids, &cache)
        } else {
            normalizer.apply(bytes, isContinued: isContinued).withUnsafeBufferPointer {
                encodeNormalized($0, matcher, isStart, isContinued, into: &ids, &cache)
            }
        }
    }

    private func encodeNormalized(
        _ bytes: UnsafeBufferPointer<UInt8>, _ matcher: AddedTokenMatcher, _ isStart: Bool, _ isContinued: Bool,
        into ids: inout [Int32], _ cache: inout PreTokenCache
    ) {
        var start = 0
        while start < bytes.count {
            let match = matcher.firstMatch(in: bytes, from: start)
            let end = match?.range.lowerBound ?? bytes.count
            let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
            encodePlain(text, isStart && start == 0, isContinued && start == 0, into: &ids, &cache)
            if let match { ids.append(match.id) }
            start = match?.range.upperBound ?? bytes.count
        }
    }

    private func encodePlain(
        _ bytes: UnsafeBufferPointer<UInt8>, _ isStart: Bool, _ isContinued: Bool, into ids: inout [Int32],
        _ cache: inout PreTokenCache
    ) {
        guard !bytes.isEmpty else { return }
        switch contents.preTokenization {
        case .none: encodePreToken(bytes, into: &ids, &cache)
        case .pattern(let pattern):
            let preTokenizer = PreTokenizer(bytes, pattern: pattern)
            var start = 0
            while start < bytes.count {
                let end = preTokenizer.end(from: start)
                encodePreToken(UnsafeBufferPointer(rebasing: bytes[start..<end]), into: &ids, &cache)
                start = end
            }
        case .steps(let steps):
            var pieces = PreTokenization.Pieces(
                bytes: Array(bytes), ranges: [0..<bytes.count], isStart: isStart, isContinued: isContinued)
            for step in steps { PreTokenization.apply(step, to: &pieces) }
            pieces.bytes.withUnsafeBufferPointer { bytes in
                for range in pieces.ranges where !range.isEmpty {
                    encodePreToken(UnsafeBufferPointer(rebasing: bytes[range]), into: &ids, &cache)
                }
            }
        }
    }

    @inline(__always)
    private func encodePreToken(_ bytes: UnsafeBufferPointer<UInt8>, into ids: inout [Int32], _ cache: inout PreTokenCache) {
        switch contents.units {
        case .bytes:
            if bytes.count == 1, contents.byteIDs[Int(bytes[0])] >= 0 { return ids.append(contents.byteIDs[Int(bytes[0])]) }
            let hash = ByteTable.hash(bytes)
            if cache.append(bytes, hash: hash, to: &ids) { return }
            let encoded = encodeBytes(bytes, hash: hash)
            cache.store(bytes, hash: hash, encoded)
            ids.append(contentsOf: encoded)
        case .characters(let vocabulary):
            if let wholeTokens, let index = wholeTokens.table.index(of: bytes, hash: ByteTable.hash(bytes)) {
                return ids.append(wholeTokens.ids[index])
            }
            encodeCharacters(bytes, vocabulary, into: &ids, &cache)
        case .unigram(let model): model.encode(bytes, into: &ids)
        }
    }

    private func encodeBytes(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> [Int32] {
        if let wholeTokens, let index = wholeTokens.table.index(of: bytes, hash: hash) { return [wholeTokens.ids[index]] }
        var ids = bytes.map { contents.byteIDs[Int($0)] }
        if ids.contains(-1) {
            ids = ids.compactMap { $0 >= 0 ? $0 : contents.unknownID }
        }
        merges.apply(to: &ids)
        return ids
    }

    /// Encodes stretches that no merge leaves one by one: they are as good as words.
    private func encodeCharacters(
        _ bytes: UnsafeBufferPointer<UInt8>, _ vocabulary: CharacterVocabulary, into ids: inout [Int32],
        _ cache: inout PreTokenCache
    ) {
        let first = ids.count
        var start = 0
        while start < bytes.count {
            var (value, length) = UTF8Text.scalar(bytes, at: start)
            var end = start + length
            let single = vocabulary.id(of: value)
            var count = 1
            while end < bytes.count {
                let next = UTF8Text.scalar(bytes, at: end)
                if let joins = vocabulary.joins, !joins.contains(value, next.value) { break }
                (value, length) = next
                end += length
                count += 1
            }
            let segment = UnsafeBufferPointer(rebasing: bytes[start..<end])
            start = end
            if count == 1, single >= 0, single < vocabulary.virtualStart {
                ids.append(single)
                continue
            }
            let hash = ByteTable.hash(segment)
            if cache.append(segment, hash: hash, to: &ids) { continue }
            let encoded = vocabulary.encode(segment, merges: merges)
            cache.store(segment, hash: hash, encoded)
            ids.append(contentsOf: encoded)
        }
        guard vocabulary.fusesUnknown, let unknown = vocabulary.unknownID else { return }
        var kept = first
        for index in first..<ids.count where !(ids[index] == unknown && kept > first && ids[kept - 1] == unknown) {
            ids[kept] = ids[index]
            kept += 1
        }
        ids.removeLast(ids.count - kept)
    }

    // MARK: Decoding

    /// The text of ids; bytes that are not UTF-8 become U+FFFD, ids outside the vocabulary nothing.
    ///
    /// A tokenizer that puts a space before a text takes it away again; where ids are decoded piece by piece, join
    /// ``bytes(of:)`` instead.
    package func decode(_ ids: some Sequence<Int32>, skippingSpecialTokens: Bool = false) -> String {
        let known = ids.filter { $0 >= 0 && Int($0) < vocabularySize && !(skippingSpecialTokens && isSpecial($0)) }
        switch contents.decoder {
        case .bytes:
            var bytes: [UInt8] = []
            for id in known { bytes.append(contentsOf: contents.tokenBytes[Int(id)]) }
            return String(decoding: bytes, as: UTF8.self)
        case .steps(let steps):
            var tokens = known.map { contents.spellings[Int($0)] }
            for step in steps { tokens = TokenDecoder.apply(step, to: tokens) }
            return String(decoding: tokens.joined(), as: UTF8.self)
        case .sentencePiece(let decoder):
            let bytes = decoder.decode(known, bytes: contents.tokenBytes, skipsControl: skippingSpecialTokens)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The bytes an id stands for inside a text (a special token's are its text); empty for an id outside the vocabulary.
    package func bytes(of id: Int32) -> [UInt8] {
        id >= 0 && Int(id) < vocabularySize ? contents.tokenBytes[Int(id)] : []
    }

    package func id(ofSpecial text: String) -> Int32? { specialIDs[Array(text.utf8)] }

    package func isSpecial(_ id: Int32) -> Bool {
        id >= 0 && Int(id) < isSpecialID.count && isSpecialID[Int(id)]
    }
}
