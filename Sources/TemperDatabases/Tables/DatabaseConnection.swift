import TemperCore

/// How much of a result is read.
package struct ResultLimit: Sendable {
    var rows: Int
    /// Bytes of all cells together.
    var bytes: Int

    /// More than an observation shows.
    package static let observation = ResultLimit(rows: 1_000, bytes: 100_000)
    /// The limit for comparing results with each other.
    package static let comparison = ResultLimit(rows: 100_000, bytes: 1 << 26)
    /// The limit for comparing a table with what it should hold.
    package static let table = ResultLimit(rows: TableHash.maximumRows + 1, bytes: 1 << 26)
}

/// The result of one statement.
package enum StatementResult: Sendable, Hashable {
    /// The rows, none for a statement that has no result.
    case rows([[PythonValue]], isWhole: Bool)
    /// The database's own words on what is wrong.
    case failed(String)
    /// Not carried out: it is not a single statement.
    case refused(String)
}

/// One episode's own database. Statements come from a policy and are not trusted.
package protocol DatabaseConnection: AnyObject {
    /// Carries out one statement.
    ///
    /// - Throws: only when the database itself failed.
    func run(_ statement: String, limit: ResultLimit) async throws -> StatementResult
    /// The cells of a table as they are now; nil when there is no such table any more or it has become too large.
    func contents(of table: DatabaseTable) async throws -> [[PythonValue]]?
    func close() async
}

extension DatabaseConnection {
    /// Reads a table with a statement for it.
    func contents(of table: DatabaseTable, query: String) async throws -> [[PythonValue]]? {
        guard case .rows(let rows, true) = try await run(query, limit: .table), rows.count <= TableHash.maximumRows else {
            return nil
        }
        return rows
    }
}
