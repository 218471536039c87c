import Foundation
import TemperCore

/// A tool as an MCP server describes it.
struct MCPToolDescription: Sendable, Hashable {
    var name: String
    var about: String
    /// JSON Schema of the arguments.
    var schema: JSONValue

    /// The name as an action carries it: letters, digits, `_` and `-`.
    var actionName: String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "_" })
    }

    /// The names of the arguments: the required ones first, as the schema lists them, then the others by name.
    var properties: [String] {
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        return required + (schema["properties"]?.object ?? [:]).keys.filter { !required.contains($0) }.sorted()
    }

    /// How a policy is told: `add[{"a": integer, "b": integer}] Adds two numbers.`
    var announcement: String {
        let names = properties
        let form: String
        if names.count == 1 {
            form = names[0]
        } else {
            form = names.isEmpty ? "" : "{" + names.map { "\"\($0)\": \(type(of: $0) ?? "any")" }.joined(separator: ", ") + "}"
        }
        let about = about.split(separator: "\n").first.map { " \($0.trimmingCharacters(in: .whitespaces))" } ?? ""
        return "\(actionName)[\(form)]\(about)"
    }

    /// The arguments that a text stands for: a JSON object, or the value of the only argument.
    ///
    /// - Throws: ``JSONTemplate/BadValue`` when it is neither.
    func arguments(from text: String) throws -> JSONValue {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.hasPrefix("{"), let value = try? JSONDecoder().decode(JSONValue.self, from: Data(trimmed.utf8)),
            value.object != nil
        {
            return value
        }
        let names = properties
        if names.isEmpty, trimmed.isEmpty { return .object([:]) }
        guard names.count == 1 else {
            throw JSONTemplate.BadValue(message: "The argument must be JSON: \(announcement)")
        }
        switch type(of: names[0]) {
        case nil, "string": return .object([names[0]: .string(text)])
        default:
            guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(trimmed.utf8)) else {
                throw JSONTemplate.BadValue(message: "'\(text.prefix(80))' is not a value of '\(names[0])': \(announcement)")
            }
            return .object([names[0]: value])
        }
    }

    private func type(of property: String) -> String? { schema["properties"]?[property]?["type"]?.string }
}

/// A tool of an MCP server.
struct MCPTool: OutsideTool {
    let description: MCPToolDescription
    let server: MCPServer
    var name: String { description.actionName }
    var announcement: String? { description.announcement }

    func call(_ argument: String, shell: LazyShell) async throws -> ToolAnswer {
        do {
            return try await server.call(description.name, description.arguments(from: argument))
        } catch let bad as JSONTemplate.BadValue {
            return ToolAnswer(text: bad.message, isValid: false)
        }
    }
}

/// The processes of one MCP server.
actor MCPPool {
    private let settings: MCPSettings
    private var idle: [MCPServer] = []

    init(_ settings: MCPSettings) {
        self.settings = settings
    }

    func take() async throws -> MCPServer {
        if let server = idle.popLast() { return server }
        return try await MCPServer(settings)
    }

    /// A server that is not used again, or whose process has failed, is closed.
    func give(back server: MCPServer) async {
        if settings.isReused, await server.isHealthy { idle.append(server) } else { await server.close() }
    }

    nonisolated func tools(of server: MCPServer) -> [any OutsideTool] {
        server.tools.map { MCPTool(description: $0, server: server) }
    }
}
