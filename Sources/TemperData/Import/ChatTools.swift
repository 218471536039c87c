import TemperCore
import TemperTokenizers

/// Function definitions and calls in the forms that files have them in.
enum ChatTools {
    /// A JSON list of definitions in OpenAI's form, each as the file spells it; nil when there are none.
    ///
    /// - Parameter value: a list, or the JSON of one in a text; entries in OpenAI's form, bare (`name`, `parameters`) or Anthropic's
    ///   (`input_schema`).
    /// - Throws: ``RecordFault`` for what is none of these.
    static func list(_ value: SourceJSON?) throws -> String? {
        guard var value, !value.isEmpty else { return nil }
        if let text = value.string {
            do { value = try SourceJSON(text: text) } catch { throw RecordFault("the tools are a text that is not JSON") }
        }
        guard !value.isEmpty else { return nil }
        guard let items = value.array else { throw RecordFault("the tools are no list") }
        return "[" + (try items.map(definition)).joined(separator: ", ") + "]"
    }

    private static func definition(_ given: SourceJSON) throws -> String {
        var tool = given
        if let text = given.string {
            do { tool = try SourceJSON(text: text) } catch { throw RecordFault("a tool is a text that is not JSON") }
        }
        if let function = tool["function"] {
            guard function["name"]?.string != nil else { throw RecordFault("a tool has no name") }
            if tool["type"] != nil { return tool.text }
            return "{\"type\": \"function\", \"function\": \(function.text)}"
        }
        if let type = tool["type"]?.string, !["function", "custom"].contains(type) { throw RecordFault("a tool is no function") }
        guard let name = tool["name"], name.string != nil else { throw RecordFault("a tool has no name") }
        var text = tool.text
        if let schema = tool["input_schema"] {
            let summary = tool["description"].map { ", \"description\": \($0.text)" } ?? ""
            text = "{\"name\": \(name.text)\(summary), \"parameters\": \(schema.text)}"
        } else if let fields = tool.object, fields.contains(where: { $0.key == "type" }) {
            let rest = fields.filter { $0.key != "type" }.map { "\(quoted($0.key)): \($0.value.text)" }
            text = "{" + rest.joined(separator: ", ") + "}"
        }
        return "{\"type\": \"function\", \"function\": \(text)}"
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            scalar == "\"" || scalar == "\\"
                ? "\\\(scalar)" : scalar.value < 0x20 ? "\\u" + Int(scalar.value).padded(4, radix: 16) : "\(scalar)"
        }
        return "\"" + escaped.joined() + "\""
    }

    /// A call: OpenAI's `{id, function: {name, arguments}}`, a bare `{name, arguments}`, or Inspect's, whose `function` is the name.
    ///
    /// - Returns: the call, and what the file says of learning it.
    /// - Throws: ``RecordFault`` when no function is named.
    static func call(_ value: SourceJSON, _ found: inout [String]) throws -> (call: TemplateChat.Call, mark: SourceFields.Mark) {
        var fields = try SourceFields(value, of: "a tool call")
        let id = fields.name("id", "call_id", "tool_call_id")
        if let type = try fields.string("type"), !["function", "function_call", "tool_use"].contains(type) {
            throw RecordFault("a tool call is no call of a function")
        }
        _ = fields.take("index")
        let mark = try fields.mark()
        var name: String?
        var arguments: SourceJSON?
        let function = fields.take("function")
        if let function, function.object != nil {
            var inner = try SourceFields(function, of: "a tool call's function")
            name = try inner.string("name")
            arguments = inner.take("arguments", "parameters")
            found += inner.others
        } else {
            name = try function?.string ?? fields.string("name")
            arguments = fields.take("arguments", "parameters", "input")
        }
        found += fields.others
        guard let name, !name.isEmpty else { throw RecordFault("a tool call names no function") }
        return (TemplateChat.Call(id: id, name: name, arguments: try text(arguments)), mark)
    }

    /// The arguments as they were written: JSON in a text, or an object as the file spells it.
    private static func text(_ value: SourceJSON?) throws -> String {
        guard let value else { return "{}" }
        if let text = value.string {
            if text.allSatisfy(\.isWhitespace) { return "{}" }
            do { _ = try SourceJSON(text: text) } catch { throw RecordFault("a tool call's arguments are not JSON") }
            return text
        }
        guard value.object != nil else { throw RecordFault("a tool call's arguments are not JSON") }
        return value.text
    }
}
