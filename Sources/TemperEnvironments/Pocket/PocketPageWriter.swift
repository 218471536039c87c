import TemperCore
import TemperPocketText

/// Writes an entity's page: its facts in varied words and order, with asides between.
struct PocketPageWriter {
    let wording: WordingSet
    let cities: [String]
    var random: RandomSource

    struct Page {
        var sentences: [String] = []
        var sentenceOf: [PocketRelation: Int] = [:]
    }

    /// What one sentence says.
    private struct Plan {
        var wording: Wording
        var relations: [PocketRelation] = []
        var object = ""
        var year = ""
    }

    mutating func page(of entity: PocketEntity, facts: [PocketFact]) -> Page {
        var first: [Plan] = []
        var rest: [Plan] = []
        var left = facts
        if let joined = joinedPlan(entity.kind, &left) {
            // A film's or a book's page opens with it; a birth may come anywhere.
            if entity.kind == .person { rest.append(joined) } else { first.append(joined) }
        }
        for fact in left {
            guard let phrasing = PocketWordings.Pages.facts[fact.relation] else { continue }
            rest.append(Plan(wording: random.pick(phrasing[wording]), relations: [fact.relation], object: fact.value))
        }
        rest.shuffle(using: &random)
        // What an aside dates comes after the birth, founding or release of its subject.
        let years = facts.compactMap {
            [.birthYear, .foundingYear, .filmYear, .bookYear].contains($0.relation) ? Int($0.value) : nil
        }
        let earliest = (years.first ?? 1930) + (entity.kind == .person ? 18 : 1)
        let count = max(3 - first.count - rest.count, random.index(below: 3))
        let asides = asidePlans(entity.kind, count: count, earliestYear: earliest)
        for aside in asides {
            // Half of the asides come among the facts and push one out of sight, half come last.
            rest.insert(aside, at: random.chance(0.5) ? random.index(below: rest.count + 1) : rest.count)
        }
        var page = Page()
        for plan in (first + rest).prefix(7) {
            for relation in plan.relations { page.sentenceOf[relation] = page.sentences.count }
            page.sentences.append(sentence(plan, of: entity, isFirst: page.sentences.isEmpty))
        }
        return page
    }

    /// Two facts in one sentence, for half of the people, films and books; what it says is taken from `facts`.
    private mutating func joinedPlan(_ kind: PocketKind, _ facts: inout [PocketFact]) -> Plan? {
        let parts: (name: PocketRelation, year: PocketRelation, phrasing: Phrasing)
        switch kind {
        case .person: parts = (.birthplace, .birthYear, PocketWordings.Pages.birth)
        case .film: parts = (.director, .filmYear, PocketWordings.Pages.film)
        case .book: parts = (.author, .bookYear, PocketWordings.Pages.book)
        case .city, .country, .company: return nil
        }
        guard random.chance(0.5), let name = facts.first(where: { $0.relation == parts.name }),
            let year = facts.first(where: { $0.relation == parts.year })
        else { return nil }
        facts.removeAll { $0 == name || $0 == year }
        return Plan(
            wording: random.pick(parts.phrasing[wording]), relations: [parts.name, parts.year], object: name.value,
            year: year.value)
    }

    private mutating func asidePlans(_ kind: PocketKind, count: Int, earliestYear: Int) -> [Plan] {
        guard count > 0, let phrasing = PocketWordings.Pages.asides[kind] else { return [] }
        return phrasing[wording].shuffled(using: &random).prefix(count).map {
            Plan(wording: $0, year: String(earliestYear + random.index(below: 15)))
        }
    }

    private mutating func sentence(_ plan: Plan, of entity: PocketEntity, isFirst: Bool) -> String {
        let usesName = isFirst || random.chance(0.4)
        let city = random.pick(cities)
        let large = (entity.kind == .company ? 10 : 1_000) * (2 + random.index(below: 400))
        let small = 12 + random.index(below: 150)
        return plan.wording.filled { slot, startsSentence in
            switch slot {
            case "s": usesName ? entity.name : Self.shortName(entity, startsSentence)
            case "o": plan.object
            case "a": (plan.object.first.map { "aeiou".contains($0) } == true ? "an " : "a ") + plan.object
            case "y": plan.year
            case "c": city
            case "n": String(large)
            case "m": String(small)
            default: preconditionFailure("a wording has the unknown slot \(slot): \(plan.wording.pattern)")
            }
        }
    }

    /// How a page names its subject after the first sentence.
    private static func shortName(_ entity: PocketEntity, _ startsSentence: Bool) -> String {
        let article = startsSentence ? "The" : "the"
        return switch entity.kind {
        case .person: String(entity.name.split(separator: " ").last ?? Substring(entity.name))
        case .city: "\(article) city"
        case .country: "\(article) country"
        case .company: "\(article) company"
        case .film: "\(article) film"
        case .book: "\(article) book"
        }
    }
}
