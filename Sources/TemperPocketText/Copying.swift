import TemperCore

/// Repeating, picking, rearranging and moving text into another form, letter by letter.
enum Copying {
    static func write(using scribe: inout Scribe) {
        switch scribe.random.unit() {
        case ..<0.24: listTasks(using: &scribe)
        case ..<0.44: pairs(using: &scribe)
        case ..<0.60: CopyingFromText.sentences(using: &scribe)
        case ..<0.76: CopyingFromText.forms(using: &scribe)
        case ..<0.90: CopyingFromText.pageFromFacts(using: &scribe)
        default: editing(using: &scribe)
        }
    }

    /// Fresh names or common things, all different.
    static func items(_ count: Int, using scribe: inout Scribe) -> [String] {
        let kind = scribe.number(0...6)
        if kind == 5 { return scribe.sample(count, of: Vocabulary.objects + Vocabulary.animals) }
        var items: [String] = []
        while items.count < count {
            let item: String
            switch kind {
            case 0: item = scribe.person()
            case 1: item = scribe.place()
            case 2: item = scribe.title()
            case 3: item = Entity(scribe.pick([.company, .studio, .museum, .team, .bridge]), using: &scribe).name
            case 4: item = String(scribe.number(10...9_999))
            default: item = scribe.chance(0.5) ? scribe.person() : scribe.chance(0.5) ? scribe.title() : scribe.place()
            }
            if !items.contains(item) { items.append(item) }
        }
        return items
    }

    // MARK: Lists

    private static func listTasks(using scribe: inout Scribe) {
        let items = items(scribe.number(3...9), using: &scribe)
        let shown = ListForm.allCases[scribe.random.index(below: ListForm.allCases.count)]
        let name = scribe.pick(["list", "list", "names", "items"])
        var isFirst = true
        for _ in 0..<scribe.number(2...5) {
            let (question, answer) = listTask(items, shown, using: &scribe)
            if isFirst {
                let head = scribe.pick([
                    "Here is a \(name == "list" ? "list" : "list of \(name)").", "My \(name):", "Look at this list:", "List:",
                ])
                scribe.user(
                    scribe.chance(0.75) ? "\(head)\n\(shown.write(items))\n\(question)" : "\(question)\n\(shown.write(items))")
            } else {
                scribe.user(question)
            }
            isFirst = false
            scribe.assistant(answer)
        }
    }

    private static func listTask(
        _ items: [String], _ form: ListForm, using scribe: inout Scribe
    ) -> (question: String, answer: String) {
        let position = scribe.random.index(below: items.count)
        let item = items[position]
        switch scribe.number(0...9) {
        case 0:
            return (
                scribe.say([
                    "<Repeat|Copy|Say> the list<.| again.| once more.>", "Write the same list again.", "Give me back the list.",
                ]), form.write(items)
            )
        case 1:
            return (
                scribe.say([
                    "<Reverse|Turn around> the list.", "Write the list <backwards|in reverse order|from the end to the start>.",
                ]),
                form.write(items.reversed())
            )
        case 2, 3:
            let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
            let slots = Slots(a: ordinals[position], n: String(position + 1))
            return (
                scribe.say(
                    [
                        "What is the {a} <item|entry>?", "<Give|Tell> me the {a} <one|item>.", "Which one is number {n}?",
                        "Item {n}, please.",
                    ], slots), item
            )
        case 4:
            return (scribe.say(["What <is|stands> <last|at the end>?", "Which is the last <one|item>?"]), items[items.count - 1])
        case 5 where position + 1 < items.count:
            return (
                scribe.say(["What comes <right |>after {a}?", "Which one follows {a}?"], Slots(a: item)), items[position + 1]
            )
        case 6 where position > 0:
            return (
                scribe.say(["What comes <right |>before {a}?", "Which one stands before {a}?"], Slots(a: item)),
                items[position - 1]
            )
        case 7:
            return (scribe.say(["How many items are <there|in the list>?", "Count the items."]), String(items.count))
        case 8:
            let rest = items.enumerated().filter { $0.offset != position }.map(\.element)
            return (
                scribe.say(["<Leave out|Remove|Drop> {a}.", "Write the list without {a}."], Slots(a: item)), form.write(rest)
            )
        default:
            let other = ListForm.allCases[scribe.random.index(below: ListForm.allCases.count)]
            return (other.request, other.write(items))
        }
    }

    // MARK: Pairs

    /// A table of names and values, asked for many times.
    private static func pairs(using scribe: inout Scribe) {
        let count = scribe.chance(0.15) ? scribe.number(12...30) : scribe.number(3...9)
        let keys = items(count, using: &scribe)
        var values = items(count, using: &scribe)
        while !Set(values).isDisjoint(with: keys) { values = items(count, using: &scribe) }
        let mark = scribe.pick([": ", " -> ", " = ", " - ", " | ", " goes with ", " belongs to ", " lives next to "])
        let text = zip(keys, values).map { $0 + mark + $1 }.joined(separator: "\n")
        var isFirst = true
        for index in scribe.sample(scribe.number(3...8), of: Array(0..<keys.count)) {
            let backwards = scribe.chance(0.25)
            let known = backwards ? values[index] : keys[index]
            let question =
                backwards
                ? scribe.say(
                    ["What stands before {a}?", "Which entry has {a}?", "What is on the left of {a}?", "Who or what has {a}?"],
                    Slots(a: known))
                : scribe.say(
                    ["What <stands|is> next to {a}?", "What belongs to {a}?", "Find {a}.", "What goes with {a}?", "Now {a}."],
                    Slots(a: known))
            scribe.user(isFirst ? "\(text)\n\n\(question)" : question)
            isFirst = false
            scribe.assistant(backwards ? keys[index] : values[index])
        }
    }

    // MARK: Editing

    private static func editing(using scribe: inout Scribe) {
        for _ in 0..<scribe.number(1...3) {
            var world = SmallWorld()
            let kind = scribe.pick(EntityKind.allCases)
            let subject = world.addEntity(kind, using: &scribe)
            world.addFacts(2, of: subject, using: &scribe)
            guard let fact = world.facts.first else { continue }
            let sentence = world.statement(fact, using: &scribe)
            let name = world.entities[subject].name
            switch scribe.number(0...4) {
            case 0:
                scribe.user(
                    scribe.say(["<Repeat|Copy|Write down> this sentence<.| exactly.>", "Say it again:", "Copy:"]) + "\n"
                        + sentence)
                scribe.assistant(sentence)
            case 1:
                let other = Entity(kind, using: &scribe).name
                scribe.user(
                    scribe.say(
                        ["<Replace|Change> {a} <by|to> {b}<.|, please.>", "Put {b} in the place of {a}."],
                        Slots(a: name, b: other)) + "\n" + sentence)
                scribe.assistant(replacing(name, with: other, in: sentence))
            case 2:
                scribe.user(
                    scribe.say(["Write <the name|this> in capital letters: {a}", "{a} in capitals, please."], Slots(a: name)))
                scribe.assistant(name.uppercased())
            case 3:
                let words = sentence.split(separator: " ").map(String.init)
                scribe.user(scribe.say(["Write <one word per line|each word on its own line>."]) + "\n" + sentence)
                scribe.assistant(words.joined(separator: "\n"))
            default:
                let rest = scribe.number(2...3)
                scribe.user(
                    scribe.say(["Write this <line|sentence> {n} times.", "{n} times, please:"], Slots(n: String(rest))) + "\n"
                        + sentence)
                scribe.assistant(Array(repeating: sentence, count: rest).joined(separator: "\n"))
            }
        }
    }

    static func replacing(_ name: String, with other: String, in text: String) -> String {
        guard let range = text.firstRange(of: name) else { return text }
        return String(text[..<range.lowerBound]) + other + text[range.upperBound...]
    }
}

/// Ways to write a list.
enum ListForm: CaseIterable {
    case commas, lines, dashes, numbers, semicolons

    func write(_ items: [String]) -> String {
        switch self {
        case .commas: return items.joined(separator: ", ")
        case .lines: return items.joined(separator: "\n")
        case .dashes: return items.map { "- \($0)" }.joined(separator: "\n")
        case .numbers: return items.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
        case .semicolons: return items.joined(separator: "; ")
        }
    }

    var request: String {
        switch self {
        case .commas: return "Write the list with commas."
        case .lines: return "Write one item per line."
        case .dashes: return "Write the list with a dash before each item."
        case .numbers: return "Number the items."
        case .semicolons: return "Write the list with semicolons."
        }
    }
}
