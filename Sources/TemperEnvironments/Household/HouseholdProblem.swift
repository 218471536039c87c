import TemperCore

/// The room, the things in it and the goal of one household task: what a PDDL problem of ALFRED's domain says.
package struct HouseholdProblem: Sendable, Hashable {
    /// What the domain's types are.
    enum Kind: String, Sendable {
        case agent, location, receptacle, object
        case receptacleType = "rtype"
        case objectType = "otype"
    }

    struct Entity: Sendable, Hashable {
        /// An id in ALFRED's form, `cabinet_bar__minus_01_dot_50_bar_…`; the part before `_bar_` is what it is called.
        var id: String
        var kind: Kind
    }

    struct Fact: Sendable, Hashable {
        var predicate: String
        var arguments: [String]

        init(_ predicate: String, _ arguments: String...) {
            self.predicate = predicate
            self.arguments = arguments
        }

        init(_ predicate: String, arguments: [String]) {
            self.predicate = predicate
            self.arguments = arguments
        }
    }

    var entities: [Entity]
    /// What holds at the start.
    var facts: [Fact]
    var goal: PDDLExpression

    init(entities: [Entity], facts: [Fact], goal: PDDLExpression) {
        self.entities = entities
        self.facts = facts
        self.goal = goal
    }

    /// Reads a PDDL problem of the domain `alfred`. Costs and distances are left out: no rule depends on them.
    ///
    /// - Throws: ``TemperError`` with code `data` that names the place and what is wrong.
    package init(pddl: String, named place: String) throws {
        let definition = try PDDLExpression.parse(pddl, named: place)
        func fault(_ problem: String) -> TemperError { TemperError(.data, problem, place: place, boundary: .data) }
        let domain = definition.section(":domain")?.arguments.first?.name
        guard domain == "alfred" else { throw fault("the problem is of the domain '\(domain ?? "")', not of 'alfred'") }
        guard let goal = definition.section(":goal")?.arguments.first else { throw fault("the problem has no goal") }
        self.goal = goal
        entities = []
        facts = []
        var known: [String: Kind] = [:]
        for (name, type) in PDDLExpression.typedNames(definition.section(":objects")?.arguments ?? []) {
            guard let kind = Kind(rawValue: type) else { throw fault("'\(name)' is of the unknown type '\(type)'") }
            // ALFRED's generator may name the agent's place twice.
            if known[name] == nil { entities.append(Entity(id: name, kind: kind)) }
            guard known.updateValue(kind, forKey: name) ?? kind == kind else {
                throw fault("'\(name)' is declared with two types")
            }
        }
        for fact in definition.section(":init")?.arguments ?? [] where fact.head != "=" {
            let arguments = fact.arguments.compactMap(\.name)
            guard let predicate = fact.head, arguments.count == fact.arguments.count else {
                throw fault("a fact of the problem is not of the form (name argument …)")
            }
            if let odd = arguments.first(where: { known[$0] == nil }) {
                throw fault("'\(odd)' in '\(predicate)' is not declared")
            }
            facts.append(Fact(predicate, arguments: arguments))
        }
    }
}
