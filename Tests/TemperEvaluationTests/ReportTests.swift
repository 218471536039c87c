import Foundation
import TemperCore
import Testing

@testable import TemperEvaluation

@Suite struct ReportTests {
    @Test("The page holds the headline, every policy and every section") func page() throws {
        let data = try ReportFixture.data()
        let html = try Report.html(data)
        if let path = ProcessInfo.processInfo.environment["TEMPER_REPORT_PREVIEW"] {
            try Report.write(data, to: URL(fileURLWithPath: path, isDirectory: true))
        }
        for id in ["scores", "controls", "shapes", "errors", "loss", "stages", "dataset", "samples", "recipe"] {
            #expect(html.contains("<section id=\"\(id)\">"), "no section \(id)")
        }
        let tuned = try #require(data.row(of: "tuned", group: "trained shapes"))
        let score = NumberText.score(tuned.metrics["exact_match"])
        let interval = NumberText.interval(tuned.metricIntervals["exact_match"])
        #expect(html.contains("<b>Tuned</b> <span class=\"figure\">\(score) <small>\(interval)</small></span>"))
        #expect(html.contains("Exact match on \(tuned.n) questions about unseen entities"))
        #expect(html.contains("412,345") && html.contains("98,760") && html.contains("reward below 1"))
        #expect(html.components(separatedBy: "<details").count == 6)
        #expect(html.contains("at most 0.30: held"))
    }

    @Test("The page is well formed, loads nothing and runs nothing") func wellFormed() throws {
        let html = try Report.html(ReportFixture.data())
        #expect(Markup.fault(in: html) == nil)
        for outside in ["http://", "https://", "src=", "href=", "url(", "@import", "<script", "<link", "<iframe"] {
            #expect(!html.contains(outside), "the page has \(outside)")
        }
    }

    @Test(
        "The reader of markup finds what is wrong",
        arguments: [
            "<b>x", "<b>x</i>", "x</b>", "a < b", "a & b", "<b class=x>y</b>", "<b a=\"<\">y</b>", "<\u{338}b", "<script>",
        ]) func faults(text: String)
    {
        #expect(Markup.fault(in: text) != nil)
        #expect(Markup.fault(in: "<p class=\"a\">x &amp; y<br/></p>") == nil)
    }

    @Test("Hostile text is shown and never becomes markup, wherever it stands") func hostile() throws {
        let hostile = "</pre></style><script>alert('x')</script>\"\u{301} onclick='y' <\u{338}b &amp; {{{style}}}\u{0}"
        var data = try ReportFixture.data()
        let json = try Report.json(data)
        data.name = hostile
        data.recipe = hostile
        data.headline.policy = hostile
        data.headline.about = hostile
        data.headline.group = "all"
        data.headline.suite = hostile
        data.evaluation.results[0].policy = hostile
        data.evaluation.results[0].suite = hostile
        data.evaluation.results[0].outcomes[hostile] = 3
        data.evaluation.results[0].notes = [hostile]
        data.evaluation.results[4].policy = hostile
        data.evaluation.results[4].suite = hostile
        data.evaluation.results[4].groupBy = "shape"
        data.evaluation.results[4].group = hostile
        data.evaluation.comparisons[0].policy = hostile
        data.evaluation.comparisons[0].group = hostile
        data.controls.append(.init(policy: hostile, explanation: hostile))
        data.errorTallies[0].policy = hostile
        data.errorTallies[0].kinds[hostile] = 2
        data.stages[0].name = hostile
        data.stages[0].note = hostile
        data.dataset?.dropped[hostile] = 1
        data.dataset?.details.append(.init(hostile, hostile))
        data.facts.append(.init(hostile, hostile))
        data.samples[0].question = hostile
        data.samples[0].key = hostile
        data.samples[0].answer = hostile
        data.samples[0].gold = hostile
        data.samples[0].tokens.append(.init(hostile, trained: true, author: .policy))
        let html = try Report.html(data)
        #expect(Markup.fault(in: html) == nil)
        #expect(!html.contains("<script"))
        #expect(html.components(separatedBy: "&lt;script&gt;").count > 20)
        // The tags are the clean page's own: nothing hostile opened one.
        let clean = Set(Markup.tagNames(in: try Report.html(JSONDecoder().decode(ReportData.self, from: json))))
        #expect(Set(Markup.tagNames(in: html)) == clean)
    }

    @Test("Only drawings and the style sheet enter the page unescaped") func unescaped() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../Sources/TemperEvaluation/Resources/report.mustache")
        let template = try String(contentsOf: file, encoding: .utf8)
        let names = template.matches(of: /\{\{[{&]([^}]*)\}/).map { String($0.1) }
        #expect(Set(names) == ["style", "bar", "controlBar", "shapeBar", "lossWide", "lossNarrow", "rateWide", "rateNarrow"])
        #expect(template.hasPrefix("{{% CONTENT_TYPE:\(ScalarHTML.name)}}"))
    }

    @Test("Trained runs are marked, and marked text is exactly the trained tokens") func trainedRuns() throws {
        var data = try ReportFixture.data()
        data.samples = [ReportFixture.sample(0)]
        let html = try Report.html(data)
        let marked = html.matches(of: /<span class="by-[a-z]+ trained" title="[^"]*">([^<]*)<\/span>/).map { $0.1 }.joined()
        let trained = data.samples[0].tokens.filter(\.trained).map { ScalarHTML.escape($0.text) }.joined()
        #expect(!trained.isEmpty && marked == trained)
        let shown = html.matches(of: /<span class="by-[a-z]+[^"]*" title="[^"]*">([^<]*)<\/span>/).map { $0.1 }.joined()
        #expect(shown == data.samples[0].tokens.map { ScalarHTML.escape($0.text) }.joined())
    }

    @Test("A run with nothing but scores makes a page without empty sections") func bare() throws {
        let row = ResultRow(
            policy: "http://localhost:8000/v1#small", suite: "hotpotqa", split: "test", method: .react, n: 1, meanReward: 1,
            interval: Interval(1, 1), seed: 7)
        let html = try Report.html(
            ReportData(
                name: "bare", headline: .init(policy: "tuned", baseline: "base", suite: "hotpotqa", metric: "reward"),
                evaluation: Evaluation(results: [row]), recipe: "name: bare\n"))
        #expect(Markup.fault(in: html) == nil)
        for id in ["controls", "shapes", "errors", "loss", "stages", "dataset", "samples"] {
            #expect(!html.contains("<section id=\"\(id)\">"), "an empty section \(id)")
        }
        #expect(html.contains("true mean may still be 3/n away"))
    }

    @Test("Episodes that the counts of the dataset do not explain are shown") func unaccounted() throws {
        let counts = ReportData.DatasetCounts(
            collected: 10, kept: 6, dropped: ["too long": 3], documents: 6, tokens: 60, trainedTokens: 20)
        #expect(DatasetView(counts).drops.map(\.reason) == ["too long", "not accounted for"])
        #expect(DatasetView(counts).drops.map(\.dropCount) == ["3", "1"])
    }

    @Test("report.json reads back and the two files lie beside each other") func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let data = try ReportFixture.data()
        try Report.write(data, to: folder)
        let bytes = try Data(contentsOf: folder.appendingPathComponent(Report.dataName))
        #expect(try JSONDecoder().decode(ReportData.self, from: bytes) == data)
        #expect(try Report.json(data) == bytes)
        let html = try String(contentsOf: folder.appendingPathComponent(Report.pageName), encoding: .utf8)
        #expect(try Report.html(data) == html)
    }

    @Test("A training that diverged is reported")
    func diverged() throws {
        var data = try ReportFixture.data()
        data.loss?.training.append(.init(step: 901, value: .nan))
        #expect(String(decoding: try Report.json(data), as: UTF8.self).contains("\"value\" : \"nan\""))
        #expect(try Report.html(data).contains("→ nan"))
    }

    @Test("A folder that is not there is an error that names the file") func noFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("absent-\(UUID().uuidString)")
        let error = try #require(throws: TemperError.self) { try Report.write(try ReportFixture.data(), to: folder) }
        #expect(error.code == .unavailable)
        #expect(error.place?.hasSuffix("report.html") == true)
    }
}
