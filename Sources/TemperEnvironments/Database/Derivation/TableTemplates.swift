import Foundation
import TemperCore
import TemperDatabases

/// A teacher without a model: writes tasks from fixed sentences about a table, and solves such tasks from their text alone.
///
/// It stands in for a hosted teacher where there is none. Other tasks go to another script, if one is given.
struct TableTemplates: Script {
    let name = "templates"
    /// The share of proposals that are useless, each in one of five ways.
    var imperfect = 0.0
    var otherwise: (any Script)?

    func reply(in scene: Scene) async throws -> String {
        if let brief = try ProposalBrief(of: scene.task, format: .database) { return try proposal(brief, seed: scene.seed) }
        if let sentence = TableSentence(scene.task.instruction) {
            let action: Action
            let thought: String
            if scene.turns.isEmpty {
                thought = sentence.isQuestion ? "I ask the table for it." : "I make the change in the table."
                action = Action("sql", sentence.statement)
            } else {
                thought = sentence.isQuestion ? "The result holds the answer." : "The change is made."
                action = DatabaseScripts.answer(DatabaseGoldPolicy.cells(scene.turns.last?.observation))
            }
            return TurnText.write(thought: thought, action: action, format: .database)
        }
        guard let otherwise else {
            throw TemperError(
                .data, "the script 'templates' solves its own tasks only, and '\(scene.task.id)' is not one", boundary: .policy)
        }
        return try await otherwise.reply(in: scene)
    }

    private func proposal(_ brief: ProposalBrief, seed: UInt64) throws -> String {
        guard let world = brief.world, case .tables(let tables) = try DatabaseGoal(world).source, let table = tables.first,
            table.rows.count > 1, table.columns.count > 1
        else {
            throw TemperError(.data, "the script 'templates' needs a table of two rows and columns", boundary: .policy)
        }
        var random = RandomSource(seed: seed, "templates")
        let sentence = TableSentence.make(brief.kind, table, &random)
        var (question, statement) = (sentence.text, sentence.statement)
        if random.chance(imperfect) {
            switch random.index(below: 5) {
            case 0: return "I can think of no task for this table."
            case 1: statement = statement.replacing(SQLiteDatabase.quoted(table.name), with: "nowhere")
            case 2: statement = TableSentence.make(brief.kind, table, &random, unlike: statement).statement
            case 3: question = brief.earlier.first ?? brief.examples.first ?? question
            default: statement += sentence.isQuestion ? " AND 1 = 0" : statement.hasPrefix("INSERT") ? " ON" : " AND 1 = 0"
            }
        }
        let block = "```sql\n\(statement)\n```"
        return "Task: \(question)\n" + Array(repeating: block, count: max(1, brief.references)).joined(separator: "\n")
    }
}

/// A sentence of ``TableTemplates`` and the statement it means.
struct TableSentence {
    var text: String
    var statement: String
    var isQuestion: Bool

    /// Reads a task's instruction; nil when it begins with no such sentence.
    init?(_ instruction: String) {
        guard let table = instruction.firstMatch(of: /\nThe name of this table is (.+), and the headers of this table are/)
        else { return nil }
        let name = SQLiteDatabase.quoted(String(table.1))
        let line = String(instruction.prefix { $0 != "\n" })
        if let found = line.wholeMatch(of: /What is the "(.+)" of the row whose "(.+)" is "(.+)"\?/) {
            self.init(line, "SELECT \(Self.column(found.1)) FROM \(name) WHERE \(Self.equals(found.2, found.3))")
        } else if let found = line.wholeMatch(of: /How many rows have the "(.+)" "(.+)"\?/) {
            self.init(line, "SELECT COUNT(*) FROM \(name) WHERE \(Self.equals(found.1, found.2))")
        } else if let found = line.wholeMatch(of: /Add a row with these values: "(.+)"\./) {
            let values = String(found.1).components(separatedBy: "\", \"").map { Self.literal($0[...]) }
            self.init(line, "INSERT INTO \(name) VALUES (\(values.joined(separator: ", ")))")
        } else if let found = line.wholeMatch(of: /Set the "(.+)" to "(.+)" in the row whose "(.+)" is "(.+)"\./) {
            let change = Self.equals(found.1, found.2)
            self.init(line, "UPDATE \(name) SET \(change) WHERE \(Self.equals(found.3, found.4))")
        } else if let found = line.wholeMatch(of: /Remove the row whose "(.+)" is "(.+)"\./) {
            self.init(line, "DELETE FROM \(name) WHERE \(Self.equals(found.1, found.2))")
        } else {
            return nil
        }
    }

    private init(_ text: String, _ statement: String) {
        self.text = text
        self.statement = statement
        isQuestion = statement.hasPrefix("SELECT")
    }

    /// - Parameters:
    ///   - kind: one of ``DatabaseKind``.
    ///   - table: with two rows and columns at least.
    ///   - unlike: a statement that the new one must not be, where the table allows.
    static func make(_ kind: String, _ table: DatabaseTable, _ random: inout RandomSource, unlike: String? = nil) -> TableSentence
    {
        var sentence = draw(kind, table, &random)
        for _ in 0..<50 where sentence.statement == unlike { sentence = draw(kind, table, &random) }
        return sentence
    }

    private static func draw(_ kind: String, _ table: DatabaseTable, _ random: inout RandomSource) -> TableSentence {
        let usable = table.rows.filter { $0.allSatisfy { $0?.isEmpty == false } }
        let rows = (usable.isEmpty ? table.rows : usable).map { $0.map { $0 ?? "" } }
        let row = random.pick(rows)
        let other = 1 + random.index(below: table.columns.count - 1)
        let (key, column) = (table.columns[0].name, table.columns[other].name)
        let about = "\nThe name of this table is \(table.name), and the headers of this table are"
        let text: String
        switch kind {
        case "insert":
            var values = random.pick(rows)
            values[0] = table.columns[0].type == "INTEGER" ? "\(1_000 + random.index(below: 9_000))" : row[0] + " the second"
            text = "Add a row with these values: \(values.map { "\"\($0)\"" }.joined(separator: ", "))."
        case "update":
            let values = rows.map { $0[other] }.filter { $0 != row[other] }
            let value = values.isEmpty ? "\(1 + random.index(below: 9_000))" : random.pick(values)
            text = "Set the \"\(column)\" to \"\(value)\" in the row whose \"\(key)\" is \"\(row[0])\"."
        case "delete": text = "Remove the row whose \"\(key)\" is \"\(row[0])\"."
        default:
            text =
                random.chance(0.7)
                ? "What is the \"\(column)\" of the row whose \"\(key)\" is \"\(row[0])\"?"
                : "How many rows have the \"\(column)\" \"\(row[other])\"?"
        }
        // What it means is read from it, as the solver will.
        return TableSentence(text + about) ?? TableSentence(text, "SELECT COUNT(*) FROM \(SQLiteDatabase.quoted(table.name))")
    }

    private static func column(_ name: Substring) -> String { SQLiteDatabase.quoted(String(name)) }
    private static func literal(_ text: Substring) -> String { "'" + text.replacing("'", with: "''") + "'" }
    private static func equals(_ name: Substring, _ value: Substring) -> String { "\(column(name)) = \(literal(value))" }
}
