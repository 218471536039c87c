/// Splits SQL text into words, marks and quoted parts, for the checks that SQLite does not make itself.
package struct StatementScanner {
    package enum Token: Hashable {
        /// A bare or quoted identifier or a keyword, in lower case.
        case word(String)
        case string
        case mark(UInt8)
    }

    /// The tokens, without comments and white space.
    package static func tokens(_ text: some StringProtocol) -> [Token] {
        let bytes = Array(text.utf8)
        var tokens: [Token] = []
        var index = 0
        func skip(past end: [UInt8]) {
            while index < bytes.count, !bytes[index...].starts(with: end) { index += 1 }
            index = min(bytes.count, index + end.count)
        }
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: " "), 0x09...0x0D: index += 1
            case UInt8(ascii: "-") where bytes[index...].starts(with: Array("--".utf8)): skip(past: [0x0A])
            case UInt8(ascii: "/") where bytes[index...].starts(with: Array("/*".utf8)):
                index += 2
                skip(past: Array("*/".utf8))
            case UInt8(ascii: "'"):
                _ = quoted(bytes, &index, close: byte)
                tokens.append(.string)
            case UInt8(ascii: "\""), UInt8(ascii: "`"): tokens.append(.word(quoted(bytes, &index, close: byte)))
            case UInt8(ascii: "["): tokens.append(.word(quoted(bytes, &index, close: UInt8(ascii: "]"))))
            case _ where isWordByte(byte):
                let start = index
                while index < bytes.count, isWordByte(bytes[index]) { index += 1 }
                tokens.append(.word(String(decoding: bytes[start..<index], as: UTF8.self).lowercased()))
            default:
                tokens.append(.mark(byte))
                index += 1
            }
        }
        return tokens
    }

    /// An upper bound on how many copies of its common table expressions SQLite makes when it prepares a statement.
    ///
    /// Each use of one copies its query, so twenty that each name the one before twice are a million copies, made before any
    /// deadline can strike. The bound is the product over all of them of one more than the times their name occurs elsewhere.
    static func expansions(of tokens: [Token]) -> Double {
        guard tokens.contains(.word("with")) else { return 1 }
        var defined: [String: Int] = [:]
        for index in tokens.indices { if let name = definition(at: index, in: tokens) { defined[name, default: 0] += 1 } }
        return defined.reduce(1.0) { product, name in
            let uses = tokens.count { $0 == .word(name.key) } - name.value
            return product * Double(1 + max(0, uses))
        }
    }

    /// The name when `name [(columns)] AS [[NOT] MATERIALIZED] (SELECT` starts here.
    private static func definition(at start: Int, in tokens: [Token]) -> String? {
        guard case .word(let name) = tokens[start] else { return nil }
        var index = start + 1
        func take(_ token: Token) -> Bool {
            guard index < tokens.count, tokens[index] == token else { return false }
            index += 1
            return true
        }
        if take(.mark(UInt8(ascii: "("))) {
            while index < tokens.count, tokens[index] != .mark(UInt8(ascii: ")")) { index += 1 }
            index += 1
        }
        guard take(.word("as")) else { return nil }
        _ = take(.word("not"))
        _ = take(.word("materialized"))
        guard take(.mark(UInt8(ascii: "("))) else { return nil }
        while take(.mark(UInt8(ascii: "("))) {}
        return [.word("select"), .word("with"), .word("values")].contains(where: take) ? name : nil
    }

    private static func quoted(_ bytes: [UInt8], _ index: inout Int, close: UInt8) -> String {
        let start = index + 1
        index = start
        while index < bytes.count {
            if bytes[index] == close {
                if close != UInt8(ascii: "]"), index + 1 < bytes.count, bytes[index + 1] == close {
                    index += 1
                } else {
                    break
                }
            }
            index += 1
        }
        let end = min(index, bytes.count)
        index += 1
        return String(decoding: bytes[min(start, end)..<end], as: UTF8.self).lowercased()
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
            true
        default: false
        }
    }
}
