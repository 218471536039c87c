import Foundation
import TemperCore

/// Byte-pair ranks as `tiktoken` reads them: lines of a token in base64 and its rank, which is its id.
enum RankFile {
    /// Whether data looks like one: it starts with base64, a space and a number.
    static func isOne(_ data: Data) -> Bool {
        let line = data.prefix(400).prefix { $0 != 10 && $0 != 13 }
        let parts = line.split(separator: 32)
        guard parts.count == 2, Int(String(decoding: parts[1], as: UTF8.self)) != nil else { return false }
        return Data(base64Encoded: Data(parts[0])) != nil
    }

    /// The number of ranks of published vocabularies, with the expression each goes with: the file does not say.
    private static let patterns: [(ranks: ClosedRange<Int>, pattern: Tokenizer.Pattern)] = [
        (50_000...51_000, .gpt2), (100_256...100_256, .llama3), (128_000...128_000, .llama3), (151_643...151_643, .qwen2),
        (199_998...200_000, .o200k),
    ]

    /// - Parameters:
    ///   - pattern: nil: that of the published vocabulary with as many ranks.
    ///   - special: what has an id beyond the ranks.
    /// - Throws: ``TemperError`` with code `data`.
    static func read(
        _ data: Data, place: String, pattern: Tokenizer.Pattern? = nil, special: [(text: String, id: Int, isSpecial: Bool)] = []
    ) throws -> TokenizerContents {
        var tokens: [(bytes: [UInt8], rank: Int)] = []
        var number = 0
        for line in data.split(separator: 10, omittingEmptySubsequences: false) {
            number += 1
            let fields = line.split(separator: 32).map { $0.last == 13 ? $0.dropLast() : $0 }
            if fields.allSatisfy(\.isEmpty) { continue }
            // Some lists have one entry of no bytes, which no text can give.
            if fields.count == 2, fields[0].elementsEqual([UInt8(ascii: "=")]) { continue }
            guard fields.count == 2, let bytes = Data(base64Encoded: Data(fields[0])), !bytes.isEmpty,
                let rank = Int(String(decoding: fields[1], as: UTF8.self))
            else {
                throw TemperError(
                    .data, "this line is not a token in base64 and its rank", hint: "is the file whole?",
                    place: "\(place):\(number)", boundary: .data)
            }
            tokens.append((Array(bytes), rank))
        }
        guard let pattern = pattern ?? patterns.first(where: { $0.ranks.contains(tokens.count) })?.pattern else {
            throw TemperError(
                .data, "a list of \(tokens.count) ranks does not say how its text is cut, and no known vocabulary has as many",
                hint: "use the tokenizer.json of the model instead", place: place, boundary: .data)
        }
        return try contents(tokens, pattern: pattern, offset: 0, special: special, place: place)
    }

    /// - Parameter offset: what is added to a rank to give its id.
    /// - Throws: ``TemperError`` with code `data` when bytes are missing or ids occur twice.
    static func contents(
        _ tokens: [(bytes: [UInt8], rank: Int)], pattern: Tokenizer.Pattern, offset: Int,
        special: [(text: String, id: Int, isSpecial: Bool)], place: String
    ) throws -> TokenizerContents {
        func damaged(_ reason: String) -> TemperError {
            TemperError(.data, "the tokenizer is damaged: \(reason)", place: place, boundary: .data)
        }
        var contents = TokenizerContents(pattern: pattern)
        let highest = max(tokens.map { $0.rank + offset }.max() ?? -1, special.map(\.id).max() ?? -1)
        guard (0...4_000_000).contains(highest) else { throw damaged("its highest id is \(highest)") }
        contents.tokenBytes = Array(repeating: [], count: highest + 1)
        var table = ByteTable(minimumCapacity: tokens.count)
        var ids: [Int32] = []
        for token in tokens {
            let id = token.rank + offset
            guard id >= 0, contents.tokenBytes[id].isEmpty else { throw damaged("two tokens have the rank \(token.rank)") }
            contents.tokenBytes[id] = token.bytes
            guard table.insert(token.bytes) == ids.count else { throw damaged("the token of rank \(token.rank) occurs twice") }
            ids.append(Int32(id))
        }
        for token in special {
            guard token.id >= 0, contents.tokenBytes[token.id].isEmpty, !token.text.isEmpty else {
                throw damaged("the special token '\(token.text)' has the id \(token.id) of another token")
            }
            contents.tokenBytes[token.id] = Array(token.text.utf8)
            contents.addedTokens.append(AddedToken(id: Int32(token.id), text: Array(token.text.utf8), isSpecial: token.isSpecial))
        }
        contents.byteIDs = (UInt8.min...UInt8.max).map { byte in table.index(of: [byte]).map { ids[$0] } ?? -1 }
        if let byte = contents.byteIDs.firstIndex(of: -1) { throw damaged("it has no token for the byte \(byte)") }
        let rules = MergeRules(
            tokens.sorted { $0.rank < $1.rank }.map { ($0.bytes, Int32($0.rank + offset), Int32($0.rank)) },
            isBoundary: { _ in true }, id: { table.index(of: $0, hash: ByteTable.hash($0)).map { ids[$0] } })
        contents.merges = rules.merges
        contents.mergeRanks = rules.ranks
        contents.ignoresMerges = true
        return contents
    }
}
