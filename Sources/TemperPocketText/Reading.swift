import TemperCore

/// Passages and questions about them; the answer is in the passage, or the reply says that it does not.
enum Reading {
    static func write(using scribe: inout Scribe) {
        var world = SmallWorld()
        let kind = scribe.pick(weightedKinds)
        let isLong = scribe.chance(0.08)
        let passageCount = isLong ? scribe.number(5...14) : scribe.pick([1, 1, 1, 2, 2, 3])
        var passages: [Passage] = []
        for index in 0..<passageCount {
            // Others of the same kind are what a question must be told apart from.
            let passageKind = index == 0 || scribe.chance(0.6) ? kind : scribe.pick(EntityKind.allCases)
            let subject = world.addEntity(passageKind, using: &scribe)
            world.addFacts(scribe.number(2...(passageCount > 2 ? 4 : 6)), of: subject, using: &scribe)
        }
        for index in world.entities.indices where !world.facts(of: index).isEmpty {
            let fillers = scribe.chance(0.3) ? scribe.number(1...2) : 0
            passages.append(Passage(about: index, in: world, fillers: fillers, using: &scribe))
        }
        passages = scribe.shuffled(passages)
        ask(about: passages, in: world, using: &scribe)
    }

    /// How the replies of one document are worded.
    private enum Style {
        case short, sentence, quote
    }

    private static func ask(about passages: [Passage], in world: SmallWorld, using scribe: inout Scribe) {
        let text = scribe.pick(Layout.allCases).write(passages)
        let style: Style = scribe.pick([.short, .short, .short, .short, .short, .sentence, .sentence, .quote])
        let order = scribe.shuffled(world.facts.filter { fact in passages.contains { $0.subject == fact.subject } })
        let turns = min(order.count, scribe.pick(passages.count > 4 ? [4, 6, 8, 10] : [1, 2, 3, 3, 4, 4, 5, 6, 7, 8]))
        var exchanges: [(question: String, answer: String)] = []
        for fact in order.prefix(turns) {
            exchanges.append(exchange(fact, style, passages, world, &scribe))
        }
        if scribe.chance(0.25) {
            exchanges.insert(missing(style, passages, world, &scribe), at: scribe.number(0...exchanges.count))
        }
        let note = style == .short && scribe.chance(0.7) ? "" : " " + scribe.phrase(notes(style))
        if exchanges.count > 1, scribe.chance(0.15) {
            let list = exchanges.enumerated().map { "\($0.offset + 1). \($0.element.question)" }.joined(separator: "\n")
            scribe.user("\(text)\n\n\(scribe.phrase(listIntroductions))\(note)\n\(list)")
            scribe.assistant(exchanges.enumerated().map { "\($0.offset + 1). \($0.element.answer)" }.joined(separator: "\n"))
            return
        }
        for (index, exchange) in exchanges.enumerated() {
            if index > 0 {
                scribe.user(
                    scribe.chance(0.1) ? "\(scribe.pick(["And: ", "Next: ", "Also: "]))\(exchange.question)" : exchange.question)
            } else if scribe.chance(0.2) {
                scribe.user("\(scribe.phrase(questionFirst)) \(exchange.question)\(note)\n\n\(text)")
            } else {
                let introduction = scribe.chance(0.4) ? scribe.phrase(textIntroductions) + "\n\n" : ""
                let question =
                    scribe.chance(0.25) ? "\(scribe.phrase(questionIntroductions)) \(exchange.question)" : exchange.question
                scribe.user("\(introduction)\(text)\n\n\(question)\(note)")
            }
            scribe.assistant(exchange.answer)
        }
    }

    private static func exchange(
        _ fact: Fact, _ style: Style, _ passages: [Passage], _ world: SmallWorld, _ scribe: inout Scribe
    ) -> (question: String, answer: String) {
        let entity = world.entities[fact.subject]
        if !fact.relation.inverseQuestions.isEmpty, scribe.chance(0.15), world.isOnlySubject(of: fact),
            entity.kind == .person || passages.filter({ world.entities[$0.subject].kind == entity.kind }).count >= 1
        {
            let noun = entity.kind.nouns[0]
            let question = scribe.say(fact.relation.inverseQuestions, Slots(o: world.answer(fact), k: noun))
            return (question, reply(entity.name, fact, style, passages, world, &scribe))
        }
        let question = world.question(fact.relation, kind: entity.kind, of: entity.name, using: &scribe)
        return (question, reply(world.answer(fact), fact, style, passages, world, &scribe))
    }

    private static func reply(
        _ answer: String, _ fact: Fact, _ style: Style, _ passages: [Passage], _ world: SmallWorld, _ scribe: inout Scribe
    ) -> String {
        switch style {
        case .short: return answer
        case .sentence:
            return scribe.chance(0.3) ? world.plainStatement(fact, using: &scribe) : world.statement(fact, using: &scribe)
        case .quote:
            guard let line = passages.first(where: { $0.subject == fact.subject })?.line(stating: fact) else { return answer }
            return scribe.chance(0.5)
                ? "\(answer). The text says: \"\(line.text)\"" : "The text says: \"\(line.text)\" So: \(answer)"
        }
    }

    /// A question the passages leave open.
    private static func missing(
        _ style: Style, _ passages: [Passage], _ world: SmallWorld, _ scribe: inout Scribe
    ) -> (question: String, answer: String) {
        let passage = scribe.pick(passages)
        let entity = world.entities[passage.subject]
        let known = Set(world.facts(of: passage.subject).map(\.relation.id))
        let open = (Relation.bySubject[entity.kind] ?? []).filter { !known.contains($0.id) }
        guard !open.isEmpty else {
            return exchange(scribe.pick(world.facts(of: passage.subject)), style, passages, world, &scribe)
        }
        let relation = scribe.pick(open)
        let question = world.question(relation, kind: entity.kind, of: entity.name, using: &scribe)
        let phrase = world.nounPhrase(relation, of: entity.name, using: &scribe)
        guard style == .short else { return (question, scribe.say(unknownSentences, Slots(a: phrase))) }
        return (question, "Not stated")
    }

    /// Kinds that agents ask for most come more often.
    private static let weightedKinds =
        EntityKind.allCases + [
            .person, .person, .person, .person, .film, .film, .film, .book, .book, .town, .town, .company, .studio,
        ]

    private static func notes(_ style: Style) -> [String] {
        switch style {
        case .short:
            return [
                "Answer with <a few words|the name only|as few words as possible>.", "<A short answer is enough|Keep it short>.",
            ]
        case .sentence: return ["Answer in a <full|whole|complete> sentence.", "Please reply with a full sentence."]
        case .quote: return ["<Quote|Give> the sentence <that shows it|you used>, too.", "Show where the text says so."]
        }
    }
    private static let textIntroductions = [
        "Read this text.", "Here is a <text|passage|page>.", "Please read the <following |>passage.", "Text:",
        "Use <only |>the <text|passage> below.", "This is what I found.", "From my notes:",
    ]
    private static let questionIntroductions = [
        "Question:", "My question is:", "<Now|So,> tell me:", "Please answer:", "According to the text:", "I want to know:",
    ]
    private static let questionFirst = [
        "Please read the text below and answer.", "I have a question about this text.", "Here is my question:",
    ]
    private static let listIntroductions = ["Answer <these|the following> questions.", "I have a few questions.", "Questions:"]
    private static let unknownSentences = [
        "The text does not <say|mention> {a}.", "In the text, {a} is not <given|mentioned|stated>.",
        "I cannot find {a} in the text.",
    ]
}
