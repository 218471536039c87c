import Foundation
import TemperCore
import Testing

@testable import TemperDatabases
@testable import TemperEnvironments

@Suite struct KnowledgeGraphEnvironmentTests {
    static let entities = [GraphEntity(name: "Kerosene", id: "m.0k"), GraphEntity(name: "Alas, Babylon", id: "m.0b")]

    static func store() throws -> TripleStore {
        try TripleStore([
            GraphTriple("m.0k", "fuel.engines", .entity("m.01")), GraphTriple("m.0k", "fuel.engines", .entity("m.02")),
            GraphTriple("m.0b", "cycle.engines", .entity("m.02")), GraphTriple("m.0b", "cycle.makers", .entity("m.0c")),
            GraphTriple("m.01", "engine.year", .value("1960", type: "integer")),
            GraphTriple("m.02", "engine.year", .value("1970", type: "integer")),
            GraphTriple("fuel.engines", FreebaseName.range, .entity("rocket.engine")),
            GraphTriple("cycle.engines", FreebaseName.range, .entity("rocket.engine")),
            GraphTriple("m.01", "engine.maker", .entity("m.0c")),
        ])
    }

    static func environment(_ gold: Set<String> = ["m.02"]) throws -> KnowledgeGraphEnvironment {
        KnowledgeGraphEnvironment(entities: entities, gold: gold, source: try store())
    }

    func walk(_ calls: [(String, String)], in environment: inout KnowledgeGraphEnvironment) async throws -> [StepResult] {
        _ = try await environment.reset()
        var results: [StepResult] = []
        for (name, argument) in calls { results.append(try await environment.step(Action(name, argument))) }
        return results
    }

    @Test("The tools answer in the benchmark's words")
    func tools() async throws {
        var environment = try Self.environment()
        let results = try await walk(
            [
                ("get_relations", "Kerosene"), ("get_neighbors", "Kerosene, fuel.engines"), ("get_relations", "Alas, Babylon"),
                ("get_neighbors", "Alas, Babylon, cycle.engines"), ("intersection", "#0, #1"), ("get_attributes", "variable #0"),
                ("argmax", "#0, engine.year"), ("union", "#0,#1"), ("count", "#0"), ("answer", "#2"),
            ], in: &environment)
        #expect(
            results.map(\.observation) == [
                "[fuel.engines]", "variable #0, which are instances of rocket.engine", "[cycle.engines, cycle.makers]",
                "variable #1, which are instances of rocket.engine", "variable #2, which are instances of rocket.engine",
                "[engine.year]", "variable #3, which are instances of rocket.engine",
                "variable #4, which are instances of rocket.engine", "variable #5, which is a number", "Episode finished.",
            ])
        #expect(results.allSatisfy(\.isValid) && results[9].isDone)
        #expect(environment.answer == #"["m.02"]"#)
        #expect(try await environment.score() == Score(reward: 1, metrics: ["f1": 1, "exact_match": 1, "executability": 1]))
        #expect(try await environment.step(Action("count", "#0")).isValid == false)
    }

    @Test("Answers score by F1 of the sets", arguments: [("#0", 2.0 / 3, 0.0), ("#1", 1, 1), ("#2", 0, 0)])
    func scores(answer: String, f1: Double, exact: Double) async throws {
        var environment = try Self.environment()
        _ = try await walk(
            [
                ("get_relations", "m.0k"), ("get_neighbors", "m.0k, fuel.engines"), ("get_relations", "m.0b"),
                ("get_neighbors", "m.0b, cycle.engines"), ("get_neighbors", "m.0b, cycle.makers"), ("answer", answer),
            ], in: &environment)
        let score = try await environment.score()
        #expect(abs(score.reward - f1) < 1e-12 && score.metrics["exact_match"] == exact && score.metrics["executability"] == 1)
    }

    @Test("An unfinished episode and an empty answer score 0")
    func unfinished() async throws {
        var environment = try Self.environment()
        #expect(try await environment.score() == Score(reward: 0, metrics: ["f1": 0, "exact_match": 0, "executability": 0]))
        #expect(GraphScore.score([], gold: ["m.01"]).metrics["executability"] == 0)
        #expect(GraphScore.answers(#"["a","b"]"#) == ["a", "b"] && GraphScore.answers("m.01") == ["m.01"])
        #expect(GraphScore.answers(nil).isEmpty && GraphScore.answers("").isEmpty)
    }

    @Test(
        "What cannot be done is an observation, and the world goes on",
        arguments: [
            ("get_relations", "Nobody"), ("get_relations", ""), ("get_relations", "#7"), ("get_relations", "#-1"),
            ("get_relations", "#99999999999999999999"), ("get_relations", "#1"), ("get_neighbors", "Kerosene"),
            ("get_neighbors", "Kerosene, fuel.maker"), ("get_neighbors", "Alas, Babylon, cycle.engines"),
            ("get_neighbors", "#0, engine.maker"), ("get_attributes", "Kerosene"), ("argmax", "#0, engine.year"),
            ("argmin", "Kerosene, engine.year"), ("count", "Kerosene"), ("count", "#1"), ("union", "#0, Kerosene"),
        ])
    func bad(name: String, argument: String) async throws {
        var environment = try Self.environment()
        _ = try await walk(
            [("get_relations", "Kerosene"), ("get_neighbors", "Kerosene, fuel.engines"), ("count", "#0")], in: &environment)
        let result = try await environment.step(Action(name, argument))
        #expect(
            result
                == StepResult(
                    "\(name)(\(argument)) cannot be executed. You may make a mistake and need to fix it.", isValid: false))
        #expect(try await environment.step(Action("count", "#0")).observation == "variable #2, which is a number")
    }

    @Test("Sets of two types do not meet; tools and variables that do not exist are named")
    func words() async throws {
        var environment = try Self.environment()
        _ = try await walk(
            [("get_relations", "m.0b"), ("get_neighbors", "m.0b, cycle.engines"), ("get_neighbors", "m.0b, cycle.makers")],
            in: &environment)
        #expect(
            try await environment.step(Action("intersection", "#0, #1")).observation
                == "intersection(#0, #1) cannot be executed. The two variables are not of the same type. "
                + "You may further explore them by call get_relations")
        #expect(
            try await environment.step(Action("fly", "#0"))
                == StepResult(
                    "I may make a syntax error when calling fly (e.g., unmatched parenthesis). I need to fix it and reuse the tool",
                    isValid: false))
        for variable in ["#2", "#x", "m.02", ""] {
            #expect(
                try await environment.step(Action("answer", variable))
                    == StepResult("Invalid variable id! Need to recheck the action.", isValid: false))
        }
        #expect(environment.answer == nil)
    }

    @Test("Variables that double in size at each turn are refused before they are large")
    func explosion() async throws {
        var environment = try Self.environment()
        _ = try await walk([("get_relations", "Kerosene"), ("get_neighbors", "Kerosene, fuel.engines")], in: &environment)
        var results: [StepResult] = []
        for index in 0..<10 { results.append(try await environment.step(Action("intersection", "#\(index), #\(index)"))) }
        #expect(results.filter(\.isValid).count == 4)
        let refused = try #require(results.first { !$0.isValid })
        #expect(refused.observation.hasSuffix("The variable is built from more than 64 parts."))
    }

    @Test("Every action that is listed can be carried out, and nothing else than that is left to do")
    func admissible() async throws {
        var random = RandomSource(seed: 5)
        for _ in 0..<40 {
            var environment = try Self.environment()
            _ = try await environment.reset()
            #expect(
                environment.admissibleActions == [Action("get_relations", "Kerosene"), Action("get_relations", "Alas, Babylon")])
            for _ in 0..<12 {
                let action = random.pick(try #require(environment.admissibleActions))
                let result = try await environment.step(action)
                #expect(
                    result.isValid || result.observation.contains("more than 64 parts"), "\(action.text): \(result.observation)")
                if result.isDone { break }
            }
        }
    }
}
