import TemperCore

/// Actions as other programs list them.
enum OutsideActions {
    /// A list of `name[argument]` texts or of objects with `name` and `argument`; nil when there is none.
    ///
    /// - Throws: ``TemperError`` when an entry is neither.
    static func read(_ value: JSONValue?) throws -> [Action]? {
        guard let value, value != .null else { return nil }
        guard let entries = value.array else { throw bad("'actions' is not a list") }
        return try entries.map { entry in
            if let text = entry.string {
                guard let action = parse(text) else { throw bad("the action '\(text.prefix(80))' is not name[argument]") }
                return action
            }
            guard let name = entry["name"]?.string, let argument = entry["argument"]?.string else {
                throw bad("an entry of 'actions' lacks name or argument")
            }
            return Action(name, argument)
        }
    }

    /// An action as text; nil when it is not `name[argument]`.
    static func parse(_ text: String) -> Action? {
        guard let open = text.firstIndex(of: "["), text.hasSuffix("]"), open != text.startIndex else { return nil }
        return Action(String(text[..<open]), String(text[text.index(after: open)...].dropLast()))
    }

    private static func bad(_ problem: String) -> TemperError {
        TemperError(.unavailable, "the environment answered nonsense: \(problem)", boundary: .environment)
    }
}
