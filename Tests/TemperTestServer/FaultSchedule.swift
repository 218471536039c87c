import TemperCore

/// What a server does with one request.
package enum Fault: Sendable, Hashable {
    /// Answers as it should.
    case ok
    /// An error status with a JSON error and further headers.
    case status(Int, message: String = "injected", headers: [String: String] = [:])
    /// Never answers.
    case hang
    /// Says how long the answer is, sends half of it and closes.
    case truncate
    /// Closes without a word.
    case drop
    /// Half of the JSON as a complete answer.
    case malformed
    /// A page instead of JSON.
    case page
    /// The answer in pieces with pauses between.
    case slow(pieces: Int, pause: Duration)
    /// Status 200 and this text.
    case body(String)
}

/// Which request meets which fault; requests are numbered from 0 as they arrive.
package struct FaultSchedule: Sendable {
    private let fault: @Sendable (Int) -> Fault

    package init(_ fault: @escaping @Sendable (Int) -> Fault) {
        self.fault = fault
    }

    /// No faults.
    package static let none = FaultSchedule { _ in .ok }

    /// These for the first requests, `rest` for all others.
    package static func first(_ faults: [Fault], then rest: Fault = .ok) -> FaultSchedule {
        FaultSchedule { $0 < faults.count ? faults[$0] : rest }
    }

    /// A share of the requests, drawn by seed and number, meets one of the faults.
    package static func random(_ faults: [Fault], share: Double, seed: UInt64) -> FaultSchedule {
        FaultSchedule { number in
            var random = RandomSource(seed: seed, "fault", String(number))
            return random.chance(share) && !faults.isEmpty ? random.pick(faults) : .ok
        }
    }

    func callAsFunction(_ number: Int) -> Fault { fault(number) }
}
