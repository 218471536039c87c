import Synchronization
import TemperCore
import TemperDatabases
import TemperPocketText

/// The facts of a pocket world as a graph: every fact forward, most of them also back.
struct PocketGraph: Sendable {
    let number: UInt64
    let partition: WorldPartition
    /// Entities by their place in the world, then rivers and professions, which have no page there.
    let entities: [GraphEntity]
    /// The numbers of the entities of each type, in order.
    let members: [String: [Int]]
    private let edges: [Edge: [Int]]
    private let years: [Edge: Int]

    private struct Edge: Hashable {
        var subject: Int
        var relation: String
    }

    init(number: UInt64, partition: WorldPartition) {
        self.number = number
        self.partition = partition
        var population = PocketPopulation(number: number, partition: partition)
        let facts = population.makeFacts()
        var entities = population.entities.map { GraphEntity(name: $0.name, id: Self.id(of: $0.index)) }
        var members = Dictionary(grouping: population.entities, by: { $0.kind.rawValue }).mapValues { $0.map(\.index) }
        var others: [String: Int] = [:]
        var edges: [Edge: [Int]] = [:]
        var years: [Edge: Int] = [:]
        func other(named name: String, _ type: String) -> Int {
            if let known = others[name] { return known }
            others[name] = entities.count
            members[type, default: []].append(entities.count)
            entities.append(GraphEntity(name: name, id: Self.id(of: entities.count)))
            return entities.count - 1
        }
        for fact in facts {
            if let attribute = PocketGraphRelation.attributes[fact.relation] {
                years[Edge(subject: fact.subject.index, relation: attribute)] = Int(fact.value)
                continue
            }
            for relation in PocketGraphRelation.all where relation.fact == fact.relation {
                let type = fact.relation == .river ? "river" : "profession"
                let object = fact.object?.index ?? other(named: fact.value, type)
                let (from, to) = relation.isForward ? (fact.subject.index, object) : (object, fact.subject.index)
                edges[Edge(subject: from, relation: relation.name), default: []].append(to)
            }
        }
        self.entities = entities
        self.members = members
        self.edges = edges
        self.years = years
    }

    /// Where a relation leads from an entity.
    func targets(of entity: Int, _ relation: String) -> [Int] { edges[Edge(subject: entity, relation: relation)] ?? [] }

    func year(of entity: Int, _ attribute: String) -> Int? { years[Edge(subject: entity, relation: attribute)] }

    /// Types, ranges, relations and attributes, in no order.
    var triples: [GraphTriple] {
        var triples = members.flatMap { type, members in
            members.map { GraphTriple(entities[$0].id, FreebaseName.type, .entity(type)) }
        }
        triples += PocketGraphRelation.all.map { GraphTriple($0.name, FreebaseName.range, .entity($0.range)) }
        for (edge, targets) in edges {
            triples += targets.map { GraphTriple(entities[edge.subject].id, edge.relation, .entity(entities[$0].id)) }
        }
        for (edge, year) in years {
            triples.append(GraphTriple(entities[edge.subject].id, edge.relation, .value(String(year), type: "integer")))
        }
        return triples
    }

    private static func id(of index: Int) -> String { "m.0" + String(index, radix: 36) }
}

/// The stores of the worlds used last, so that the tasks of a world build it once.
final class PocketGraphCache: Sendable {
    static let shared = PocketGraphCache(capacity: 64)

    private struct Key: Hashable {
        var partition: WorldPartition
        var world: UInt64
    }

    private struct State {
        var stores: [Key: TripleStore] = [:]
        /// Least recently used first.
        var order: [Key] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// - Throws: as ``TripleStore/init(_:limits:)``.
    func store(world: UInt64, partition: WorldPartition) throws -> TripleStore {
        let key = Key(partition: partition, world: world)
        let known = state.withLock { state -> TripleStore? in
            guard let store = state.stores[key] else { return nil }
            state.order.removeAll { $0 == key }
            state.order.append(key)
            return store
        }
        if let known { return known }
        // Built outside the lock: two threads may build the same world, which costs milliseconds and gives equal stores.
        let store = try TripleStore(PocketGraph(number: world, partition: partition).triples)
        state.withLock { state in
            if state.stores.updateValue(store, forKey: key) == nil { state.order.append(key) }
            while state.order.count > capacity { state.stores[state.order.removeFirst()] = nil }
        }
        return store
    }
}
