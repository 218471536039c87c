import TemperCore

/// Questions whose answer is two or three facts away, over passages that come at once or one by one.
enum MultiHop {
    static func write(using scribe: inout Scribe) {
        let draw = scribe.random.unit()
        switch draw {
        case ..<0.36: allAtOnce(using: &scribe)
        case ..<0.80: pageByPage(using: &scribe)
        default: Comparing.write(using: &scribe)
        }
    }

    // MARK: All passages in one message

    private static func allAtOnce(using scribe: inout Scribe) {
        var world = SmallWorld()
        var chains = [Chain.grow(hops: scribe.chance(0.3) ? 3 : 2, in: &world, using: &scribe)]
        for _ in 0..<scribe.pick([0, 0, 1, 1, 2]) {
            let kind = world.entities[chains[0].facts[0].subject].kind
            chains.append(Chain.grow(hops: scribe.number(1...2), from: kind, in: &world, using: &scribe))
        }
        let isLong = scribe.chance(0.06)
        let passages = pages(
            for: chains, in: &world, distractors: isLong ? scribe.number(5...9) : scribe.number(0...3), using: &scribe)
        let text = scribe.pick(Layout.allCases).write(scribe.shuffled(passages))
        let style = scribe.pick(Explanation.allCases)
        for (index, chain) in chains.enumerated() {
            let (question, steps) = ask(chain, in: world, using: &scribe)
            let note = style == .bare || scribe.chance(0.5) ? "" : " " + scribe.phrase(explainNotes)
            scribe.user(
                index == 0
                    ? arranged(text, question + (style == .bare ? " " + scribe.phrase(bareNotes) : note), &scribe) : question)
            scribe.assistant(style.write(steps, of: chain, in: world, using: &scribe))
        }
    }

    /// The question and the facts to reason with, in order; it may name the start by what the first fact leads to.
    private static func ask(_ chain: Chain, in world: SmallWorld, using scribe: inout Scribe) -> (String, [Fact]) {
        if chain.facts.count == 2, scribe.chance(0.2), let start = chain.startPhrase(in: world, using: &scribe) {
            // The other facts of the start are what can be asked now.
            let others = world.facts(of: chain.facts[0].subject).filter { $0.relation.id != chain.facts[0].relation.id }
            if let asked = others.first {
                let kind = world.entities[asked.subject].kind
                let question = world.question(asked.relation, kind: kind, of: start, isName: false, using: &scribe)
                return (question, [chain.facts[0], asked])
            }
        }
        return (chain.question(in: world, using: &scribe), chain.facts)
    }

    private static func arranged(_ text: String, _ question: String, _ scribe: inout Scribe) -> String {
        if scribe.chance(0.25) { return "\(question)\n\n\(text)" }
        let introduction = scribe.chance(0.4) ? scribe.phrase(introductions) + "\n\n" : ""
        let lead = scribe.chance(0.25) ? scribe.phrase(leads) + " " : ""
        return "\(introduction)\(text)\n\n\(lead)\(question)"
    }

    /// A page for each entity on the chains, and pages of others of the same kinds.
    private static func pages(
        for chains: [Chain], in world: inout SmallWorld, distractors: Int, using scribe: inout Scribe
    ) -> [Passage] {
        var subjects: [Int] = []
        for chain in chains {
            for subject in chain.subjects where !subjects.contains(subject) {
                subjects.append(subject)
                world.addFacts(scribe.number(1...3), of: subject, using: &scribe)
            }
        }
        for _ in 0..<distractors {
            let fact = scribe.pick(scribe.pick(chains).facts)
            let other = world.addEntity(world.entities[fact.subject].kind, using: &scribe)
            world.addFact(fact.relation, of: other, using: &scribe)
            world.addFacts(scribe.number(1...2), of: other, except: [fact.relation.id], using: &scribe)
            subjects.append(other)
        }
        var passages: [Passage] = []
        for subject in subjects {
            passages.append(Passage(about: subject, in: world, fillers: scribe.chance(0.25) ? 1 : 0, using: &scribe))
        }
        return passages
    }

    // MARK: One page per turn

    private static func pageByPage(using scribe: inout Scribe) {
        var world = SmallWorld()
        let chain = Chain.grow(hops: scribe.pick([1, 2, 2, 2, 2, 3, 3]), in: &world, using: &scribe)
        let passages = pages(for: [chain], in: &world, distractors: scribe.chance(0.2) ? 1 : 0, using: &scribe)
        let layout = scribe.pick([Layout.plain, .titled, .colon, .colon, .heading])
        let isBrief = scribe.chance(0.35)
        let question = chain.question(in: world, using: &scribe)
        scribe.user(
            scribe.chance(0.5)
                ? "\(question) \(scribe.phrase(offers))" : "\(scribe.phrase(offers)) \(scribe.phrase(leads)) \(question)")
        let manner = Manner(using: &scribe)
        scribe.assistant(manner.first(chain.facts[0], isBrief, world, &scribe))
        if scribe.chance(0.1), let other = passages.last, other.subject != chain.facts[0].subject {
            scribe.user(layout.write(other, number: 1))
            let slots = Slots(a: other.name, b: world.entities[chain.facts[0].subject].name)
            scribe.assistant(scribe.say(wrongPage, slots))
        }
        for (index, fact) in chain.facts.enumerated() {
            guard let passage = passages.first(where: { $0.subject == fact.subject }) else { continue }
            show(passage, fact, layout, number: index + 1, world, &scribe)
            if index + 1 < chain.facts.count {
                scribe.assistant(manner.next(after: fact, chain.facts[index + 1], isBrief, world, &scribe))
            } else {
                scribe.assistant(manner.last(fact, isBrief, world, &scribe))
            }
        }
    }

    /// Gives a page; now and then without the sentence that is needed, which comes when the helper asks for more.
    private static func show(
        _ passage: Passage, _ fact: Fact, _ layout: Layout, number: Int, _ world: SmallWorld, _ scribe: inout Scribe
    ) {
        let lead = scribe.chance(0.2) ? scribe.phrase(pageLeads) + "\n" : ""
        guard passage.lines.count > 1, scribe.chance(0.2), let needed = passage.line(stating: fact) else {
            return scribe.user(lead + layout.write(passage, number: number))
        }
        var rest = passage
        rest.lines.removeAll { $0.text == needed.text }
        scribe.user(lead + layout.write(rest, number: number))
        let phrase = world.nounPhrase(fact.relation, of: passage.name, using: &scribe)
        scribe.assistant(scribe.say(gaps, Slots(a: phrase, b: passage.name)))
        scribe.user(scribe.chance(0.5) ? needed.text : scribe.phrase(moreLeads) + " " + needed.text)
    }

    /// How the helper of one document speaks.
    private struct Manner {
        let request: String
        let conclusion: String

        init(using scribe: inout Scribe) {
            request = scribe.pick([
                "Please show me the page about {b}.", "Show me {b}, please.", "Next page: {b}", "Please open the page of {b}.",
                "I would like to read about {b}.", "Can I see the page about {b}?", "Let me read the page {b}.", "Give me: {b}",
            ])
            conclusion = scribe.pick([
                "So the answer is {o}.", "The answer is {o}.", "So: {o}", "Therefore: {o}", "That is the answer: {o}",
                "Result: {o}",
            ])
        }

        func first(_ fact: Fact, _ isBrief: Bool, _ world: SmallWorld, _ scribe: inout Scribe) -> String {
            ask(fact, isBrief, world, &scribe)
        }

        func next(
            after fact: Fact, _ following: Fact, _ isBrief: Bool, _ world: SmallWorld, _ scribe: inout Scribe
        ) -> String {
            let found = isBrief && scribe.chance(0.5) ? "" : state(fact, world, &scribe) + " "
            return found + ask(following, isBrief, world, &scribe)
        }

        func last(_ fact: Fact, _ isBrief: Bool, _ world: SmallWorld, _ scribe: inout Scribe) -> String {
            let answer = world.answer(fact)
            if isBrief, scribe.chance(0.5) { return answer }
            return state(fact, world, &scribe) + " " + scribe.say(conclusion, Slots(o: answer))
        }

        private func state(_ fact: Fact, _ world: SmallWorld, _ scribe: inout Scribe) -> String {
            scribe.chance(0.5) ? world.statement(fact, using: &scribe) : world.plainStatement(fact, using: &scribe)
        }

        private func ask(_ fact: Fact, _ isBrief: Bool, _ world: SmallWorld, _ scribe: inout Scribe) -> String {
            let name = world.entities[fact.subject].name
            let page = scribe.say(request, Slots(b: name))
            if isBrief { return page }
            let phrase = world.nounPhrase(fact.relation, of: name, using: &scribe)
            return scribe.say(needs, Slots(a: phrase)) + " " + page
        }
    }

    // MARK: Wordings

    private static let introductions = [
        "Here are some <texts|passages|pages>.", "Read these <texts|passages>.", "I found this:", "Texts:",
        "Use <only |>the passages below.", "These are my notes.",
    ]
    private static let leads = ["Question:", "My question:", "Now tell me:", "Please work this out:", "I want to know:"]
    private static let explainNotes = [
        "Explain <how you found it|your answer>.", "Think step by step.", "Show the steps.", "Say how you know.",
        "<Give|State> the reason first.",
    ]
    private static let bareNotes = ["Only the answer, please.", "<Answer|Reply> with the name only.", "Just the answer."]
    private static let offers = [
        "I <can|will> show you one page at a time.", "Ask me for the pages you need.", "Tell me which page to open.",
        "I have a <book|folder> with many pages; say which one you need.", "You may ask for one page after the other.",
        "Say which page you want to read.",
    ]
    private static let needs = [
        "I need <to know|to find> {a}.", "First I need {a}.", "To go on, I need {a}.", "The next step: {a}.",
        "<Now I|I> have to find out {a}.", "I want to find {a}.", "I am looking for {a}.", "What matters now: {a}.",
    ]
    private static let pageLeads = ["Here it is:", "This is the page:", "The page says:", "Here you are.", "I found it:"]
    private static let gaps = [
        "These sentences do not <show|give> {a}. <Please read on.|Is there more?>",
        "I do not see {a} here. What else does the page say?",
        "In these sentences I do not find {a}. <Is there more about {b}?|Please go on.>",
        "The text says nothing about {a} so far. Go on, please.",
    ]
    private static let moreLeads = ["It goes on:", "There is also this:", "Yes:", "One more sentence:", "Further down:"]
    private static let wrongPage = [
        "This page is about {a}. I need the page about {b}.", "That is {a}, not {b}. Please show me {b}.",
        "{a} does not help here. I asked for {b}.",
    ]
}

/// How a chain of facts is explained.
enum Explanation: CaseIterable {
    case joined, steps, plain, plan, connected, bare

    func write(_ facts: [Fact], of chain: Chain, in world: SmallWorld, using scribe: inout Scribe) -> String {
        let answer = world.answer(facts[facts.count - 1])
        let end = scribe.say(Self.conclusions, Slots(o: answer))
        switch self {
        case .bare: return answer
        case .joined: return facts.map { world.statement($0, using: &scribe) }.joined(separator: " ") + " " + end
        case .plain: return facts.map { world.plainStatement($0, using: &scribe) }.joined(separator: " ") + " " + end
        case .steps:
            let steps = facts.enumerated().map { "\($0.offset + 1). \(world.statement($0.element, using: &scribe))" }
            return steps.joined(separator: "\n") + "\n" + end
        case .connected:
            let words = ["First: ", "Then: ", "And then: "]
            return facts.enumerated().map { words[min($0.offset, 2)] + world.statement($0.element, using: &scribe) }
                .joined(separator: " ") + " " + end
        case .plan:
            let parts = facts.map { fact -> String in
                let phrase = world.nounPhrase(fact.relation, of: world.entities[fact.subject].name, using: &scribe)
                return scribe.say(Self.plans, Slots(o: world.answer(fact), a: phrase))
            }
            return parts.joined(separator: " ") + " " + end
        }
    }

    static let conclusions = [
        "So: {o}", "So the answer is {o}.", "The answer is {o}.", "Therefore: {o}", "That makes {o}.", "Hence {o}.",
        "So it is {o}.",
    ]
    private static let plans = [
        "I need {a}. That is {o}.", "We look for {a}: {o}.", "What is {a}? The text says {o}.", "To find: {a}. Found: {o}.",
    ]
}
