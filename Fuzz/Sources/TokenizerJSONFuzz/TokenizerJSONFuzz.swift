import Foundation
import TemperCore
import TemperTokenizers

/// Opens any bytes as a `tokenizer.json`, encodes texts with what comes of it and decodes them again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTokenizerJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let data = start.map { Data(bytes: $0, count: count) } ?? Data()
    do {
        let tokenizer = try Tokenizer(data: data, named: "tokenizer.json")
        for text in [
            "Thought: I'll look\n  up[Élodie] 1867 你好 e\u{301} \u{0}\u{1F600}", "<s> a</s>", String(repeating: "ab ", count: 60),
        ] {
            for isAllowed in [false, true] {
                let ids = tokenizer.encode(text, allowingSpecialTokens: isAllowed, addingSpecialTokens: isAllowed)
                precondition(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.vocabularySize }, "an id is outside the vocabulary")
                precondition(tokenizer.decode(ids, skippingSpecialTokens: isAllowed).utf8.count >= 0)
            }
        }
    } catch {
        precondition(error is TemperError, "an error that a person cannot read: \(error)")
        precondition(!TemperError.describe(error).isEmpty)
    }
    return 0
}
