import Foundation
import Testing

@testable import TemperEvaluation

@Suite struct LineChartTests {
    private func chart(_ points: [(x: Double, y: Double)], scale: Axis.Scale = .linear, dots: Bool = false) -> LineChart {
        LineChart(
            title: "Loss", xLabel: "step", yLabel: "loss",
            series: [.init(name: "training", className: "line-training", points: points, showsDots: dots)], yScale: scale)
    }

    /// The places of every polyline of a picture.
    private func polylines(_ svg: String) -> [[(Double, Double)]] {
        svg.matches(of: /<polyline points="([^"]*)"/).map { match in
            match.1.split(separator: " ").compactMap { pair in
                let numbers = pair.split(separator: ",").compactMap { Double($0) }
                return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
            }
        }
    }

    @Test("Every point is drawn once and inside the view box", arguments: [Axis.Scale.linear, .logarithmic]) func inside(
        scale: Axis.Scale
    ) throws {
        let points = (1...120).map { (x: Double($0), y: 5.0 / Double($0) + 0.01) }
        let one = chart(points, scale: scale)
        let svg = try #require(one.svg())
        let lines = polylines(svg)
        #expect(lines.map(\.count) == [120])
        for (x, y) in lines.joined() { #expect((0...one.width).contains(x) && (0...one.height).contains(y)) }
        #expect(svg.contains("viewBox=\"0 0 760 300\""))
        #expect(svg.contains("<title>Loss</title>"))
        // A falling curve falls on the page: y grows downwards.
        #expect(zip(lines[0], lines[0].dropFirst()).allSatisfy { $0.0 < $1.0 && $0.1 <= $1.1 })
    }

    @Test("A long series is drawn by the means of equal pieces") func thinned() throws {
        let points = (0..<1000).map { (x: Double($0), y: Double($0 % 2)) }
        let lines = polylines(try #require(chart(points).svg()))
        #expect(lines.map(\.count) == [334])
        let means = LineChart.thinned(points)
        #expect(means[0].x == 1 && abs(means[0].y - 1.0 / 3) < 1e-12)
        #expect(means[333].x == 999)
    }

    @Test("Points that cannot be drawn are left out, and without points there is no chart") func undrawable() throws {
        #expect(chart([]).svg() == nil)
        #expect(chart([(0, .nan), (1, .infinity)]).svg() == nil)
        #expect(chart([(1, 0), (2, -1)], scale: .logarithmic).svg() == nil)
        let svg = try #require(chart([(1, 2), (2, .nan), (3, 1)]).svg())
        #expect(polylines(svg).map(\.count) == [2])
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        let mixed = try #require(chart([(1, 2), (2, 0), (3, 1)], scale: .logarithmic).svg())
        #expect(polylines(mixed).map(\.count) == [2])
    }

    @Test("A single point is a dot, and points all alike lie inside") func degenerate() throws {
        let dot = try #require(chart([(5, 1)]).svg())
        #expect(polylines(dot).isEmpty)
        #expect(dot.components(separatedBy: "<circle").count == 2)
        let flat = chart([(0, 0), (1, 0), (2, 0)], dots: true)
        let svg = try #require(flat.svg())
        #expect(polylines(svg).joined().allSatisfy { (0...flat.height).contains($0.1) })
        #expect(svg.components(separatedBy: "<circle").count == 4)
    }

    @Test(
        "Ticks are round, inside the range and neither few nor many",
        arguments: [(0.0, 1.0), (0.31, 2.97), (0, 9_999), (1e-5, 1e-3), (-4, 13), (0, 3_500_000), (0.402, 0.405)]) func ticks(
            low: Double, high: Double
        ) throws
    {
        for scale in [Axis.Scale.linear, .logarithmic] where low > 0 || scale == .linear {
            let axis = try #require(Axis([low, high], scale: scale, pixels: (0, 100)))
            let ticks = axis.ticks()
            #expect((2...16).contains(ticks.count), "\(scale) \(ticks)")
            #expect(ticks.allSatisfy { $0 >= low - 1e-9 * abs(high) && $0 <= high * (1 + 1e-9) }, "\(ticks)")
            #expect(ticks == ticks.sorted())
            #expect(Set(ticks.map(axis.label)).count == ticks.count, "labels repeat: \(ticks.map(axis.label))")
        }
    }

    @Test("A logarithmic axis is even in ratios") func logarithm() throws {
        let axis = try #require(Axis([1, 100], scale: .logarithmic, pixels: (0, 200)))
        #expect(axis.ticks() == [1, 2, 5, 10, 20, 50, 100])
        let middle = try #require(axis.place(10))
        #expect(abs(middle - 100) < 1e-9)
        #expect(axis.place(0) == nil)
    }

    @Test("A hostile title cannot leave its attribute or element") func hostile() throws {
        var one = chart([(1, 2), (2, 1)])
        one.title = "\"\u{301} onload=x</title><script>"
        let svg = try #require(one.svg())
        #expect(!svg.contains("<script>"))
        #expect(!svg.unicodeScalars.map(String.init).joined(separator: "|").contains("\"|\u{301}"))
    }

    @Test("A bar of scores stays inside whatever it is given", arguments: [-3.0, 0, 0.5, 1, 7]) func bar(value: Double) {
        let svg = ScoreBar(
            value: value, interval: Interval(value - 0.1, value + 0.1), mark: value, className: "bar-policy", title: "t"
        ).svg()
        let places = svg.matches(of: /x[12]="([^"]*)"/).compactMap { Double($0.1) }
        #expect(places.count >= 2)
        #expect(places.allSatisfy { (0...ScoreBar.width).contains($0) })
    }
}
