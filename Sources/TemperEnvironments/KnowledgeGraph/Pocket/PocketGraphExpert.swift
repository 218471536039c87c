import TemperCore
import TemperPocketText

/// Solves `pocket/knowledge-graph` with thoughts: it knows the calls of a solution and makes the next one that is not done yet.
///
/// What it writes depends on the task, the turns so far and the scene's seed alone.
struct PocketGraphExpert: Script {
    let name = "expert"

    /// - Throws: ``TemperError`` with code `data` for a task of another suite.
    func reply(in scene: Scene) async throws -> String {
        let solution = try GraphSolution(scene.task)
        let progress = GraphProgress(solution, turns: scene.turns)
        var random = RandomSource(seed: scene.seed, "pocket-graph-expert", String(scene.turns.count))
        var thought: [String] = []
        if let last = scene.turns.last, last.action != progress.done.last {
            thought.append(random.pick(PocketGraphThoughts.setback))
        }
        let action: Action
        if let next = progress.next {
            thought.append(self.thought(next.call, next.action, solution, progress, &random))
            action = next.action
        } else {
            let variable = "#\(progress.variables.last ?? 0)"
            thought.append(say(PocketGraphThoughts.finish, ["v": variable], &random))
            action = Action("answer", variable)
        }
        let text = TurnText.write(thought: thought.joined(separator: " "), action: action, format: .knowledgeGraph)
        return text
    }

    private func thought(
        _ call: GraphSolution.Call, _ action: Action, _ solution: GraphSolution, _ progress: GraphProgress,
        _ random: inout RandomSource
    ) -> String {
        let newest = progress.variables.last.map { "#\($0)" } ?? ""
        let start = action.argument.split(separator: ",").first.map(String.init) ?? action.argument
        var values: [Character: String] = ["v": newest, "e": start]
        if let index = solution.calls.firstIndex(of: call) {
            values["p"] = phrase(of: solution.calls[index...], from: name(of: call.arguments[0], solution, progress))
        }
        values["q"] = found(solution, progress)
        switch call.tool {
        case .relations:
            let list =
                call.arguments[0].hasPrefix("#")
                ? PocketGraphThoughts.onward : progress.done.isEmpty ? PocketGraphThoughts.start : PocketGraphThoughts.second
            return say(list, values, &random)
        case .neighbors:
            values["r"] = call.arguments[1]
            return say(PocketGraphThoughts.follow, values, &random)
        case .intersection, .union:
            let pair = call.arguments.map { name(of: $0, solution, progress) }
            return say(PocketGraphThoughts.intersect, ["v": pair[0], "w": pair[1]], &random)
        case .count: return say(PocketGraphThoughts.count, values, &random)
        case .attributes:
            let last = solution.calls[solution.calls.count - 1]
            values["s"] = superlative(last)
            return say(PocketGraphThoughts.attributes, values, &random)
        case .argmax, .argmin:
            let words = ["s": superlative(call), "m": call.tool == .argmax ? "greatest" : "least", "r": call.arguments[1]]
            return say(PocketGraphThoughts.extremum, words.reduce(into: [:]) { $0[Character($1.key)] = $1.value }, &random)
        }
    }

    private func superlative(_ call: GraphSolution.Call) -> String {
        if call.tool == .argmin { return "oldest" }
        return call.arguments[1] == "person.birth_year" ? "youngest" : "newest"
    }

    /// What the next relation of some calls leads to.
    private func phrase(of calls: ArraySlice<GraphSolution.Call>, from place: String) -> String {
        guard let next = calls.first(where: { $0.tool == .neighbors }) else { return "" }
        return PocketGraphRelation.byName[next.arguments[1]]?.phrase.filled(isSentence: false, ["x": place]) ?? next.arguments[1]
    }

    /// What the newest variable holds.
    private func found(_ solution: GraphSolution, _ progress: GraphProgress) -> String {
        let made = solution.calls.prefix(progress.done.count).last { $0.tool == .neighbors }
        return made.map { phrase(of: [$0][...], from: name(of: $0.arguments[0], solution, progress)) } ?? ""
    }

    /// An entity's name, or the episode's number of a variable.
    private func name(of argument: String, _ solution: GraphSolution, _ progress: GraphProgress) -> String {
        if argument.hasPrefix("#"), let index = Int(argument.dropFirst()), progress.variables.indices.contains(index) {
            return "#\(progress.variables[index])"
        }
        return solution.entities.first { $0.id == argument }?.name ?? argument
    }

    private func say(_ forms: [String], _ values: [Character: String], _ random: inout RandomSource) -> String {
        Wording(random.pick(forms)).filled(values)
    }

    /// A call that is carried out but leads nowhere, or one that cannot be carried out.
    static let wrongTurn: ImperfectExpert.Mistake = { scene, random in
        guard let solution = solution(scene) else { return nil }
        let progress = GraphProgress(solution, turns: scene.turns)
        guard let next = progress.next else { return nil }
        let listed =
            scene.turns.last?.observation.map { $0.hasPrefix("[") ? $0.dropFirst().dropLast().split(separator: ",") : [] } ?? []
        let others = listed.map { $0.trimmingPrefix(" ") }.filter {
            next.call.arguments.count < 2 || $0 != next.call.arguments[1]
        }
        let place = next.action.argument.split(separator: ",").first.map(String.init) ?? ""
        let action: Action
        if next.call.tool == .neighbors, !others.isEmpty {
            action = Action(next.action.name, "\(place), \(random.pick(others.map { String($0) }))")
        } else if let entity = solution.entities.last, next.call.tool == .relations, entity.name != place {
            action = Action(next.action.name, entity.name)
        } else {
            action = Action(GraphTool.neighbors.rawValue, "\(place), \(random.pick(PocketGraphRelation.all).name)")
        }
        return TurnText.write(thought: random.pick(guesses), action: action, format: .knowledgeGraph)
    }

    /// An answer too early; nil while there is no variable that is wrong.
    static let wrongEnding: ImperfectExpert.Mistake = { scene, random in
        guard let solution = solution(scene) else { return nil }
        let progress = GraphProgress(solution, turns: scene.turns)
        guard progress.next != nil, let variable = progress.variables.last else { return nil }
        let thought = Wording(random.pick(PocketGraphThoughts.finish)).filled(["v": "#\(variable)"])
        return TurnText.write(thought: thought, action: Action("answer", "#\(variable)"), format: .knowledgeGraph)
    }

    private static let guesses = [
        "I try this.", "Maybe this helps.", "This could lead to the answer.", "I look here first.", "Perhaps this is the way.",
        "I think this is what I need.", "This may be useful.", "I go this way.",
    ]

    /// Nil for a task of another form; the expert itself says so.
    private static func solution(_ scene: Scene) -> GraphSolution? {
        do { return try GraphSolution(scene.task) } catch { return nil }
    }
}
