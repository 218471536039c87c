import TemperCore

/// How far a solution has been carried out, read from an episode's turns: nothing depends on their number, so turns between do not
/// matter.
struct GraphProgress {
    /// The calls of the solution as the policy writes them, names for ids and the episode's variables for the solution's own.
    private(set) var done: [Action] = []
    /// The next call, or nil when the last variable is the answer.
    private(set) var next: (call: GraphSolution.Call, action: Action)?
    /// The episode's number of each variable of the solution, in its order.
    private(set) var variables: [Int] = []

    init(_ solution: GraphSolution, turns: [Turn]) {
        for call in solution.calls {
            let arguments = call.arguments.map { argument -> String in
                if argument.hasPrefix("#"), let index = Int(argument.dropFirst()), variables.indices.contains(index) {
                    return "#\(variables[index])"
                }
                return solution.entities.first { $0.id == argument }?.name ?? argument
            }
            let action = Action(call.tool.rawValue, arguments.joined(separator: ", "))
            let results = turns.filter { $0.action == action && $0.diagnosis == nil }.compactMap(\.observation)
            let isListed = results.contains { $0.hasPrefix("[") }
            let stored = results.compactMap(Self.variable).first
            guard call.tool.makesVariable ? stored != nil : isListed else {
                next = (call, action)
                return
            }
            done.append(action)
            if let stored { variables.append(stored) }
        }
    }

    /// The number in `variable #3, which are instances of …`.
    private static func variable(_ observation: String) -> Int? {
        guard observation.hasPrefix("variable #") else { return nil }
        return Int(observation.dropFirst("variable #".count).prefix { $0.isNumber })
    }
}
