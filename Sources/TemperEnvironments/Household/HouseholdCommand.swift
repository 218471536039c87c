import TemperCore

/// The words that changed between ALFWorld's releases.
package enum HouseholdDialect: String, Codable, Sendable, Hashable, ConfigurationChoice {
    /// Up to 0.3, the release of AgentBench and AgentTuning: `put mug 1 in/on desk 1`, "You arrive at loc 3."
    case release03 = "0.3"
    /// From 0.4: `move mug 1 to desk 1`, "You arrive at desk 1.", and a command `help`.
    case release04 = "0.4"

    /// The dialect of a grammar in TextWorld's `twl2` form.
    init(grammar: String) {
        self = grammar.contains("\"move {o} to {r}\"") ? .release04 : .release03
    }

    /// A text written in the words of 0.3 in this dialect, and a command of either.
    func rephrased(_ text: String) -> String {
        switch self {
        case .release03:
            text.replacing(#/\bmove (.+?) to (\w+ \w+)/#) { "put \($0.1) in/on \($0.2)" }
        case .release04:
            text.replacing(#/\bput the (.+?) in/on the /#) { "move the \($0.1) to the " }
                .replacing(#/\bput (.+?) in/on /#) { "move \($0.1) to " }
        }
    }
}

/// A command of ALFWorld's language, its arguments as numbers of entities.
enum HouseholdCommand: Sendable, Hashable {
    /// What an appliance does to the object in hand.
    enum Treatment: String, Sendable, CaseIterable {
        case clean, heat, cool
    }

    case look, inventory, help
    case goTo(Int)
    case open(Int)
    case close(Int)
    case take(object: Int, receptacle: Int)
    case put(object: Int, receptacle: Int)
    case use(Int)
    case treat(Treatment, object: Int, receptacle: Int)
    case slice(object: Int, knife: Int)
    case examineReceptacle(Int)
    case examineObject(Int)

    /// Reads a command; nil when it is none, or names what is not there. As in ALFWorld the words must be exact.
    init?(_ text: some StringProtocol, _ map: HouseholdMap, _ dialect: HouseholdDialect) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        /// The entity that two words name.
        func entity(_ first: Int) -> Int? {
            map.numbers[String(text[words[first].startIndex..<words[first + 1].endIndex])]
        }
        switch words.count {
        case 1:
            switch words[0] {
            case "look": self = .look
            case "inventory": self = .inventory
            case "help" where dialect == .release04: self = .help
            default: return nil
            }
        case 3:
            guard let it = entity(1) else { return nil }
            switch words[0] {
            case "open": self = .open(it)
            case "close": self = .close(it)
            case "use": self = .use(it)
            case "examine": self = map.kinds[it] == .object ? .examineObject(it) : .examineReceptacle(it)
            default: return nil
            }
        case 4:
            guard words[0] == "go", words[1] == "to", let receptacle = entity(2) else { return nil }
            self = .goTo(receptacle)
        case 6:
            guard let first = entity(1), let second = entity(4) else { return nil }
            switch (words[0], words[3], dialect) {
            case ("take", "from", _): self = .take(object: first, receptacle: second)
            case ("put", "in/on", .release03), ("move", "to", .release04): self = .put(object: first, receptacle: second)
            case ("slice", "with", _): self = .slice(object: first, knife: second)
            case (_, "with", _):
                guard let treatment = Treatment(rawValue: String(words[0])) else { return nil }
                self = .treat(treatment, object: first, receptacle: second)
            default: return nil
            }
        default: return nil
        }
    }

    func text(_ names: [String], _ dialect: HouseholdDialect) -> String {
        switch self {
        case .look: "look"
        case .inventory: "inventory"
        case .help: "help"
        case .goTo(let receptacle): "go to \(names[receptacle])"
        case .open(let receptacle): "open \(names[receptacle])"
        case .close(let receptacle): "close \(names[receptacle])"
        case .take(let object, let receptacle): "take \(names[object]) from \(names[receptacle])"
        case .put(let object, let receptacle):
            dialect == .release03
                ? "put \(names[object]) in/on \(names[receptacle])" : "move \(names[object]) to \(names[receptacle])"
        case .use(let object): "use \(names[object])"
        case .treat(let treatment, let object, let receptacle): "\(treatment.rawValue) \(names[object]) with \(names[receptacle])"
        case .slice(let object, let knife): "slice \(names[object]) with \(names[knife])"
        case .examineReceptacle(let it), .examineObject(let it): "examine \(names[it])"
        }
    }
}
