package import Foundation
import TemperCore

/// What an importer read, kept, mended and left out: the result of `temper import`.
package struct ImportReport: Codable, Sendable, Hashable {
    /// Records of one kind, with the first places where they stand.
    package struct Dropped: Codable, Sendable, Hashable {
        package var reason: String
        package var count: Int
        /// `file[key]` or `file:line`, at most ten.
        package var places: [String]

        package init(reason: String, count: Int, places: [String]) {
            self.reason = reason
            self.count = count
            self.places = places
        }
    }

    /// Reasons may quote a record; more different ones than this are counted together.
    static let maximumKinds = 60

    package var records = 0
    package var kept = 0
    package var dropped: [Dropped] = []
    /// Faults of records that are kept, mended where the reason says so.
    package var found: [Dropped] = []

    /// What a record that was left out looks like and what to do about it; of the first that looks like anything.
    package var advice: String?

    package init() {}

    private enum CodingKeys: String, CodingKey { case records, kept, dropped, found }

    /// Looks at a record that was left out.
    mutating func guess(_ record: SourceJSON, reading name: String) {
        if advice == nil { advice = RecordShape.advice(record, reading: name) }
    }

    /// Looks at the text of what is no JSON.
    mutating func guess(_ bytes: [UInt8]) {
        if advice == nil { advice = RecordShape.advice(text: bytes) }
    }

    /// - Throws: ``TemperError`` with code `data` when no record of the file was kept, naming the commonest reasons.
    package func requireAny(of file: URL) throws {
        guard kept == 0 else { return }
        let reasons = dropped.sorted { $0.count > $1.count }.prefix(3).map { "\($0.count) \($0.reason)" }
        throw TemperError(
            .data,
            records == 0
                ? "the file holds no record" : "none of the \(records) records is good: \(reasons.joined(separator: "; "))",
            hint: advice ?? "is it a file of this format? 'temper import --help' lists the formats", place: file.relativePath,
            boundary: .data)
    }

    /// Counts a record that is left out.
    mutating func drop(_ reason: String, at place: String) { Self.add(reason, at: place, to: &dropped) }

    /// Counts a fault of a record that is kept.
    mutating func find(_ reason: String, at place: String) { Self.add(reason, at: place, to: &found) }

    static func add(_ reason: String, at place: String, to kinds: inout [Dropped]) {
        let reason = kinds.count < maximumKinds || kinds.contains { $0.reason == reason } ? reason : "other reasons"
        if let index = kinds.firstIndex(where: { $0.reason == reason }) {
            kinds[index].count += 1
            if kinds[index].places.count < 10 { kinds[index].places.append(place) }
        } else {
            kinds.append(Dropped(reason: reason, count: 1, places: [place]))
        }
    }
}

/// A record that is not as its format says: the reason, in words that do not name the record.
struct RecordFault: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
