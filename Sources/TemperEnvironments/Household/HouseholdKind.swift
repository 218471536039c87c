/// The six task types of ALFWorld.
package enum HouseholdKind: String, Sendable, Hashable, CaseIterable {
    case place = "pick_and_place"
    case examine = "look_at_obj_in_light"
    case clean = "pick_clean_then_place"
    case heat = "pick_heat_then_place"
    case cool = "pick_cool_then_place"
    case placeTwo = "pick_two_obj"

    /// What must be done to the object before it is put down.
    var treatment: HouseholdCommand.Treatment? {
        switch self {
        case .clean: .clean
        case .heat: .heat
        case .cool: .cool
        case .place, .examine, .placeTwo: nil
        }
    }

    /// The type of a goal in ALFRED's form, from the facts it asks for; nil for other goals, such as with slices or bowls.
    init?(goal: PDDLExpression) {
        let predicates = goal.predicates
        guard predicates.isDisjoint(with: ["issliced", "inreceptacleobject"]) else { return nil }
        if predicates.contains("istoggled") {
            self = .examine
        } else if predicates.contains("isclean") {
            self = .clean
        } else if predicates.contains("ishot") {
            self = .heat
        } else if predicates.contains("iscool") {
            self = .cool
        } else if predicates.contains("inreceptacle") {
            self = predicates.contains("=") ? .placeTwo : .place
        } else {
            return nil
        }
    }

    /// A goal of this type in PDDL.
    ///
    /// - Parameters:
    ///   - object: the type of the object, such as `mug`.
    ///   - target: the type of the receptacle, or of the lamp for ``examine``.
    func goal(object: String, target: String) -> String {
        let placed = "(objectType ?o \(object)Type) (receptacleType ?r \(target)Type) (inReceptacle ?o ?r)"
        func exists(_ conditions: String) -> String { "(exists (?o - object ?r - receptacle) (and \(placed) \(conditions)))" }
        switch self {
        case .place: return exists("")
        case .clean: return exists("(isClean ?o)")
        case .heat: return exists("(isHot ?o)")
        case .cool: return exists("(isCool ?o)")
        case .placeTwo:
            return exists("(exists (?p - object) (and (objectType ?p \(object)Type) (not (= ?o ?p)) (inReceptacle ?p ?r)))")
        case .examine:
            let lamp = "(exists (?t - object ?r - receptacle ?l - location) (and (objectType ?t \(target)Type) (isToggled ?t)"
            let here = "(receptacleAtLocation ?r ?l) (atLocation agent1 ?l) (inReceptacle ?t ?r)))"
            return "(and \(lamp) \(here) (exists (?o - object) (and (objectType ?o \(object)Type) (holds agent1 ?o))))"
        }
    }
}

extension PDDLExpression {
    /// The first names of all lists within.
    fileprivate var predicates: Set<String> {
        guard let list else { return [] }
        return Set(list.flatMap(\.predicates) + (head.map { [$0] } ?? []))
    }
}
