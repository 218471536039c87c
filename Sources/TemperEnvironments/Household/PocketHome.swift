import TemperCore
import TemperPocketText

/// A generated room with a task in it. It follows from its partition and number alone.
///
/// The room has six to eight receptacles of ALFRED's types. Only the names of the things differ between the partitions; how a
/// fridge or a drawer works is to be learned.
struct PocketHome: Sendable {
    let kind: HouseholdKind
    /// The type of the object, such as `teacup`.
    let object: String
    /// The type of the receptacle it belongs in, or of the lamp.
    let target: String
    let goalText: String
    private let draft: Draft

    private static let open = [
        "shelf", "countertop", "diningtable", "coffeetable", "sidetable", "desk", "dresser", "bed", "sofa", "armchair",
        "garbagecan",
    ]
    private static let closable = ["cabinet", "drawer", "safe"]
    private static let appliances = ["fridge", "microwave", "sinkbasin"]
    private static let lamps = ["desklamp", "floorlamp"]
    /// Chances that what is looked for lies in the first, second, … place of the opening.
    private static let depths = [0.45, 0.3, 0.15, 0.1]

    /// - Parameter number: rooms of one partition differ by it; every sixth is of the same kind.
    init(partition: WorldPartition, wording: WordingSet, number: Int) {
        var random = RandomSource(seed: 0, "pocket-home", partition.rawValue, String(number))
        let kind = HouseholdKind.allCases[number % HouseholdKind.allCases.count]
        self.kind = kind
        let lamp = random.pick(Self.lamps)

        // The target is the only one of its type, so that the goal names one place.
        var types = [random.chance(0.75) ? random.pick(Self.open) : random.pick(Self.closable)]
        if let treatment = kind.treatment { types.append(treatment.appliance) }
        let size = 6 + random.index(below: 3)
        while types.count < size {
            let group = random.unit()
            let type = random.pick(group < 0.6 ? Self.open : group < 0.85 ? Self.closable : Self.appliances)
            let limit = type == types[0] || Self.appliances.contains(type) ? 1 : 2
            if types.count(where: { $0 == type }) < limit { types.append(type) }
        }
        let destination = types[0]
        var draft = Draft(types: types, random: random)
        let goalPlace = draft.receptacles.firstIndex { $0.type == destination } ?? 0

        let nouns = PocketHomeNouns.all(partition)
        let object = draft.random.pick(nouns)
        self.object = object
        let candidates = Array(draft.receptacles.indices.filter { kind == .examine || $0 != goalPlace }.prefix(Self.depths.count))
        let first = draft.pick(candidates, Self.depths)
        draft.add(object, in: first)
        if kind == .placeTwo {
            draft.add(object, in: draft.random.chance(0.5) ? first : draft.pick(candidates, Self.depths))
        } else if draft.random.chance(0.2) {
            draft.add(object, in: draft.pick(candidates, Self.depths))
        }
        if kind == .examine {
            let surfaces = draft.receptacles.indices.filter { !draft.receptacles[$0].isOpenable }
            draft.add(lamp, in: draft.pick(surfaces, Self.depths))
        }
        for receptacle in draft.receptacles.indices {
            for _ in 0..<draft.random.pick([0, 0, 1, 1, 1, 2]) where draft.contents[receptacle].count < 3 {
                let noun = draft.random.pick(nouns)
                if noun != object { draft.add(noun, in: receptacle) }
            }
        }
        target = kind == .examine ? lamp : destination
        goalText = HouseholdWordings.goal(kind, object: object, target: target, wording, &draft.random)
        self.draft = draft
    }

    /// The receptacles in the order of the opening.
    var places: [String] { draft.names }

    func problem() throws -> HouseholdProblem {
        let goal = try PDDLExpression.parse(kind.goal(object: object, target: target), named: PocketHouseholdSuite.identifier)
        return draft.problem(goal: goal, lamps: Self.lamps)
    }

    /// A home while it is furnished.
    private struct Draft: Sendable {
        struct Receptacle: Sendable {
            var id: String
            var type: String
            var isOpenable: Bool
        }

        /// The receptacles in order of id, the order of the opening.
        let receptacles: [Receptacle]
        var contents: [[(id: String, type: String)]]
        var random: RandomSource
        private var objectIDs: Set<String> = []

        init(types: [String], random: RandomSource) {
            self.random = random
            // Numbered ids: which of two drawers comes first says nothing about what lies in it.
            receptacles = types.enumerated().map { number, type in
                Receptacle(
                    id: type == "sinkbasin" ? "sink_bar_\(number)_bar_sinkbasin" : "\(type)_bar_\(number)", type: type,
                    isOpenable: PocketHome.closable.contains(type) || ["fridge", "microwave"].contains(type))
            }.sorted { $0.id < $1.id }
            contents = Array(repeating: [], count: receptacles.count)
        }

        /// As the player sees them.
        var names: [String] { HouseholdNames.names(of: receptacles.map(\.id)) }

        /// One of the first candidates, by their chances.
        mutating func pick(_ candidates: [Int], _ chances: [Double]) -> Int {
            let likely = zip(candidates, chances)
            var left = random.unit() * likely.reduce(0) { $0 + $1.1 }
            for (candidate, chance) in likely {
                left -= chance
                if left < 0 { return candidate }
            }
            return candidates[0]
        }

        mutating func add(_ type: String, in receptacle: Int) {
            var id = ""
            repeat { id = "\(type)_bar_\(random.index(below: 90) + 10)" } while !objectIDs.insert(id).inserted
            contents[receptacle].append((id, type))
        }

        func problem(goal: PDDLExpression, lamps: [String]) -> HouseholdProblem {
            var entities = [HouseholdProblem.Entity(id: "agent1", kind: .agent), .init(id: "loc_bar_start", kind: .location)]
            var facts = [HouseholdProblem.Fact("atlocation", "agent1", "loc_bar_start")]
            let types = Set(contents.flatMap { $0.map(\.type) })
            for type in Set(receptacles.map(\.type)) {
                entities.append(.init(id: type + "type", kind: .receptacleType))
                facts += types.filter { !lamps.contains($0) }.map { .init("cancontain", type + "type", $0 + "type") }
            }
            entities += types.map { .init(id: $0 + "type", kind: .objectType) }
            for (number, (receptacle, things)) in zip(receptacles, contents).enumerated() {
                let place = "loc_bar_\(number)"
                entities += [.init(id: receptacle.id, kind: .receptacle), .init(id: place, kind: .location)]
                facts += [
                    .init("receptacletype", receptacle.id, receptacle.type + "type"),
                    .init("receptacleatlocation", receptacle.id, place),
                ]
                if receptacle.isOpenable { facts.append(.init("openable", receptacle.id)) }
                for (id, type) in things {
                    entities.append(.init(id: id, kind: .object))
                    facts += [
                        .init("objecttype", id, type + "type"), .init("inreceptacle", id, receptacle.id),
                        .init("objectatlocation", id, place),
                    ]
                    let traits = lamps.contains(type) ? ["toggleable"] : ["pickupable", "cleanable", "heatable", "coolable"]
                    facts += traits.map { .init($0, id) }
                }
            }
            return HouseholdProblem(entities: entities, facts: facts, goal: goal)
        }
    }
}
