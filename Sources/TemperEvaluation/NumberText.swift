import Foundation

/// Numbers as people read them, the same in every locale.
enum NumberText {
    static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    /// `0.83`, a dash when there is none.
    static func score(_ value: Double?) -> String { value.map { fixed($0, 2) } ?? "–" }

    /// `[0.78, 0.87]`
    static func interval(_ interval: Interval?) -> String { interval.map { "[\(fixed($0.low, 2)), \(fixed($0.high, 2))]" } ?? "" }

    /// `+0.80`, with a true minus sign.
    static func signed(_ value: Double) -> String {
        let digits = fixed(abs(value), 2)
        return digits == "0.00" ? digits : (value < 0 ? "−" : "+") + digits
    }

    /// `[−0.02, +0.10]`
    static func signed(_ interval: Interval) -> String { "[\(signed(interval.low)), \(signed(interval.high))]" }

    /// `1,234,567`
    static func count(_ value: Int) -> String {
        var digits = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { digits.append(",") }
            digits.append(digit)
        }
        return (value < 0 ? "−" : "") + String(digits.reversed())
    }

    /// `12 %`, `0.4 %`; whole shares without decimals.
    static func percent(_ share: Double) -> String {
        let value = share * 100
        return (value > 0 && value < 9.95 && value != value.rounded() ? fixed(value, 1) : fixed(value, 0)) + " %"
    }

    /// `42.0 s`, `3 min 05 s`, `1 h 02 min`
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "–" }
        if seconds < 59.95 { return fixed(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min " + String(format: "%02d s", whole % 60) }
        return "\(count(whole / 3600)) h " + String(format: "%02d min", whole % 3600 / 60)
    }

    /// `$1.25`, `$0.0042`, `$0`
    static func dollars(_ value: Double) -> String {
        if value == 0 { return "$0" }
        return "$" + (value < 0.1 ? fixed(value, 4) : fixed(value, 2))
    }

    /// `p < 0.0001`, `p = 0.031`: as few digits as say something.
    static func probability(_ value: Double) -> String { value < 0.0001 ? "< 0.0001" : "= " + fixed(value, value < 0.1 ? 4 : 2) }
}
