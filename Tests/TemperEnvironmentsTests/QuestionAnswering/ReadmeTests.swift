import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

/// The READMEs' transcripts stand in a code block after `<!-- transcript SUITE POLICY SPLIT NUMBER -->`.
@Suite struct QuestionReadmeTests {
    private func check(_ folder: String, file: String = #filePath) async throws {
        let root = (0..<4).reduce(URL(fileURLWithPath: file)) { url, _ in url.deletingLastPathComponent() }
        let readme = root.appendingPathComponent("Sources/TemperEnvironments/\(folder)/README.md")
        let parts = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "<!-- transcript ").dropFirst()
        #expect(parts.count >= 3)
        for part in parts {
            let words = part.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
            let number = try #require(Int(words[3]))
            let suite = try SuiteRegistry.suite(words[0])
            let task = try #require(try suite.tasks(split: words[2], limit: number + 1).last)
            let block = part.components(separatedBy: "```\n")[1]
            let wanted = try await transcript(suite, words[1], task) + "\n"
            #expect(block == wanted, "README of \(folder), \(words[0]): replace the block by\n\(wanted)")
        }
    }

    @Test("The transcripts of the pocket suites are what their experts do")
    func pocket() async throws { try await check("Pocket") }

    @Test("The transcripts of the real suites are what the control does")
    func realRealData() async throws {
        let needed = ["hotpotqa/easy.jsonl", "strategyqa/dev.json", "mmlu/val", RecordedSearch.fileName]
        if needed.allSatisfy({ realData($0) != nil }) { try await check("QuestionAnswering") }
    }
}
