/// A small line chart as inline SVG: axes, ticks, series, a legend, a title for those who cannot see it.
struct LineChart: Sendable {
    struct Series: Sendable {
        var name: String
        /// `line-training`, `line-held-out`, `line-rate`: colours come from the page's style.
        var className: String
        var points: [(x: Double, y: Double)]
        /// Whether each point has a dot: for series with few points.
        var showsDots = false
    }

    var title: String
    var xLabel: String
    var yLabel: String
    var series: [Series]
    var yScale: Axis.Scale = .linear
    var width = 760.0
    var height = 300.0

    /// At most this many points of a series are drawn; a longer one is drawn by the means of equal pieces.
    static let maximumPoints = 400

    /// The picture; nil when there is no point that can be drawn.
    func svg() -> String? {
        let (left, right, top, bottom) = (54.0, 14.0, 34.0, 42.0)
        let drawn = series.map { Self.thinned($0.points) }
        guard let x = Axis(drawn.joined().map(\.x), scale: .linear, pixels: (left, width - right)),
            let y = Axis(drawn.joined().map(\.y), scale: yScale, rounds: true, pixels: (height - bottom, top))
        else { return nil }
        var parts: [String] = []
        for tick in y.ticks() {
            guard let place = y.place(tick) else { continue }
            parts.append(SVG.line(left, place, width - right, place, className: "grid"))
            parts.append(SVG.text(y.label(tick), x: left - 8, y: place + 4, anchor: "end", className: "tick"))
        }
        for tick in x.ticks() {
            guard let place = x.place(tick) else { continue }
            parts.append(SVG.line(place, height - bottom, place, height - bottom + 4, className: "axis"))
            parts.append(SVG.text(x.label(tick), x: place, y: height - bottom + 17, anchor: "middle", className: "tick"))
        }
        parts.append(SVG.line(left, height - bottom, width - right, height - bottom, className: "axis"))
        parts.append(SVG.text(xLabel, x: width - right, y: height - 6, anchor: "end", className: "label"))
        parts.append(SVG.text(yLabel, x: 2, y: 14, className: "label"))
        for (one, points) in zip(series, drawn) {
            let places = points.compactMap { point -> (Double, Double)? in
                guard let px = x.place(point.x), let py = y.place(point.y) else { return nil }
                return (px, py)
            }
            let path = places.map { "\(SVG.number($0.0)),\(SVG.number($0.1))" }.joined(separator: " ")
            if places.count > 1 { parts.append(SVG.element("polyline", ["points": path, "class": one.className])) }
            if one.showsDots || places.count == 1 {
                parts += places.map {
                    SVG.element(
                        "circle", ["cx": SVG.number($0.0), "cy": SVG.number($0.1), "r": "3", "class": one.className + " dot"])
                }
            }
        }
        parts += legend()
        return SVG.picture(width: width, height: height, title: title, className: "chart", parts)
    }

    /// Names the series at the top right, the last one outermost; nothing for a single series.
    private func legend() -> [String] {
        guard series.count > 1 else { return [] }
        var parts: [String] = []
        var end = width - 14
        for one in series.reversed() {
            parts.append(SVG.text(one.name, x: end, y: 14, anchor: "end", className: "label"))
            // Six units a letter is the width of the page's sans serif at 11 units, near enough for a legend.
            end -= Double(one.name.count) * 6 + 8
            parts.append(SVG.line(end - 18, 10, end, 10, className: one.className))
            end -= 34
        }
        return parts
    }

    /// The means of pieces of equal length once a series has more points than can be told apart.
    static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        let points = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard points.count > maximumPoints else { return points }
        let piece = (points.count + maximumPoints - 1) / maximumPoints
        return stride(from: 0, to: points.count, by: piece).map { start in
            let part = points[start..<min(start + piece, points.count)]
            let n = Double(part.count)
            return (part.reduce(0) { $0 + $1.x } / n, part.reduce(0) { $0 + $1.y } / n)
        }
    }
}
