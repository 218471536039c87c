import TemperCore
import TemperDatabases

/// An entity that a question names, and what it is called in the graph.
struct GraphEntity: Sendable, Hashable {
    var name: String
    var id: String

    init(name: String, id: String) {
        self.name = name
        self.id = id
    }
}

/// Answers a question by walking a graph: `get_relations[Kerosene]`, `get_neighbors[#0, automotive.fuel.engines]` …, `answer[#3]`.
///
/// The tools, their conditions and their words are AgentBench's (Liu et al. 2023): a tool that finds something stores a variable
/// `#n` and shows its type alone; a relation must have been listed for a set before it is followed.
struct KnowledgeGraphEnvironment: Environment {
    /// Freebase's type of everything, for relations whose range is not known.
    static let anyType = "type.object"
    /// Relations shown at once; a list of the benchmark's vocabulary stays far below.
    static let maximumListed = 500

    struct Variable: Sendable, Hashable {
        var expression: GraphExpression
        var type: String
        var isNumber: Bool { if case .count = expression { true } else { false } }
    }

    let entities: [GraphEntity]
    let gold: Set<String>
    private(set) var answer: String?
    private let source: any GraphSource
    private let ontology: GraphOntology?
    private let limits: GraphLimits
    private var variables: [Variable] = []
    private var relations: [GraphExpression: [String]] = [:]
    private var attributes: [GraphExpression: [String]] = [:]

    init(
        entities: [GraphEntity], gold: Set<String>, source: any GraphSource, ontology: GraphOntology? = nil,
        limits: GraphLimits = GraphLimits()
    ) {
        self.entities = entities
        self.gold = gold
        self.source = source
        self.ontology = ontology
        self.limits = limits
    }

    mutating func reset() async throws -> String? {
        answer = nil
        variables = []
        relations = [:]
        attributes = [:]
        return nil
    }

    mutating func step(_ action: Action) async throws -> StepResult {
        guard answer == nil else { return StepResult("The question is already answered.", isDone: true, isValid: false) }
        do {
            if action.name == "answer" { return try await finish(action.argument) }
            guard let tool = GraphTool(rawValue: action.name) else {
                let problem = "I may make a syntax error when calling \(action.name.prefix(60)) (e.g., unmatched parenthesis)."
                return StepResult(problem + " I need to fix it and reuse the tool", isValid: false)
            }
            guard let call = GraphCall(tool, action.argument, known: entities, variables: variables.count) else {
                return refused(action)
            }
            return try await carryOut(call) ?? refused(action)
        } catch let refusal as GraphRefusal {
            return StepResult(refused(action).observation + " " + refusal.reason, isValid: false)
        }
    }

    /// - Returns: nil when the call's condition is not met.
    private mutating func carryOut(_ call: GraphCall) async throws -> StepResult? {
        switch call {
        case .list(let kind, let place):
            guard let set = set(place), kind == .relation || place.isVariable else { return nil }
            let listed = try await source.properties(of: set, kind).filter { ontology?.isListed($0, kind) ?? true }
            let shown = Array(listed.prefix(Self.maximumListed))
            if kind == .relation { relations[set] = shown } else { attributes[set] = shown }
            return StepResult("[\(shown.joined(separator: ", "))]")
        case .neighbors(let place, let relation):
            guard let set = set(place), relations[set]?.contains(relation) == true else { return nil }
            let graphRange = if let known = ontology?.range(of: relation) { known } else { try await source.range(of: relation) }
            return try store(.join(relation, forward: true, set), type: graphRange ?? Self.anyType)
        case .combine(let left, let right, let isUnion):
            let (left, right) = (variables[left], variables[right])
            guard left.type == right.type, !left.isNumber else { return nil }
            let (first, second) = (left.expression, right.expression)
            return try store(isUnion ? .or(first, second) : .and(first, second), type: left.type)
        case .extremum(let index, let attribute, let isMaximum):
            let variable = variables[index]
            guard attributes[variable.expression]?.contains(attribute) == true else { return nil }
            return try store(
                .extremum(variable.expression, attribute: attribute, isMaximum: isMaximum), type: variable.type)
        case .count(let index):
            guard !variables[index].isNumber else { return nil }
            return try store(.count(variables[index].expression), type: "type.int")
        }
    }

    private mutating func store(_ expression: GraphExpression, type: String) throws -> StepResult {
        try limits.check(expression)
        let variable = Variable(expression: expression, type: type)
        variables.append(variable)
        let what = variable.isNumber ? "which is a number" : "which are instances of \(type)"
        return StepResult("variable #\(variables.count - 1), \(what)")
    }

    private mutating func finish(_ argument: String) async throws -> StepResult {
        guard case .variable(let index)? = GraphPlace(argument, known: [], variables: variables.count) else {
            return StepResult("Invalid variable id! Need to recheck the action.", isValid: false)
        }
        answer = try GraphScore.text(try await source.answers(to: variables[index].expression))
        return StepResult("Episode finished.", isDone: true)
    }

    /// A set to list or to follow; nil for a number.
    private func set(_ place: GraphPlace) -> GraphExpression? {
        switch place {
        case .entity(let id): .entity(id)
        case .variable(let index): variables[index].isNumber ? nil : variables[index].expression
        }
    }

    private func refused(_ action: Action) -> StepResult {
        let call = "\(action.name)(\(action.argument.prefix(200)))"
        let hint =
            action.name == GraphTool.intersection.rawValue
            ? "The two variables are not of the same type. You may further explore them by call get_relations"
            : "You may make a mistake and need to fix it."
        return StepResult("\(call) cannot be executed. \(hint)", isValid: false)
    }

    mutating func score() async throws -> Score { GraphScore.score(GraphScore.answers(answer), gold: gold) }

    /// Every call whose condition is met, but for lists already shown and unions, which the benchmark's instruction does not name.
    var admissibleActions: [Action]? {
        var actions: [Action] = []
        func add(_ tool: GraphTool, _ arguments: String...) {
            actions.append(Action(tool.rawValue, arguments.joined(separator: ", ")))
        }
        let places = entities.map { ($0.name, GraphExpression.entity($0.id)) }
        let sets = variables.enumerated().filter { !$0.element.isNumber }.map { ("#\($0.offset)", $0.element.expression) }
        for (name, expression) in places + sets {
            if let listed = relations[expression] {
                for relation in listed { add(.neighbors, name, relation) }
            } else {
                add(.relations, name)
            }
        }
        for (index, (name, expression)) in sets.enumerated() {
            if let listed = attributes[expression] {
                for attribute in listed {
                    add(.argmax, name, attribute)
                    add(.argmin, name, attribute)
                }
            } else {
                add(.attributes, name)
            }
            add(.count, name)
            let type = variables.first { $0.expression == expression }?.type
            for (other, otherExpression) in sets.dropFirst(index + 1)
            where variables.contains(where: { $0.expression == otherExpression && $0.type == type }) {
                add(.intersection, name, other)
            }
        }
        return actions + variables.indices.map { Action("answer", "#\($0)") }
    }
}
