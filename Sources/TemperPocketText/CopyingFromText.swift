import TemperCore

/// Text to parts and parts to text: quoting, extracting, filling forms, writing a page from notes.
enum CopyingFromText {
    // MARK: Quoting

    /// Sentences found by what they hold, names and years taken out.
    static func sentences(using scribe: inout Scribe) {
        let (world, passages) = passages(scribe.number(1...3), facts: 2...4, using: &scribe)
        let text = scribe.pick([Layout.plain, .titled, .colon, .heading]).write(passages)
        var isFirst = true
        for _ in 0..<scribe.number(1...4) {
            let (question, answer) = task(passages, world, using: &scribe)
            scribe.user(isFirst ? (scribe.chance(0.7) ? "\(text)\n\n\(question)" : "\(question)\n\n\(text)") : question)
            scribe.assistant(answer)
            isFirst = false
        }
    }

    private static func task(
        _ passages: [Passage], _ world: SmallWorld, using scribe: inout Scribe
    ) -> (question: String, answer: String) {
        let passage = scribe.pick(passages)
        let text = passages.map(\.text).joined(separator: " ")
        switch scribe.number(0...6) {
        case 0:
            return (
                scribe.say(
                    ["<Repeat|Copy|Quote> the <text|passage> about {a}.", "What exactly does the text say about {a}?"],
                    Slots(a: passage.name)), passage.text
            )
        case 1:
            return (
                scribe.say(
                    ["<Quote|Copy|Give me> the first sentence about {a}.", "How does the text about {a} begin?"],
                    Slots(a: passage.name)), passage.lines[0].text
            )
        case 2:
            return (
                scribe.say(
                    ["<Quote|Copy|Give me> the last sentence about {a}.", "How does the text about {a} end?"],
                    Slots(a: passage.name)),
                passage.lines[passage.lines.count - 1].text
            )
        case 3, 4:
            let fact = scribe.pick(world.facts(of: passage.subject))
            let value = world.answer(fact)
            let lines = passages.flatMap(\.lines).filter { $0.text.contains(value) }
            guard lines.count == 1 else { fallthrough }
            return (
                scribe.say(
                    [
                        "<Find|Quote|Copy> the sentence <with|that mentions|containing> {a}.",
                        "In which sentence <is|stands> {a}?", "Which sentence mentions {a}?",
                    ], Slots(a: value)),
                lines[0].text
            )
        case 5:
            let names = world.entities.map(\.name).filter { text.contains($0) }
            let ordered = names.sorted { position(of: $0, in: text) < position(of: $1, in: text) }
            return (
                scribe.say(["<List|Write down|Extract> all <the |>names in the text.", "Which names <are|appear> in the text?"]),
                ordered.joined(separator: ", ")
            )
        default:
            let years = passages.flatMap { $0.lines.flatMap { statedYears(in: $0, world) } }
            guard !years.isEmpty else {
                return (
                    scribe.say(["How many sentences are about {a}?", "Count the sentences about {a}."], Slots(a: passage.name)),
                    String(passage.lines.count)
                )
            }
            let answer = years.joined(separator: ", ")
            return (
                scribe.say(["<List|Write down|Extract> all <the |>years in the text.", "Which years <are|appear> in the text?"]),
                answer
            )
        }
    }

    private static func statedYears(in line: Passage.Line, _ world: SmallWorld) -> [String] {
        let years = line.facts.compactMap { fact -> String? in
            if case .year = fact.relation.object { return world.answer(fact) }
            return nil
        }
        return years.sorted { position(of: $0, in: line.text) < position(of: $1, in: line.text) }
    }

    private static func position(of part: String, in text: String) -> Int {
        guard let range = text.firstRange(of: part) else { return text.count }
        return text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    }

    // MARK: Forms

    /// A passage to a form: lines, JSON or a table row.
    static func forms(using scribe: inout Scribe) {
        let (world, passages) = passages(scribe.pick([1, 1, 2]), facts: 3...5, using: &scribe)
        let text = Layout.plain.write(passages)
        let form = scribe.pick(FormStyle.allCases)
        var isFirst = true
        for passage in scribe.shuffled(passages) {
            let facts = scribe.shuffled(world.facts(of: passage.subject))
            let fields = facts.prefix(scribe.number(2...facts.count)).map { (key: key(of: $0.relation), value: world.answer($0)) }
            let keys = fields.map(\.key).joined(separator: ", ")
            let request = scribe.say(form.requests, Slots(a: keys, b: passage.name))
            scribe.user(isFirst ? (scribe.chance(0.8) ? "\(text)\n\n\(request)" : "\(request)\n\n\(text)") : request)
            scribe.assistant(form.write([(key: "name", value: passage.name)] + fields))
            isFirst = false
        }
    }

    /// A word for the field of a form.
    static func key(of relation: Relation) -> String {
        relation.id.split(separator: "_").joined(separator: " ")
    }

    // MARK: Pages

    /// A form to a page: the reply is prose with every name copied.
    static func pageFromFacts(using scribe: inout Scribe) {
        for _ in 0..<scribe.pick([1, 1, 2]) {
            let (world, passages) = passages(1, facts: 3...6, using: &scribe)
            guard let passage = passages.first else { continue }
            let entity = world.entities[passage.subject]
            let facts = passage.lines.flatMap(\.facts)
            let notes = scribe.shuffled(facts).map { "\(key(of: $0.relation)): \(world.answer($0))" }
            let request = scribe.say(
                [
                    "Write a <short text|page|paragraph> about {a} from these notes.",
                    "Turn these notes about {a} into <sentences|prose>.",
                    "Make a text about the {k} {a}.", "Please write about {a}. What I know:",
                ],
                Slots(k: entity.kind.nouns[0], a: entity.name))
            scribe.user(
                request + "\n"
                    + scribe.pick([
                        notes.joined(separator: "\n"), notes.joined(separator: "; "),
                        notes.map { "- \($0)" }.joined(separator: "\n"),
                    ]))
            scribe.assistant(passage.text)
        }
    }

    // MARK: Material

    private static func passages(
        _ count: Int, facts: ClosedRange<Int>, using scribe: inout Scribe
    ) -> (world: SmallWorld, passages: [Passage]) {
        var world = SmallWorld()
        var subjects: [Int] = []
        for _ in 0..<count {
            let subject = world.addEntity(scribe.pick(EntityKind.allCases), using: &scribe)
            world.addFacts(scribe.number(facts), of: subject, using: &scribe)
            subjects.append(subject)
        }
        var passages: [Passage] = []
        for subject in subjects { passages.append(Passage(about: subject, in: world, using: &scribe)) }
        return (world, passages)
    }
}

/// How a form is written.
enum FormStyle: CaseIterable {
    case lines, json, row, sentence

    var requests: [String] {
        switch self {
        case .lines: return ["Fill in for {b}: {a}", "Make a form about {b} with: {a}.", "Give me {a} of {b}, one per line."]
        case .json: return ["Write {b} as JSON with the fields {a}.", "JSON for {b}: {a}", "Turn it into JSON ({a}) for {b}."]
        case .row: return ["Write a table row for {b}: {a}", "Make a row with {a} for {b}, divided by bars."]
        case .sentence: return ["Give me {a} of {b}, divided by semicolons.", "{b}: {a}? Use semicolons."]
        }
    }

    func write(_ fields: [(key: String, value: String)]) -> String {
        switch self {
        case .lines: return fields.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        case .json: return "{" + fields.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ") + "}"
        case .row: return "| " + fields.map(\.value).joined(separator: " | ") + " |"
        case .sentence: return fields.map(\.value).joined(separator: "; ")
        }
    }
}
