import TemperCore

/// Pages and short stories with fresh names.
enum Prose {
    static func write(using scribe: inout Scribe) {
        if scribe.chance(0.5) { page(using: &scribe) } else { story(using: &scribe) }
    }

    /// A page on one thing and on what it leads to.
    private static func page(using scribe: inout Scribe) {
        var world = SmallWorld()
        let chain = Chain.grow(hops: 3, in: &world, using: &scribe)
        var paragraphs: [String] = []
        for subject in chain.subjects {
            world.addFacts(scribe.number(3...5), of: subject, using: &scribe)
            paragraphs.append(Passage(about: subject, in: world, fillers: scribe.number(1...3), using: &scribe).text)
        }
        let entity = world.entities[chain.facts[0].subject]
        let title = scribe.chance(0.5) ? "# \(entity.name)\n\n" : ""
        let text = title + paragraphs.joined(separator: "\n\n")
        if scribe.chance(0.7) {
            scribe.user(
                scribe.say(
                    [
                        "Write a page about the {k} {a}.", "Tell me <all|everything> about {a}, a {k}.",
                        "Make up a page about a {k} called {a}.",
                    ], Slots(k: entity.kind.nouns[0], a: entity.name)))
        }
        scribe.assistant(text)
    }

    private static func story(using scribe: inout Scribe) {
        let hero = Entity(.person, using: &scribe)
        let friend = Entity(.person, using: &scribe)
        let (town, far) = (scribe.place(), scribe.place())
        let thing = scribe.pick(Vocabulary.objects)
        let slots = Slots(s: hero.name, o: friend.name, a: town, b: far, c: thing, n: hero.pronoun)
        var lines = [scribe.say(Self.openings, slots)]
        for part in [Self.problems, Self.journeys, Self.meetings, Self.turns, Self.endings] {
            lines.append(scribe.say(part, slots))
        }
        if scribe.chance(0.75) {
            scribe.user(
                scribe.say(
                    [
                        "Write a short story about {s} and {o}.", "Tell me a story with {s}, {o} and a {c}.",
                        "A story about a lost {c}, please. The people are {s} and {o}.",
                    ], slots))
        }
        scribe.assistant(lines.joined(separator: " "))
        guard scribe.chance(0.7) else { return }
        for question in scribe.sample(2, of: Self.questions) {
            scribe.user(scribe.say(question.0, slots))
            scribe.assistant(scribe.phrase([question.1], slots))
        }
    }

    private static let openings = [
        "{s} lived in {a}, in a <small|yellow|crooked> house <near the market|beside the mill|at the end of a lane>.",
        "In the town of {a} there was a <baker|teacher|clock maker> named {s}.",
        "Everybody in {a} knew {s}, because {n} always <sang on the way to work|wore two hats|walked backwards on Mondays>.",
    ]
    private static let problems = [
        "One <morning|evening> the old {c} was gone.",
        "One day {n} lost a {c} that had belonged to the family for <years|a century>.",
        "Then, in the <middle|darkest week> of <winter|autumn>, somebody took the {c}.",
    ]
    private static let journeys = [
        "{s} packed some bread and <walked|rode|drove> to {b}.", "So {n} took the <first|last|slow> train to {b}.",
        "A letter came from {b}: the {c} had been seen there. {s} set out at once.",
    ]
    private static let meetings = [
        "At the <station|bridge|gate> stood {o}, holding a {c}.", "There {n} met {o}, who <sold|collected|repaired> such things.",
        "In a <quiet|noisy> inn {n} sat down beside {o} and told the story.",
    ]
    private static let turns = [
        "\"I found it <in the snow|under a bench|behind the school>,\" said {o}.",
        "{o} <laughed|smiled|nodded> and opened a bag: there it was.",
        "\"Is this yours?\" asked {o}. It was.",
    ]
    private static let endings = [
        "They <drank tea|shared the bread|talked all night>, and in the morning {s} went home to {a} with the {c}.",
        "From then on {s} and {o} wrote to each other every month.", "Back in {a}, {s} put the {c} on the table and was glad.",
    ]
    private static let questions = [
        ("Where did {s} live?", "{a}"), ("To which town did {s} go?", "{b}"), ("Who had the {c}?", "{o}"),
        ("What was lost?", "a {c}"),
        ("Who looked for the {c}?", "{s}"), ("Which two people are in the story?", "{s} and {o}"),
    ]
}
