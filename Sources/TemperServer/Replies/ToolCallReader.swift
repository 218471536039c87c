import Foundation
import TemperCore
import TemperTokenizers

/// Finds function calls in what a model wrote.
///
/// Three forms are read: `<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes, Qwen), several in one reply, after any
/// text; `[TOOL_CALLS]` and a list of `{"name": …, "arguments": …}`, or `[TOOL_CALLS]name[ARGS]{…}` for each call, after any text
/// (Mistral up to its third tokenizer, and from its eleventh on); and a reply that is nothing but `{"name": …, "parameters": …}`
/// (Llama 3), after `<|python_tag|>` or not, several joined by `;`. What only looks like a call stays text.
struct ToolCallReader: Sendable {
    static let pythonTag = "<|python_tag|>"
    static let mistralMark = "[TOOL_CALLS]"
    private static let marks = [ToolWords.callMark, mistralMark].map { Array($0.utf8) }

    let names: Set<String>
    let allowsSeveral: Bool

    init(_ request: ChatRequest) {
        names = request.toolChoice == .none ? [] : Set(request.tools.map(\.name))
        allowsSeveral = request.allowsSeveralCalls
    }

    /// The text beside the calls, and the calls.
    func read(_ text: String) -> (content: String, calls: [ToolCall]) {
        guard !names.isEmpty else { return (text, []) }
        let (content, calls) = hermes(text) ?? mistral(text) ?? llama(text) ?? (text, [])
        return (content, allowsSeveral ? calls : Array(calls.prefix(1)))
    }

    /// How much of a growing reply is text for certain.
    func settledLength(_ bytes: [UInt8]) -> Int {
        guard !names.isEmpty else { return bytes.count }
        let space = bytes.prefix { $0 <= 0x20 }.count
        let head = bytes.dropFirst(space)
        let tag = Array(Self.pythonTag.utf8)
        if head.isEmpty || head.first == UInt8(ascii: "{") || head.starts(with: tag) || tag.starts(with: head) { return 0 }
        var length = bytes.count
        for start in bytes.indices where Self.marks.contains(where: { $0[0] == bytes[start] }) {
            let rest = bytes[start...]
            if Self.marks.contains(where: { rest.starts(with: $0) || $0.starts(with: rest) }) {
                length = start
                break
            }
        }
        // Space before a call is not part of the text.
        while length > 0, bytes[length - 1] <= 0x20 { length -= 1 }
        return length
    }

    private func hermes(_ text: String) -> (String, [ToolCall])? {
        let parts = text.components(separatedBy: ToolWords.callMark)
        guard parts.count > 1 else { return nil }
        var calls: [ToolCall] = []
        for part in parts.dropFirst() {
            let body = part.components(separatedBy: ToolWords.callEnd)[0]
            guard let call = call(body, argumentsKey: "arguments") else { return nil }
            calls.append(call)
        }
        return (Self.withoutTrailingSpace(parts[0]), calls)
    }

    private func mistral(_ text: String) -> (String, [ToolCall])? {
        let parts = text.components(separatedBy: Self.mistralMark)
        guard parts.count > 1 else { return nil }
        var calls: [ToolCall] = []
        for part in parts.dropFirst() {
            guard let found = list(part) ?? named(part) else { return nil }
            calls += found
        }
        return (Self.withoutTrailingSpace(parts[0]), calls)
    }

    /// `[{"name": …, "arguments": …}, …]`
    private func list(_ text: String) -> [ToolCall]? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        return calls(text.dropFirst().dropLast(), separator: UInt8(ascii: ","), keys: ["arguments"])
    }

    /// `name[ARGS]{…}`, with `[CALL_ID]…` before `[ARGS]` or not, or nothing between name and arguments.
    private func named(_ text: String) -> [ToolCall]? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let match = text.prefixMatch(of: /([^\[{]*)(?:(?:\[CALL_ID\][^\[{]*)?\[ARGS\])?/) else { return nil }
        let name = match.1.trimmingCharacters(in: .whitespaces)
        let rest = Array(text[match.range.upperBound...].utf8)
        guard names.contains(name), JSONExtent.end(of: rest[...]) == rest.count else { return nil }
        do {
            _ = try JSONReader.read(rest)
        } catch {
            // No JSON: the model wrote text.
            return nil
        }
        return [ToolCall(id: Self.newID(), name: name, arguments: String(decoding: rest.drop { $0 <= 0x20 }, as: UTF8.self))]
    }

    private func llama(_ text: String) -> (String, [ToolCall])? {
        var text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix(Self.pythonTag) { text = String(text.dropFirst(Self.pythonTag.count)) }
        return calls(text[...], separator: UInt8(ascii: ";"), keys: ["parameters", "arguments"]).map { ("", $0) }
    }

    /// Objects one after the other; nil when anything but calls is among them.
    private func calls(_ text: Substring, separator: UInt8, keys: [String]) -> [ToolCall]? {
        var calls: [ToolCall] = []
        var rest = Array(text.utf8)[...]
        while let end = JSONExtent.end(of: rest) {
            let body = String(decoding: rest[..<end], as: UTF8.self)
            guard let call = keys.lazy.compactMap({ call(body, argumentsKey: $0) }).first else { return nil }
            calls.append(call)
            rest = rest[end...].drop { $0 <= 0x20 || $0 == separator }
        }
        return calls.isEmpty || !rest.isEmpty ? nil : calls
    }

    /// The arguments stay as they were written: a chat that goes on shows the model its own words.
    private func call(_ body: String, argumentsKey: String) -> ToolCall? {
        let bytes = Array(body.utf8)
        let (value, fields): (JSONValue, [String: Range<Int>])
        do {
            (value, fields) = try JSONReader.readFields(bytes)
        } catch {
            // No JSON: the model wrote text.
            return nil
        }
        guard let name = value["name"]?.string, names.contains(name), let arguments = value[argumentsKey],
            let place = fields[argumentsKey]
        else { return nil }
        let text = arguments.string ?? String(decoding: bytes[place], as: UTF8.self)
        return ToolCall(id: Self.newID(), name: name, arguments: text)
    }

    static func newID() -> String { "call_" + Identifier.random(24) }

    private static func withoutTrailingSpace(_ text: String) -> String {
        var bytes = Array(text.utf8)
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where a JSON object ends, without reading it.
enum JSONExtent {
    /// Past the bracket that closes the first one; nil when the bytes do not begin with an object or it does not end.
    static func end(of bytes: ArraySlice<UInt8>) -> Int? {
        let start = bytes.startIndex + bytes.prefix { $0 <= 0x20 }.count
        guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return nil }
        var depth = 0, isText = false, isEscaped = false
        for index in start..<bytes.endIndex {
            let byte = bytes[index]
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }
}

/// Names that nobody else has.
enum Identifier {
    static func random(_ length: Int) -> String {
        let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        return String(decoding: (0..<length).map { _ in letters[Int.random(in: 0..<letters.count)] }, as: UTF8.self)
    }
}
