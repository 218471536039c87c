import Foundation

/// The checks that AgentBench's tasks name as `check/….py`, without the scripts.
enum StockCheck: String, Sendable, CaseIterable {
    case integerMatch = "integer-match"
    case stringMatch = "string-match"
    case containing
    case within = "in"
    case sizeMatch = "size-match"

    /// Nil for a script that is not one of them.
    init?(file: String) {
        let name = file.hasPrefix("check/") ? String(file.dropFirst("check/".count)) : file
        guard name.hasSuffix(".py"), let check = StockCheck(rawValue: String(name.dropLast(".py".count))) else { return nil }
        self = check
    }

    /// Nothing is right where the reference is empty, and an empty answer never is.
    func accepts(_ answer: String, reference: String) -> Bool {
        guard !Self.plain(answer).isEmpty, !Self.plain(reference).isEmpty else { return false }
        switch self {
        case .integerMatch:
            guard let given = Self.integer(answer), let wanted = Self.integer(reference) else { return false }
            return given == wanted
        case .stringMatch: return Self.plain(answer) == Self.plain(reference)
        case .containing: return Self.plain(answer).contains(Self.plain(reference))
        case .within: return Self.plain(reference).contains(Self.plain(answer))
        case .sizeMatch:
            guard let given = Self.bytes(answer), let wanted = Self.bytes(reference) else { return false }
            return given == wanted
        }
    }

    private static func plain(_ text: String) -> String {
        text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What Python's `int` reads, as sign and digits without leading zeros, so that no size is too large.
    private static func integer(_ text: String) -> String? {
        var body = Substring(text.trimmingCharacters(in: .whitespacesAndNewlines))
        let isNegative = body.hasPrefix("-")
        if isNegative || body.hasPrefix("+") { body = body.dropFirst() }
        let groups = body.split(separator: "_", omittingEmptySubsequences: false)
        guard !body.isEmpty, groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
        let digits = groups.joined().drop { $0 == "0" }
        return digits.isEmpty ? "0" : (isNegative ? "-" : "") + digits
    }

    /// `5.6G`, `12 KB`, `7`: bytes in powers of 1,024.
    private static func bytes(_ text: String) -> Double? {
        guard let match = plain(text).uppercased().wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)\s*([KMGTP]?)B?/),
            let number = Double(match.1)
        else { return nil }
        let power = match.2.isEmpty ? 0 : (["K", "M", "G", "T", "P"].firstIndex(of: String(match.2)) ?? 0) + 1
        return (0..<power).reduce(number) { size, _ in size * 1024 }
    }
}
