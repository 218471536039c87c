package import TemperCore

/// A table of a task: what is created before an episode.
package struct DatabaseTable: Sendable, Hashable {
    package struct Column: Sendable, Hashable {
        package var name: String
        /// `TEXT` or `INTEGER`. All columns of AgentBench's tasks are text, whatever their file says, as in AgentBench.
        package var type: String

        package init(name: String, type: String = "TEXT") {
            self.name = name
            self.type = type
        }
    }

    package var name: String
    package var columns: [Column]
    /// Cells as text, one for each column; nil is NULL.
    package var rows: [[String?]]

    /// How a task tells a policy about its tables (AgentBench's wording).
    package var description: String {
        "The name of this table is \(name), and the headers of this table are \(columns.map(\.name).joined(separator: ","))."
    }

    package var json: JSONValue {
        .object([
            "name": .string(name),
            "columns": .array(columns.map { .object(["name": .string($0.name), "type": .string($0.type)]) }),
            "rows": .array(rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) }),
        ])
    }

    package init(name: String, columns: [Column], rows: [[String?]]) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }

    /// - Returns: nil when the value is not a table.
    package init?(json: JSONValue) {
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
