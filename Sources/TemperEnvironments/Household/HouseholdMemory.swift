import Foundation
import TemperCore

/// What a player knows of a room from what it was shown: the places of the opening, and the turns so far.
struct HouseholdMemory {
    /// The places in the order of the opening.
    let places: [String]
    private(set) var here: String?
    /// What was last seen in each place that was looked into.
    private(set) var contents: [String: [String]] = [:]
    /// Places last seen closed.
    private(set) var closed: Set<String> = []
    private(set) var held: String?
    /// Objects that were cleaned, heated or cooled.
    private(set) var treated: Set<String> = []

    init(places: [String], turns: [Turn]) {
        self.places = places
        for turn in turns {
            if let action = turn.action, let observation = turn.observation { note(action.argument, observation) }
        }
    }

    /// The places that were not looked into yet.
    var unseen: [String] { places.filter { contents[$0] == nil } }

    /// The first place of a type, such as `fridge`.
    func place(ofType type: String) -> String? { places.first { Self.type(of: $0) == type } }

    /// `mug` of `mug 2`.
    static func type(of name: String) -> String { String(name.prefix { $0 != " " }) }

    /// The things of a list such as `a mug 1, and a pen 2`.
    static func things(in list: some StringProtocol) -> [String] {
        if list == "nothing" { return [] }
        return String(list).replacing(", and ", with: ", ").components(separatedBy: ", ").map { String($0.dropFirst(2)) }
    }

    private mutating func note(_ command: String, _ observation: String) {
        if observation == HouseholdEnvironment.nothing { return }
        let words = command.split(separator: " ").map(String.init)
        if words.starts(with: ["go", "to"]) { here = words.dropFirst(2).joined(separator: " ") }
        if words.count == 6 {
            let (object, place) = ("\(words[1]) \(words[2])", "\(words[4]) \(words[5])")
            switch words[0] {
            case "take":
                held = object
                contents[place]?.removeAll { $0 == object }
            case "put", "move":
                held = nil
                contents[place]?.append(object)
            case "clean", "heat", "cool": treated.insert(object)
            default: break
            }
        }
        if words.first == "close" { closed.insert(words.dropFirst().joined(separator: " ")) }
        if ["go", "open", "examine"].contains(words.first), let here { look(observation, here) }
    }

    private mutating func look(_ observation: String, _ place: String) {
        if observation.contains("The \(place) is closed.") { closed.insert(place) }
        guard
            let range = observation.range(of: "\(place), you see ") ?? observation.range(of: "\(place) is open. In it, you see "),
            observation.hasSuffix(".")
        else { return }
        closed.remove(place)
        contents[place] = Self.things(in: observation[range.upperBound...].dropLast())
    }
}
