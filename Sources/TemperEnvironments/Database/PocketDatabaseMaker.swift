import TemperCore
import TemperDatabases
import TemperPocketText

/// Makes one task from its split and number alone: a small table with names of the split's partition, a question, its SQL.
struct PocketDatabaseMaker {
    private let split: PocketSplit
    private let number: Int
    private let suite: String
    private var random: RandomSource
    private var forge: NameForge
    private var columns: [PocketTableTheme.Column] = []
    private var rows: [[String]] = []
    private var name = ""

    init(split: PocketSplit, number: Int, suite: String) {
        self.split = split
        self.number = number
        self.suite = suite
        random = RandomSource(seed: UInt64(number), "pocket-database", split.rawValue)
        forge = NameForge(
            partition: split.partition, random: RandomSource(seed: UInt64(number), "pocket-database-names", split.rawValue))
    }

    mutating func task() -> AgentTask {
        // Every dozen tasks hold each shape once.
        let shapes = PocketDatabaseShape.allCases
        var block = RandomSource(seed: UInt64(number / shapes.count), "pocket-database-shapes", split.rawValue)
        let shape = shapes.shuffled(using: &block)[number % shapes.count]
        while true {
            makeTable()
            if let draft = draft(shape) { return task(shape, draft) }
        }
    }

    /// A question with what solves it.
    private struct Draft {
        var slots: [Character: String]
        /// The statements that solve it, in order.
        var steps: [String]
        /// What the answer must say; empty for a change.
        var labels: [String] = []
        /// The rows that a change leaves.
        var after: [[String]] = []
    }

    private mutating func makeTable() {
        let theme = random.pick(PocketTableTheme.all)
        name = random.pick(theme.tables)
        // At least one column that rows share and one of numbers.
        let shared = theme.others.filter(\.content.isShared)
        let numbers = theme.others.filter(\.content.isNumber)
        var chosen = [random.pick(shared), random.pick(numbers)]
        let rest = theme.others.filter { column in !chosen.contains { $0.name == column.name } }
        if random.chance(0.5) { chosen.append(random.pick(rest)) }
        chosen.shuffle(using: &random)
        columns = [theme.key] + chosen
        let pools = columns.map { column -> [String] in
            let size = 2 + random.index(below: 2)
            switch column.content {
            case .word(let words): return Array(words.shuffled(using: &random).prefix(size))
            case .number: return []
            default: return (0..<size).map { _ in entity(column.content) }
            }
        }
        rows = (0..<4 + random.index(below: 4)).map { _ in
            columns.indices.map { index in
                if index == 0 { return entity(columns[0].content) }
                if case .number(let range) = columns[index].content { return String(Int.random(in: range, using: &random)) }
                return random.pick(pools[index])
            }
        }
    }

    private mutating func entity(_ content: PocketTableTheme.Content) -> String {
        switch content {
        case .person: forge.person()
        case .place: forge.place()
        case .organisation(let endings): forge.organisation(endings: endings)
        case .title: forge.title()
        case .word(let words): random.pick(words)
        case .number(let range): String(Int.random(in: range, using: &random))
        }
    }

    /// Nil when this table does not suit the shape.
    private mutating func draft(_ shape: PocketDatabaseShape) -> Draft? {
        let shared = columns.indices.dropFirst().filter { columns[$0].content.isShared }
        let numbers = columns.indices.filter { columns[$0].content.isNumber }
        let any = 1 + random.index(below: columns.count - 1)
        let row = random.pick(rows)
        let key = columns[0].name
        let table = name
        let select = { (what: String, rest: String) in "SELECT \(what) FROM \(table)\(rest);" }
        var slots: [Character: String] = ["t": name, "i": key, "k": row[0]]
        func set(_ column: Character, _ value: Character, _ index: Int) {
            slots[column] = columns[index].name
            slots[value] = row[index]
        }
        func keys(_ matching: [[String]]) -> [String] { matching.map { $0[0] } }
        switch shape {
        case .lookup:
            set("c", "v", any)
            return Draft(slots: slots, steps: [select(columns[any].name, " WHERE \(equals(0, row[0]))")], labels: [row[any]])
        case .filter, .count:
            let column = random.pick(shared)
            set("c", "v", column)
            let matching = rows.filter { $0[column] == row[column] }
            guard shape == .count || matching.count <= 3 else { return nil }
            let condition = " WHERE \(equals(column, row[column]))"
            if shape == .count {
                return Draft(slots: slots, steps: [select("COUNT(*)", condition)], labels: [String(matching.count)])
            }
            return Draft(slots: slots, steps: [select(key, condition)], labels: keys(matching))
        case .both:
            let column = random.pick(shared)
            guard let other = columns.indices.dropFirst().filter({ $0 != column }).randomElement(using: &random) else {
                return nil
            }
            set("c", "v", column)
            set("d", "w", other)
            let matching = rows.filter { $0[column] == row[column] && $0[other] == row[other] }
            guard matching.count == 1, rows.count(where: { $0[column] == row[column] }) > 1 else { return nil }
            let condition = " WHERE \(equals(column, row[column])) AND \(equals(other, row[other]))"
            return Draft(slots: slots, steps: [select(key, condition)], labels: keys(matching))
        case .over:
            let column = random.pick(numbers)
            let bound = Int(row[column]) ?? 0
            let matching = rows.filter { (Int($0[column]) ?? 0) > bound }
            guard (1...3).contains(matching.count) else { return nil }
            set("c", "v", column)
            return Draft(slots: slots, steps: [select(key, " WHERE \(columns[column].name) > \(bound)")], labels: keys(matching))
        case .most, .least:
            let column = random.pick(numbers)
            let values = rows.map { Int($0[column]) ?? 0 }
            let best = shape == .most ? values.max() : values.min()
            let matching = rows.indices.filter { values[$0] == best }
            guard matching.count == 1 else { return nil }
            slots["c"] = columns[column].name
            let order = " ORDER BY \(columns[column].name)\(shape == .most ? " DESC" : "") LIMIT 1"
            return Draft(slots: slots, steps: [select(key, order)], labels: keys([rows[matching[0]]]))
        case .sum:
            let (column, other) = (random.pick(numbers), random.pick(shared))
            let total = rows.filter { $0[other] == row[other] }.reduce(0) { $0 + (Int($1[column]) ?? 0) }
            slots["c"] = columns[column].name
            set("d", "w", other)
            let query = select("SUM(\(columns[column].name))", " WHERE \(equals(other, row[other]))")
            return Draft(slots: slots, steps: [query], labels: [String(total)])
        case .insert:
            let new = columns.map { fresh($0.content) }
            slots["k"] = new[0]
            let parts = columns.indices.dropFirst().map { "\(columns[$0].name) \(new[$0])" }
            slots["l"] = parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
            let values = columns.indices.map { literal($0, new[$0]) }.joined(separator: ", ")
            return Draft(slots: slots, steps: ["INSERT INTO \(name) VALUES (\(values));"], after: rows + [new])
        case .update:
            let value = fresh(columns[any].content)
            guard value != row[any] else { return nil }
            slots["c"] = columns[any].name
            slots["v"] = value
            return Draft(slots: slots, steps: [update(any, value, row[0])], after: changed(row[0], any, value))
        case .copy:
            let donor = random.pick(rows)
            guard donor[any] != row[any] else { return nil }
            slots["c"] = columns[any].name
            slots["v"] = donor[0]
            let query = select(columns[any].name, " WHERE \(equals(0, donor[0]))")
            return Draft(slots: slots, steps: [query, update(any, donor[any], row[0])], after: changed(row[0], any, donor[any]))
        case .delete:
            let after = rows.filter { $0[0] != row[0] }
            return Draft(slots: slots, steps: ["DELETE FROM \(name) WHERE \(equals(0, row[0]));"], after: after)
        }
    }

    private mutating func fresh(_ content: PocketTableTheme.Content) -> String { entity(content) }

    private func changed(_ key: String, _ column: Int, _ value: String) -> [[String]] {
        rows.map { row in
            var row = row
            if row[0] == key { row[column] = value }
            return row
        }
    }

    private func update(_ column: Int, _ value: String, _ key: String) -> String {
        "UPDATE \(name) SET \(equals(column, value)) WHERE \(equals(0, key));"
    }

    private func equals(_ column: Int, _ value: String) -> String { "\(columns[column].name) = \(literal(column, value))" }

    private func literal(_ column: Int, _ value: String) -> String { columns[column].content.isNumber ? value : "'\(value)'" }

    private mutating func task(_ shape: PocketDatabaseShape, _ draft: Draft) -> AgentTask {
        let table = DatabaseTable(
            name: name,
            columns: columns.map { DatabaseTable.Column(name: $0.name, type: $0.content.isNumber ? "INTEGER" : "TEXT") },
            rows: rows)
        let check: DatabaseGoal.Check =
            draft.labels.isEmpty ? .tableHash(TableHash.of(draft.after.map { $0.map { .string($0) } })) : .answer(draft.labels)
        let goal = DatabaseGoal(kind: shape.kind, source: .tables([table]), check: check, reference: draft.steps.last)
        var payload = goal.payload.object ?? [:]
        payload["shape"] = .string(shape.rawValue)
        payload["steps"] = .array(draft.steps.map { .string($0) })
        payload["slots"] = .object(Dictionary(uniqueKeysWithValues: draft.slots.map { (String($0.key), .string($0.value)) }))
        let question = random.pick(shape.wordings[split.wording]).filled(draft.slots)
        return AgentTask(
            id: split.rawValue + "-" + number.padded(6), suite: suite,
            split: split.rawValue, instruction: question + "\n" + table.description, payload: .object(payload),
            tags: ["kind": shape.kind.rawValue, "shape": shape.rawValue], format: .database)
    }
}
