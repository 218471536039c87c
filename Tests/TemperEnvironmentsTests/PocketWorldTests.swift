import TemperCore
import TemperPocketText
import Testing

@testable import TemperEnvironments

@Suite struct PocketWorldTests {
    static let parts: [(WorldPartition, WordingSet)] = [
        (.pretraining, .train), (.train, .train), (.validation, .train), (.test, .test), (.test, .train),
    ]

    @Test("A world is consistent: one page each, one value to a relation, years in order, marriages mutual", arguments: 0..<5)
    func consistency(part: Int) throws {
        let (partition, wording) = Self.parts[part]
        for number in UInt64(0)..<8 {
            let world = PocketWorld(number: number, partition: partition, wording: wording)
            #expect(world.entities.count == 80 && world.pages.count == 80)
            #expect(Set(world.entities.map(\.name)).count == 80)
            #expect(world.pages.allSatisfy { (3...7).contains($0.sentences.count) })
            var seen: Set<String> = []
            for fact in world.facts {
                #expect(seen.insert("\(fact.subject.index) \(fact.relation)").inserted)
                #expect(fact.subject.kind == fact.relation.subject)
                let sentence = try #require(world.sentenceIndex(of: fact))
                #expect(world.pages[fact.subject.index].sentences[sentence].contains(fact.value))
                let year = { (relation: PocketRelation, entity: PocketEntity?) in
                    entity.flatMap { world.fact(relation, of: $0) }.flatMap { Int($0.value) } ?? 0
                }
                switch fact.relation {
                case .spouse: #expect(fact.object.flatMap { world.fact(.spouse, of: $0)?.object } == fact.subject)
                case .founder: #expect(year(.foundingYear, fact.subject) >= year(.birthYear, fact.object) + 20)
                case .director: #expect(year(.filmYear, fact.subject) >= year(.birthYear, fact.object) + 22)
                case .studio: #expect(year(.filmYear, fact.subject) >= year(.foundingYear, fact.object))
                case .publisher: #expect(year(.bookYear, fact.subject) >= year(.foundingYear, fact.object))
                case .capital: #expect(fact.object.flatMap { world.fact(.country, of: $0)?.object } == fact.subject)
                default: break
                }
            }
        }
    }

    @Test("Worlds of two partitions share no entity, and names are of their partition")
    func disjointEntities() {
        var names: [WorldPartition: Set<String>] = [:]
        for partition in WorldPartition.allCases {
            for number in UInt64(0)..<40 {
                let world = PocketWorld(number: number, partition: partition, wording: .train)
                names[partition, default: []].formUnion(world.entities.map(\.name))
                for person in world.entities(of: .person) {
                    #expect(WorldPartition.of(String(person.name.split(separator: " ")[1])) == partition)
                }
            }
        }
        for left in WorldPartition.allCases {
            for right in WorldPartition.allCases where left != right {
                #expect(names[left, default: []].isDisjoint(with: names[right, default: []]))
            }
        }
    }

    @Test("The same number gives the same world, another number another")
    func determinism() {
        let world = PocketWorld(number: 3, partition: .test, wording: .test)
        let again = PocketWorld(number: 3, partition: .test, wording: .test)
        #expect(world.pages == again.pages && world.facts == again.facts)
        #expect(PocketWorld(number: 4, partition: .test, wording: .test).pages != world.pages)
    }

    @Test("The forge gives names of its partition, never twice", arguments: WorldPartition.allCases)
    func forge(partition: WorldPartition) {
        var forge = NameForge(partition: partition, random: RandomSource(seed: 5))
        let people = (0..<200).map { _ in forge.person() }
        let titles = (0..<100).map { _ in forge.title() }
        #expect(Set(people).count == 200 && Set(titles).count == 100)
        #expect(people.allSatisfy { WorldPartition.of(String($0.split(separator: " ")[1])) == partition })
        #expect(titles.allSatisfy { WorldPartition.of($0) == partition })
    }
}
