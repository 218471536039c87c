package import Foundation
import TemperCore

/// A game file of ALFWorld, `game.tw-pddl`: JSON with a PDDL problem and a grammar that holds the task's words.
package struct HouseholdGameFile: Sendable {
    private let pddl: String
    private let place: String
    /// `put a hot mug in desk`.
    package let goalText: String
    /// The release whose words the game's grammar has.
    package let dialect: HouseholdDialect
    /// A way to win, where the file has one.
    package let walkthrough: [String]?
    /// False when ALFWorld found no way to win.
    package let isSolvable: Bool

    /// - Throws: ``TemperError`` with code `data` that names the file.
    package init(_ data: Data, named place: String) throws {
        let game = try JSONValue.parse(data, named: place)
        func text(_ key: String) throws -> String {
            guard let text = game[key]?.string else {
                throw TemperError(.data, "the game has no text '\(key)'", place: place, boundary: .data)
            }
            return text
        }
        let grammar = try text("grammar")
        pddl = try text("pddl_problem")
        self.place = place
        dialect = HouseholdDialect(grammar: grammar)
        let mark = "Your task is to: "
        guard let start = grammar.range(of: mark),
            let end = grammar[start.upperBound...].firstIndex(where: { "\"\n".contains($0) })
        else { throw TemperError(.data, "the game's grammar has no '\(mark)'", place: place, boundary: .data) }
        let words = grammar[start.upperBound..<end].trimmingCharacters(in: .whitespaces)
        goalText = words.hasSuffix(".") ? String(words.dropLast()) : words
        walkthrough = game["walkthrough"]?.array?.compactMap(\.string)
        isSolvable = game["solvable"]?.bool ?? true
    }

    /// - Throws: ``TemperError`` with code `unavailable` when the file cannot be read, `data` when it is not a game.
    package init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TemperError(.unavailable, "the game file cannot be read", place: path, boundary: .data)
        }
        try self.init(data, named: path)
    }

    /// - Throws: ``TemperError`` with code `data` that names the file.
    package func problem() throws -> HouseholdProblem { try HouseholdProblem(pddl: pddl, named: place) }
}
