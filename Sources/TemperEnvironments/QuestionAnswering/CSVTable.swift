import TemperCore

/// Comma-separated values as RFC 4180 and Python's `csv` read them: fields may be quoted, a quoted field may hold commas, line
/// ends and doubled quotes. A quote inside an unquoted field is a character like any other.
struct CSVTable {
    struct Row: Hashable {
        /// 1-based line of the file on which the row starts.
        var line: Int
        var cells: [String]
    }

    let rows: [Row]

    /// Empty lines are left out.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the line of a quote that is never closed or is followed by text.
    init(_ text: String, named place: String) throws {
        var reader = Reader(place: place)
        // A mark of the byte order is not part of the first cell.
        for scalar in text.unicodeScalars.drop(while: { $0 == "\u{FEFF}" }) { try reader.read(scalar) }
        rows = try reader.finish()
    }

    private struct Reader {
        enum State { case start, plain, quoted, closed }

        let place: String
        var state = State.start
        var line = 1
        var rowLine = 1
        var quoteLine = 1
        var lastWasReturn = false
        var cell = String.UnicodeScalarView()
        var cells: [String] = []
        var rows: [Row] = []

        mutating func read(_ scalar: Unicode.Scalar) throws {
            let followsReturn = lastWasReturn
            lastWasReturn = scalar == "\r"
            if scalar == "\n" || scalar == "\r" { if !(scalar == "\n" && followsReturn) { line += 1 } }
            switch (state, scalar) {
            case (.quoted, "\""): state = .closed
            case (.quoted, _): cell.append(scalar)
            case (.closed, "\""):
                cell.append(scalar)
                state = .quoted
            case (_, ","): endCell()
            case (_, "\n") where followsReturn: rowLine = line
            case (_, "\n"), (_, "\r"): endRow()
            case (.closed, _):
                throw TemperError(
                    .data, "text follows the closing quote of a field", hint: "a quote inside a quoted field is doubled",
                    place: "\(place):\(line)", boundary: .data)
            case (.start, "\""):
                state = .quoted
                quoteLine = line
            default:
                cell.append(scalar)
                state = .plain
            }
        }

        mutating func finish() throws -> [Row] {
            guard state != .quoted else {
                throw TemperError(
                    .data, "the quote that opens here is never closed", place: "\(place):\(quoteLine)", boundary: .data)
            }
            endRow()
            return rows
        }

        private mutating func endCell() {
            cells.append(String(cell))
            cell = String.UnicodeScalarView()
            state = .start
        }

        private mutating func endRow() {
            let isEmpty = cells.isEmpty && cell.isEmpty && state == .start
            endCell()
            if !isEmpty { rows.append(Row(line: rowLine, cells: cells)) }
            cells = []
            rowLine = line
        }
    }
}
