/// The numbers that a key may have.
public struct ValueRange: Sendable, Hashable {
    public var lower: Double
    public var upper: Double
    public var includesLower = true
    public var includesUpper = true

    public static func within(_ range: ClosedRange<Int>) -> ValueRange {
        ValueRange(lower: Double(range.lowerBound), upper: Double(range.upperBound))
    }

    public static func within(_ range: ClosedRange<Double>) -> ValueRange {
        ValueRange(lower: range.lowerBound, upper: range.upperBound)
    }

    public static func atLeast(_ lower: Double) -> ValueRange { ValueRange(lower: lower, upper: .infinity) }
    public static func above(_ lower: Double) -> ValueRange { ValueRange(lower: lower, upper: .infinity, includesLower: false) }
    public static func above(_ lower: Double, atMost upper: Double) -> ValueRange {
        ValueRange(lower: lower, upper: upper, includesLower: false)
    }
    public static func atLeast(_ lower: Double, below upper: Double) -> ValueRange {
        ValueRange(lower: lower, upper: upper, includesUpper: false)
    }

    public func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        return (includesLower ? number >= lower : number > lower) && (includesUpper ? number <= upper : number < upper)
    }

    /// `in 1…1000`, `above 0 and at most 1`.
    public var text: String {
        func written(_ number: Double) -> String { JSONValue.number(number).written }
        if upper == .infinity { return (includesLower ? "at least " : "above ") + written(lower) }
        if includesLower, includesUpper { return "in \(written(lower))…\(written(upper))" }
        return (includesLower ? "at least " : "above ") + written(lower) + " and " + (includesUpper ? "at most " : "below ")
            + written(upper)
    }

    /// What is wrong with a number, or with one in a list or mapping of numbers; nil when all are in range.
    public func problem(with value: JSONValue, at path: ConfigurationPath) -> String? {
        switch value {
        case .number(let number):
            return contains(number) ? nil : "'\(path.text)' is \(value.written); it must be \(text)"
        case .array(let values): return values.lazy.compactMap { problem(with: $0, at: path) }.first
        case .object(let fields):
            return fields.sorted { $0.key < $1.key }.lazy.compactMap { problem(with: $0.value, at: path.appending($0.key)) }.first
        default: return nil
        }
    }
}
