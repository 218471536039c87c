import Foundation
import TemperCore
import TemperTokenizers
import Testing

@testable import TemperData

@Suite("Weights of turns") struct WeightTests {
    /// Replies of weight 2, 0, 1 and 0.5.
    private static let openAI = #"""
        {"messages":[{"content":"Q1","role":"user"},{"content":"first","role":"assistant","weight":2},{"content":"Q2","role":"user"},{"content":"second","role":"assistant","weight":0},{"content":"Q3","role":"user"},{"content":"third","role":"assistant"},{"content":"Q4","role":"user"},{"content":"fourth","role":"assistant","weight":0.5}]}
        """#

    private func document(_ format: String, _ value: JSONValue) throws -> Document {
        let imported = try ImportFormats.named(format).read(
            SourceRecord(index: 0, value: value), options: ImportOptions(isStrict: true))
        guard case .conversation(let document) = imported.content else { throw TemperError(.data, "no conversation") }
        return document
    }

    private func openAI() throws -> Document { try document("openai-chat", JSONValue.record(Array(Self.openAI.utf8))) }

    /// The trained text of each weight.
    private func weighted(_ tokens: TokenDocument, _ tokenizer: Tokenizer) -> [Float: String] {
        var texts: [Float: String] = [:]
        for (index, id) in tokens.ids.enumerated() where tokens.mask[index] == 1 {
            if tokenizer.isSpecial(id) { continue }
            texts[tokens.weights?[index] ?? 1, default: ""] += tokenizer.decode([id])
        }
        return texts.mapValues { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test(
        "In every template each turn's tokens have its weight, and a weight of 0 is not trained", arguments: ChatTemplate.allCases
    )
    func templates(template: ChatTemplate) throws {
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: template)
        let tokens = try renderer.encode(openAI()).tokens
        #expect(weighted(tokens, renderer.tokenizer) == [2: "first", 1: "third", 0.5: "fourth"])
        // The end of a turn has the turn's weight, too.
        let ends = tokens.ids.indices.filter {
            tokens.mask[$0] == 1 && renderer.tokenizer.decode([tokens.ids[$0]]) == template.endOfTurn
        }
        #expect(ends.map { tokens.weights?[$0] } == [2, 1, 0.5])
        let all = zip(tokens.mask, tokens.weights ?? []).reduce(0.0) { $1.0 == 1 ? $0 + Double($1.1) : $0 }
        #expect(tokens.weightSum == all && all > 0)
    }

    @Test("Weights go to the token file and come back; without any the file has none") func file() throws {
        let temporary = try TemporaryFolder()
        let renderer = try TokenRenderer(tokenizer: Samples.tokenizer(), template: .chatML)
        let weighted = try renderer.encode(openAI()).tokens
        var plain = try openAI()
        for index in plain.messages.indices { plain.messages[index].spans[0].weight = 1 }
        let even = try renderer.encode(plain).tokens
        #expect(even.weights == nil && even.ids == weighted.ids)
        let url = temporary.file("tokens.safetensors")
        for documents in [[even, weighted], [weighted, even]] {
            try TokenDataset(documents: documents).write(to: url)
            let read = try TokenDataset(contentsOf: url)
            #expect(read.weights?.count == read.inputIDs.count)
            #expect((0..<2).map { read.document($0).weightSum } == documents.map(\.weightSum))
        }
        try TokenDataset(documents: [even]).write(to: url)
        #expect(try TokenDataset(contentsOf: url).weights == nil)
        #expect(!String(decoding: try Data(contentsOf: url), as: UTF8.self).contains("weights"))
        var broken = TokenDataset(documents: [weighted])
        let target = try #require(broken.mask.firstIndex(of: 1))
        broken.weights?[target] = 0
        try broken.write(to: url)
        let error = #expect(throws: TemperError.self) { try TokenDataset(contentsOf: url) }
        #expect(error?.message == "weights[\(target)] is 0.0, but a target's weight is above 0")
    }

    @Test("What OpenAI's file says of weights is written again as it was") func openAIRoundTrip() throws {
        #expect(try OpenAIMessages.record(openAI()) == JSONValue.record(Array(Self.openAI.utf8)))
    }

    @Test("ShareGPT's and AgentInstruct's forms carry weights both ways", arguments: ["sharegpt", "agentinstruct"])
    func loss(format: String) throws {
        var original = try openAI()
        original.provenance = .init(run: "", source: format, number: 0, id: "x")
        let export = try #require(ExportFormats.named(format) as? RecordFile)
        let read = try document(format, export.record(original, nil))
        #expect(read.messages.map(\.isTrained) == [false, true, false, false, false, true, false, true])
        #expect(read.messages.compactMap(\.trainedWeight) == [2, 1, 0.5])
    }

    @Test("A weight that is no number from 0 is a fault of its record") func fault() throws {
        for weight in ["-1", "\"2\""] {
            let text = Self.openAI.replacingOccurrences(of: #""weight":2"#, with: #""weight":\#(weight)"#)
            let value = try JSONValue.record(Array(text.utf8))
            let fault = #expect(throws: RecordFault.self) { try document("openai-chat", value) }
            #expect(fault?.reason == "a turn's 'weight' is not a number from 0")
        }
    }

    private func curate(_ weights: [CurationOptions.TurnWeight]) throws -> CuratedDataset {
        var options = CurationOptions()
        options.turnWeights = weights
        return try Curation.run([Samples.trajectory("a")], options: options, context: Samples.context(Samples.tokenizer()))
    }

    @Test("A recipe weighs turns: the first condition that holds decides") func recipe() throws {
        func weights(_ rules: [CurationOptions.TurnWeight]) throws -> [Double?] {
            try curate(rules).train[0].document.messages.filter { $0.role == .assistant }.map(\.trainedWeight)
        }
        #expect(try weights([]) == [1, 1])
        #expect(try weights([.init(when: "turn == turns", weight: 3)]) == [1, 3])
        #expect(
            try weights([.init(when: "action == 'search'", weight: 0.5), .init(when: "reward == 1", weight: 2)]) == [0.5, 2])
        #expect(try weights([.init(when: "suite == 'pocket/hotpotqa' and turn == 1", weight: 0)]) == [nil, 1])
        let tokens = try curate([.init(when: "turn == 1", weight: 0.25)]).trainTokens
        #expect(
            Set(try #require(tokens.weights).indices.filter { tokens.mask[$0] == 1 }.map { tokens.weights?[$0] }) == [0.25, 1])
    }

    @Test("Rules that make no sense are named") func rules() throws {
        func message(_ when: String, _ weight: Double = 1) -> String? {
            #expect(throws: TemperError.self) { try curate([.init(when: when, weight: weight)]) }?.message
        }
        #expect(message("turn == 1", -1) == "'curate.turn_weights[0].weight' is -1; it must be at least 0")
        #expect(message("turn =") == "'curate.turn_weights' has '=', which means nothing here: turn =")
        #expect(message("pass_rate > 0") == "'curate.turn_weights' names 'pass_rate', which a turn does not have")
        #expect(message("turn > 0", 0) == "no token of the document is trained")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(
                CurationOptions.self, from: Data(#"{"turn_weights": [{"wen": "turn == 1", "weight": 1}]}"#.utf8))
        }
    }
}
