import Foundation
import TemperCore

/// Looks through a dataset for secrets before it leaves.
struct RedactionCheck {
    private let scanner: SecretScanner
    /// Places by kind, the first few.
    private var places: [String: [String]] = [:]
    private var counts: [String: Int] = [:]

    init(_ options: RedactionOptions) throws {
        scanner = try SecretScanner(options)
    }

    /// - Parameter place: of the document, for a report that must not show what was found.
    mutating func look(at document: Document, place: String) {
        for text in document.texts + [document.recordID] {
            for match in scanner.matches(in: text) {
                counts[match.kind.name, default: 0] += 1
                if places[match.kind.name, default: []].count < 3, places[match.kind.name]?.last != place {
                    places[match.kind.name, default: []].append(place)
                }
            }
        }
    }

    var isClean: Bool { counts.isEmpty }

    /// `email 3 (train.jsonl:2, …), jwt 1 (train.jsonl:7)`.
    var summary: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) (\((places[$0.key] ?? []).joined(separator: ", ")))" }
            .joined(separator: ", ")
    }
}

extension ExportSource {
    /// Refuses a dataset that was redacted and still holds what its recipe replaces; of one that was not redacted, says what it holds.
    ///
    /// - Throws: ``TemperError`` with code `data`, with kinds and places but nothing of what was found.
    func checkRedaction(_ report: inout ExportReport) throws {
        let options = try redaction()
        var check = try RedactionCheck(options ?? RedactionOptions())
        for part in parts {
            var line = 0
            try forEach(in: part) { document in
                line += 1
                check.look(at: document, place: "\(part.rawValue).jsonl:\(line)")
            }
        }
        guard !check.isClean else { return }
        guard options != nil else {
            report.notes.append("It holds what looks like secrets: \(check.summary). 'curate.redact: true' replaces them.")
            return
        }
        throw TemperError(
            .data, "the dataset still holds what 'curate.redact' replaces: \(check.summary)",
            hint: "temper curate replaces it; what is no secret may stand under 'curate.redact.allow'",
            place: folder.dataset.path,
            boundary: .data)
    }
}
