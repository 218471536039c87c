import TemperCore

/// A goal of ALFRED's domain, ready to be tested against a state.
struct HouseholdGoal: Sendable {
    private enum Term: Sendable {
        case variable(Int)
        case entity(Int)
    }

    private enum Test: Sendable {
        case trait(HouseholdTraits, Term)
        case agentAt(Term, Term)
        case objectAt(Term, Term)
        case inReceptacle(Term, Term)
        case holds(Term, Term)
        case fixed(HouseholdMap.Pairs, Term, Term)
        case same(Term, Term)
    }

    private indirect enum Condition: Sendable {
        case test(Test)
        case all([Condition])
        case any([Condition])
        case not(Condition)
        case exists(variable: Int, among: [Int], Condition)
    }

    private let map: HouseholdMap
    private var variableCount = 0
    private var condition = Condition.all([])

    /// - Throws: ``TemperError`` with code `data` for a form or a fact that the domain does not have.
    init(_ expression: PDDLExpression, _ map: HouseholdMap, named place: String) throws {
        self.map = map
        condition = try compile(expression, [:], place)
    }

    func holds(in state: HouseholdState) -> Bool {
        var values = [Int](repeating: 0, count: variableCount)
        return evaluate(condition, state, &values)
    }

    private func evaluate(_ condition: Condition, _ state: HouseholdState, _ values: inout [Int]) -> Bool {
        switch condition {
        case .test(let test): return evaluate(test, state, values)
        case .not(let inner): return !evaluate(inner, state, &values)
        case .all(let parts):
            for part in parts where !evaluate(part, state, &values) { return false }
            return true
        case .any(let parts):
            for part in parts where evaluate(part, state, &values) { return true }
            return false
        case .exists(let variable, let candidates, let inner):
            for candidate in candidates {
                values[variable] = candidate
                if evaluate(inner, state, &values) { return true }
            }
            return false
        }
    }

    private func evaluate(_ test: Test, _ state: HouseholdState, _ values: [Int]) -> Bool {
        func value(_ term: Term) -> Int {
            switch term {
            case .variable(let index): values[index]
            case .entity(let number): number
            }
        }
        switch test {
        case .trait(let trait, let entity): return state.traits[value(entity)].contains(trait)
        case .agentAt(let agent, let place): return value(agent) == map.agent && state.place == value(place)
        case .objectAt(let object, let place): return state.objectsAt[value(place)].contains(value(object))
        case .inReceptacle(let object, let receptacle): return state.contents[value(receptacle)].contains(value(object))
        case .holds(let agent, let object): return value(agent) == map.agent && state.held.contains(value(object))
        case .fixed(let pairs, let first, let second): return pairs[value(first)].contains(value(second))
        case .same(let first, let second): return value(first) == value(second)
        }
    }

    private mutating func compile(_ expression: PDDLExpression, _ scope: [String: Int], _ place: String) throws -> Condition {
        func fault(_ problem: String) -> TemperError {
            TemperError(.data, problem, place: place, boundary: .data)
        }
        guard let list = expression.list else { throw fault("'\(expression.name ?? "")' in the goal is not a condition") }
        guard let head = expression.head else {
            guard list.isEmpty else { throw fault("a condition of the goal has no name") }
            return .all([])
        }
        switch head {
        case "and": return .all(try expression.arguments.map { try compile($0, scope, place) })
        case "or": return .any(try expression.arguments.map { try compile($0, scope, place) })
        case "not":
            guard list.count == 2 else { throw fault("'not' takes one condition") }
            return .not(try compile(list[1], scope, place))
        case "exists", "forall":
            guard list.count == 3, let variables = list[1].list else { throw fault("'\(head)' takes variables and a condition") }
            var inner = scope
            var bound: [(number: Int, kind: HouseholdProblem.Kind)] = []
            for (name, type) in PDDLExpression.typedNames(variables) {
                guard let kind = HouseholdProblem.Kind(rawValue: type) else {
                    throw fault("'\(name)' is of the unknown type '\(type)'")
                }
                inner[name] = variableCount
                bound.append((variableCount, kind))
                variableCount += 1
            }
            var body = try compile(list[2], inner, place)
            if head == "forall" { body = .not(body) }
            for (number, kind) in bound.reversed() {
                let needed = neededTests(of: number, in: body)
                let candidates = (0..<map.count).filter { entity in
                    map.kinds[entity] == kind && needed.allSatisfy { $0.0[entity].contains($0.1) }
                }
                body = .exists(variable: number, among: candidates, body)
            }
            return head == "forall" ? .not(body) : body
        default:
            let terms = try expression.arguments.map { argument -> Term in
                guard let name = argument.name else { throw fault("an argument of '\(head)' in the goal is not a name") }
                if let variable = scope[name] { return .variable(variable) }
                // A type that no entity of the room has need not be declared: no fact holds of it.
                guard let entity = map.numberOfID[name] else {
                    if name.hasPrefix("?") { throw fault("the variable '\(name)' of the goal is not bound") }
                    return .entity(-1)
                }
                return .entity(entity)
            }
            guard let test = test(head, terms) else { throw fault("the goal names the unknown fact '\(head)'") }
            let isVoid = terms.contains { if case .entity(-1) = $0 { true } else { false } }
            return isVoid ? .any([]) : .test(test)
        }
    }

    private func test(_ predicate: String, _ terms: [Term]) -> Test? {
        if terms.count == 1 { return HouseholdTraits(predicate: predicate).map { .trait($0, terms[0]) } }
        guard terms.count == 2 else { return nil }
        switch predicate {
        case "=": return .same(terms[0], terms[1])
        case "atlocation": return .agentAt(terms[0], terms[1])
        case "objectatlocation": return .objectAt(terms[0], terms[1])
        case "inreceptacle": return .inReceptacle(terms[0], terms[1])
        case "holds": return .holds(terms[0], terms[1])
        default: return map.fixed[predicate].map { .fixed($0, terms[0], terms[1]) }
        }
    }

    /// The types that a variable must have for a condition to hold: they leave few candidates to go through.
    private func neededTests(of variable: Int, in condition: Condition) -> [(HouseholdMap.Pairs, Int)] {
        switch condition {
        case .test(.fixed(let pairs, .variable(variable), .entity(let second))): return [(pairs, second)]
        case .all(let parts): return parts.flatMap { neededTests(of: variable, in: $0) }
        case .exists(_, _, let inner): return neededTests(of: variable, in: inner)
        default: return []
        }
    }
}
