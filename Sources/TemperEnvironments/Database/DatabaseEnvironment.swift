package import TemperCore
import TemperDatabases

/// Works on a database with SQL: `sql[statement]`, `answer[["…"]]`.
///
/// The rules are AgentBench's (Liu et al. 2023, dbbench): a statement is answered with its result as Python writes the list of its
/// rows, or with the database's complaint, cut at 800 characters. A question is scored by the answer, a change by the table that is
/// left, whatever the answer says.
package struct DatabaseEnvironment: Environment {
    /// Characters of an observation before it is cut (agentbench v0.2, dbbench).
    static let observationLimit = 800
    static let cutMark = "[TRUNCATED]"
    static let actionNames = ["sql", "answer"]

    package private(set) var answer: String?
    private let goal: DatabaseGoal
    private let connect: () async throws -> any DatabaseConnection
    private var connection: (any DatabaseConnection)?
    /// The newest statement that was carried out.
    private var statement: String?
    private var shownRows: [[PythonValue]] = []

    /// - Parameter connect: opens a fresh database that holds the task's tables.
    init(goal: DatabaseGoal, connect: @escaping () async throws -> any DatabaseConnection) {
        self.goal = goal
        self.connect = connect
    }

    package mutating func reset() async throws -> String? {
        await close()
        (answer, statement, shownRows) = (nil, nil, [])
        connection = try await connect()
        return nil
    }

    package mutating func step(_ action: Action) async throws -> StepResult {
        guard answer == nil else { return StepResult("The question is already answered.", isDone: true, isValid: false) }
        switch action.name {
        case "sql":
            switch try await openConnection().run(action.argument, limit: .observation) {
            case .rows(let rows, _):
                (statement, shownRows) = (action.argument, rows)
                return StepResult(Self.observation(rows))
            case .failed(let complaint): return StepResult(Self.cut(complaint))
            case .refused(let complaint): return StepResult(Self.cut(complaint), isValid: false)
            }
        case "answer":
            answer = action.argument
            return StepResult("Episode finished.", isDone: true)
        default:
            let known = Self.actionNames.map { "\($0)[…]" }.joined(separator: ", ")
            return StepResult("There is no action '\(action.name)'. The actions are \(known).", isValid: false)
        }
    }

    package mutating func score() async throws -> Score { Self.score(try await isSolved()) }

    package mutating func close() async {
        await connection?.close()
        connection = nil
    }

    static func score(_ isSolved: Bool) -> Score {
        let value = isSolved ? 1.0 : 0
        return Score(reward: value, metrics: ["accuracy": value])
    }

    /// Reading the tables whole or by column, and answering with a cell of the newest result.
    package var admissibleActions: [Action]? {
        guard case .tables(let tables) = goal.source else { return nil }
        var statements: [String] = []
        for table in tables {
            let name = SQLiteDatabase.quoted(table.name)
            statements += ["SELECT * FROM \(name)", "SELECT COUNT(*) FROM \(name)"]
            statements += table.columns.map { "SELECT \(SQLiteDatabase.quoted($0.name)) FROM \(name)" }
        }
        let cells = shownRows.prefix(8).flatMap { $0 }.prefix(24).map { cell -> String in
            if case .string(let text) = cell { return text }
            return cell.representation
        }
        let answers = cells.map { PythonValue.list([.string($0)]).representation } + ["[]"]
        return statements.prefix(20).map { Action("sql", $0) } + answers.map { Action("answer", $0) }
    }

    private func openConnection() throws -> any DatabaseConnection {
        guard let connection else {
            throw TemperError(.internal, "the database is not open: reset comes first", boundary: .environment)
        }
        return connection
    }

    private func isSolved() async throws -> Bool {
        switch goal.check {
        case .answer(let labels): return AnswerRule.matches(answer, labels: labels)
        case .tableHash(let hash):
            guard case .tables(let tables) = goal.source, let rows = try await openConnection().contents(of: tables[0]) else {
                return false
            }
            return TableHash.of(rows) == hash
        case .sameTables:
            guard case .tables(let tables) = goal.source else { return false }
            return try await withFreshDatabase { reference in
                _ = try await rows(of: goal.reference, in: reference)
                return try await isSame(tables, as: reference)
            }
        case .sameRows:
            guard let statement else { return false }
            let wanted = try await referenceRows()
            guard case .rows(let given, true) = try await openConnection().run(statement, limit: .comparison) else {
                return false
            }
            return Self.set(given) == Self.set(wanted)
        }
    }

    /// What the reference statement returns from the data as it was given: what a policy has changed does not count.
    private func referenceRows() async throws -> [[PythonValue]] {
        guard case .tables = goal.source else { return try await rows(of: goal.reference, in: openConnection()) }
        return try await withFreshDatabase { try await rows(of: goal.reference, in: $0) }
    }

    private func withFreshDatabase<Value>(_ body: (any DatabaseConnection) async throws -> Value) async throws -> Value {
        let fresh = try await connect()
        do {
            let value = try await body(fresh)
            await fresh.close()
            return value
        } catch {
            await fresh.close()
            throw error
        }
    }

    private func isSame(_ tables: [DatabaseTable], as reference: any DatabaseConnection) async throws -> Bool {
        for table in tables {
            let given = try await openConnection().contents(of: table)
            let wanted = try await reference.contents(of: table)
            guard let given, let wanted, TableHash.of(given) == TableHash.of(wanted) else { return false }
        }
        return true
    }

    /// What the reference statement returns.
    ///
    /// - Throws: ``TemperError`` with code `data` when it fails: then the task is at fault.
    private func rows(of reference: String?, in connection: any DatabaseConnection) async throws -> [[PythonValue]] {
        switch try await connection.run(reference ?? "", limit: .comparison) {
        case .rows(let rows, true): return rows
        case .rows: throw TemperError(.data, "the reference statement returns too many rows", boundary: .data)
        case .failed(let complaint), .refused(let complaint):
            throw TemperError(.data, "the reference statement fails: \(complaint)", boundary: .data)
        }
    }

    /// Rows as BIRD compares them: order and repetition do not count.
    private static func set(_ rows: [[PythonValue]]) -> Set<[PythonValue]> { Set(rows.map { $0.map(\.comparable) }) }

    /// Python's text of the rows, cut where AgentBench cuts it. No rows, and statements without a result, give `[]`.
    static func observation(_ rows: [[PythonValue]]) -> String {
        var text = ""
        for row in rows {
            text += (text.isEmpty ? "" : ", ") + PythonValue.tuple(row).representation
            if text.unicodeScalars.count > observationLimit { return cut("[" + text) }
        }
        return cut("[" + text + "]")
    }

    private static func cut(_ text: String) -> String {
        guard text.unicodeScalars.count > observationLimit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(observationLimit))) + cutMark
    }
}
