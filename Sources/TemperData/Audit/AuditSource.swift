import Foundation
import TemperCore
import TemperTokenizers

/// The training examples of a run, a dataset, a file of chats or an ATIF file.
enum AuditSource {
    struct Fault {
        var kind: AuditReport.Kind
        var place: String
        var text: String
    }

    struct Example {
        /// `NAME:LINE`.
        var place: String
        var content: Result<Document, RecordFault>
        /// What training reads, where it is stored beside the text.
        var tokens: TokenDocument?
        /// What the file itself shows to be wrong.
        var faults: [Fault] = []
    }

    /// - Throws: ``TemperError`` with code `data` when there is nothing to read at the path or its form is not known.
    static func forEach(in path: URL, _ tokenizer: Tokenizer, _ body: (Example) throws -> Void) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) else {
            throw TemperError(.data, "there is nothing at this path", place: path.path, boundary: .data)
        }
        guard isFolder.boolValue else { return try readFile(path, tokenizer, body) }
        let folders = [path.appendingPathComponent("dataset", isDirectory: true), path]
        guard
            let folder = folders.first(where: {
                FileManager.default.fileExists(atPath: $0.appendingPathComponent("train.jsonl").path)
            })
        else {
            throw TemperError(
                .data, "there is no dataset in the folder", hint: "temper curate makes one; or name a file", place: path.path,
                boundary: .data)
        }
        for (name, tokens) in [("train.jsonl", "tokens.safetensors"), ("held_out.jsonl", "held_out.safetensors")] {
            let file = folder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let tokens = folder.appendingPathComponent(tokens)
            let stored = FileManager.default.fileExists(atPath: tokens.path) ? try TokenDataset(contentsOf: tokens) : nil
            let documents = try CuratedDataset.documents(in: file)
            if let stored, stored.documentCount != documents.count {
                throw TemperError(
                    .data, "\(documents.count) documents, but tokens of \(stored.documentCount)", place: file.path,
                    boundary: .data)
            }
            for (index, document) in documents.enumerated() {
                try body(
                    Example(place: "\(name):\(index + 1)", content: .success(document), tokens: stored?.document(index)))
            }
        }
    }

    private static func readFile(_ file: URL, _ tokenizer: Tokenizer, _ body: (Example) throws -> Void) throws {
        if let whole = try trajectory(in: file) {
            return try body(example(whole, tokenizer, place: file.lastPathComponent, index: 0))
        }
        let name = file.lastPathComponent
        let stream = try RecordStream(file)
        while let raw = stream.nextRaw() {
            let place = name + raw.place
            do {
                try body(example(try raw.source(), tokenizer, place: place, index: raw.index))
            } catch let fault as RecordFault {
                try body(Example(place: place, content: .failure(fault)))
            }
        }
    }

    /// The one object of a JSON file that is no list; nil for other files.
    private static func trajectory(in file: URL) throws -> SourceJSON? {
        guard file.pathExtension == "json" else { return nil }
        let data = try ReadFile.data(file)
        guard data.first(where: { !$0.isSpace }) == UInt8(ascii: "{") else { return nil }
        do {
            return try SourceJSON([UInt8](data))
        } catch let fault as RecordFault {
            throw TemperError(.data, fault.reason, place: file.path, boundary: .data)
        }
    }

    private static func example(_ record: SourceJSON, _ tokenizer: Tokenizer, place: String, index: Int) -> Example {
        var example = Example(place: place, content: .failure(RecordFault("its form is not known")))
        do {
            if record["provenance"] != nil, record["messages"]?.array?.first?["spans"] != nil {
                example.content = .success(try JSONDecoder().decode(Document.self, from: Data(record.text.utf8)))
            } else if record["steps"]?.array != nil {
                let file = AgentTrajectoryFile(record.value)
                example.faults = SampledTokens(tokenizer: tokenizer).faults(of: record.value)
                example.content = .success(
                    try OpenAIReader.chat(SourceJSON(file.messages)).document(source: "atif", number: index).document)
            } else if let format = ChatFormat.detect(record) {
                example.content = .success(try format.chat(record).document(source: format.name, number: index).document)
            }
        } catch let fault as RecordFault {
            example.content = .failure(fault)
        } catch {
            example.content = .failure(RecordFault(TemperError.describe(error)))
        }
        return example
    }
}

/// A file of the Agent Trajectory Interchange Format (ATIF), read for its texts: steps as messages of OpenAI's form.
struct AgentTrajectoryFile {
    /// `{"messages": […]}`.
    let messages: JSONValue

    init(_ record: JSONValue) {
        var list: [JSONValue] = []
        func message(_ role: String, _ text: String) -> JSONValue { .object(["role": .string(role), "content": .string(text)]) }
        for step in record["steps"]?.array ?? [] {
            let text = Self.text(step["message"])
            guard step["source"]?.string == "agent" else {
                list.append(message(step["source"]?.string == "system" ? "system" : "user", text))
                continue
            }
            var reply: [String: JSONValue] = ["role": .string("assistant"), "content": .string(text)]
            let calls = step["tool_calls"]?.array ?? []
            if !calls.isEmpty {
                reply["tool_calls"] = .array(
                    calls.map { call in
                        .object([
                            "id": call["tool_call_id"] ?? .null, "type": .string("function"),
                            "function": .object([
                                "name": call["function_name"] ?? .null, "arguments": call["arguments"] ?? .object([:]),
                            ]),
                        ])
                    })
            }
            list.append(.object(reply))
            for result in step["observation"]?["results"]?.array ?? [] {
                list.append(message("tool", Self.text(result["content"])))
            }
        }
        messages = .object(["messages": .array(list)])
    }

    private static func text(_ value: JSONValue?) -> String {
        value?.string ?? (value?.array ?? []).compactMap { $0["text"]?.string }.joined()
    }
}
