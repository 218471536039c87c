import Foundation
import TemperCore

/// One episode's database on the run's MariaDB server, used by an unprivileged user that has rights on it alone.
///
/// Every statement has a connection of its own, as in AgentBench, so variables, locks and open transactions do not outlive it.
package final class MariaDBDatabase: DatabaseConnection {
    /// What the policy's user may do, in its own database.
    private static let rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX"
    /// Bytes that the files of a database may grow to. MariaDB has no such limit itself; they are measured while a statement runs.
    private static let maximumBytes: Int64 = 32 << 20
    /// What the server says of a database whose real name differs from run to run.
    private static let shownName = "database"

    private let server: MariaDBServer
    private let socket: String
    let name: String
    private let timeLimit: Duration
    private var isOpen = true

    /// - Throws: ``TemperError`` with code `data` when the tables cannot be created, `unavailable` when the server is gone.
    init(server: MariaDBServer, socket: String, name: String, tables: [DatabaseTable], timeLimit: Duration) throws {
        self.server = server
        self.socket = socket
        self.name = name
        self.timeLimit = timeLimit
        try administer(["CREATE DATABASE `\(name)`"])
        do {
            try administer(["USE `\(name)`"] + tables.flatMap(Self.creation))
            try administer(["CREATE USER '\(name)'@'localhost'", "GRANT \(Self.rights) ON `\(name)`.* TO '\(name)'@'localhost'"])
        } catch {
            _ = succeeds(["DROP DATABASE `\(name)`"])
            throw error
        }
    }

    package func run(_ statement: String, limit: ResultLimit) async throws -> StatementResult {
        try run(statement, as: name, limit: limit)
    }

    package func contents(of table: DatabaseTable) async throws -> [[PythonValue]]? {
        let columns = table.columns.map { SQLiteDatabase.quoted($0.name) }.joined(separator: ", ")
        let query = "SELECT \(columns) FROM \(SQLiteDatabase.quoted(table.name)) LIMIT \(TableHash.maximumRows + 1)"
        return try await contents(of: table, query: query)
    }

    package func close() async {
        guard isOpen else { return }
        isOpen = false
        // Where the server is gone, so is the database.
        _ = succeeds(["DROP DATABASE IF EXISTS `\(name)`", "DROP USER IF EXISTS '\(name)'@'localhost'"])
    }

    private func run(_ statement: String, as user: String, limit: ResultLimit) throws -> StatementResult {
        guard !statement.utf8.contains(0) else { return .refused("the query contains a null character") }
        // The server stops a statement by itself; the later deadline is for one that has switched that off.
        let deadline = ContinuousClock.now + timeLimit + .seconds(1)
        var connection: MariaDBConnection?
        do {
            let opened = try MariaDBConnection(socket: socket, user: user, database: name, deadline: deadline)
            connection = opened
            _ = try opened.query("SET max_statement_time = \(timeLimit / .seconds(1))", limit: .observation, deadline: deadline)
            let before = size
            let (rows, isWhole) = try opened.query(statement, limit: limit, deadline: deadline) { [self] in
                // A full database may still be emptied.
                let now = size
                return now > Self.maximumBytes && now > before
            }
            return .rows(rows, isWhole: isWhole)
        } catch let complaint as MariaDBConnection.Complaint {
            return .failed(complaint.text.replacing(name, with: Self.shownName))
        } catch let lost as MariaDBConnection.Lost {
            if let connection, lost != .ended {
                // "Unknown thread": it has just ended by itself.
                try administer(["KILL CONNECTION \(connection.identifier)"], unless: [1094])
            }
            // Only a server that still answers has merely lost this connection.
            try administer(["SELECT 1"])
            switch lost {
            case .ended: return .failed("the connection to the server was lost")
            case .timedOut: return .failed("the statement took longer than \(timeLimit.components.seconds) seconds")
            case .stopped: return .failed("the database is full")
            }
        }
    }

    /// Bytes of the database's files.
    private var size: Int64 {
        let folder = URL(fileURLWithPath: socket).deletingLastPathComponent().appendingPathComponent("data/\(name)")
        // A folder that is not there holds nothing: the policy may have dropped its database.
        guard let files = FileManager.default.enumerator(atPath: folder.path) else { return 0 }
        var bytes: Int64 = 0
        for case let file as String in files {
            var status = stat()
            if stat("\(folder.path)/\(file)", &status) == 0 { bytes += Int64(status.st_size) }
        }
        return bytes
    }

    /// Statements of Temper's own, as the server's administrator.
    ///
    /// - Parameter unless: error numbers that do not matter.
    private func administer(_ statements: [String], unless ignored: [Int] = []) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        do {
            let connection = try MariaDBConnection(socket: socket, user: "root", database: "", deadline: deadline)
            for statement in statements { _ = try connection.query(statement, limit: .observation, deadline: deadline) }
        } catch let complaint as MariaDBConnection.Complaint {
            if ignored.contains(where: { complaint.text.hasPrefix("\($0) ") }) { return }
            throw TemperError(.data, complaint.text, boundary: .environment)
        } catch is MariaDBConnection.Lost {
            throw TemperError(.unavailable, "the MariaDB server of this run has ended", boundary: .environment)
        }
    }

    private func succeeds(_ statements: [String]) -> Bool {
        do {
            try administer(statements)
            return true
        } catch {
            return false
        }
    }

    private static func creation(of table: DatabaseTable) -> [String] {
        let name = SQLiteDatabase.quoted(table.name)
        let columns = table.columns.map { "\(SQLiteDatabase.quoted($0.name)) \($0.type)" }.joined(separator: ", ")
        let rows = table.rows.map { row in "(" + row.map(literal).joined(separator: ", ") + ")" }
        let inserts = stride(from: 0, to: rows.count, by: 100).map { start in
            "INSERT INTO \(name) VALUES " + rows[start..<min(start + 100, rows.count)].joined(separator: ", ")
        }
        return ["CREATE TABLE \(name) (\(columns))"] + inserts
    }

    private static func literal(_ cell: String?) -> String {
        guard let cell else { return "NULL" }
        return "'" + cell.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}
