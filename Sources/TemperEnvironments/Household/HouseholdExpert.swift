package import TemperCore

/// Solves household tasks with thoughts: it looks into one place after another in the order of the opening, takes what it needs
/// where it sees it, treats it and brings it where it belongs.
///
/// It knows no more than it was shown. What it writes depends on the task, the turns so far and the scene's seed alone.
package struct HouseholdExpert: Script {
    /// What the goal asks for.
    struct Errand: Sendable, Hashable {
        var kind: HouseholdKind
        /// Types, such as `mug`; the target is a receptacle's, or the lamp's for ``HouseholdKind/examine``.
        var object: String
        var target: String
        /// The receptacles in the order of the opening.
        var places: [String]
    }

    package let name = "expert"
    private let dialect: HouseholdDialect
    private let errand: @Sendable (AgentTask) throws -> Errand

    init(dialect: HouseholdDialect, errand: @escaping @Sendable (AgentTask) throws -> Errand) {
        self.dialect = dialect
        self.errand = errand
    }

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    package func reply(in scene: Scene) async throws -> String {
        let errand = try errand(scene.task)
        let random = RandomSource(seed: scene.seed, "household-expert", String(scene.turns.count))
        var plan = Plan(errand: errand, memory: HouseholdMemory(places: errand.places, turns: scene.turns), dialect: dialect)
        plan.isFirst = scene.turns.isEmpty
        let (remark, command) = plan.next()
        var thoughts = HouseholdThoughts(random: random)
        let thought = thoughts.say(remark, errand)
        return TurnText.write(thought: thought, action: Action("act", command), format: .household)
    }

    /// The next command and what is to be said about it.
    private struct Plan {
        let errand: Errand
        let memory: HouseholdMemory
        let dialect: HouseholdDialect
        var isFirst = false

        func next() -> (HouseholdRemark, String) {
            if let held = memory.held { return carry(held) }
            // What lies at the target already stays there.
            let target = errand.kind == .examine ? nil : memory.place(ofType: errand.target)
            let seen = memory.places.filter { $0 != target && thing(errand.object, at: $0) != nil }
            if let here = memory.here, seen.contains(here), let object = thing(errand.object, at: here) {
                return (.found(object), "take \(object) from \(here)")
            }
            let isSecond = target.map { thing(errand.object, at: $0) != nil } ?? false
            if let place = seen.first { return (isSecond ? .back(place) : .remembered(place), "go to \(place)") }
            return search(for: errand.object, isSecond: isSecond)
        }

        private func carry(_ held: String) -> (HouseholdRemark, String) {
            if HouseholdMemory.type(of: held) != errand.object { return putDown(held) }
            if let treatment = errand.kind.treatment, !memory.treated.contains(held) {
                guard let appliance = memory.place(ofType: treatment.appliance) else { return (.lost, "look") }
                if memory.here == appliance {
                    return (.treat(held, appliance), "\(treatment.rawValue) \(held) with \(appliance)")
                }
                return (.carryToAppliance(held, appliance), "go to \(appliance)")
            }
            if errand.kind == .examine {
                if let place = memory.places.first(where: { thing(errand.target, at: $0) != nil }),
                    let lamp = thing(errand.target, at: place)
                {
                    return memory.here == place
                        ? (.useLamp(held, lamp), "use \(lamp)") : (.carryToLamp(held, lamp, place), "go to \(place)")
                }
                return search(for: errand.target, isSecond: false)
            }
            guard let target = memory.place(ofType: errand.target) else { return (.lost, "look") }
            if memory.here != target {
                return (memory.treated.contains(held) ? .carryTreated(held, target) : .carry(held, target), "go to \(target)")
            }
            if memory.closed.contains(target) { return (.closed(target), "open \(target)") }
            return (.put(held, target), put(held, target))
        }

        private func search(for type: String, isSecond: Bool) -> (HouseholdRemark, String) {
            if let here = memory.here, memory.closed.contains(here), memory.contents[here] == nil {
                return (.closed(here), "open \(here)")
            }
            guard let next = memory.unseen.first(where: { $0 != memory.here }) else { return (.lost, "look") }
            let command = "go to \(next)"
            if isFirst { return (.plan(next), command) }
            if isSecond { return (.searchSecond(next), command) }
            let lamp = errand.kind == .examine ? memory.here.flatMap { thing(errand.target, at: $0) } : nil
            if let lamp, type == errand.object { return (.lampHere(lamp, next), command) }
            return (.goOn(type, next), command)
        }

        /// Something else is in hand: it goes down where one stands.
        private func putDown(_ held: String) -> (HouseholdRemark, String) {
            guard let here = memory.here else { return (.lost, "look") }
            return memory.closed.contains(here) ? (.closed(here), "open \(here)") : (.putDown(held, here), put(held, here))
        }

        private func put(_ object: String, _ place: String) -> String {
            dialect == .release03 ? "put \(object) in/on \(place)" : "move \(object) to \(place)"
        }

        private func thing(_ type: String, at place: String) -> String? {
            memory.contents[place]?.first { HouseholdMemory.type(of: $0) == type }
        }
    }
}

extension HouseholdCommand.Treatment {
    /// The type of receptacle it needs (`alfred.pddl`).
    var appliance: String {
        switch self {
        case .clean: "sinkbasin"
        case .heat: "microwave"
        case .cool: "fridge"
        }
    }
}
