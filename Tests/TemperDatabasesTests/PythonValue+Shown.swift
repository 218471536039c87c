@testable import TemperDatabases

extension PythonValue {
    /// Rows as Python writes the list of them.
    static func shown(_ rows: [[PythonValue]]) -> String { PythonValue.list(rows.map { .tuple($0) }).representation }
}
