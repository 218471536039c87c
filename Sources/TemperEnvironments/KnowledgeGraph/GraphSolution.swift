import Foundation
import TemperCore

/// What a task's payload says: the entities, the answers, and a solution as calls.
struct GraphSolution: Sendable {
    /// A call as written in a solution: `get_neighbors(#0,film.film.directed_by)`. `#0` is the solution's own first variable.
    struct Call: Sendable, Hashable {
        var tool: GraphTool
        var arguments: [String]

        init?(_ text: String) {
            guard text.hasSuffix(")"), let open = text.firstIndex(of: "("), let tool = GraphTool(rawValue: String(text[..<open]))
            else {
                return nil
            }
            let inside = text[text.index(after: open)...].dropLast()
            arguments = inside.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            self.tool = tool
            guard arguments.count == tool.arity, !arguments.contains("") else { return nil }
        }

        init(_ tool: GraphTool, _ arguments: String...) {
            self.tool = tool
            self.arguments = arguments
        }

        var text: String { "\(tool.rawValue)(\(arguments.joined(separator: ", ")))" }
    }

    let entities: [GraphEntity]
    let answers: Set<String>
    let calls: [Call]

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of a graph task.
    init(_ task: AgentTask) throws {
        let payload = task.payload
        let pairs = (payload["entities"]?.array ?? []).map { $0.array?.compactMap(\.string) ?? [] }
        let answers = payload["answers"]?.array?.compactMap(\.string) ?? []
        let calls = (payload["actions"]?.array ?? []).map { $0.string.flatMap { Call($0) } }
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }), !answers.isEmpty, !calls.contains(nil) else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks entities, answers or actions", place: task.suite, boundary: .data)
        }
        entities = pairs.map { GraphEntity(name: $0[0], id: $0[1]) }
        self.answers = Set(answers)
        self.calls = calls.compactMap { $0 }
    }
}
