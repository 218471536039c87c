import TemperCore

/// Facts to memorise: a small fixed world that never changes, and common knowledge.
enum Knowledge {
    /// The fixed world: the same for every seed.
    private static let world: SmallWorld = {
        var scribe = Scribe(random: RandomSource(seed: 20_240_607, "fixed world"))
        var world = SmallWorld()
        let kinds: [EntityKind] = [
            .film, .film, .film, .film, .book, .book, .book, .person, .person, .person, .person, .person, .town, .town, .town,
            .town,
            .country, .country, .company, .company, .studio, .river, .bridge, .museum, .planet, .gadget, .song, .team, .island,
            .ship,
        ]
        for kind in kinds {
            let subject = world.addEntity(kind, using: &scribe)
            world.addFacts(4, of: subject, using: &scribe)
        }
        return world
    }()

    static func write(using scribe: inout Scribe) {
        for _ in 0..<scribe.number(2...6) {
            if scribe.chance(0.5) { fixedFact(using: &scribe) } else { common(using: &scribe) }
        }
    }

    private static func fixedFact(using scribe: inout Scribe) {
        let fact = scribe.pick(world.facts)
        let entity = world.entities[fact.subject]
        if scribe.chance(0.2) {
            scribe.user(scribe.say(["Tell me something about {a}.", "What do you know about {a}?"], Slots(a: entity.name)))
            let facts = scribe.sample(2, of: world.facts(of: fact.subject))
            scribe.assistant(facts.map { world.statement($0, using: &scribe) }.joined(separator: " "))
            return
        }
        scribe.user(world.question(fact.relation, kind: entity.kind, of: entity.name, using: &scribe))
        scribe.assistant(scribe.chance(0.7) ? world.answer(fact) : world.statement(fact, using: &scribe))
    }

    private static func common(using scribe: inout Scribe) {
        switch scribe.number(0...7) {
        case 0: neighbour(in: Vocabulary.days, of: "day", using: &scribe)
        case 1: neighbour(in: Vocabulary.months, of: "month", using: &scribe)
        case 2:
            let pair = scribe.pick(opposites)
            let (word, answer) = scribe.chance(0.5) ? pair : (pair.1, pair.0)
            scribe.user(
                scribe.say(
                    ["What is the opposite of {a}?", "Opposite of {a}?", "Which word means the opposite of {a}?"], Slots(a: word))
            )
            scribe.assistant(answer)
        case 3:
            let fact = scribe.pick(plainFacts)
            scribe.user(fact.0)
            scribe.assistant(fact.1)
        case 4:
            let entry = scribe.pick(definitions)
            scribe.user(scribe.say(["What is {a}?", "Explain the word: {a}"], Slots(a: entry.0)))
            scribe.assistant(scribe.say(["{a} is {b}."], Slots(a: entry.0, b: entry.1)))
        case 5:
            let entry = scribe.pick(definitions)
            scribe.user(scribe.say(["Which word fits: {b}?", "How do we call this: {b}?"], Slots(b: entry.1)))
            scribe.assistant(entry.0)
        case 6:
            let group = scribe.pick(groups)
            let word = scribe.pick(group.1)
            scribe.user(
                scribe.say(["Is {a} a colour, an animal, an instrument or a job?", "What kind of thing is {a}?"], Slots(a: word)))
            scribe.assistant(group.0)
        default:
            let group = scribe.pick(groups)
            let count = scribe.number(2...4)
            scribe.user(
                scribe.say(["Name {n} of this kind: {a}.", "Give me {n} examples of {a}."], Slots(a: group.2, n: String(count))))
            scribe.assistant(scribe.sample(count, of: group.1).joined(separator: ", "))
        }
    }

    private static func neighbour(in cycle: [String], of noun: String, using scribe: inout Scribe) {
        let index = scribe.random.index(below: cycle.count)
        let isNext = scribe.chance(0.5)
        let answer = cycle[(index + (isNext ? 1 : cycle.count - 1)) % cycle.count]
        scribe.user(
            scribe.say(
                ["Which {a} comes {b} {c}?", "{b} {c}, which {a} comes?"],
                Slots(a: noun, b: isNext ? "after" : "before", c: cycle[index])))
        scribe.assistant(answer)
    }

    private static let groups = [
        ("a colour", Vocabulary.colours, "colours"), ("an animal", Vocabulary.animals, "animals"),
        ("an instrument", Vocabulary.instruments, "instruments"), ("a job", Vocabulary.professions, "jobs"),
    ]

    private static let opposites = [
        ("hot", "cold"), ("big", "small"), ("old", "new"), ("fast", "slow"), ("early", "late"), ("open", "closed"),
        ("full", "empty"),
        ("light", "heavy"), ("day", "night"), ("up", "down"), ("left", "right"), ("first", "last"), ("loud", "quiet"),
        ("wet", "dry"),
        ("rich", "poor"), ("young", "old"), ("strong", "weak"), ("soft", "hard"), ("true", "false"), ("north", "south"),
        ("east", "west"), ("buy", "sell"), ("give", "take"), ("begin", "end"), ("high", "low"), ("deep", "shallow"),
        ("wide", "narrow"), ("clean", "dirty"), ("cheap", "expensive"), ("before", "after"), ("same", "different"), ("yes", "no"),
    ]
    private static let plainFacts = [
        ("How many days are in a week?", "7"), ("How many months are in a year?", "12"),
        ("How many minutes are in an hour?", "60"),
        ("How many hours are in a day?", "24"), ("How many seconds are in a minute?", "60"),
        ("How many metres are in a kilometre?", "1000"),
        ("How many legs does a spider have?", "8"), ("How many legs does an ant have?", "6"), ("What colour is snow?", "white"),
        ("What colour is grass?", "green"), ("What colour is the sky on a clear day?", "blue"), ("What colour is coal?", "black"),
        ("What do bees make?", "honey"), ("What do cows give?", "milk"), ("Where do fish live?", "in water"),
        ("What is frozen water called?", "ice"), ("What season comes after winter?", "spring"),
        ("What season comes after summer?", "autumn"),
        ("How many sides does a triangle have?", "3"), ("How many sides does a square have?", "4"),
        ("How many years are in a century?", "100"),
        ("How many letters are in the English alphabet?", "26"), ("What is the first letter of the alphabet?", "A"),
        ("What comes after 99?", "100"), ("Is the sun hot?", "yes"), ("Can a stone swim?", "no"),
        ("Which is larger, a mouse or a horse?", "a horse"),
        ("What do we use to cut paper?", "scissors"), ("What does a baker make?", "bread"), ("Who flies a plane?", "a pilot"),
    ]
    private static let definitions = [
        ("a library", "a place where books are kept and lent"), ("a capital", "the town from which a country is governed"),
        ("a novel", "a long story in prose"), ("a bridge", "a way over a river or a road"), ("a mayor", "the head of a town"),
        ("an author", "a person who writes books"), ("a director", "the person who leads the making of a film"),
        ("a publisher", "a company that prints and sells books"), ("a founder", "the person who starts a company"),
        ("a headquarters", "the main office of a company"), ("a spouse", "a husband or a wife"),
        ("an employer", "one who gives work and pays for it"),
        ("a river", "a stream of water that flows to a lake or the sea"), ("a studio", "a place where films are made"),
        ("a composer", "a person who writes music"), ("an architect", "a person who plans buildings"),
        ("an orchard", "a garden of fruit trees"),
        ("a kitchen", "a room for cooking"), ("a ladder", "steps for climbing up a wall"),
        ("a clock", "a thing that shows the time"),
        ("a museum", "a house that shows old or beautiful things"), ("a harbor", "a safe place for ships"),
        ("a currency", "the money of a country"),
        ("an island", "land with water on all sides"), ("a century", "a time of one hundred years"),
        ("a birthplace", "the place where a person was born"),
    ]
}
