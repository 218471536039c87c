import Foundation
import TemperCore

/// A user's own pages as JSON lines, `{"title": …, "text": …}` or `{"title": …, "sentences": […]}`.
enum LocalCorpus {
    /// - Throws: ``TemperError`` with code `data` that names the line.
    static func open(_ path: String) throws -> SearchIndex {
        var pages: [SearchPage] = []
        for (index, line) in try QuestionFile.text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let place = "\(path):\(index + 1)"
            let record = try JSONValue.parse(Data(line.utf8), named: place)
            let sentences = record["sentences"]?.array?.compactMap(\.string) ?? record["text"]?.string.map(Sentences.split)
            guard let title = record["title"]?.string, let sentences else {
                throw TemperError(.data, "a page needs a title, and text or sentences", place: place, boundary: .data)
            }
            pages.append(SearchPage(title: title, sentences: sentences))
        }
        guard !pages.isEmpty else { throw TemperError(.data, "there is no page in the file", place: path, boundary: .data) }
        return try SearchIndex(pages)
    }
}
