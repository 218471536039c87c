import Foundation
import TemperCore
import TemperDatabases

/// Reads AgentBench's database tasks: JSON lines with description, table, label and, for changes, the table's fingerprint.
struct DBBenchFile {
    /// Entries that AgentBench v0.1 and v0.2 shipped in a form that no database takes (two columns of one name, rows of another
    /// width), and that its later main branch repaired: 13, 14, 17 and 77, counted from 0, by their questions.
    private static let brokenAsPublished: Set<String> = [
        "what team took first place in 2008?", "did dallas or ottawa win the december 9, 1993 game?",
        "How many schools have a website of http://www.camp.herts.sch.uk/?", "what was its best starting position?",
    ]

    var suite: String
    var split: String
    /// Whether every faulty table is repaired, or only those that are known.
    var mendsAll = false

    /// The tasks of a file in its order; ids are the split and the line, counted from 0.
    ///
    /// - Throws: ``TemperError`` with code `data` that names file and line.
    func tasks(_ url: URL, named name: String) throws -> [AgentTask] {
        let contents: Data
        do {
            contents = try Data(contentsOf: url)
        } catch {
            throw TemperError(
                .data, "the file cannot be read: \(error.localizedDescription)", place: name, boundary: .data, cause: error)
        }
        var tasks: [AgentTask] = []
        for (index, line) in contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
            let place = "\(name):\(index + 1)"
            tasks.append(try task(JSONValue.parse(Data(line), named: place), number: tasks.count, place))
        }
        guard !tasks.isEmpty else { throw TemperError(.data, "there are no tasks in it", place: name, boundary: .data) }
        return tasks
    }

    private func task(_ record: JSONValue, number: Int, _ place: String) throws -> AgentTask {
        let fault = { (what: String) in TemperError(.data, what, place: place, boundary: .data) }
        guard let question = record["description"]?.string, !question.isEmpty else {
            throw fault("the record has no description")
        }
        guard let type = record["type"]?.array?.first?.string ?? record["type"]?.string else {
            throw fault("the record has no type")
        }
        let kind = DatabaseKind(rawValue: type.lowercased()) ?? .select
        guard let given = record["table"] else { throw fault("the record has no table") }
        let mends = mendsAll || Self.brokenAsPublished.contains(question)
        let tables = try (given.array ?? [given]).map { try table($0, mends: mends, place) }
        guard !tables.isEmpty else { throw fault("the record has no table") }
        let labels = (record["label"]?.array ?? []).compactMap { $0.string ?? $0.number.map(Self.text) }
        guard !labels.isEmpty, labels.count == record["label"]?.array?.count, labels.allSatisfy({ !$0.isEmpty }) else {
            throw fault("the label is empty")
        }
        let goal: DatabaseGoal
        if kind == .select {
            let query = record["sql"]?["query"]?.string
            goal = DatabaseGoal(kind: kind, source: .tables(tables), check: .answer(labels), reference: query)
        } else {
            guard labels.count == 1 else { throw fault("the label of a change must be one statement") }
            var check = DatabaseGoal.Check.sameTables
            if let text = record["answer_md5"]?.string {
                guard let hash = TableHash.inFile(text) else {
                    throw fault("answer_md5 is not a table hash: '\(text.prefix(60))'")
                }
                check = .tableHash(hash)
            }
            goal = DatabaseGoal(kind: kind, source: .tables(tables), check: check, reference: labels[0])
        }
        let about = record["add_description"]?.string ?? tables.map(\.description).joined(separator: "\n")
        return AgentTask(
            id: "\(split)-" + number.padded(4), suite: suite, split: split,
            instruction: question + "\n" + about, payload: goal.payload,
            tags: ["kind": kind.rawValue, "shape": type, "source": record["source"]?.string ?? "unknown"], format: .database)
    }

    private func table(_ value: JSONValue, mends: Bool, _ place: String) throws -> DatabaseTable {
        let fault = { (what: String, hint: String?) in TemperError(.data, what, hint: hint, place: place, boundary: .data) }
        let hint = "correct the record, or set suites.db.repair=true"
        guard let name = value["table_name"]?.string, !name.isEmpty else { throw fault("the table has no name", nil) }
        let columns = (value["table_info"]?["columns"]?.array ?? []).compactMap { $0["name"]?.string }
        guard !columns.isEmpty, columns.count == value["table_info"]?["columns"]?.array?.count else {
            throw fault("the table '\(name)' has no columns, or one without a name", nil)
        }
        if !mends, let double = Self.firstRepeated(columns) {
            throw fault("the table '\(name)' has two columns '\(double)'", hint)
        }
        guard let given = value["table_info"]?["rows"]?.array else { throw fault("the table '\(name)' has no rows", nil) }
        let rows = try given.enumerated().map { index, row -> [String?] in
            guard let values = row.array else { throw fault("row \(index + 1) of the table '\(name)' is not a list", nil) }
            guard mends || values.count == columns.count else {
                let sizes = "\(values.count) cells for \(columns.count) columns"
                throw fault("row \(index + 1) of the table '\(name)' does not fit: \(sizes)", hint)
            }
            let cells = try values.prefix(columns.count).map { cell -> String? in
                switch cell {
                case .null: return nil
                case .string(let text): return text
                case .number(let number): return Self.text(number)
                default: throw fault("row \(index + 1) of the table '\(name)' holds a cell that is neither text nor number", nil)
                }
            }
            return cells + [String?](repeating: "", count: columns.count - cells.count)
        }
        let names = mends ? Self.distinct(columns) : columns
        return DatabaseTable(name: name, columns: names.map { DatabaseTable.Column(name: $0) }, rows: rows)
    }

    private static func firstRepeated(_ columns: [String]) -> String? {
        var seen: Set<String> = []
        return columns.first { !seen.insert($0.lowercased()).inserted }
    }

    /// Columns that share a name get that of the column before in front, as AgentBench's own repair names them
    /// (`Premiers, Score, Runners Up, Score` become `Premiers Score` and `Runners Up Score`), and then a number where that is not enough.
    static func distinct(_ columns: [String]) -> [String] {
        let counts = Dictionary(grouping: columns.map { $0.lowercased() }, by: \.self).mapValues(\.count)
        var used: Set<String> = []
        return columns.enumerated().map { index, column in
            let isShared = counts[column.lowercased(), default: 1] > 1
            let base = isShared && index > 0 ? "\(columns[index - 1]) \(column)" : column
            var name = base
            var number = 2
            while !used.insert(name.lowercased()).inserted {
                name = "\(base) \(number)"
                number += 1
            }
            return name
        }
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? number.description
    }
}
