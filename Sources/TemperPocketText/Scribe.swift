import TemperCore

/// Writes one document of general text: its random draws, its fresh names and the messages so far.
struct Scribe {
    var random: RandomSource
    private var forge: NameForge
    private(set) var messages: [Message] = []
    /// What makes each generated name its own: a surname, a place, a root, a whole title.
    private(set) var distinctiveNames: [String] = []

    init(random: RandomSource) {
        var random = random
        forge = NameForge(partition: .pretraining, random: RandomSource(seed: random.next()))
        self.random = random
    }

    // MARK: Messages

    mutating func user(_ text: String) {
        messages.append(Message(.user, text, by: .instruction))
    }

    mutating func assistant(_ text: String) {
        messages.append(Message(.assistant, text, by: .teacher))
    }

    // MARK: Draws

    mutating func pick<Element>(_ choices: [Element]) -> Element { random.pick(choices) }

    mutating func chance(_ probability: Double) -> Bool { random.chance(probability) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.index(below: range.count) }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] { list.shuffled(using: &random) }

    /// A few different elements, in drawn order.
    mutating func sample<Element>(_ count: Int, of list: [Element]) -> [Element] {
        Array(shuffled(list).prefix(count))
    }

    /// A sentence in one of the wordings of one of the templates.
    mutating func say(_ templates: [String], _ slots: Slots = Slots()) -> String {
        say(random.pick(templates), slots)
    }

    mutating func say(_ template: String, _ slots: Slots = Slots()) -> String {
        Wording.capitalised(phrase([template], slots))
    }

    /// As ``say(_:_:)-(String,_)``, with no capital at the start.
    mutating func phrase(_ templates: [String], _ slots: Slots = Slots()) -> String {
        var slots = slots
        if slots.t.isEmpty { slots.t = random.chance(0.5) ? "town" : "city" }
        return Wording.phrase(random.pick(templates), slots, using: &random)
    }

    // MARK: Fresh names

    mutating func person() -> String {
        let name = forge.person()
        distinctiveNames.append(name.split(separator: " ").last.map(String.init) ?? name)
        return name
    }

    mutating func place() -> String {
        let name = forge.place()
        distinctiveNames.append(name)
        return name
    }

    mutating func root(syllables: ClosedRange<Int> = 2...3) -> String {
        let name = forge.root(syllables: syllables)
        distinctiveNames.append(name)
        return name
    }

    mutating func organisation(_ endings: [String]) -> String {
        let name = forge.organisation(endings: endings)
        distinctiveNames.append(String(name.prefix { $0 != " " }))
        return name
    }

    /// A title; shorter titles inside it belong to pretraining too, so that none of another world hides in it.
    mutating func title() -> String {
        while true {
            let pattern = random.pick(Vocabulary.titlePatterns)
            let slots = Slots(
                a: random.pick(Vocabulary.titleAdjectives), b: random.pick(Vocabulary.titleNouns),
                c: random.pick(Vocabulary.titleNouns))
            guard slots.b != slots.c else { continue }
            let title = Wording.phrase(pattern, slots, using: &random)
            var parts = [title]
            if pattern.contains("{a} {b}") { parts.append("\(slots.a) \(slots.b)") }
            if pattern.contains("{b} and {c}") { parts.append("\(slots.b) and \(slots.c)") }
            guard parts.allSatisfy({ WorldPartition.of($0) == .pretraining }) else { continue }
            distinctiveNames += parts
            return title
        }
    }
}
