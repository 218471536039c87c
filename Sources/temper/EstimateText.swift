import Foundation
import TemperCore
import TemperEndpoint

/// A cost estimate for reading.
enum EstimateText {
    static func show(_ estimate: CostEstimate, asJSON: Bool) throws {
        if asJSON { return try Output.json(estimate) }
        if !estimate.parts.isEmpty {
            let rows = estimate.parts.map { part in
                [
                    part.stage, part.policy, part.suite, part.method.rawValue, "\(part.episodes)", count(part.calls),
                    count(part.promptTokens), count(part.completionTokens), dollars(part.dollars), dollars(part.mostDollars),
                ]
            }
            let head = ["stage", "policy", "suite", "method", "episodes", "calls", "prompt", "completion", "likely", "at most"]
            Output.table([head] + rows)
            print("\nlikely \(dollars(estimate.dollars)), at most \(dollars(estimate.mostDollars))")
        }
        for assumption in estimate.assumptions { print("- \(assumption)") }
    }

    private static func count(_ value: Double) -> String { String(format: "%.0f", value) }

    private static func dollars(_ value: Double?) -> String { value.map { String(format: "$%.2f", $0) } ?? "unknown" }
}
