import TemperCore
import TemperEnvironments
import TemperPocketText
import TemperTokenizers
import TemperTraining

/// Generated general text as training documents, written as they are asked for. Every token but the first is trained.
struct GeneralTextSource: DocumentSource {
    let seed: UInt64
    /// The index of the first document, so that training and held-out documents never meet.
    let first: Int
    let tokenizer: Tokenizer
    let template: ChatTemplate
    let longest: Int

    var count: Int? { nil }
    var fingerprint: String { "general text \(seed) from \(first), \(tokenizer.vocabularySize) tokens, up to \(longest)" }

    func document(at index: Int) throws -> TokenDocument {
        let messages = GeneralText.document(at: first + index, seed: seed)
        let ids = Array(try template.encode(messages, tokenizer: tokenizer).ids.prefix(longest))
        var mask = [UInt8](repeating: 1, count: ids.count)
        mask[0] = 0
        return TokenDocument(ids: ids, mask: mask)
    }
}
