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

    @Test(
        "So are they under the templates of the model families: the reply, and the end of its turn", arguments: ChatTemplate.names
    )
    func flaggedTurns(name: String) throws {
        let template = try #require(ChatTemplate(rawValue: name))
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/agentinstruct_masks.json")
        let cases = try #require(try JSONValue.parse(try Data(contentsOf: url), named: url.path).array)
        let tokenizer = try Tokenizer.train(["Thought: I look it up."], vocabularySize: 300, chatTemplate: template)
        let renderer = try TokenRenderer(tokenizer: tokenizer, template: template)
        for (index, item) in cases.enumerated() {
            let imported = try ImportFormats.named("agentinstruct").read(
                SourceRecord(index: index, value: try #require(item["record"])), options: ImportOptions(isStrict: true))
            guard case .conversation(let document) = imported.content else { continue }
            let flagged = (item["record"]?["conversations"]?.array ?? []).filter { $0["loss"]?.bool ?? false }
                .map { $0["value"]?.string ?? "" }
            #expect(!flagged.isEmpty)
            let tokens = try renderer.encode(document).tokens
            var learnt: [[UInt8]] = []
            for place in tokens.ids.indices where tokens.mask[place] == 1 {
                if place == 0 || tokens.mask[place - 1] == 0 { learnt.append([]) }
                learnt[learnt.count - 1] += renderer.tokenizer.bytes(of: tokens.ids[place])
            }
            let texts = learnt.map { String(decoding: $0, as: UTF8.self) }
            #expect(texts.count == flagged.count, "\(name): \(texts)")
            for (text, reply) in zip(texts, flagged) {
                #expect(text.hasPrefix(reply), "\(name): \(text)")
                #expect(text.dropFirst(reply.count).count <= 16, "\(name): more than the end of a turn follows: \(text)")
            }
        }
    }
}
