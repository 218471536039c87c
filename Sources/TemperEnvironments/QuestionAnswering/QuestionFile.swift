import Foundation
import TemperCore

/// Questions with answers from a file: CSV with a header, a JSON list, or JSON lines.
///
/// Fields, in any case: `question`, `answer` (a string, a number, true or false), optionally `id` (or `qid`) and the options `A`,
/// `B`, `C`, `D` (in JSON also a list `options` or `choices`).
struct QuestionFile {
    struct Record {
        /// `file:line`, or `file: record 3` where a line means nothing.
        var place: String
        var id: String?
        var question: String
        var answer: String
        var options: [String] = []
        /// The JSON object it was read from.
        var source: JSONValue = .null
    }

    let name: String
    private(set) var records: [Record] = []

    /// - Throws: ``TemperError`` with code `unavailable` for a file that cannot be read; `data`, naming the line, for one that is
    ///   malformed, lacks a field, repeats an id, or leaves a question or an answer empty.
    init(_ path: String) throws {
        name = path
        let text = try Self.text(path)
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "csv": records = try Self.table(CSVTable(text, named: path), named: path)
        case "json":
            guard let list = try JSONValue.parse(Data(text.utf8), named: path).array else {
                throw TemperError(.data, "expected a list of questions", place: path, boundary: .data)
            }
            records = try list.enumerated().map { try Self.record($0.element, at: "\(path): record \($0.offset + 1)") }
        case "jsonl":
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard !line.allSatisfy(\.isWhitespace) else { continue }
                let place = "\(path):\(index + 1)"
                records.append(try Self.record(JSONValue.parse(Data(line.utf8), named: place), at: place))
            }
        default:
            throw TemperError(.usage, "questions are read from .csv, .json and .jsonl", place: path, boundary: .data)
        }
        try check()
    }

    /// The whole file as UTF-8.
    static func text(_ path: String) throws -> String {
        do {
            return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            throw TemperError(.unavailable, "the file cannot be read as UTF-8 text", place: path, boundary: .data, cause: error)
        }
    }

    /// MMLU's own tables have no header: question, four options, letter.
    static func choices(_ table: CSVTable, named name: String) throws -> [Record] {
        try table.rows.map { row in
            let place = "\(name):\(row.line)"
            guard row.cells.count == 6 else {
                throw TemperError(
                    .data, "the row has \(row.cells.count) columns, not question, four options and a letter", place: place,
                    boundary: .data)
            }
            return Record(place: place, question: row.cells[0], answer: row.cells[5], options: Array(row.cells[1...4]))
        }
    }

    private static func table(_ table: CSVTable, named name: String) throws -> [Record] {
        guard let header = table.rows.first else { throw TemperError(.data, "the file is empty", place: name, boundary: .data) }
        let columns = header.cells.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        if let twice = columns.first(where: { column in columns.count(where: { $0 == column }) > 1 }) {
            throw TemperError(.data, "the column '\(twice)' appears twice", place: "\(name):\(header.line)", boundary: .data)
        }
        for column in ["question", "answer"] where !columns.contains(column) {
            throw TemperError(
                .data, "there is no column '\(column)'", hint: "the columns are \(columns.joined(separator: ", "))",
                place: "\(name):\(header.line)", boundary: .data)
        }
        return try table.rows.dropFirst().map { row in
            let place = "\(name):\(row.line)"
            guard row.cells.count == columns.count else {
                throw TemperError(
                    .data, "the row has \(row.cells.count) columns, the header \(columns.count)", place: place, boundary: .data)
            }
            let fields = Dictionary(uniqueKeysWithValues: zip(columns, row.cells.map(JSONValue.string)))
            return try record(.object(fields), at: place)
        }
    }

    private static func record(_ value: JSONValue, at place: String) throws -> Record {
        guard let object = value.object else { throw TemperError(.data, "expected an object", place: place, boundary: .data) }
        let fields = Dictionary(object.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        func field(_ name: String) -> String? { fields[name].flatMap(text) }
        guard let question = field("question") else {
            throw TemperError(.data, "there is no text 'question'", place: place, boundary: .data)
        }
        guard let answer = field("answer") else {
            throw TemperError(
                .data, "there is no 'answer' that is a string, a number, true or false", place: place, boundary: .data)
        }
        let listed = (fields["options"] ?? fields["choices"])?.array?.compactMap(text)
        let lettered = AnswerMetric.letters.compactMap { field($0.lowercased()) }
        return Record(
            place: place, id: field("id") ?? field("qid"), question: question, answer: answer, options: listed ?? lettered,
            source: value)
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        default: nil
        }
    }

    private func check() throws {
        guard !records.isEmpty else { throw TemperError(.data, "there is no question in the file", place: name, boundary: .data) }
        var seen: [String: String] = [:]
        for record in records {
            for (field, text) in [("question", record.question), ("answer", record.answer)]
            where text.allSatisfy(\.isWhitespace) {
                throw TemperError(.data, "the \(field) is empty", place: record.place, boundary: .data)
            }
            guard let id = record.id else { continue }
            if let first = seen.updateValue(record.place, forKey: id) {
                throw TemperError(.data, "the id '\(id)' was already used at \(first)", place: record.place, boundary: .data)
            }
        }
    }
}
