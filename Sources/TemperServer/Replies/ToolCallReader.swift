import Foundation
import TemperCore

/// Finds function calls in what a model wrote.
///
/// Two forms are read: `<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes, Qwen), several in one reply, after any
/// text; and a reply that is nothing but `{"name": …, "parameters": …}` (Llama 3), after `<|python_tag|>` or not, several
/// joined by `;`. What looks like a call and is none stays text.
struct ToolCallReader: Sendable {
    static let pythonTag = "<|python_tag|>"

    let names: Set<String>
    let allowsSeveral: Bool

    init(_ request: ChatRequest) {
        names = request.toolChoice == .none ? [] : Set(request.tools.map(\.name))
        allowsSeveral = request.allowsSeveralCalls
    }

    /// The text beside the calls, and the calls.
    func read(_ text: String) -> (content: String, calls: [ToolCall]) {
        guard !names.isEmpty else { return (text, []) }
        let (content, calls) = hermes(text) ?? llama(text) ?? (text, [])
        return (content, allowsSeveral ? calls : Array(calls.prefix(1)))
    }

    /// How much of a growing reply is text for certain.
    func settledLength(_ bytes: [UInt8]) -> Int {
        guard !names.isEmpty else { return bytes.count }
        let space = bytes.prefix { $0 <= 0x20 }.count
        let head = bytes.dropFirst(space)
        let tag = Array(Self.pythonTag.utf8)
        if head.isEmpty || head.first == UInt8(ascii: "{") || head.starts(with: tag) || tag.starts(with: head) { return 0 }
        let mark = Array(ChatPrompt.callMark.utf8)
        var length = bytes.count
        for start in bytes.indices where bytes[start] == mark[0] {
            let rest = bytes[start...]
            if rest.starts(with: mark) || mark.starts(with: rest) {
                length = start
                break
            }
        }
        // Space before a call is no part of the text.
        while length > 0, bytes[length - 1] <= 0x20 { length -= 1 }
        return length
    }

    private func hermes(_ text: String) -> (String, [ToolCall])? {
        let parts = text.components(separatedBy: ChatPrompt.callMark)
        guard parts.count > 1 else { return nil }
        var calls: [ToolCall] = []
        for part in parts.dropFirst() {
            let body = part.components(separatedBy: ChatPrompt.callEnd)[0]
            guard let call = call(body, argumentsKey: "arguments") else { return nil }
            calls.append(call)
        }
        return (Self.withoutTrailingSpace(parts[0]), calls)
    }

    private func llama(_ text: String) -> (String, [ToolCall])? {
        var text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix(Self.pythonTag) { text = String(text.dropFirst(Self.pythonTag.count)) }
        var calls: [ToolCall] = []
        var rest = Array(text.utf8)[...]
        while let end = JSONExtent.end(of: rest) {
            let body = String(decoding: rest[..<end], as: UTF8.self)
            guard let call = call(body, argumentsKey: "parameters") ?? call(body, argumentsKey: "arguments") else { return nil }
            calls.append(call)
            rest = rest[end...].drop { $0 <= 0x20 || $0 == UInt8(ascii: ";") }
        }
        return calls.isEmpty || !rest.isEmpty ? nil : ("", calls)
    }

    private func call(_ body: String, argumentsKey: String) -> ToolCall? {
        let value: JSONValue
        do {
            value = try JSONReader.read(Array(body.utf8))
        } catch {
            // No JSON: the model wrote text.
            return nil
        }
        guard let name = value["name"]?.string, names.contains(name), let arguments = value[argumentsKey] else { return nil }
        return ToolCall(id: Self.newID(), name: name, arguments: arguments.string ?? JSONWriter.text(arguments))
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
