import ArgumentParser
import Foundation
import TemperCore
import TemperExperiment

struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Prints the token ids of text, or the text of ids.",
        discussion: """
            Examples:
              temper tokenize pocket-base --text "Hello there" --json
              temper tokenize pocket-base --file notes.txt --each-line
              temper tokenize pocket-base --decode --text "72 301"
            """)
    @Argument(help: "A model folder, a shipped name, or a tokenizer's file.")
    var model: String
    @Option(help: "The text; standard input when neither this nor --file is given.")
    var text: String?
    @Option(help: "A UTF-8 file that holds the text.")
    var file: String?
    @Flag(help: "Every line is encoded by itself.")
    var eachLine = false
    @Flag(help: "Read ids and print their text.")
    var decode = false
    @Flag(help: "Print each token's text beside its id.")
    var tokens = false
    @Flag(help: "Let the texts of special tokens become those tokens.")
    var allowSpecial = false
    @Flag(help: "Add the tokens that the tokenizer itself puts around text; when decoding, leave special tokens out.")
    var addSpecial = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard text == nil || file == nil else { throw TemperError(.usage, "give --text or --file, not both") }
        guard !decode || !tokens else { throw TemperError(.usage, "--tokens goes with encoding, not with --decode") }
        let input = try readInput()
        let use = try TokenizerUse(model: model)
        var options = TokenizerUse.Options()
        options.allowsSpecialTokens = allowSpecial
        options.addsSpecialTokens = addSpecial
        options.showsTokens = tokens
        guard eachLine else {
            if decode { return try show(text: use.decode(input, skippingSpecialTokens: addSpecial)) }
            return try show(use.encode(input, options))
        }
        // By bytes: for Swift a carriage return and the newline after it are one character.
        var lines = input.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
        if lines.last == "" { lines.removeLast() }
        if decode {
            let texts = try lines.map { try use.decode($0, skippingSpecialTokens: addSpecial) }
            return output.json
                ? try Output.json(["lines": texts.map { ["text": $0] }]) : Output.text(texts.joined(separator: "\n"))
        }
        let results = lines.map { use.encode($0, options) }
        if output.json { return try Output.json(["lines": results]) }
        for result in results { print(Self.line(result)) }
    }

    private func readInput() throws -> String {
        if let text { return text }
        let data: Data
        if let file {
            do {
                data = try Data(contentsOf: URL(fileURLWithPath: file))
            } catch {
                throw TemperError(.data, "the file cannot be read", place: file, boundary: .data, cause: error)
            }
        } else {
            data = FileHandle.standardInput.readDataToEndOfFile()
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TemperError(
                .data, "the text is not valid UTF-8", hint: "convert it first, for example with iconv",
                place: file ?? "standard input",
                boundary: .data)
        }
        return text
    }

    private func show(text: String) throws {
        if output.json { return try Output.json(["text": text]) }
        Output.text(text)
    }

    private func show(_ result: TokenizerUse.Result) throws {
        if output.json { return try Output.json(result) }
        guard let tokens = result.tokens else { return print(Self.line(result)) }
        Output.table(zip(result.ids, tokens).map { [String($0), $1.debugDescription] })
    }

    private static func line(_ result: TokenizerUse.Result) -> String {
        guard let tokens = result.tokens else { return result.ids.map(String.init).joined(separator: " ") }
        return zip(result.ids, tokens).map { "\($0) \($1.debugDescription)" }.joined(separator: "  ")
    }
}
