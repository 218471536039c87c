/// The values under `suites.<id>` of a recipe, read strictly: each by name and type, and none left over.
package final class SuiteOptions {
    private let suite: String
    private let values: [String: JSONValue]
    private var known: Set<String> = []

    /// - Parameter suite: the id, for messages.
    package init(suite: String, _ values: [String: JSONValue]) {
        self.suite = suite
        self.values = values
    }

    /// - Throws: ``TemperError`` with code `data` when the value is no number in the range.
    package func number(_ key: String, default standard: Double, in range: ClosedRange<Double>) throws -> Double {
        guard let value = read(key) else { return standard }
        guard let number = value.number, range.contains(number) else {
            throw fault(key, "must be a number in \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    /// - Throws: ``TemperError`` with code `data` when the value is no whole number in the range.
    package func integer(_ key: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let value = read(key) else { return standard }
        guard let number = value.number, let integer = Int(exactly: number), range.contains(integer) else {
            throw fault(key, "must be a whole number in \(range.lowerBound)…\(range.upperBound)")
        }
        return integer
    }

    /// - Throws: ``TemperError`` with code `data` when the value is not true or false.
    package func flag(_ key: String, default standard: Bool) throws -> Bool {
        guard let value = read(key) else { return standard }
        guard case .bool(let flag) = value else { throw fault(key, "must be true or false") }
        return flag
    }

    /// - Parameter oneOf: the texts it may be; any when empty.
    /// - Throws: ``TemperError`` with code `data` when the value is no text, or not one of those.
    package func string(_ key: String, default standard: String, oneOf choices: [String] = []) throws -> String {
        try string(key, oneOf: choices) ?? standard
    }

    /// Nil when the key is absent.
    package func string(_ key: String, oneOf choices: [String] = []) throws -> String? {
        guard let value = read(key) else { return nil }
        guard let text = value.string else { throw fault(key, "must be a text") }
        guard choices.isEmpty || choices.contains(text) else {
            throw fault(key, "is '\(text)'; it must be one of \(choices.joined(separator: ", "))")
        }
        return text
    }

    /// Refuses the keys that nobody read.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the nearest option.
    package func finish() throws {
        guard let odd = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        let hint =
            known.isEmpty
            ? "it has no options"
            : EditDistance.nearest(to: odd, among: known.sorted()).map { "did you mean '\($0)'?" }
                ?? "its options are \(known.sorted().joined(separator: ", "))"
        throw TemperError(.data, "the suite '\(suite)' has no option '\(odd)'", hint: hint, boundary: .recipe)
    }

    private func read(_ key: String) -> JSONValue? {
        known.insert(key)
        if case .null? = values[key] { return nil }
        return values[key]
    }

    private func fault(_ key: String, _ problem: String) -> TemperError {
        TemperError(.data, "'suites.\(suite).\(key)' \(problem)", boundary: .recipe)
    }
}
