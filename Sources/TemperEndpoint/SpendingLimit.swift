import TemperCore

/// What a run may spend, shared by all its paid models.
///
/// It is asked before each call; a run overspends by no more than the calls that were on their way when the limit was
/// reached.
package actor SpendingLimit {
    /// US dollars; nil: no limit.
    package nonisolated let limit: Double?
    /// US dollars spent so far, earlier sessions of the run included.
    package private(set) var spent: Double

    package init(dollars limit: Double?, alreadySpent spent: Double = 0) {
        self.limit = limit
        self.spent = spent
    }

    /// - Throws: ``TemperError`` with code `budget` once the limit is reached.
    package func check() throws {
        // Sums of prices are inexact: ten times ten cents must be a dollar.
        guard let limit, spent >= limit - 1e-9 else { return }
        throw TemperError(
            .budget, "the budget of \(Self.text(limit)) is reached: \(Self.text(spent)) spent",
            hint: "run the same command with a higher --budget to go on where it stopped; what is finished is kept",
            boundary: .policy)
    }

    package func charge(_ dollars: Double) {
        spent += dollars
    }

    private static func text(_ dollars: Double) -> String {
        let tenthCents = Int((dollars * 10_000).rounded(.up))
        let fraction = String(tenthCents % 10_000 + 10_000).dropFirst()
        return "$\(tenthCents / 10_000).\(fraction)"
    }
}
