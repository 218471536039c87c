import Foundation
import TemperCore
import TemperDatabases

/// New tasks on the tables of existing tasks, with SQL as their reference.
struct DatabaseDerivation: TaskDerivation {
    let suite: any Suite
    let backend: DatabaseBackend
    let timeLimit: Duration?

    let needsWorld = true
    let maximumReferences = 5

    /// A data set's own file is read-only, so it takes questions only.
    func kinds(in world: AgentTask?) throws -> [String] {
        guard let world, case .file = try DatabaseGoal(world).source else { return DatabaseKind.allCases.map(\.rawValue) }
        return [DatabaseKind.select.rawValue]
    }

    func question(of task: AgentTask) -> String {
        let marks = ["\nEvidence: ", "\nThe name of this table is "]
        let ends = marks.compactMap { task.instruction.range(of: $0)?.lowerBound }
        return String(task.instruction[..<(ends.min() ?? task.instruction.endIndex)])
    }

    func request(_ brief: ProposalBrief) async throws -> String {
        guard let world = brief.world else {
            throw TemperError(.internal, "a proposal for a database needs its tables", boundary: .environment)
        }
        let source = try DatabaseGoal(world).source
        let connection = try await backend.connector(for: source, of: world.id, timeLimit: timeLimit)()
        do {
            let text = try await DatabaseProposal.request(brief, source: source, connection: connection)
            await connection.close()
            return text
        } catch {
            await connection.close()
            throw error
        }
    }

    func task(_ reply: String, for brief: ProposalBrief, id: String) async throws -> DerivationResult {
        guard let world = brief.world, let kind = DatabaseKind(rawValue: brief.kind) else {
            throw TemperError(.internal, "a proposal for a database needs its tables and a kind", boundary: .environment)
        }
        let source = try DatabaseGoal(world).source
        let proposal: DatabaseProposal
        switch DatabaseProposal.read(reply, kind: kind, references: brief.references) {
        case .success(let read): proposal = read
        case .failure(let fault): return .rejected(Rejection(.unparsable, fault.detail))
        }
        var effects: [StatementEffect] = []
        for statement in proposal.statements {
            switch try await effect(of: statement, on: source, world: world.id) {
            case .success(let effect): effects.append(effect)
            case .failure(let fault): return .rejected(Rejection(.referenceFailed, fault.detail))
            }
        }
        guard let first = effects.first, effects.allSatisfy({ $0.isSame(as: first) }) else {
            return .rejected(Rejection(.referencesDisagree, "the \(effects.count) statements do not give one result"))
        }
        let check: DatabaseGoal.Check
        switch (first, source) {
        case (.tables, _): check = .sameTables
        case (.rows, .file): check = .sameRows
        case (.rows(let rows), .tables):
            let labels = rows.flatMap { $0 }.map { if case .string(let text) = $0 { text } else { $0.representation } }
            check = .answer(labels)
        }
        let goal = DatabaseGoal(kind: kind, source: source, check: check, reference: proposal.statements[0])
        let task = AgentTask(
            id: id, suite: suite.id, split: "derived", instruction: try instruction(proposal.question, source),
            payload: goal.payload, tags: ["kind": kind.rawValue, "world": world.id], format: .database)
        if let rejection = try await ReferenceTrial.rejection(of: task, in: suite, self) { return .rejected(rejection) }
        return .task(task)
    }

    func referenceAction(for task: AgentTask, after turns: [Turn]) throws -> Action? {
        let goal = try DatabaseGoal(task)
        guard let statement = goal.reference else { return nil }
        if turns.isEmpty { return Action("sql", DatabaseProposal.onOneLine(statement)) }
        return DatabaseScripts.answer(DatabaseGoldPolicy.cells(turns.last?.observation))
    }

    func idleActions(for task: AgentTask) -> [Action] { [DatabaseScripts.answer([]), DatabaseScripts.answer(["…"])] }

    private func instruction(_ question: String, _ source: DatabaseGoal.Source) throws -> String {
        switch source {
        case .tables(let tables): return question + "\n" + tables.map(\.description).joined(separator: "\n")
        case .file(let path): return try question + "\n" + BIRDFolder.schema(of: path) + BIRDFolder.ending
        }
    }

    /// What a statement does to a fresh database.
    private func effect(of statement: String, on source: DatabaseGoal.Source, world: String) async throws -> Result<
        StatementEffect, ProposalText.Fault
    > {
        let connection = try await backend.connector(for: source, of: world, timeLimit: timeLimit)()
        do {
            let effect = try await StatementEffect.of(statement, on: source, in: connection)
            await connection.close()
            return effect
        } catch {
            await connection.close()
            throw error
        }
    }
}

/// The result of a reference statement.
enum StatementEffect {
    case rows([[PythonValue]])
    /// The fingerprint of every table.
    case tables([String])

    /// Rows in any order.
    func isSame(as other: StatementEffect) -> Bool {
        switch (self, other) {
        case (.rows(let left), .rows(let right)):
            return Set(left.map { $0.map(\.comparable) }) == Set(right.map { $0.map(\.comparable) })
        case (.tables(let left), .tables(let right)): return left == right
        default: return false
        }
    }

    /// - Returns: what is wrong with a statement that fails, returns nothing, or changes nothing.
    static func of(_ statement: String, on source: DatabaseGoal.Source, in connection: any DatabaseConnection) async throws
        -> Result<StatementEffect, ProposalText.Fault>
    {
        var tables: [DatabaseTable] = []
        if case .tables(let given) = source { tables = given }
        let before = try await fingerprints(of: tables, in: connection)
        let rows: [[PythonValue]]
        switch try await connection.run(statement, limit: .comparison) {
        case .failed(let complaint), .refused(let complaint): return .failure(ProposalText.Fault(complaint))
        case .rows(_, false): return .failure(ProposalText.Fault("the result is too large"))
        case .rows(let whole, true): rows = whole
        }
        guard let before, let after = try await fingerprints(of: tables, in: connection) else {
            return .failure(ProposalText.Fault("a table is gone or has grown too large"))
        }
        if before != after { return .success(.tables(after)) }
        let isQuery = [.word("select"), .word("with")].contains(StatementScanner.tokens(statement).first)
        guard isQuery else { return .failure(ProposalText.Fault("the statement changes nothing")) }
        guard rows.contains(where: { $0.contains { $0 != .none } }) else {
            return .failure(ProposalText.Fault("the statement returns nothing"))
        }
        guard !DatabaseEnvironment.observation(rows).hasSuffix(DatabaseEnvironment.cutMark) else {
            return .failure(ProposalText.Fault("the result is longer than an agent is shown"))
        }
        return .success(.rows(rows))
    }

    private static func fingerprints(of tables: [DatabaseTable], in connection: any DatabaseConnection) async throws -> [String]?
    {
        var hashes: [String] = []
        for table in tables {
            guard let rows = try await connection.contents(of: table) else { return nil }
            // Not the table hash of AgentBench, which sees the first 1,024 bytes of its row hashes only.
            let texts = rows.map { $0.map(\.representation).joined(separator: "\u{1F}") }.sorted()
            hashes.append(MD5.hexDigest(Array(texts.joined(separator: "\u{1E}").utf8)))
        }
        return hashes
    }
}
