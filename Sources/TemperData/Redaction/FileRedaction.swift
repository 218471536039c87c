package import Foundation
import TemperCore

/// Replaces the secrets of one file: what `temper redact` does.
package struct FileRedaction: Codable, Sendable {
    package struct Kind: Codable, Sendable {
        package var kind: String
        /// Different ones.
        package var secrets: Int
        /// The marks that stand for them.
        package var marks: Int
        /// `NAME:LINE` of the first few.
        package var places: [String]
        /// What the first few lines look like afterwards, around the mark.
        package var examples: [String]
    }

    private static let shown = 3

    package var path: String
    package var out: String?
    package var secrets = 0
    package var marks = 0
    /// In order of name.
    package var kinds: [Kind] = []

    /// Reads a file into memory and replaces what it holds, byte for byte beside the marks. JSON is taken as text: a mark needs no
    /// escapes, so what was valid stays valid.
    ///
    /// - Parameter out: where to write the result; nil only looks.
    /// - Throws: ``TemperError`` with code `data` when the file cannot be read or is no UTF-8, and `unavailable` when there is something at
    ///   `out` already or the disk is full.
    package static func run(_ file: URL, to out: URL?, options: RedactionOptions) throws -> FileRedaction {
        let redactor = try Redactor(options)
        if let out, FileManager.default.fileExists(atPath: out.path) {
            throw TemperError(
                .unavailable, "there is something at this path already", hint: "choose another with --out, or remove it",
                place: out.path, boundary: .data)
        }
        guard let text = String(data: try ReadFile.data(file), encoding: .utf8) else {
            throw TemperError(.data, "the file is not valid UTF-8", place: file.path, boundary: .data)
        }
        let redacted = redactor.redacted(text)
        if let out { try AtomicFile.write(Data(redacted.utf8), to: out) }
        var report = FileRedaction(path: file.path, out: out?.path)
        report.count(redacted, name: file.lastPathComponent, before: text)
        return report
    }

    private mutating func count(_ text: String, name: String, before: String) {
        guard text != before else { return }
        var numbers: [String: Set<Int>] = [:]
        var found: [String: Kind] = [:]
        for (line, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            for mark in RedactionMark.all(in: String(content)) {
                var kind = found[mark.kind] ?? Kind(kind: mark.kind, secrets: 0, marks: 0, places: [], examples: [])
                kind.marks += 1
                let place = "\(name):\(line + 1)"
                if kind.places.count < Self.shown, kind.places.last != place {
                    kind.places.append(place)
                    kind.examples.append(Self.around(RedactionMark.text(kind: mark.kind, number: mark.number), in: content))
                }
                found[mark.kind] = kind
                numbers[mark.kind, default: []].insert(mark.number)
            }
        }
        kinds = found.values.map { kind in
            var kind = kind
            kind.secrets = numbers[kind.kind]?.count ?? 0
            return kind
        }.sorted { $0.kind < $1.kind }
        secrets = kinds.reduce(0) { $0 + $1.secrets }
        marks = kinds.reduce(0) { $0 + $1.marks }
    }

    /// A mark with forty characters to either side.
    private static func around(_ mark: String, in line: Substring) -> String {
        guard let range = line.range(of: mark) else { return mark }
        let start = line.index(range.lowerBound, offsetBy: -40, limitedBy: line.startIndex) ?? line.startIndex
        let end = line.index(range.upperBound, offsetBy: 40, limitedBy: line.endIndex) ?? line.endIndex
        return (start > line.startIndex ? "…" : "") + line[start..<end] + (end < line.endIndex ? "…" : "")
    }
}
