public import TemperCore

/// Every suite by its id. A new suite is one line here.
public enum SuiteRegistry {
    public static let all: [any Suite] = [
        HotpotQASuite(),
        PocketHotpotQASuite(),
    ]

    /// The suite of that id.
    ///
    /// - Throws: ``TemperError`` with code `usage` that names the nearest id.
    public static func suite(_ id: String) throws -> any Suite {
        if let suite = all.first(where: { $0.id == id }) { return suite }
        let ids = all.map(\.id)
        let hint =
            EditDistance.nearest(to: id, among: ids).map { "did you mean '\($0)'?" }
            ?? "the suites are \(ids.joined(separator: ", "))"
        throw TemperError(.usage, "there is no suite '\(id)'", hint: hint)
    }
}
