import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("AgentInstruct's masks") struct AgentInstructMaskTests {
    @Test("Exactly the flagged turns are learnt, as transformers masks them", arguments: ChatTemplate.allCases)
    func flaggedTurnsGolden(template: ChatTemplate) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/agentinstruct_masks.json")
        let cases = try #require(try JSONValue.parse(try Data(contentsOf: url), named: url.path).array)
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: template)
        #expect(cases.count == 4)
        for (index, item) in cases.enumerated() {
            let imported = try ImportFormats.named("agentinstruct").read(
                SourceRecord(index: index, value: try #require(item["record"])), options: ImportOptions(isStrict: true))
            guard case .conversation(let document) = imported.content else { continue }
            let tokens = try renderer.encode(document).tokens
            var bytes: [UInt8] = []
            var ranges: [[Int]] = []
            for (id, bit) in zip(tokens.ids, tokens.mask) {
                let start = bytes.count
                bytes += renderer.tokenizer.bytes(of: id)
                guard bit == 1 else { continue }
                if ranges.last?[1] == start {
                    ranges[ranges.count - 1][1] = bytes.count
                } else {
                    ranges.append([start, bytes.count])
                }
            }
            let wanted = try #require(item["renderings"]?[template.rawValue])
            #expect(String(decoding: bytes, as: UTF8.self) == wanted["text"]?.string)
            #expect(ranges == wanted["trained"]?.array?.map { $0.array?.compactMap { $0.number.map { Int($0) } } ?? [] })
            // Every flagged reply, and no other.
            #expect(
                document.messages.map(\.isTrained) == item["record"]?["conversations"]?.array?.map { $0["loss"]?.bool ?? false })
        }
    }
}
