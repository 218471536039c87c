package import TemperCore

/// The frozen tasks of an evaluation: which they are, what they say, and what they are played in.
///
/// Two scores can be put side by side when their panels have one hash. The hash covers ids and contents of the tasks, the
/// environment's version and options, the method, and the prompt template; it does not depend on the order of the tasks, on a
/// locale, or on how many episodes ran at a time.
package struct EvaluationPanel: Codable, Sendable, Hashable {
    /// One task by its id and the hash of its contents.
    package struct Entry: Codable, Sendable, Hashable {
        package var id: String
        package var hash: String

        package init(id: String, hash: String) {
            self.id = id
            self.hash = hash
        }
    }

    /// `SUITE:SPLIT METHOD`, for people.
    package var name: String
    package var suite: String
    package var split: String
    package var method: Method
    /// SHA-256 over all that follows, in hexadecimal.
    package var hash: String
    /// SHA-256 over ids and contents of the tasks alone.
    package var tasksHash: String
    package var environmentVersion: String
    /// The suite's options in the recipe.
    package var options: [String: JSONValue]
    /// SHA-256 of instruction and demonstrations.
    package var promptHash: String
    /// How many tasks.
    package var n: Int
    /// In order of id; empty in `evaluation.json`, which names the panel, and full in `panels.json`.
    package var tasks: [Entry]

    enum CodingKeys: String, CodingKey {
        case name, suite, split, method, hash, options, n, tasks
        case tasksHash = "tasks_hash"
        case environmentVersion = "environment_version"
        case promptHash = "prompt_hash"
    }

    /// Freezes tasks of one suite.
    ///
    /// - Parameters:
    ///   - tasks: in any order.
    ///   - prompt: what the method is told before a task.
    ///   - options: the suite's own in the recipe.
    /// - Throws: ``TemperError`` with code `data` when two tasks have one id.
    package init(
        suite: String, split: String, method: Method, tasks: [AgentTask], prompt: SuitePrompt, environmentVersion: String,
        options: [String: JSONValue] = [:]
    ) throws {
        self.suite = suite
        self.split = split
        self.method = method
        self.options = options
        self.environmentVersion = environmentVersion
        name = "\(suite):\(split) \(method.rawValue)"
        n = tasks.count
        self.tasks = try Self.entries(tasks)
        tasksHash = Self.hash(of: self.tasks)
        let spans = prompt.demonstrations.map { demonstration in
            JSONValue.array(
                demonstration.map { message in
                    .object(["role": .string(message.role.rawValue), "text": .string(message.text)])
                })
        }
        promptHash = Self.digest(.object(["instruction": .string(prompt.instruction), "demonstrations": .array(spans)]))
        hash = Self.digest(
            .object([
                "suite": .string(suite), "method": .string(method.rawValue), "tasks": .string(tasksHash),
                "environment": .string(environmentVersion), "options": .object(options), "prompt": .string(promptHash),
            ]))
    }

    /// Ids and hashes in order of id.
    ///
    /// - Throws: ``TemperError`` with code `data` when two tasks have one id.
    private static func entries(_ tasks: [AgentTask]) throws -> [Entry] {
        let entries = tasks.map { Entry(id: $0.id, hash: digest(contents($0))) }.sorted { $0.id.isBefore($1.id) }
        if let twice = zip(entries, entries.dropFirst()).first(where: { $0.id.utf8.elementsEqual($1.id.utf8) }) {
            throw TemperError(
                .data, "two tasks of suite '\(tasks[0].suite)' have the id '\(twice.0.id)'",
                hint: "give each task an id of its own",
                boundary: .data)
        }
        return entries
    }

    /// The hash of tasks that were stored without a panel.
    ///
    /// - Throws: ``TemperError`` with code `data` when two tasks have one id.
    package static func tasksHash(_ tasks: [AgentTask]) throws -> String { hash(of: try entries(tasks)) }

    private static func hash(of entries: [Entry]) -> String {
        digest(.array(entries.map { .array([.string($0.id), .string($0.hash)]) }))
    }

    /// What decides a score; the suite is part of the panel's hash.
    private static func contents(_ task: AgentTask) -> JSONValue {
        .object([
            "id": .string(task.id), "instruction": .string(task.instruction), "payload": task.payload,
            "tags": .object(task.tags.mapValues { .string($0) }),
        ])
    }

    private static func digest(_ value: JSONValue) -> String { SHA256.hex(value.canonicalText.utf8) }

    /// The panel without the list of its tasks.
    package var withoutTasks: EvaluationPanel {
        var panel = self
        panel.tasks = []
        return panel
    }
}

extension JSONValue {
    /// One text for one value: keys in order of their bytes, no space, numbers in their shortest form.
    var canonicalText: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return value.description
        case .string(let value):
            // Length first: no escaping, and no two values with one text.
            return "\(value.utf8.count):\(value)"
        case .array(let values): return "[" + values.map(\.canonicalText).joined(separator: ",") + "]"
        case .object(let fields):
            let keys = fields.keys.sorted { $0.isBefore($1) }
            return "{"
                + keys.map { JSONValue.string($0).canonicalText + "=" + (fields[$0]?.canonicalText ?? "") }.joined(separator: ",")
                + "}"
        }
    }
}

extension String {
    /// Order of the UTF-8 bytes: the same everywhere, and apart what Unicode calls equal.
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
