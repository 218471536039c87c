import Foundation
import TemperCore

/// Wordings as a text file: one sentence a line, under the name of what it says and the split that may say it.
///
/// ```
/// # A line of comment.
///
/// [frames/birthplace]
/// train:
/// Where was {x} born?
/// test:
/// What city was {x} born in?
/// ```
/// A name is `table/key` where a table has an entry for each of several keys, or the table's name alone.
package struct WordingFile: Sendable {
    private let place: String
    private let phrasings: [String: Phrasing]

    /// - Parameter place: what errors name.
    /// - Throws: ``TemperError`` with code `data` that names the line.
    package init(_ text: String, place: String) throws {
        self.place = place
        var phrasings: [String: Phrasing] = [:]
        var name: String?
        var set: WordingSet?
        var sentences: [WordingSet: [Wording]] = [:]
        func finish(_ line: Int) throws {
            guard let name else { return }
            func fault(_ message: String) -> TemperError { TemperError(.data, message, place: "\(place):\(line)") }
            guard sentences.values.contains(where: { !$0.isEmpty }) else { throw fault("'[\(name)]' has no sentence") }
            let phrasing = Phrasing(train: sentences[.train] ?? [], test: sentences[.test] ?? [])
            guard phrasings.updateValue(phrasing, forKey: name) == nil else { throw fault("'[\(name)]' is given twice") }
        }
        var number = 0
        for line in text.components(separatedBy: "\n") {
            number += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                try finish(number)
                name = String(line.dropFirst().dropLast())
                set = nil
                sentences = [:]
            } else if line.last == ":", let heading = WordingSet(rawValue: String(line.dropLast())), name != nil {
                set = heading
            } else if let set {
                sentences[set, default: []].append(Wording(line))
            } else {
                throw TemperError(
                    .data, "a sentence comes before its heading", hint: "write '[name]', then 'train:' or 'test:'",
                    place: "\(place):\(number)")
            }
        }
        try finish(number)
        self.phrasings = phrasings
    }

    /// The wordings under a name that the code counts on.
    ///
    /// - Precondition: the file, which ships with the package, has the name.
    package subscript(_ name: String) -> Phrasing {
        guard let phrasing = phrasings[name] else { preconditionFailure("\(place) has no '[\(name)]'") }
        return phrasing
    }

    /// The entries of a table whose keys are free texts.
    package func table(_ name: String) -> [String: Phrasing] {
        let entries = phrasings.filter { $0.key.hasPrefix(name + "/") }.map { ($0.key.dropFirst(name.count + 1), $0.value) }
        precondition(!entries.isEmpty, "\(place) has no '[\(name)/…]'")
        return Dictionary(uniqueKeysWithValues: entries.map { (String($0), $1) })
    }

    /// The entries of a table whose keys are cases.
    ///
    /// - Precondition: every key is a case.
    package func table<Key: RawRepresentable<String> & Hashable>(_ name: String, of type: Key.Type = Key.self) -> [Key: Phrasing]
    {
        let entries = table(name).map { key, phrasing -> (Key, Phrasing) in
            guard let known = Key(rawValue: key) else { preconditionFailure("\(place): '\(key)' is no \(type)") }
            return (known, phrasing)
        }
        return Dictionary(uniqueKeysWithValues: entries)
    }
}
