public import Foundation
import TemperCore

/// A file format that other trainers read. A new one is a type like this and a line in ``ExportFormats``.
public protocol ExportFormat: Sendable {
    var name: String { get }
    var summary: String { get }
    /// The whole file.
    func file(_ documents: [Document]) throws -> Data
}

/// The formats by name.
public enum ExportFormats {
    public static let all: [any ExportFormat] = [
        OpenAIChat(),
        ShareGPT(),
    ]

    /// - Throws: ``TemperError`` with code `usage` that lists the names there are.
    public static func named(_ name: String) throws -> any ExportFormat {
        if let format = all.first(where: { $0.name == name }) { return format }
        throw TemperError(
            .usage, "there is no export format '\(name)'", hint: "there are: \(all.map(\.name).joined(separator: ", "))",
            boundary: .data)
    }
}

/// OpenAI's fine-tuning form: one `{messages}` per line; a reply that is not learnt has `weight` 0.
public struct OpenAIChat: ExportFormat {
    public let name = "openai-chat"
    public let summary = "chats in JSON lines, with weight 0 on replies that are not trained"

    public init() {}

    public func file(_ documents: [Document]) throws -> Data {
        let encoder = JSONEncoder.stable()
        return try documents.reduce(into: Data()) { data, document in
            let messages = document.messages.map { message -> JSONValue in
                var fields: [String: JSONValue] = ["role": .string(message.role.rawValue), "content": .string(message.text)]
                if message.role == .assistant, !message.spans.contains(where: \.train) { fields["weight"] = .number(0) }
                return .object(fields)
            }
            data += try encoder.encode(JSONValue.object(["messages": .array(messages)]))
            data.append(UInt8(ascii: "\n"))
        }
    }
}

/// ShareGPT's form as AgentTuning uses it: an array of `{id, conversations: [{from, value, loss}]}`.
public struct ShareGPT: ExportFormat {
    public let name = "sharegpt"
    public let summary = "a JSON array of conversations, with a loss flag on every reply"

    public init() {}

    public func file(_ documents: [Document]) throws -> Data {
        let values = documents.map { document -> JSONValue in
            let turns = document.messages.map { message -> JSONValue in
                let names: [Role: String] = [.system: "system", .user: "human", .assistant: "gpt"]
                var fields: [String: JSONValue] = [
                    "from": .string(names[message.role, default: message.role.rawValue]), "value": .string(message.text),
                ]
                if message.role == .assistant { fields["loss"] = .bool(message.spans.contains(where: \.train)) }
                return .object(fields)
            }
            return .object(["id": .string(document.provenance.name), "conversations": .array(turns)])
        }
        return try JSONEncoder.stable(pretty: true).encode(JSONValue.array(values)) + Data("\n".utf8)
    }
}
