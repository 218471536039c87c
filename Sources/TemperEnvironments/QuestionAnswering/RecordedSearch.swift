import Foundation
import Synchronization
import TemperCore

/// Recorded searches, query → observation, as a back end: the same query gives what it gave, another the nearest one asked.
enum RecordedSearch {
    /// FireAct's recorded searches in the data folder: 4,887 queries of its released trajectories.
    static let fileName = "fireact/search-cache.json"

    /// The index of a file, a page a query.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` for a file that cannot be read, `data` for one of another form.
    static func open(_ path: String) throws -> SearchIndex {
        try SearchIndex(pages(Data(QuestionFile.text(path).utf8), named: path), name: "recorded", showsSnippets: true)
    }

    private static func pages(_ data: Data, named name: String) throws -> [SearchPage] {
        guard let records = try JSONValue.parse(data, named: name).object else {
            throw TemperError(.data, "expected an object of query → observation", place: name, boundary: .data)
        }
        return try records.sorted { $0.key < $1.key }.map { query, observation in
            guard let text = observation.string else {
                throw TemperError(.data, "the observation of the query '\(query)' is not a string", place: name, boundary: .data)
            }
            return SearchPage(title: query, sentences: [text], showsTitle: false)
        }
    }

    /// FireAct's, built once; nil when the file is missing.
    static func fireAct() throws -> SearchIndex? {
        try known.withLock { known in
            if let known { return known }
            guard let file = DataFolder.locate()?.appendingPathComponent(fileName),
                FileManager.default.fileExists(atPath: file.path)
            else { return nil }
            known = try open(file.path)
            return known
        }
    }

    private static let known = Mutex<SearchIndex?>(nil)
}
