import Foundation
import TemperCore

/// A tool that is an HTTP request. `{argument}` stands for the argument: percent-encoded in the address, as data in the body.
struct HTTPTool: OutsideTool {
    let name: String
    var method = "GET"
    let url: String
    /// Values may hold `${NAME}`, a variable of Temper's own environment, so that no key stands in a file.
    var headers: [String: String] = [:]
    var body: JSONValue?
    /// The keys and positions that lead to the part of a JSON answer to show; empty shows all.
    var show: [String] = []
    var timeLimit = Duration.seconds(30)
    var access = WorldAccess.none
    var announcement: String? { nil }

    func call(_ argument: String, shell: LazyShell) async throws -> ToolAnswer {
        let values = ["argument": argument]
        var filled: JSONValue?
        do {
            filled = try body.map { try JSONTemplate.fill($0, values) }
        } catch let bad as JSONTemplate.BadValue {
            return ToolAnswer(text: bad.message, isValid: false)
        }
        var fields = try headers.map { (name: $0.key, value: try Self.secrets(in: $0.value)) }
        if filled != nil { fields.append((name: "Content-Type", value: "application/json")) }
        let request = HTTPRequest(
            method: method, url: JSONTemplate.fill(url, values, encode: WorldAccess.escaped), headers: fields,
            body: try filled.map { [UInt8](try JSONEncoder.stable().encode($0)) } ?? [], timeout: timeLimit)
        let answer = try await access.answer(to: request, attempts: method == "GET" ? 3 : 1)
        if answer.isSuccess { return ToolAnswer(text: try shown(answer)) }
        // What the argument can cause is the policy's affair; a server that is down, busy or locked is not.
        guard (400..<500).contains(answer.status), ![401, 403, 407, 408, 429].contains(answer.status) else {
            throw TemperError(
                .unavailable, "the tool '\(name)' got status \(answer.status): \(answer.text.prefix(200))", place: answer.place,
                boundary: .environment)
        }
        return ToolAnswer(text: "Status \(answer.status): \(answer.text.prefix(500))", isValid: false)
    }

    func reaching(_ access: WorldAccess) -> any OutsideTool {
        var tool = self
        tool.access = access
        return tool
    }

    private func shown(_ answer: WorldAccess.Answer) throws -> String {
        guard !show.isEmpty else { return answer.text.trimmingCharacters(in: .whitespacesAndNewlines) }
        var value: JSONValue? = try answer.json()
        for key in show {
            if let list = value?.array {
                value = Int(key).flatMap { list.indices.contains($0) ? list[$0] : nil }
            } else {
                value = value?[key]
            }
        }
        guard let value, value != .null else { return "Nothing found." }
        return try JSONTemplate.text(value) ?? String(decoding: JSONEncoder.stable().encode(value), as: UTF8.self)
    }

    /// Puts variables of the environment into a header's value.
    static func secrets(in text: String) throws -> String {
        var result = text
        while let open = result.range(of: "${"), let close = result.range(of: "}", range: open.upperBound..<result.endIndex) {
            let name = String(result[open.upperBound..<close.lowerBound])
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw TemperError(
                    .unavailable, "the variable \(name) is not set", hint: "a header of a tool needs it", boundary: .environment)
            }
            guard !value.contains("${") else {
                return result.replacingCharacters(in: open.lowerBound..<close.upperBound, with: value)
            }
            result.replaceSubrange(open.lowerBound..<close.upperBound, with: value)
        }
        return result
    }
}
