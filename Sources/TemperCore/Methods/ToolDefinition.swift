import Foundation

/// A function a model may call: an action of an environment, with one text argument.
public struct ToolDefinition: Sendable, Hashable {
    public var name: String
    public var summary: String
    /// What its argument means, one word: `title`.
    public var argument: String

    /// The one parameter's name in every function.
    public static let parameter = "input"

    public init(name: String, summary: String, argument: String) {
        self.name = name
        self.summary = summary
        self.argument = argument
    }

    /// As OpenAI's `tools` lists it.
    public var json: JSONValue {
        let input = JSONValue.object(["type": .string("string"), "description": .string(argument)])
        return .object([
            "type": .string("function"),
            "function": .object([
                "name": .string(name), "description": .string(summary),
                "parameters": .object([
                    "type": .string("object"), "properties": .object([Self.parameter: input]),
                    "required": .array([.string(Self.parameter)]),
                ]),
            ]),
        ])
    }

    /// The definitions in an instruction, its lines `name[argument] what it does`, and the instruction without them.
    public static func split(_ instruction: String) -> (rest: String, tools: [ToolDefinition]) {
        var tools: [ToolDefinition] = []
        var rest: [Substring] = []
        for line in instruction.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_-]*)\[([^\]\n]*)\]:?[ \t]+(.+)/) {
                tools.append(ToolDefinition(name: String(match.1), summary: String(match.3), argument: String(match.2)))
            } else {
                rest.append(line)
            }
        }
        return (rest.joined(separator: "\n"), tools)
    }
}
