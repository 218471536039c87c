import ArgumentParser
import Foundation
import TemperCore

/// What every reporting command shares.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object on standard output and nothing else there.")
    var json = false
}

enum Output {
    static func json(_ value: some Encodable) throws {
        let data = try JSONEncoder.stable(pretty: true).encode(value)
        print(String(decoding: data, as: UTF8.self))
    }

    /// Text that a model or a file may have written.
    static func text(_ text: String) { print(text.visible) }

    /// Aligned columns, two spaces apart. A cell is one line of visible characters.
    static func table(_ rows: [[String]]) {
        let rows = rows.map { row in row.map { $0.visible.replacing("\n", with: "\\n").replacing("\t", with: " ") } }
        guard let first = rows.first else { return }
        let widths = first.indices.map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell.padding(toLength: widths[column], withPad: " ", startingAt: 0)
            }
            print(cells.joined(separator: "  "))
        }
    }
}
