import Foundation
import TemperCore
import Testing

@testable import TemperDatabases

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The embedded store against a SPARQL server of another make; run by `Tests/Interop/test_knowledge_graph.py`, which names the
/// server and the triples it serves.
@Suite struct SPARQLInteropTests {
    static let endpoint = ProcessInfo.processInfo.environment["TEMPER_INTEROP_SPARQL"]
    static let triples = ProcessInfo.processInfo.environment["TEMPER_INTEROP_TRIPLES"]

    @Test(
        "200 generated queries have the same answers in the store and on a server",
        .enabled(if: endpoint != nil && triples != nil))
    func sameAnswersForInterop() async throws {
        let file = TripleStoreFile(path: try #require(Self.triples), prefix: FreebaseName.prefix)
        let store = try file.store()
        var server = SPARQLEndpoint(url: try #require(Self.endpoint), prefix: FreebaseName.prefix)
        server.access = WorldAccess(http: FoundationHTTP())
        var maker = try await ExpressionMaker(store: store, triples: file, seed: 11)
        var (filled, kinds) = (0, [String: Int]())
        for _ in 0..<200 {
            let expression = try await maker.expression()
            let answers = try await store.answers(to: expression)
            #expect(try await server.answers(to: expression) == answers, "\(expression.text)")
            if !answers.isEmpty, answers != ["0"] { filled += 1 }
            for word in ["JOIN", "(R ", "AND", "OR", "ARGMAX", "ARGMIN", "COUNT"] where expression.text.contains(word) {
                kinds[word, default: 0] += 1
            }
            if case .count = expression { continue }
            if let entity = answers.first(where: { GraphExpression.isEntity($0) }) {
                let listed = try await store.properties(of: .entity(entity), .relation)
                #expect(try await server.properties(of: .entity(entity), .relation) == listed, "\(entity)")
            }
            for kind in [GraphPropertyKind.relation, .attribute] {
                let properties = try await store.properties(of: expression, kind)
                #expect(try await server.properties(of: expression, kind) == properties, "\(expression.text)")
                if kind == .relation, let relation = properties.first {
                    #expect(try await server.range(of: relation) == store.range(of: relation))
                }
            }
        }
        let shares = kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("interop: 200 queries, \(filled) with answers; \(shares)")
        #expect(filled >= 150 && kinds.count == 7 && kinds.values.allSatisfy { $0 >= 15 })
    }
}

/// Draws expressions over a graph that mostly have elements, by walking it.
struct ExpressionMaker {
    private let store: TripleStore
    private let entities: [String]
    private let relations: [String]
    private let attributes: [String]
    private let types: [String]
    private var random: RandomSource

    init(store: TripleStore, triples: TripleStoreFile, seed: UInt64) async throws {
        self.store = store
        var (entities, relations, attributes, types) = (Set<String>(), Set<String>(), Set<String>(), Set<String>())
        try TripleFile.read(triples.path, prefix: triples.prefix) { triple in
            if triple.relation == FreebaseName.type { types.insert(triple.object.text) }
            guard FreebaseName.isShown(triple.relation), GraphExpression.isEntity(triple.subject) else { return }
            entities.insert(triple.subject)
            if triple.object.isEntity {
                relations.insert(triple.relation)
            } else if triple.object.rank != nil {
                attributes.insert(triple.relation)
            }
        }
        (self.entities, self.relations) = (entities.sorted(), relations.sorted())
        (self.attributes, self.types) = (attributes.sorted(), types.sorted())
        random = RandomSource(seed: seed, "expressions")
    }

    mutating func expression() async throws -> GraphExpression {
        let set = try await filled(depth: 1 + random.index(below: 3))
        return random.chance(0.2) ? .count(set) : set
    }

    /// The best of a few attempts: one with elements, if there is one.
    private mutating func filled(depth: Int) async throws -> GraphExpression {
        var expression = draw(depth)
        for _ in 0..<20 {
            if try await !store.answers(to: expression).isEmpty { break }
            expression = draw(depth)
        }
        return expression
    }

    private mutating func draw(_ depth: Int) -> GraphExpression {
        guard depth > 0 else { return .entity(random.pick(entities)) }
        switch random.index(below: 11) {
        case 0...4: return .join(random.pick(relations), forward: random.chance(0.6), draw(depth - 1))
        case 5, 6:
            let right = joined(depth)
            return .and(random.chance(0.4) ? .type(random.pick(types)) : joined(depth), right)
        case 7, 8: return .or(joined(depth), joined(depth))
        default:
            return .extremum(joined(depth), attribute: random.pick(attributes), isMaximum: random.chance(0.5))
        }
    }

    private mutating func joined(_ depth: Int) -> GraphExpression {
        random.chance(0.3)
            ? .type(random.pick(types)) : .join(random.pick(relations), forward: random.chance(0.5), draw(depth - 1))
    }
}

/// HTTP by Foundation, for tests alone.
struct FoundationHTTP: HTTPClient {
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let url = URL(string: request.url) else { throw TemperError(.usage, "not an address: \(request.url)") }
        var sent = URLRequest(url: url)
        sent.httpMethod = request.method
        sent.httpBody = Data(request.body)
        for (name, value) in request.headers { sent.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: sent)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return HTTPResponse(
            status: status, headers: [],
            body: AsyncThrowingStream {
                $0.yield(Array(data))
                $0.finish()
            })
    }
}
