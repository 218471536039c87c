/// Relations followed through a world, page by page.
struct PocketWay: Sendable {
    var hops: [PocketHop]
    /// The things whose pages are read, in order.
    var visited: [PocketEntity]
    /// The value of the last relation.
    var answer: String
}

extension PocketWorld {
    /// Where a fact is read; nil when its page leaves it out.
    func hop(_ fact: PocketFact) -> PocketHop? {
        guard let index = sentenceIndex(of: fact) else { return nil }
        let page = pages[fact.subject.index]
        return PocketHop(
            title: page.title, relation: fact.relation.rawValue, value: fact.value, sentence: page.sentences[index])
    }

    /// The way along the relations; nil where a fact is missing or a page would be visited twice.
    func way(from start: PocketEntity, _ path: [PocketRelation]) -> PocketWay? {
        var way = PocketWay(hops: [], visited: [start], answer: "")
        var current = start
        for (index, relation) in path.enumerated() {
            guard let fact = fact(relation, of: current), let hop = hop(fact) else { return nil }
            way.hops.append(hop)
            way.answer = fact.value
            if index < path.count - 1 {
                guard let object = fact.object, !way.visited.contains(object) else { return nil }
                way.visited.append(object)
                current = object
            }
        }
        return way
    }

    /// Whether no page but the last of the way holds the answer, and no title of the way does.
    func isHidden(_ way: PocketWay) -> Bool {
        way.visited.allSatisfy { entity in
            let page = pages[entity.index]
            return !page.title.contains(way.answer) && (entity == way.visited.last || !page.text.contains(way.answer))
        }
    }

    /// Whether a search does not show at once what is to be read.
    func isDeep(_ hop: PocketHop) -> Bool {
        guard let page = pages.first(where: { $0.title == hop.title }) else { return false }
        return !page.sentences.prefix(PocketHotpotQASuite.shownSentences).contains(hop.sentence)
    }
}
