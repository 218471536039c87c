import Foundation

/// How a mark is written, and found again.
enum RedactionMark {
    private static let start = "<redacted-"

    static func text(kind: String, number: Int) -> String { "\(start)\(kind)-\(number)>" }

    /// The marks of a text: kind and number.
    static func all(in text: String) -> [(kind: String, number: Int)] {
        guard text.contains(start) else { return [] }
        return text.components(separatedBy: start).dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: ">"), let hyphen = rest[..<end].lastIndex(of: "-"),
                let number = Int(rest[rest.index(after: hyphen)..<end])
            else { return nil }
            return (String(rest[..<hyphen]), number)
        }
    }
}

/// What was replaced, by kind.
package struct RedactionReport: Codable, Sendable, Hashable {
    package struct Kind: Codable, Sendable, Hashable {
        package var kind: String
        /// Different ones.
        package var secrets: Int
        /// The marks that stand for them.
        package var marks: Int
    }

    package var kinds: [Kind]
    /// Documents with a mark.
    package var documents: Int

    /// Counts the marks of documents.
    init(of documents: [Document]) {
        var numbers: [String: Set<Int>] = [:]
        var counts: [String: Int] = [:]
        self.documents = documents.count { document in
            let marks = document.texts.flatMap(RedactionMark.all)
            for mark in marks {
                numbers[mark.kind, default: []].insert(mark.number)
                counts[mark.kind, default: 0] += 1
            }
            return !marks.isEmpty
        }
        kinds = counts.sorted { $0.key < $1.key }.map {
            Kind(kind: $0.key, secrets: numbers[$0.key]?.count ?? 0, marks: $0.value)
        }
    }

    /// The lines of `card.md`.
    var markdown: [String] {
        var lines = ["", "## Redaction", ""]
        guard !kinds.isEmpty else { return lines + ["Nothing was found to replace."] }
        lines.append("\(documents) documents hold marks in the place of secrets.")
        lines += ["", "| kind | secrets | marks |", "|---|--:|--:|"]
        return lines + kinds.map { "| \($0.kind) | \($0.secrets) | \($0.marks) |" }
    }
}
