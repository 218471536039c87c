import Foundation
import Synchronization

/// Byte-level byte-pair encoding as in GPT-2, Llama 3 and Qwen: any text becomes ids and comes back byte for byte.
///
/// It does not add a begin token or anything else a `tokenizer.json` names as post-processing: ids are those of Python's
/// `encode(text, add_special_tokens=False)`.
public final class Tokenizer: Sendable {
    /// The texts of special tokens with a role of their own.
    public struct Roles: Sendable, Hashable {
        public var begin: String?
        public var end: String?
        public var padding: String?

        public init(begin: String? = nil, end: String? = nil, padding: String? = nil) {
            self.begin = begin
            self.end = end
            self.padding = padding
        }
    }

    /// The highest id plus one; ids between may be unused.
    public let vocabularySize: Int
    public let pattern: Pattern
    public let roles: Roles
    /// The chat template it was trained or saved with, where that is one of Temper's.
    public let chatTemplate: ChatTemplate?

    /// The Jinja text of a foreign template that came with it; kept when it is saved again.
    let foreignTemplate: String?
    let contents: TokenizerContents
    private let merges: BytePairMerges
    private let byteIDs: [Int32]
    private let tokenBytes: [[UInt8]]
    private let specialIDs: [String: Int32]
    private let isSpecialID: [Bool]
    private let allAddedTokens: AddedTokenMatcher
    private let plainAddedTokens: AddedTokenMatcher
    private let wholeTokens: (table: ByteTable, ids: [Int32])?
    private let caches = Mutex<[PreTokenCache]>([])

    /// - Parameter contents: checked by whoever made it.
    init(_ contents: TokenizerContents, roles: Roles, chatTemplate: ChatTemplate?, foreignTemplate: String? = nil) {
        self.contents = contents
        self.foreignTemplate = foreignTemplate
        self.roles = roles
        self.chatTemplate = chatTemplate
        pattern = contents.pattern
        tokenBytes = contents.tokenBytes
        vocabularySize = contents.tokenBytes.count
        merges = BytePairMerges(contents.merges)
        byteIDs = contents.byteIDs
        let special = contents.addedTokens.filter(\.isSpecial)
        specialIDs = Dictionary(special.map { ($0.text, $0.id) }, uniquingKeysWith: { first, _ in first })
        var isSpecialID = [Bool](repeating: false, count: vocabularySize)
        for token in special { isSpecialID[Int(token.id)] = true }
        self.isSpecialID = isSpecialID
        allAddedTokens = AddedTokenMatcher(contents.addedTokens)
        plainAddedTokens = AddedTokenMatcher(contents.addedTokens.filter { !$0.isSpecial })
        wholeTokens = contents.ignoresMerges ? Self.wholeTokenTable(contents) : nil
    }

    /// The same tokenizer with another chat template, which is saved with it; its end of turn becomes the end token.
    public func with(chatTemplate: ChatTemplate) -> Tokenizer {
        var roles = roles
        if id(ofSpecial: chatTemplate.endOfTurn) != nil { roles.end = chatTemplate.endOfTurn }
        return Tokenizer(contents, roles: roles, chatTemplate: chatTemplate)
    }

    private static func wholeTokenTable(_ contents: TokenizerContents) -> (table: ByteTable, ids: [Int32]) {
        let added = Set(contents.addedTokens.map(\.id))
        var table = ByteTable(minimumCapacity: contents.tokenBytes.count)
        var ids: [Int32] = []
        for (id, bytes) in contents.tokenBytes.enumerated() where !bytes.isEmpty && !added.contains(Int32(id)) {
            if table.insert(bytes) == ids.count { ids.append(Int32(id)) }
        }
        return (table, ids)
    }

    // MARK: Encoding

    /// The ids of a text.
    ///
    /// Plain text never gives a special token, whatever it spells: an observation that contains `<|im_end|>` stays text.
    /// Where the file asks for Unicode normalisation (Qwen: NFC) the text is normalised first, as there.
    ///
    /// - Parameter allowingSpecialTokens: whether the texts of special tokens become those tokens.
    public func encode(_ text: String, allowingSpecialTokens: Bool = false) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.utf8.count / 3 + 4)
        var cache = caches.withLock { $0.popLast() } ?? PreTokenCache()
        let added = allowingSpecialTokens ? allAddedTokens : plainAddedTokens
        var text = text
        if added.isEmpty {
            encodeText(text, into: &ids, cache: &cache)
        } else {
            text.withUTF8 { bytes in
                var start = 0
                while let match = added.firstMatch(in: bytes, from: start) {
                    encodeBytes(bytes[start..<match.range.lowerBound], into: &ids, cache: &cache)
                    ids.append(match.id)
                    start = match.range.upperBound
                }
                encodeBytes(bytes[start...], into: &ids, cache: &cache)
            }
        }
        caches.withLock { if $0.count < 16 { $0.append(cache) } }
        return ids
    }

    private func encodeText(_ text: String, into ids: inout [Int32], cache: inout PreTokenCache) {
        var text = text
        text.withUTF8 { encodeBytes($0[...], into: &ids, cache: &cache) }
    }

    private func encodeBytes(_ slice: Slice<UnsafeBufferPointer<UInt8>>, into ids: inout [Int32], cache: inout PreTokenCache) {
        let bytes = UnsafeBufferPointer(rebasing: slice)
        if contents.normalizesToNFC, bytes.contains(where: { $0 >= 0x80 }) {
            var text = String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping
            text.withUTF8 { encodePreTokens($0, into: &ids, cache: &cache) }
        } else {
            encodePreTokens(bytes, into: &ids, cache: &cache)
        }
    }

    private func encodePreTokens(_ bytes: UnsafeBufferPointer<UInt8>, into ids: inout [Int32], cache: inout PreTokenCache) {
        let preTokenizer = PreTokenizer(bytes, pattern: pattern)
        var start = 0
        while start < bytes.count {
            let end = preTokenizer.end(from: start)
            let preToken = UnsafeBufferPointer(rebasing: bytes[start..<end])
            if preToken.count == 1 {
                ids.append(byteIDs[Int(preToken[0])])
            } else {
                let hash = ByteTable.hash(preToken)
                if !cache.append(preToken, hash: hash, to: &ids) {
                    let encoded = encodePreToken(preToken, hash: hash)
                    cache.store(preToken, hash: hash, encoded)
                    ids.append(contentsOf: encoded)
                }
            }
            start = end
        }
    }

    private func encodePreToken(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> [Int32] {
        if let wholeTokens, let index = wholeTokens.table.index(of: bytes, hash: hash) { return [wholeTokens.ids[index]] }
        var ids = bytes.map { byteIDs[Int($0)] }
        merges.apply(to: &ids)
        return ids
    }

    // MARK: Decoding

    /// The text of ids; bytes that are not UTF-8 become U+FFFD, ids outside the vocabulary nothing.
    public func decode(_ ids: some Sequence<Int32>, skippingSpecialTokens: Bool = false) -> String {
        var bytes: [UInt8] = []
        for id in ids where !(skippingSpecialTokens && isSpecial(id)) { bytes.append(contentsOf: self.bytes(of: id)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes an id stands for (a special token's are its text); empty for an id outside the vocabulary.
    public func bytes(of id: Int32) -> [UInt8] {
        id >= 0 && Int(id) < tokenBytes.count ? tokenBytes[Int(id)] : []
    }

    public func id(ofSpecial text: String) -> Int32? { specialIDs[text] }

    public func isSpecial(_ id: Int32) -> Bool {
        id >= 0 && Int(id) < isSpecialID.count && isSpecialID[Int(id)]
    }
}
