package import Foundation
import TemperCore

extension Tokenizer {
    /// Reads the tokenizer of a Hugging Face folder (`tokenizer.json`, or else `tekken.json`, SentencePiece's or tiktoken's
    /// `tokenizer.model`, one `*.tiktoken`), with roles and template from `tokenizer_config.json` and `chat_template.jinja`
    /// where these are.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the file, and the option if it is one not computed here.
    package convenience init(folder: URL) throws {
        let configuration = try TokenizerConfiguration.read(folder)
        let contents = try TokenizerSource.read(TokenizerSource.file(in: folder), special: configuration.addedTokens)
        let special = contents.addedTokens.filter(\.isSpecial).map { String(decoding: $0.text, as: UTF8.self) }
        let template = configuration.jinja.map {
            ChatTemplate(jinja: $0, roles: configuration.roles, specialTokens: special)
        }
        self.init(contents, roles: configuration.roles, chatTemplate: template)
    }

    /// Reads one file: a `tokenizer.json`, a `tekken.json`, a SentencePiece model or a list of ranks; special tokens have no
    /// roles then.
    ///
    /// - Throws: as ``init(folder:)``.
    package convenience init(contentsOf file: URL) throws {
        self.init(try TokenizerSource.read(file, special: []), roles: Roles(), chatTemplate: nil)
    }

    /// Reads the contents of a file; its name tells what it is, as in ``init(contentsOf:)``.
    ///
    /// - Throws: as ``init(folder:)``.
    package convenience init(data: Data, named name: String) throws {
        self.init(
            try TokenizerSource.read(data, file: URL(fileURLWithPath: name), special: []), roles: Roles(), chatTemplate: nil)
    }

    /// Writes `tokenizer.json`, `tokenizer_config.json` (with the chat template, where it has one) and
    /// `special_tokens_map.json`. The same tokenizer gives the same bytes, and one that was read from a file that file.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` when the folder cannot be written.
    package func save(to folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let encoder = JSONEncoder.stable()
            if let source = contents.source {
                try source.data.write(to: folder.appendingPathComponent(source.name), options: .atomic)
            } else if let pattern {
                try encoder.encode(TokenizerDocument(contents, pattern: pattern)).write(
                    to: folder.appendingPathComponent("tokenizer.json"), options: .atomic)
            }
            let configuration = TokenizerConfiguration(roles: roles, jinja: chatTemplate?.jinja)
            let pretty = JSONEncoder.stable(pretty: true)
            try pretty.encode(configuration.tokenizerConfig).write(
                to: folder.appendingPathComponent("tokenizer_config.json"), options: .atomic)
            try pretty.encode(configuration.specialTokensMap).write(
                to: folder.appendingPathComponent("special_tokens_map.json"), options: .atomic)
        } catch {
            throw TemperError(
                .unavailable, "the tokenizer cannot be written: \(TemperError.describe(error))", place: folder.path,
                boundary: .data, cause: error)
        }
    }
}

/// The small files beside `tokenizer.json`.
struct TokenizerConfiguration {
    var roles: Tokenizer.Roles
    var jinja: String?
    /// `added_tokens_decoder`: what a file of ranks does not hold.
    var addedTokens: [(text: String, id: Int, isSpecial: Bool)] = []

    static func read(_ folder: URL) throws -> TokenizerConfiguration {
        let file = folder.appendingPathComponent("tokenizer_config.json")
        var fields = JSONValue.null
        if FileManager.default.fileExists(atPath: file.path) {
            let data: Data
            do {
                data = try Data(contentsOf: file)
            } catch {
                throw TemperError(.data, "the file cannot be read", place: file.path, boundary: .data, cause: error)
            }
            fields = try JSONValue.parse(data, named: file.path)
        }
        func token(_ name: String) -> String? { fields[name]?.string ?? fields[name]?["content"]?.string }
        let roles = Tokenizer.Roles(begin: token("bos_token"), end: token("eos_token"), padding: token("pad_token"))
        var jinja = fields["chat_template"]?.string
        let templateFile = folder.appendingPathComponent("chat_template.jinja")
        if jinja == nil, FileManager.default.fileExists(atPath: templateFile.path) {
            do {
                jinja = try String(contentsOf: templateFile, encoding: .utf8)
            } catch {
                throw TemperError(.data, "the file cannot be read", place: templateFile.path, boundary: .data, cause: error)
            }
        }
        let added = (fields["added_tokens_decoder"]?.object ?? [:]).compactMap { key, value in
            Int(key).flatMap { id in value["content"]?.string.map { ($0, id, value["special"]?.bool ?? false) } }
        }
        return TokenizerConfiguration(roles: roles, jinja: jinja, addedTokens: added.sorted { $0.1 < $1.1 })
    }

    var tokenizerConfig: JSONValue {
        var fields = specialTokensMap.object ?? [:]
        fields["tokenizer_class"] = .string("PreTrainedTokenizerFast")
        fields["clean_up_tokenization_spaces"] = .bool(false)
        if let jinja { fields["chat_template"] = .string(jinja) }
        return .object(fields)
    }

    var specialTokensMap: JSONValue {
        var fields: [String: JSONValue] = [:]
        if let begin = roles.begin { fields["bos_token"] = .string(begin) }
        if let end = roles.end { fields["eos_token"] = .string(end) }
        if let padding = roles.padding { fields["pad_token"] = .string(padding) }
        return .object(fields)
    }
}
