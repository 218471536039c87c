import TemperCore
import TemperPocketText

/// The kinds of generated tasks, with the wordings of their questions.
///
/// Slots: {t} the table, {i} its key column, {k} a key, {c} and {v} a column and a value, {d} and {w} another, {l} a list of columns
/// with values.
enum PocketDatabaseShape: String, Sendable, CaseIterable {
    /// One cell of one row.
    case lookup
    /// The keys of the rows with a value.
    case filter
    /// The keys of the rows with two values.
    case both
    /// The keys of the rows whose number is above another.
    case over
    case count, most, least, sum
    case insert, update
    /// An update whose new value is in another row, so it must be read first.
    case copy
    case delete

    var kind: DatabaseKind {
        switch self {
        case .insert: .insert
        case .update, .copy: .update
        case .delete: .delete
        default: .select
        }
    }

    private static let file = PocketWordings.file("database")

    var wordings: Phrasing { Self.file["tasks/\(rawValue)"] }
}
