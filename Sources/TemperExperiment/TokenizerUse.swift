import Foundation
import TemperCore
import TemperTokenizers

/// A tokenizer on its own: what `temper tokenize` does.
package struct TokenizerUse: Sendable {
    /// A text as ids, each with the bytes it stands for.
    package struct Result: Codable, Sendable, Hashable {
        package var ids: [Int32]
        /// [ids]; bytes that are not text by themselves are written as U+FFFD.
        package var tokens: [String]?
    }

    package struct Options: Sendable {
        /// Whether the texts of special tokens become those tokens.
        package var allowsSpecialTokens = false
        /// Whether the tokens the tokenizer itself puts around a text are added.
        package var addsSpecialTokens = false
        /// Whether each id comes with its text.
        package var showsTokens = false

        package init() {}
    }

    private let tokenizer: Tokenizer

    /// - Parameter model: a folder, a shipped name, or a tokenizer's file.
    /// - Throws: ``TemperError`` with code `data` when there is no such model, or its tokenizer cannot be read.
    package init(model: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: model, isDirectory: &isFolder), !isFolder.boolValue {
            tokenizer = try Tokenizer(contentsOf: URL(fileURLWithPath: model))
        } else {
            tokenizer = try Tokenizer(folder: ModelLocator.folder(for: model))
        }
    }

    package func encode(_ text: String, _ options: Options = Options()) -> Result {
        let ids = tokenizer.encode(
            text, allowingSpecialTokens: options.allowsSpecialTokens, addingSpecialTokens: options.addsSpecialTokens)
        let tokens = options.showsTokens ? ids.map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) } : nil
        return Result(ids: ids, tokens: tokens)
    }

    /// The text of ids written as numbers with anything but digits between.
    ///
    /// - Throws: ``TemperError`` with code `usage` when a number is not an id of the vocabulary.
    package func decode(_ numbers: String, skippingSpecialTokens: Bool = false) throws -> String {
        let ids = try numbers.split(whereSeparator: { !$0.isNumber && $0 != "-" }).map { word in
            guard let id = Int32(word), id >= 0, id < tokenizer.vocabularySize else {
                throw TemperError(
                    .usage, "'\(word)' is not an id of this vocabulary, whose ids are 0 to \(tokenizer.vocabularySize - 1)")
            }
            return id
        }
        return tokenizer.decode(ids, skippingSpecialTokens: skippingSpecialTokens)
    }
}
