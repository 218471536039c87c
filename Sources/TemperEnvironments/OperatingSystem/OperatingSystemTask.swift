import Foundation
import TemperCore
import TemperPocketText
import TemperSandbox

/// A step of a task, in a language.
struct OperatingSystemScript: Sendable, Hashable {
    enum Language: String, Sendable { case bash, python }
    var language = Language.bash
    var code: String
}

/// What an operating-system task asks for, in AgentBench's schema: `create`, `start` and `evaluation` of its payload.
struct OperatingSystemTask: Sendable {
    enum Check: Sendable {
        /// The reference solution, for its output (`null` in the data).
        case reference
        case stock(StockCheck)
        case script(OperatingSystemScript)
    }

    enum Goal: Sendable {
        /// The answer is this text.
        case match(String, strip: Bool)
        /// The answer begins with a match of this regular expression.
        case pattern(String, strip: Bool)
        /// Steps that must all succeed, each with the answer and the outputs so far as its arguments.
        case checks([Check])
    }

    /// Before the shell is given to the policy, in processes of their own.
    var preparations: [OperatingSystemScript] = []
    /// Typed into the policy's shell.
    var start: String?
    var goal: Goal
    /// The reference solution.
    var reference: OperatingSystemScript?

    /// - Throws: ``TemperError`` with code `data` for a record of another form; with code `unavailable` for one that names a file
    ///   that is not at hand.
    init(_ record: JSONValue, id: String) throws {
        let reader = Reader(id: id)
        // One record of AgentBench has a list in the place of `create`; AgentBench takes it as absent, so it is here.
        let create = record["create"] ?? .null
        preparations = try reader.list(create["init"]).map { try reader.script($0, "create.init") }
        if let start = record["start"], start != .null { self.start = try reader.script(start, "start").code }
        guard let evaluation = record["evaluation"], evaluation.object != nil else {
            throw reader.fault("'evaluation' is missing")
        }
        if let example = evaluation["example"], example != .null { reference = try reader.script(example, "evaluation.example") }
        goal = try reader.goal(evaluation)
        if checksReference, reference == nil { throw reader.fault("a check is null, but there is no 'example' to run") }
    }

    /// Whether a check compares with what the reference solution prints.
    var checksReference: Bool {
        guard case .checks(let checks) = goal else { return false }
        return checks.contains { if case .reference = $0 { true } else { false } }
    }

    /// Everything it runs, for finding out what a sandbox must offer.
    var code: String {
        var parts = preparations.map(\.code) + [start, reference?.code].compactMap { $0 }
        if case .checks(let checks) = goal {
            for case .script(let script) in checks { parts.append(script.code) }
        }
        return parts.joined(separator: "\n")
    }

    private struct Reader {
        let id: String

        func list(_ value: JSONValue?) -> [JSONValue] {
            switch value {
            case nil, .null?: []
            case .array(let values)?: values
            case let value?: [value]
            }
        }

        func script(_ value: JSONValue, _ key: String) throws -> OperatingSystemScript {
            if let code = value.string { return OperatingSystemScript(code: code) }
            let name = value["language"]?.string ?? "bash"
            guard let language = OperatingSystemScript.Language(rawValue: name) else {
                throw fault("the language '\(name)' of '\(key)' is neither bash nor python")
            }
            if let code = value["code"]?.string { return OperatingSystemScript(language: language, code: code) }
            if let file = value["file"]?.string {
                if let code = StockScripts.code(file, task: id) { return OperatingSystemScript(code: code) }
                throw TemperError(
                    .unavailable, "task '\(id)' needs the script '\(file)', which is not at hand",
                    hint: "put it into a folder named scripts beside the tasks", boundary: .environment)
            }
            throw fault("'\(key)' is neither a text nor an object with 'code' or 'file'")
        }

        func goal(_ evaluation: JSONValue) throws -> Goal {
            if let match = evaluation["match"], match != .null {
                let strip = match["strip"]?.bool ?? true
                if let answer = match.string ?? match["answer"]?.string { return .match(answer, strip: strip) }
                if let pattern = match["regex"]?.string { return .pattern(pattern, strip: strip) }
                throw fault("'evaluation.match' is neither a text nor an object with 'answer' or 'regex'")
            }
            guard let value = evaluation["check"], value != .null else { throw fault("'evaluation' has neither match nor check") }
            return .checks(
                try (value.array ?? [value]).map { step in
                    if step == .null { return .reference }
                    if let file = step["file"]?.string, let stock = StockCheck(file: file) { return .stock(stock) }
                    return .script(try script(step, "evaluation.check"))
                })
        }

        func fault(_ problem: String) -> TemperError {
            TemperError(.data, "task '\(id)': \(problem)", boundary: .data)
        }
    }
}
