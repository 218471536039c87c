import TemperCore

/// A small table, and queries for it with their results.
enum SQLText {
    private struct Table {
        var name: String
        /// The first column holds names; the others numbers or words.
        var columns: [String]
        var isNumber: [Bool]
        var rows: [[String]]
    }

    static func write(using scribe: inout Scribe) {
        let table = table(using: &scribe)
        let showsRows = scribe.chance(0.7)
        let text = showsRows ? grid(table, using: &scribe) : "Table \(table.name) (\(table.columns.joined(separator: ", ")))"
        var isFirst = true
        for _ in 0..<scribe.number(2...4) {
            let (request, query, result) = task(table, using: &scribe)
            let asksResult = showsRows && scribe.chance(0.45)
            let question =
                asksResult
                ? (scribe.chance(0.5) ? "What does this query give?\n\(query)" : "\(request) Give the result.")
                : "\(request)\(isFirst ? " Write SQL." : scribe.pick([" SQL?", " Write SQL.", " As SQL."]))"
            scribe.user(isFirst ? "\(text)\n\n\(question)" : question)
            scribe.assistant(asksResult ? result : query)
            isFirst = false
        }
    }

    private static func table(using scribe: inout Scribe) -> Table {
        let (name, nameColumn, others) = scribe.pick(shapes)
        let columns = scribe.sample(scribe.number(2...3), of: others)
        var rows: [[String]] = []
        for _ in 0..<scribe.number(3...6) {
            let first = nameColumn == "title" ? scribe.title() : nameColumn == "town" ? scribe.place() : scribe.person()
            rows.append(
                [first]
                    + columns.map { column in
                        if let words = words[column] { return scribe.pick(words) }
                        return String(column == "year" ? scribe.number(1900...2022) : scribe.number(1...99))
                    })
        }
        return Table(
            name: name, columns: [nameColumn] + columns, isNumber: [false] + columns.map { words[$0] == nil }, rows: rows)
    }

    private static func grid(_ table: Table, using scribe: inout Scribe) -> String {
        let lines = [table.columns] + table.rows
        let body = lines.map { $0.joined(separator: " | ") }.joined(separator: "\n")
        return scribe.say(["Table {a}:", "The table {a}", "{a}:"], Slots(a: table.name)) + "\n" + body
    }

    private static func task(
        _ table: Table, using scribe: inout Scribe
    ) -> (request: String, query: String, result: String) {
        let column = scribe.number(1...table.columns.count - 1)
        let (name, first, key) = (table.name, table.columns[0], table.columns[column])
        let row = scribe.pick(table.rows)
        let value = row[column]
        let literal = table.isNumber[column] ? value : "'\(value)'"
        let slots = Slots(s: name, o: key, k: first, a: row[0], b: value)
        let matching = table.rows.filter { $0[column] == value }
        switch scribe.number(0...6) {
        case 0, 1:
            return (
                scribe.say(["What is the {o} of {a}?", "<Give|Find> the {o} of {a}."], slots),
                "SELECT \(key) FROM \(name) WHERE \(first) = '\(row[0])';", value
            )
        case 2:
            return (
                scribe.say(["Which {k} has {o} {b}?", "<List|Find> every {k} with {o} {b}."], slots),
                "SELECT \(first) FROM \(name) WHERE \(key) = \(literal);", matching.map { $0[0] }.joined(separator: ", ")
            )
        case 3:
            return (
                scribe.say(["How many rows have {o} {b}?", "Count the rows with {o} {b}."], slots),
                "SELECT COUNT(*) FROM \(name) WHERE \(key) = \(literal);", String(matching.count)
            )
        case 4 where table.isNumber[column]:
            let isMost = scribe.chance(0.5)
            let sorted = table.rows.sorted { (Int($0[column]) ?? 0) < (Int($1[column]) ?? 0) }
            let winner = isMost ? sorted[sorted.count - 1] : sorted[0]
            return (
                scribe.say(
                    isMost ? "Which {k} has the <highest|largest> {o}?" : "Which {k} has the <lowest|smallest> {o}?", slots),
                "SELECT \(first) FROM \(name) ORDER BY \(key)\(isMost ? " DESC" : "") LIMIT 1;", winner[0]
            )
        case 5 where table.isNumber[column]:
            let total = table.rows.reduce(0) { $0 + (Int($1[column]) ?? 0) }
            return (
                scribe.say(["What is the sum of {o}?", "Add up {o}."], slots), "SELECT SUM(\(key)) FROM \(name);", String(total)
            )
        case 6:
            let fresh = scribe.person()
            let values = table.columns.indices.map { $0 == 0 ? "'\(fresh)'" : table.isNumber[$0] ? "1" : "'new'" }.joined(
                separator: ", ")
            return (
                scribe.say("Add a row for {a}.", Slots(a: fresh)), "INSERT INTO \(name) VALUES (\(values));", "1 row"
            )
        default:
            return (
                scribe.say(["List all {k}s.", "Show every {k}."], slots), "SELECT \(first) FROM \(name);",
                table.rows.map { $0[0] }.joined(separator: ", ")
            )
        }
    }

    private static let shapes: [(String, String, [String])] = [
        ("films", "title", ["year", "length", "genre", "price"]), ("books", "title", ["year", "pages", "genre", "price"]),
        ("staff", "name", ["age", "job", "room", "score"]), ("players", "name", ["age", "score", "colour", "number"]),
        ("students", "name", ["age", "grade", "hobby", "room"]), ("towns", "town", ["year", "bridges", "schools", "colour"]),
        ("guests", "name", ["room", "nights", "day", "price"]), ("orders", "name", ["item", "amount", "price", "day"]),
    ]
    private static let words: [String: [String]] = [
        "genre": ["comedy", "drama", "mystery", "satire"], "job": ["baker", "teacher", "pilot", "nurse", "cook"],
        "colour": Vocabulary.colours, "hobby": ["chess", "sailing", "hiking", "painting"], "day": Vocabulary.days,
        "item": Vocabulary.objects,
    ]
}
