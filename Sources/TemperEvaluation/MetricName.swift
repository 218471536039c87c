import Foundation

/// What metrics and outcomes are called in tables.
enum MetricName {
    static func title(_ metric: String) -> String { metric == "f1" ? "F1" : metric.replacingOccurrences(of: "_", with: " ") }

    /// `181 finished, 19 turn limit`: most frequent first, then by name.
    static func outcomes(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\(NumberText.count($0.value)) \(title($0.key))" }.joined(
            separator: ", ")
    }
}
