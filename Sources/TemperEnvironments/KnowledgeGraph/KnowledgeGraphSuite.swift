import Foundation
package import TemperCore
import TemperDatabases

/// AgentBench's knowledge-graph tasks (Liu et al. 2023): questions of GrailQA, ComplexWebQuestions, GraphQuestions and WebQSP over
/// Freebase. The graph comes from a SPARQL server or a file of triples.
package struct KnowledgeGraphSuite: Suite {
    package static let identifier = "kg"

    package let id = Self.identifier
    package let summary = "questions over a knowledge graph with seven tools (AgentBench; the graph from SPARQL or a triple file)"
    package let splits = ["test", "dev"]
    package let methods: [Method] = [.react]
    package let defaultMethod = Method.react
    package let format = TurnFormat.knowledgeGraph
    package let maximumTurns = 15
    package let primaryMetric = "f1"
    package let chanceLevel = 0.0
    package let scriptedPolicyNames = ["gold", "random"]
    private var graph: Graph?
    private var ontology: GraphOntology?
    private var access = WorldAccess.none

    package init() {}

    package var options: any Configurable.Type { KnowledgeGraphOptions.self }

    package func configured(with options: SuiteOptions) throws -> any Suite {
        var suite = self
        let options = try options.read(KnowledgeGraphOptions.self)
        switch (options.endpoint, options.triples) {
        case (.some, .some):
            throw TemperError(.data, "'suites.kg' has both 'endpoint' and 'triples'", hint: "give one of them", boundary: .recipe)
        case (let url?, nil):
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw TemperError(.data, "'suites.kg.endpoint' must start with http:// or https://", boundary: .recipe)
            }
            suite.graph = .endpoint(SPARQLEndpoint(url: url, prefix: options.prefix))
        case (nil, let path?): suite.graph = .file(TripleStoreFile(path: path, prefix: options.prefix))
        case (nil, nil): suite.graph = nil
        }
        suite.ontology = try options.ontology.map { try GraphOntology(folder: $0) }
        return suite
    }

    package func reaching(_ access: WorldAccess) -> any Suite {
        var suite = self
        suite.access = access
        return suite
    }

    /// `test` is AgentBench's std.json with 150 questions, `dev` its dev.json with 20.
    package func tasks(split: String, limit: Int?) throws -> [AgentTask] {
        guard splits.contains(split) else {
            throw TemperError(.usage, "'\(id)' has no split '\(split)'", hint: "its splits are \(splits.joined(separator: ", "))")
        }
        let name = split == "test" ? "std" : "dev"
        let file = "agentbench/knowledgegraph/\(name).json"
        let tasks = try KnowledgeGraphData.tasks(
            Data(contentsOf: DataFolder.file(file)), named: file, suite: id, split: split, prefix: name)
        return limit.map { Array(tasks.prefix(max(0, $0))) } ?? tasks
    }

    package func tasks(from path: String) throws -> [AgentTask] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw TemperError(.unavailable, "the tasks cannot be read", place: path, boundary: .data, cause: error)
        }
        return try KnowledgeGraphData.tasks(data, named: path, suite: id, split: "file", prefix: "task")
    }

    package func makeEnvironment(for task: AgentTask) throws -> any Environment {
        let solution = try GraphSolution(task)
        let source: any GraphSource
        switch graph {
        case .endpoint(var endpoint):
            endpoint.access = access
            source = endpoint
        case .file(let file): source = try file.store()
        case nil:
            throw TemperError(
                .unavailable, "the suite 'kg' needs a knowledge graph",
                hint: "set suites.kg.endpoint to a SPARQL server or suites.kg.triples to a file of triples",
                boundary: .environment)
        }
        return KnowledgeGraphEnvironment(
            entities: solution.entities, gold: solution.answers, source: source, ontology: ontology)
    }

    package func prompt(for method: Method) throws -> SuitePrompt { try SuitePromptFile.load(suite: id, method: method) }

    /// An answer is a JSON list of ids and values, as the environment gives it.
    package func score(answer: String?, for task: AgentTask) -> Score? { Self.score(answer, task) }

    package func scriptedPolicy(named name: String) -> (any Script)? {
        switch name {
        case "gold": GoldGraphPolicy()
        case "random": Self.random
        default: nil
        }
    }

    static func score(_ answer: String?, _ task: AgentTask) -> Score {
        let gold = Set((task.payload["answers"]?.array ?? []).compactMap(\.string))
        return GraphScore.score(GraphScore.answers(answer), gold: gold)
    }

    static let random = RandomPolicy { _, _ in "#0" }

    private enum Graph: Sendable {
        case endpoint(SPARQLEndpoint)
        case file(TripleStoreFile)
    }
}
