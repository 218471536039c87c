import TemperCore

/// Two passages set against each other: which is older, larger, longer; same or different.
enum Comparing {
    static func write(using scribe: inout Scribe) {
        var world = SmallWorld()
        if scribe.chance(0.3) { sameOrNot(in: &world, using: &scribe) } else { byNumber(in: &world, using: &scribe) }
    }

    private static let comparable = Relation.all.filter { $0.comparison != nil }
    private static let shared = Relation.all.filter { relation in
        relation.objectKind != nil && !["spouse", "sibling", "friend", "twin"].contains(relation.id)
    }

    private static func byNumber(in world: inout SmallWorld, using scribe: inout Scribe) {
        let relation = scribe.pick(comparable)
        let kind = scribe.pick(relation.subjects)
        let (subjects, facts) = pair(relation, kind, shareObject: false, in: &world, using: &scribe)
        guard let comparison = relation.comparison, let left = facts[0].number, let right = facts[1].number, left != right else {
            return sameOrNot(in: &world, using: &scribe)
        }
        let asksLower = scribe.chance(0.5)
        let names = subjects.map { world.entities[$0].name }
        let slots = Slots(k: scribe.pick(kind.nouns), a: names[0], b: names[1])
        let question = scribe.say(asksLower ? comparison.lower : comparison.higher, slots)
        let winner = (left < right) == asksLower ? names[0] : names[1]
        let (first, second) = (world.answer(facts[0]), world.answer(facts[1]))
        let isYear = if case .year = relation.object { true } else { false }
        let words = isYear ? ("earlier", "later") : ("less", "more")
        let reason = "\(first) is \(left < right ? words.0 : words.1) than \(second)."
        deliver(question, subjects, facts, reason: reason, answer: winner, world, &scribe)
    }

    private static func sameOrNot(in world: inout SmallWorld, using scribe: inout Scribe) {
        let relation = scribe.pick(shared)
        let kind = scribe.pick(relation.subjects)
        let isSame = scribe.chance(0.5)
        let (subjects, facts) = pair(relation, kind, shareObject: isSame, in: &world, using: &scribe)
        let names = subjects.map { world.entities[$0].name }
        let phrases = [
            world.nounPhrase(relation, of: names[0], using: &scribe), world.nounPhrase(relation, of: names[1], using: &scribe),
        ]
        let question = scribe.say(
            [
                "Is {a} the same as {b}?", "Are {a} and {b} the same?", "Do these agree: {a} and {b}?",
                "Does the text give one answer for {a} and for {b}?",
                "Is there a difference between {a} and {b}?",
            ],
            Slots(a: phrases[0], b: phrases[1]))
        let asksDifference = question.hasPrefix("Is there a difference")
        let (first, second) = (world.answer(facts[0]), world.answer(facts[1]))
        let reason =
            isSame ? "Both times it is \(first)." : "\(first) and \(second) are different."
        deliver(question, subjects, facts, reason: reason, answer: isSame != asksDifference ? "yes" : "no", world, &scribe)
    }

    private static func pair(
        _ relation: Relation, _ kind: EntityKind, shareObject: Bool, in world: inout SmallWorld, using scribe: inout Scribe
    ) -> (subjects: [Int], facts: [Fact]) {
        let left = world.addEntity(kind, using: &scribe)
        let right = world.addEntity(kind, using: &scribe)
        let first = world.addFact(relation, of: left, using: &scribe)
        var object: Int?
        if shareObject, case .entity(let index) = first.value { object = index }
        let second = world.addFact(relation, of: right, object: object, using: &scribe)
        for subject in [left, right] { world.addFacts(scribe.number(1...4), of: subject, except: [relation.id], using: &scribe) }
        return ([left, right], [first, second])
    }

    private static func deliver(
        _ question: String, _ subjects: [Int], _ facts: [Fact], reason: String, answer: String, _ world: SmallWorld,
        _ scribe: inout Scribe
    ) {
        let passages = subjects.map { Passage(about: $0, in: world, using: &scribe) }
        let end = scribe.say(Explanation.conclusions, Slots(o: answer))
        if scribe.chance(0.45) {
            let layout = scribe.pick([Layout.plain, .titled, .colon])
            scribe.user(
                question + " "
                    + scribe.phrase(["I show you one page at a time.", "Ask for the pages.", "Which page do you need?"]))
            let request = scribe.pick([
                "Please show me {a}.", "First page: {a}", "I start with {a}.", "The page about {a}, please.",
            ])
            scribe.assistant(scribe.say(request, Slots(a: passages[0].name)))
            scribe.user(layout.write(passages[0], number: 1))
            let known = world.statement(facts[0], using: &scribe)
            scribe.assistant(
                known + " "
                    + scribe.say(
                        ["Now {b}.", "Now I need {b}.", "Next: {b}", "Please show me {b}, too."], Slots(b: passages[1].name)))
            scribe.user(layout.write(passages[1], number: 2))
            scribe.assistant("\(world.statement(facts[1], using: &scribe)) \(reason) \(end)")
            return
        }
        let text = scribe.pick(Layout.allCases).write(scribe.shuffled(passages))
        if scribe.chance(0.2) {
            scribe.user("\(text)\n\n\(question) \(scribe.phrase(["Just the answer.", "Only the answer, please."]))")
            return scribe.assistant(answer)
        }
        scribe.user(scribe.chance(0.3) ? "\(question)\n\n\(text)" : "\(text)\n\n\(question)")
        let statements = facts.map { world.statement($0, using: &scribe) }.joined(separator: " ")
        scribe.assistant("\(statements) \(reason) \(end)")
    }
}
