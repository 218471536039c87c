import Foundation
import TemperCore

/// A number as a text writes it, kept digit by digit: two of them are the same however many digits they have.
struct DecimalNumber: Hashable {
    /// Longer texts are no numbers.
    private static let lengthLimit = 10_000
    /// Larger exponents are no numbers.
    private static let largestExponent = 100_000

    private var isNegative = false
    /// Without zeros at either end; empty for 0.
    private var digits: [UInt8] = []
    /// The place of the last digit as a power of ten.
    private var exponent = 0
    /// Whether it is written with zeros before its whole part, as codes are (`007`), or with an exponent.
    private(set) var isPlain = true

    static func == (left: Self, right: Self) -> Bool {
        (left.isNegative, left.digits, left.exponent) == (right.isNegative, right.digits, right.exponent)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(digits)
        hasher.combine(exponent)
    }

    /// The nearest floating-point number; infinite beyond its range.
    var value: Double {
        guard !digits.isEmpty else { return 0 }
        return Double("\(isNegative ? "-" : "")\(String(decoding: digits, as: UTF8.self))e\(exponent)") ?? 0
    }

    /// Reads a text that is one number and nothing else, white space at its ends left aside: a sign (`-`, `+`, `−`), digits with or
    /// without commas before every three of them, a point and more digits, an exponent. `.5` and `5.` are numbers.
    init?(_ text: String) {
        guard text.utf8.count <= Self.lengthLimit else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        var rest = Substring(trimmed.replacing("\u{2212}", with: "-"))[...]
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let power = Int(rest[rest.index(after: mark)...]), abs(power) <= Self.largestExponent else { return nil }
            exponent = power
            rest = rest[..<mark]
            isPlain = false
        }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Self.withoutCommas(first) else { return nil }
        let fraction = parts.count > 1 ? Array(parts[1].utf8) : []
        guard !(whole.isEmpty && fraction.isEmpty), (whole + fraction).allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        if whole.count > 1, whole[0] == 0x30 { isPlain = false }
        digits = Array((whole + fraction).drop { $0 == 0x30 })
        exponent -= fraction.count
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    /// The digits of a whole part; nil where commas stand elsewhere than before every three digits.
    private static func withoutCommas(_ text: Substring) -> [UInt8]? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard groups.count > 1 else { return Array(text.utf8) }
        guard (1...3).contains(groups[0].utf8.count), groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }) else { return nil }
        return groups.flatMap { Array($0.utf8) }
    }
}

/// Two numbers are the same when they differ by at most `absolute`, or by at most `relative` times the reference.
struct NumericTolerance: Sendable, Hashable {
    var absolute = 0.0
    var relative = 1e-6

    /// Whether an answer is one number and nothing else (a ``DecimalNumber``, or a fraction of two such as `1/2`), and the right one.
    ///
    /// - Throws: ``TemperError`` when the reference is no number.
    func accepts(_ answer: String?, reference: String) throws -> Bool {
        guard let right = Self.number(reference) else {
            throw TemperError(
                .data, "the answer '\(reference)' is not a number", hint: "'numeric' compares with one number and nothing else",
                boundary: .environment)
        }
        guard let answer, let given = Self.number(answer) else { return false }
        if let one = DecimalNumber(answer), let other = DecimalNumber(reference), one == other { return true }
        let tolerance = max(absolute, relative * abs(right))
        guard tolerance > 0 || answer.contains("/") || reference.contains("/") else { return false }
        return abs(given - right) <= tolerance
    }

    private static func number(_ text: String) -> Double? {
        if let number = DecimalNumber(text) { return number.value }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { DecimalNumber(String($0))?.value }
        guard parts.count == 2, let top = parts[0], let bottom = parts[1], bottom != 0 else { return nil }
        return top / bottom
    }
}
