import TemperCore

/// The facts of ALFRED's domain that have one argument.
struct HouseholdTraits: OptionSet, Sendable, Hashable {
    let rawValue: UInt32

    private static let names = [
        "openable", "opened", "isclean", "ishot", "iscool", "issliced", "istoggled", "ison", "cleanable", "heatable", "coolable",
        "sliceable", "toggleable", "pickupable", "moveable", "isreceptacleobject", "isreceptacleobjectfull", "checked",
        "examined", "holdsany", "holdsanyreceptacleobject", "full",
    ]

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// - Parameter predicate: its name in lower case.
    init?(predicate: String) {
        guard let bit = Self.names.firstIndex(of: predicate) else { return nil }
        rawValue = 1 << UInt32(bit)
    }

    private init(bit: UInt32) {
        rawValue = 1 << bit
    }

    static let openable = Self(bit: 0)
    static let opened = Self(bit: 1)
    static let isClean = Self(bit: 2)
    static let isHot = Self(bit: 3)
    static let isCool = Self(bit: 4)
    static let isSliced = Self(bit: 5)
    static let isToggled = Self(bit: 6)
    static let isOn = Self(bit: 7)
    static let cleanable = Self(bit: 8)
    static let heatable = Self(bit: 9)
    static let coolable = Self(bit: 10)
    static let sliceable = Self(bit: 11)
    static let toggleable = Self(bit: 12)
    static let pickupable = Self(bit: 13)
    static let isReceptacleObject = Self(bit: 15)
    static let checked = Self(bit: 17)
    static let holdsAny = Self(bit: 19)
}

/// What never changes in a room: names, types and places. Entities are numbered in order of their ids, the order of every list.
final class HouseholdMap: Sendable {
    /// The facts of a predicate with two arguments: by the first, in order, the second ones.
    typealias Pairs = [[Int]]

    let count: Int
    /// The number of each id, as in the problem.
    let numberOfID: [String: Int]
    let kinds: [HouseholdProblem.Kind]
    /// As a player sees them; empty where an entity occurs in no fact.
    let names: [String]
    /// Receptacles and objects by name.
    let numbers: [String: Int]
    let agent: Int
    /// Those that have a place.
    let receptacles: [Int]
    let receptaclesAt: [[Int]]
    let placesOf: [[Int]]
    /// What lies inside an object, such as a bowl.
    let inside: [[Int]]
    let fixed: [String: Pairs]
    /// The types of receptacles and objects.
    private let types: [[Int]]

    static let fixedPredicates = [
        "receptacleatlocation", "receptacletype", "objecttype", "cancontain", "inreceptacleobject", "wasinreceptacle",
    ]

    /// - Throws: ``TemperError`` with code `data` unless there is exactly one agent.
    init(_ problem: HouseholdProblem, named place: String) throws {
        let entities = problem.entities.sorted { $0.id < $1.id }
        let count = entities.count
        let index = Dictionary(entities.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let agents = entities.indices.filter { entities[$0].kind == .agent }
        guard agents.count == 1 else {
            throw TemperError(.data, "the problem has \(agents.count) agents, not one", place: place, boundary: .data)
        }
        self.count = count
        agent = agents[0]
        numberOfID = index
        kinds = entities.map(\.kind)

        let none = Pairs(repeating: [], count: count)
        var fixed = Self.fixedPredicates.map { _ in none }
        var isUsed = [Bool](repeating: false, count: count)
        var (placesOf, receptaclesAt, inside, types) = (none, none, none, none)
        for fact in problem.facts {
            let arguments = fact.arguments.compactMap { index[$0] }
            for argument in arguments { isUsed[argument] = true }
            guard let relation = Self.fixedPredicates.firstIndex(of: fact.predicate) else { continue }
            guard arguments.count == 2 else {
                throw TemperError(.data, "the fact '\(fact.predicate)' needs two arguments", place: place, boundary: .data)
            }
            let (first, second) = (arguments[0], arguments[1])
            fixed[relation][first].insertInOrder(second)
            switch fact.predicate {
            case "receptacleatlocation":
                placesOf[first].insertInOrder(second)
                receptaclesAt[second].insertInOrder(first)
            case "inreceptacleobject": inside[second].insertInOrder(first)
            case "receptacletype", "objecttype": types[first].insertInOrder(second)
            default: break
            }
        }
        self.fixed = Dictionary(uniqueKeysWithValues: zip(Self.fixedPredicates, fixed))
        self.placesOf = placesOf
        self.receptaclesAt = receptaclesAt
        self.inside = inside
        receptacles = entities.indices.filter { !placesOf[$0].isEmpty }
        self.types = types

        let named = entities.indices.filter { isUsed[$0] }
        var names = [String](repeating: "", count: count)
        for (entity, name) in zip(named, HouseholdNames.names(of: named.map { entities[$0].id })) { names[entity] = name }
        self.names = names
        let playable = named.filter { [.receptacle, .object].contains(entities[$0].kind) }
        numbers = Dictionary(playable.map { (names[$0], $0) }, uniquingKeysWith: { first, _ in first })
    }

    func isOfType(_ entity: Int, _ type: String) -> Bool { numberOfID[type].map(types[entity].contains) == true }

    func fits(_ object: Int, in receptacle: Int) -> Bool {
        guard let holds = fixed["cancontain"] else { return false }
        return types[receptacle].contains { type in types[object].contains { holds[type].contains($0) } }
    }
}

/// What changes in a room. Lists are in order of number.
struct HouseholdState: Sendable {
    var traits: [HouseholdTraits]
    /// Where the agent is.
    var place: Int
    /// The contents of each receptacle.
    var contents: [[Int]]
    /// Objects by location. An object's place is not always that of its receptacle.
    var objectsAt: [[Int]]
    /// Objects that were taken out of a receptacle and not put back, by receptacle: the grammar asks for these
    /// (`not_inreceptacle`).
    var takenFrom: [[Int]]
    var held: [Int] = []

    /// - Throws: ``TemperError`` with code `data` for a fact that is not of the domain, or an agent that is nowhere.
    init(_ problem: HouseholdProblem, _ map: HouseholdMap, named place: String) throws {
        traits = Array(repeating: [], count: map.count)
        contents = Array(repeating: [], count: map.count)
        objectsAt = contents
        takenFrom = contents
        var standing: Int?
        for fact in problem.facts where map.fixed[fact.predicate] == nil {
            let arguments = fact.arguments.compactMap { map.numberOfID[$0] }
            if let trait = HouseholdTraits(predicate: fact.predicate), arguments.count == 1 {
                traits[arguments[0]].insert(trait)
                continue
            }
            guard arguments.count == 2 else {
                throw TemperError(.data, "the domain has no fact '\(fact.predicate)'", place: place, boundary: .data)
            }
            switch fact.predicate {
            case "atlocation": standing = arguments[1]
            case "objectatlocation": objectsAt[arguments[1]].insertInOrder(arguments[0])
            case "inreceptacle": contents[arguments[1]].insertInOrder(arguments[0])
            case "holds": held.insertInOrder(arguments[1])
            default: throw TemperError(.data, "the domain has no fact '\(fact.predicate)'", place: place, boundary: .data)
            }
        }
        guard let standing else {
            throw TemperError(.data, "the problem does not say where the agent is", place: place, boundary: .data)
        }
        self.place = standing
    }
}

extension [Int] {
    /// Puts a number into an ascending list, once.
    mutating func insertInOrder(_ number: Int) {
        let position = firstIndex { $0 >= number } ?? endIndex
        if position == endIndex || self[position] != number { insert(number, at: position) }
    }

    mutating func removeNumber(_ number: Int) {
        if let position = firstIndex(of: number) { remove(at: position) }
    }
}
