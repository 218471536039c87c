import Foundation

/// Maps values to a line of pixels and chooses its ticks.
struct Axis: Sendable {
    enum Scale: Sendable { case linear, logarithmic }

    var scale: Scale
    /// Ascending, unequal; above 0 for a logarithmic scale.
    var range: ClosedRange<Double>
    /// Where `range`'s ends are drawn; either direction.
    var pixels: (from: Double, to: Double)

    /// An axis over values, its ends rounded out to ticks where `rounds`; nil when no value can be drawn.
    ///
    /// Infinite values, and on a logarithmic scale values of 0 or less, cannot be drawn.
    init?(_ values: [Double], scale: Scale, rounds: Bool = false, pixels: (from: Double, to: Double)) {
        let drawable = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
        guard var low = drawable.min(), var high = drawable.max() else { return nil }
        if low == high {
            let margin = low == 0 ? 1 : abs(low) / 2
            (low, high) = (low - margin, high + margin)
        }
        if rounds, scale == .linear {
            let step = Self.step(for: high - low)
            (low, high) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
        }
        self.scale = scale
        self.range = low...high
        self.pixels = pixels
    }

    /// The place of a value; nil when it cannot be drawn.
    func place(_ value: Double) -> Double? {
        guard value.isFinite, scale == .linear || value > 0 else { return nil }
        let share: Double
        switch scale {
        case .linear: share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic: share = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
        return pixels.from + min(1, max(0, share)) * (pixels.to - pixels.from)
    }

    /// Round values inside the range: 3 to 8 of them.
    ///
    /// A logarithmic axis has ticks at 1, 2, 5 times powers of ten, or where that gives fewer than three, linear ones.
    func ticks() -> [Double] {
        if scale == .logarithmic {
            let decades = Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
            let factors = decades.count > 4 ? [1.0] : [1.0, 2.0, 5.0]
            let ticks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }.filter(range.contains)
            if ticks.count >= 3 { return ticks }
        }
        let step = Self.step(for: range.upperBound - range.lowerBound)
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        return first <= last ? (Int(first)...Int(last)).map { Double($0) * step } : []
    }

    /// A tick's text: no more digits than its neighbours need.
    func label(_ tick: Double) -> String {
        if tick == 0 { return "0" }
        if abs(tick) >= 1e6 { return SVG.number(tick / 1e6) + " M" }
        if abs(tick) >= 1e4 { return SVG.number(tick / 1e3) + " k" }
        if abs(tick) < 1.001e-3 {
            return String(format: "%.1e", tick).replacingOccurrences(of: ".0e", with: "e").replacingOccurrences(
                of: "e-0", with: "e-")
        }
        return String(format: "%g", (tick * 1e6).rounded() / 1e6)
    }

    /// 1, 2 or 5 times a power of ten, so that a span has 3 to 7 of them.
    static func step(for span: Double) -> Double {
        let rough = span / 5
        let power = pow(10, log10(rough).rounded(.down))
        let factor = rough / power
        return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
    }
}
