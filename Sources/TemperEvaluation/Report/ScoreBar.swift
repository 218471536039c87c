/// A score of 0…1 as a bar with its interval as a whisker.
struct ScoreBar {
    static let width = 240.0
    static let height = 18.0

    var value: Double?
    var interval: Interval?
    /// A mark on the scale: the most a control should reach, or the baseline's score.
    var mark: Double?
    /// `bar-policy`, `bar-baseline`, `bar-control`.
    var className: String
    var title: String

    /// Inline SVG; numbers outside 0…1 are drawn at the edge.
    func svg() -> String {
        let middle = Self.height / 2
        var parts = [SVG.rectangle(x: 0, y: middle - 4, width: Self.width, height: 8, className: "track")]
        if let value { parts.append(SVG.rectangle(x: 0, y: middle - 4, width: place(value), height: 8, className: "fill")) }
        if let mark { parts.append(SVG.line(place(mark), 1, place(mark), Self.height - 1, className: "mark")) }
        if let interval, interval.low < interval.high {
            let (low, high) = (place(interval.low), place(interval.high))
            parts += [
                SVG.line(low, middle, high, middle, className: "halo"), SVG.line(low, middle, high, middle, className: "whisker"),
                SVG.line(low, middle - 6, low, middle + 6, className: "whisker"),
                SVG.line(high, middle - 6, high, middle + 6, className: "whisker"),
            ]
        }
        return SVG.picture(width: Self.width, height: Self.height, title: title, className: "bar \(className)", parts)
    }

    /// Inset by one unit, so that end caps stay inside.
    private func place(_ value: Double) -> Double { 1 + min(1, max(0, value)) * (Self.width - 2) }
}
