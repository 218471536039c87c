import TemperCore

/// A table of a task: what is created before an episode.
struct DatabaseTable: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        var name: String
        /// `TEXT` or `INTEGER`. All columns of AgentBench's tasks are text, whatever their file says, as in AgentBench.
        var type = "TEXT"
    }

    var name: String
    var columns: [Column]
    /// Cells as text, one for each column; nil is NULL.
    var rows: [[String?]]

    /// How a task tells a policy about its tables (AgentBench's wording).
    var description: String {
        "The name of this table is \(name), and the headers of this table are \(columns.map(\.name).joined(separator: ","))."
    }

    var json: JSONValue {
        .object([
            "name": .string(name),
            "columns": .array(columns.map { .object(["name": .string($0.name), "type": .string($0.type)]) }),
            "rows": .array(rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) }),
        ])
    }

    init(name: String, columns: [Column], rows: [[String?]]) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }

    /// - Returns: nil when the value is not a table.
    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let columns = json["columns"]?.array, let rows = json["rows"]?.array else {
            return nil
        }
        self.name = name
        self.columns = []
        for column in columns {
            guard let name = column["name"]?.string, let type = column["type"]?.string, ["TEXT", "INTEGER"].contains(type) else {
                return nil
            }
            self.columns.append(Column(name: name, type: type))
        }
        self.rows = []
        for row in rows {
            guard let cells = row.array, cells.count == columns.count else { return nil }
            self.rows.append(cells.map(\.string))
        }
    }
}
