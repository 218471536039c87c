import TemperCore
package import TemperPocketText

/// A thing of the pocket world, with a page of its own.
package struct PocketEntity: Sendable, Hashable {
    /// Its place in ``PocketWorld/entities`` and ``PocketWorld/pages``.
    package let index: Int
    package let kind: PocketKind
    package let name: String
}

/// One thing that is true in a world.
package struct PocketFact: Sendable, Hashable {
    package let subject: PocketEntity
    package let relation: PocketRelation
    /// The value as text: a name, a year, a profession.
    package let value: String
    /// The value's own page, where it has one.
    package let object: PocketEntity?
}

/// A small consistent world made from a number: 80 people, cities, countries, companies, films and books, each with an
/// encyclopedia page of three to seven sentences.
///
/// The same (number, partition, wording) gives the same world everywhere. Names belong to the partition, so worlds of two
/// partitions share no entity. Pages state each fact once; no page states a fact of another page.
package struct PocketWorld: Sendable {
    package let number: UInt64
    package let partition: WorldPartition
    package let wording: WordingSet
    package let entities: [PocketEntity]
    package let facts: [PocketFact]
    /// The page of `entities[i]` is `pages[i]`.
    package let pages: [SearchPage]
    private let factOf: [Key: Int]
    private let sentenceOf: [Key: Int]

    private struct Key: Hashable {
        var entity: Int
        var relation: PocketRelation
    }

    /// - Precondition: test wordings belong to test worlds.
    package init(number: UInt64, partition: WorldPartition, wording: WordingSet) {
        precondition(wording == .train || partition == .test, "test wordings may occur in test worlds only")
        self.number = number
        self.partition = partition
        self.wording = wording
        var population = PocketPopulation(number: number, partition: partition)
        entities = population.entities
        let facts = population.makeFacts()
        self.facts = facts
        factOf = Dictionary(
            facts.enumerated().map { (Key(entity: $0.element.subject.index, relation: $0.element.relation), $0.offset) },
            uniquingKeysWith: { first, _ in first })
        var pages: [SearchPage] = []
        var sentenceOf: [Key: Int] = [:]
        var writer = PocketPageWriter(
            wording: wording, cities: entities.filter { $0.kind == .city }.map(\.name),
            random: RandomSource(seed: number, "pocket-pages", partition.rawValue, wording.rawValue))
        let bySubject = Dictionary(grouping: facts, by: \.subject.index)
        for entity in entities {
            let page = writer.page(of: entity, facts: bySubject[entity.index] ?? [])
            for (relation, sentence) in page.sentenceOf { sentenceOf[Key(entity: entity.index, relation: relation)] = sentence }
            pages.append(SearchPage(title: entity.name, sentences: page.sentences))
        }
        self.pages = pages
        self.sentenceOf = sentenceOf
    }

    package func entities(of kind: PocketKind) -> [PocketEntity] { entities.filter { $0.kind == kind } }

    /// What is true of an entity, if it is known.
    package func fact(_ relation: PocketRelation, of entity: PocketEntity) -> PocketFact? {
        factOf[Key(entity: entity.index, relation: relation)].map { facts[$0] }
    }

    /// The place of a fact on its subject's page, 0-based.
    package func sentenceIndex(of fact: PocketFact) -> Int? {
        sentenceOf[Key(entity: fact.subject.index, relation: fact.relation)]
    }
}
