package import Foundation

/// One document as a model learns from it.
package struct TokenDocument: Sendable, Hashable {
    package var ids: [Int32]
    /// 1 where the token is a trained target (predicted from the one before it); as long as `ids`, and 0 at the first token.
    package var mask: [UInt8]
    /// How much each trained token counts in the loss beside the others, above 0; as long as `ids`. Nil: all count alike.
    package var weights: [Float]?

    package init(ids: [Int32], mask: [UInt8], weights: [Float]? = nil) {
        self.ids = ids
        self.mask = mask
        self.weights = weights
    }

    /// How many tokens train.
    package var trainedCount: Int { mask.reduce(0) { $0 + Int($1) } }

    /// The weights of the trained tokens together: what a mean loss is divided by.
    package var weightSum: Double {
        guard let weights else { return Double(trainedCount) }
        return zip(mask, weights).reduce(0) { $1.0 == 1 ? $0 + Double($1.1) : $0 }
    }
}

/// Tokens with their mask, as `dataset/tokens.safetensors` holds them.
///
/// `mask[i] == 1` means that token i is a trained target: the loss of predicting it from the tokens before it in the same
/// document counts. The first token of a document is never a target. A file in which targets weigh differently has `weights`
/// too: the loss is then Σ weight × loss / Σ weight.
package struct TokenDataset: Sendable, Hashable {
    /// int32 [T].
    package var inputIDs: [Int32]
    /// uint8 [T], 0 or 1.
    package var mask: [UInt8]
    /// float32 [T], above 0 where the mask is 1; nil, and not in the file, when all targets weigh 1.
    package var weights: [Float]?
    /// int64 [documents]: where each document starts; the first is 0 and they ascend.
    package var documentStarts: [Int64]

    /// Documents one after another.
    package init(documents: [TokenDocument] = []) {
        inputIDs = []
        mask = []
        documentStarts = []
        for document in documents { append(document) }
    }

    package mutating func append(_ document: TokenDocument) {
        precondition(document.ids.count == document.mask.count, "ids and mask of a document differ in length")
        precondition(document.weights.map { $0.count == document.ids.count } ?? true, "ids and weights differ in length")
        if document.weights != nil || weights != nil {
            var all = weights ?? Array(repeating: 1, count: inputIDs.count)
            weights = nil
            all += document.weights ?? Array(repeating: 1, count: document.ids.count)
            weights = all
        }
        documentStarts.append(Int64(inputIDs.count))
        inputIDs += document.ids
        mask += document.mask
    }

    /// Reads `tokens.safetensors`.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file and the first thing wrong in it.
    package init(contentsOf url: URL) throws {
        let file = try SafetensorsFile(contentsOf: url)
        inputIDs = try file.array("input_ids", of: Int32.self, type: .int32)
        mask = try file.array("mask", of: UInt8.self, type: .uint8, shape: [inputIDs.count])
        documentStarts = try file.array("document_starts", of: Int64.self, type: .int64)
        if file.tensors.contains(where: { $0.name == "weights" }) {
            weights = try file.array("weights", of: Float.self, type: .float32, shape: [inputIDs.count])
        }
        if let problem { throw TemperError(.data, problem, place: url.path, boundary: .data) }
    }

    /// The first thing wrong with it, if any; id ranges are checked by what knows the vocabulary.
    package var problem: String? {
        if inputIDs.count != mask.count { return "input_ids has \(inputIDs.count) tokens, mask \(mask.count)" }
        if documentStarts.first ?? 0 != 0 { return "the first document starts at \(documentStarts[0]), not 0" }
        if documentStarts.isEmpty, !inputIDs.isEmpty { return "there are tokens but no documents" }
        if let index = mask.firstIndex(where: { $0 > 1 }) { return "mask[\(index)] is \(mask[index]), neither 0 nor 1" }
        if let weights {
            if weights.count != inputIDs.count { return "input_ids has \(inputIDs.count) tokens, weights \(weights.count)" }
            if let index = weights.indices.first(where: { mask[$0] == 1 && !(weights[$0] > 0 && weights[$0].isFinite) }) {
                return "weights[\(index)] is \(weights[index]), but a target's weight is above 0"
            }
        }
        if let index = inputIDs.firstIndex(where: { $0 < 0 }) { return "input_ids[\(index)] is negative" }
        for (index, start) in documentStarts.enumerated() {
            let end = index + 1 < documentStarts.count ? documentStarts[index + 1] : Int64(inputIDs.count)
            if start >= end { return "document \(index) spans tokens \(start)..<\(end)" }
            if end > Int64(inputIDs.count) { return "document \(index + 1) starts at \(end), past the \(inputIDs.count) tokens" }
            if mask[Int(start)] != 0 { return "the first token of document \(index) is a target, but nothing precedes it" }
        }
        return nil
    }

    /// Writes `tokens.safetensors`; the same dataset gives the same bytes.
    package func write(to url: URL) throws {
        var tensors = [
            SafetensorsFile.Tensor(name: "input_ids", type: .int32, shape: [inputIDs.count]),
            SafetensorsFile.Tensor(name: "mask", type: .uint8, shape: [mask.count]),
            SafetensorsFile.Tensor(name: "document_starts", type: .int64, shape: [documentStarts.count]),
        ]
        if let weights { tensors.append(SafetensorsFile.Tensor(name: "weights", type: .float32, shape: [weights.count])) }
        try SafetensorsFile.write(tensors, to: url) { tensor in
            switch tensor.name {
            case "input_ids": return inputIDs.withUnsafeBytes { Data($0) }
            case "mask": return Data(mask)
            case "weights": return (weights ?? []).withUnsafeBytes { Data($0) }
            default: return documentStarts.withUnsafeBytes { Data($0) }
            }
        }
    }

    package var documentCount: Int { documentStarts.count }
    package var tokenCount: Int { inputIDs.count }
    package var trainedCount: Int { mask.reduce(0) { $0 + Int($1) } }

    /// The tokens of one document.
    package func range(ofDocument index: Int) -> Range<Int> {
        let end = index + 1 < documentStarts.count ? Int(documentStarts[index + 1]) : inputIDs.count
        return Int(documentStarts[index])..<end
    }

    package func document(_ index: Int) -> TokenDocument {
        let range = range(ofDocument: index)
        return TokenDocument(ids: Array(inputIDs[range]), mask: Array(mask[range]), weights: weights.map { Array($0[range]) })
    }
}
