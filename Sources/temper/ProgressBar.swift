import Foundation
import Synchronization
import TemperAgents

/// Progress on standard error: one redrawn line on a terminal, now and then a plain line elsewhere.
final class ProgressBar: Sendable {
    private struct State {
        var lastDraw = ContinuousClock.now - .seconds(60)
        var lineIsOpen = false
    }

    private let label: String
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    init(_ label: String, isQuiet: Bool = false) {
        self.label = label
        self.isQuiet = isQuiet
        isTerminal = isatty(STDERR_FILENO) != 0
    }

    func update(_ progress: RolloutProgress) {
        var details = ["\(progress.done)/\(progress.total)"]
        if progress.failed > 0 { details.append("\(progress.failed) failed") }
        if progress.tokens > 0 { details.append("\(progress.tokens) tokens") }
        if progress.price > 0 { details.append(String(format: "$%.2f", progress.price)) }
        update(fraction: Double(progress.done) / Double(max(1, progress.total)), details.joined(separator: ", "))
    }

    func update(fraction: Double, _ details: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            let isLast = fraction >= 1
            guard isLast || now - state.lastDraw > (isTerminal ? .milliseconds(100) : .seconds(15)) else { return }
            state.lastDraw = now
            let elapsed = (now - started) / .seconds(1)
            let left = fraction > 0 && !isLast ? " \(Self.clock(elapsed / fraction - elapsed)) left" : " \(Self.clock(elapsed))"
            if isTerminal {
                let width = 24
                let filled = min(width, max(0, Int(fraction * Double(width))))
                let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
                Self.write("\r\u{1B}[K\(label) \(bar) \(details)\(left)")
                state.lineIsOpen = true
                if isLast {
                    Self.write("\n")
                    state.lineIsOpen = false
                }
            } else {
                Self.write("\(label): \(details)\(left)\n")
            }
        }
    }

    /// Ends a line that was not completed.
    func close() {
        state.withLock { state in
            if state.lineIsOpen { Self.write("\n") }
            state.lineIsOpen = false
        }
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole >= 3600
            ? String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
            : String(format: "%d:%02d", whole / 60, whole % 60)
    }

    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
