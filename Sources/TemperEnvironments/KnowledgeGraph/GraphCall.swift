import Foundation
import TemperDatabases

/// AgentBench's tools. Its instruction names seven; `union` is in its code.
enum GraphTool: String, Sendable, CaseIterable {
    case relations = "get_relations"
    case neighbors = "get_neighbors"
    case intersection, union
    case attributes = "get_attributes"
    case argmax, argmin, count

    var arity: Int {
        switch self {
        case .relations, .attributes, .count: 1
        case .neighbors, .intersection, .union, .argmax, .argmin: 2
        }
    }

    /// Whether it stores a variable.
    var makesVariable: Bool { self != .relations && self != .attributes }
}

/// What a tool starts from: an entity by its id, or a variable by its number.
enum GraphPlace: Hashable {
    case entity(String)
    case variable(Int)

    var isVariable: Bool { if case .variable = self { true } else { false } }

    /// Reads `#2`, `variable #2`, the name of an entity of the question, or a Freebase id.
    ///
    /// - Parameters:
    ///   - known: the entities of the question.
    ///   - variables: how many there are.
    init?(_ argument: some StringProtocol, known: [GraphEntity], variables: Int) {
        var text = argument.trimmingCharacters(in: .whitespaces)
        // An entity may be called "variable stars".
        for word in ["variable #", "Variable #"] where text.hasPrefix(word) { text = "#" + text.dropFirst(word.count) }
        if text.hasPrefix("#") {
            guard let number = Int(text.dropFirst()), (0..<variables).contains(number) else { return nil }
            self = .variable(number)
        } else if let entity = known.first(where: { $0.name == text || $0.id == text }) {
            self = .entity(entity.id)
        } else if GraphExpression.isEntity(text) {
            self = .entity(text)
        } else {
            return nil
        }
    }
}

/// A call of a tool with arguments that exist.
enum GraphCall: Hashable {
    case list(GraphPropertyKind, GraphPlace)
    case neighbors(GraphPlace, relation: String)
    case combine(Int, Int, isUnion: Bool)
    case extremum(Int, attribute: String, isMaximum: Bool)
    case count(Int)

    /// - Returns: nil when the number of arguments is wrong or one of them does not exist.
    init?(_ tool: GraphTool, _ argument: String, known: [GraphEntity], variables: Int) {
        func place(_ text: some StringProtocol) -> GraphPlace? { GraphPlace(text, known: known, variables: variables) }
        func variable(_ text: some StringProtocol) -> Int? { if case .variable(let index)? = place(text) { index } else { nil } }
        // Names of entities may hold commas; the second argument never does.
        var parts: [Substring] = [argument[...]]
        if tool.arity == 2 {
            guard let comma = argument.lastIndex(of: ",") else { return nil }
            parts = [argument[..<comma], argument[argument.index(after: comma)...]]
        }
        let second = parts[parts.count - 1].trimmingCharacters(in: .whitespaces)
        switch tool {
        case .relations, .attributes:
            guard let place = place(parts[0]) else { return nil }
            self = .list(tool == .relations ? .relation : .attribute, place)
        case .neighbors:
            guard let place = place(parts[0]) else { return nil }
            self = .neighbors(place, relation: second)
        case .intersection, .union:
            guard let left = variable(parts[0]), let right = variable(parts[1]) else { return nil }
            self = .combine(left, right, isUnion: tool == .union)
        case .argmax, .argmin:
            guard let index = variable(parts[0]) else { return nil }
            self = .extremum(index, attribute: second, isMaximum: tool == .argmax)
        case .count:
            guard let index = variable(parts[0]) else { return nil }
            self = .count(index)
        }
    }
}
