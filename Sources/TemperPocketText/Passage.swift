import TemperCore

/// A few sentences about one entity, with what each of them states.
struct Passage {
    struct Line {
        var text: String
        var facts: [Fact]
    }

    let subject: Int
    let name: String
    var lines: [Line]

    var text: String { lines.map(\.text).joined(separator: " ") }

    /// The sentence that states a fact.
    func line(stating fact: Fact) -> Line? {
        lines.first { $0.facts.contains { $0.relation.id == fact.relation.id } }
    }

    /// Words all facts of an entity, in drawn order: later sentences may say `she` or `the film`.
    ///
    /// - Parameter fillers: how many sentences to mix in that state nothing.
    init(about subject: Int, in world: SmallWorld, fillers: Int = 0, using scribe: inout Scribe) {
        let entity = world.entities[subject]
        self.subject = subject
        name = entity.name
        var open = scribe.shuffled(world.facts(of: subject))
        var lines: [Line] = []
        while !open.isEmpty {
            let mention = lines.isEmpty ? Mention.name : Mention.draw(using: &scribe)
            if open.count > 1, scribe.chance(lines.isEmpty ? 0.55 : 0.2), let line = Self.combined(&open, world, mention, &scribe)
            {
                lines.append(line)
            } else {
                let fact = open.removeLast()
                lines.append(Line(text: Self.single(fact, world, mention, &scribe), facts: [fact]))
            }
        }
        for template in scribe.sample(fillers, of: entity.kind.fillers) {
            let text = scribe.say(
                template, Slots(s: Mention.draw(using: &scribe).words(entity, startsSentence: template.hasPrefix("{s} "))))
            let place = scribe.number(min(1, lines.count)...lines.count)
            lines.insert(Line(text: text, facts: []), at: place)
        }
        self.lines = lines
    }

    /// One fact as a sentence.
    private static func single(_ fact: Fact, _ world: SmallWorld, _ mention: Mention, _ scribe: inout Scribe) -> String {
        let entity = world.entities[fact.subject]
        let template = scribe.pick(fact.relation.facts)
        let slots = Slots(o: world.answer(fact), k: scribe.pick(entity.kind.nouns))
        if mention == .pronoun, template.hasPrefix("{s}'s ") {
            return scribe.say(entity.possessive + template.dropFirst("{s}'s".count), slots)
        }
        var filled = slots
        // "The film is a film …" says one thing twice.
        let mention = mention == .short && template.contains("{k}") ? Mention.name : mention
        filled.s = mention.words(entity, startsSentence: template.hasPrefix("{s} "))
        return scribe.say(template, filled)
    }

    /// Two or three facts as one sentence: `X is a film directed by Y and set in Z.`
    private static func combined(
        _ open: inout [Fact], _ world: SmallWorld, _ mention: Mention, _ scribe: inout Scribe
    ) -> Line? {
        let count = min(open.count, scribe.chance(0.3) ? 3 : 2)
        let fitting = open.indices.filter { !open[$0].relation.clauses.isEmpty }.prefix(count)
        guard fitting.count >= 2, let first = fitting.first else { return nil }
        let entity = world.entities[open[first].subject]
        let facts = fitting.map { open[$0] }
        for index in fitting.reversed() { open.remove(at: index) }
        let clauses = facts.map { scribe.phrase($0.relation.clauses, Slots(s: entity.name, o: world.answer($0))) }
        var noun = scribe.pick(entity.kind.nouns)
        var stated = facts
        if let index = open.firstIndex(where: { $0.relation.id == "profession" }) {
            noun = world.answer(open[index])
            stated.append(open.remove(at: index))
        }
        var list = clauses[0]
        for (index, clause) in clauses.enumerated().dropFirst() {
            let isLast = index == clauses.count - 1
            list += isLast && scribe.chance(0.7) ? " and " : ", "
            list += clause
        }
        var templates = [
            "{s} is a {k} {a}.", "{s} is a {k} {a}.", "{s} is a <well-known|remarkable|little-known|popular> {k} {a}.",
        ]
        if !list.hasPrefix("that ") { templates.append("{s}, {a}, is a {k}.") }
        let slots = Slots(s: mention.words(entity, startsSentence: true), k: noun, a: list)
        return Line(text: scribe.say(templates, slots), facts: stated)
    }
}

/// How a sentence names what it is about.
enum Mention {
    case name, short, pronoun

    static func draw(using scribe: inout Scribe) -> Mention {
        scribe.pick([.name, .short, .pronoun, .pronoun])
    }

    /// - Parameter startsSentence: whether the words are the subject of the sentence; a pronoun fits only there.
    func words(_ entity: Entity, startsSentence: Bool) -> String {
        switch self {
        case .name: return entity.name
        case .short: return entity.short
        case .pronoun: return startsSentence ? entity.pronoun : entity.short
        }
    }
}

/// How passages of one document are laid out.
enum Layout: CaseIterable {
    case plain, titled, colon, heading, numbered, bullet

    func write(_ passage: Passage, number: Int) -> String {
        switch self {
        case .plain: return passage.text
        case .titled: return "\(passage.name)\n\(passage.text)"
        case .colon: return "\(passage.name): \(passage.text)"
        case .heading: return "# \(passage.name)\n\(passage.text)"
        case .numbered: return "(\(number)) \(passage.text)"
        case .bullet: return "- \(passage.name): \(passage.text)"
        }
    }

    func write(_ passages: [Passage]) -> String {
        let separator = self == .bullet ? "\n" : "\n\n"
        return passages.enumerated().map { write($0.element, number: $0.offset + 1) }.joined(separator: separator)
    }
}
