import TemperCore
import TemperPocketText

/// Makes the tasks of `pocket/web`: a site, what to do on it, how much of that is done, and the page with decoys.
struct PocketWebMaker {
    /// A task before it is written down.
    struct Draft: Sendable {
        var site: String
        var goal: String
        /// What is to be done, in order.
        var steps: [PocketWebElement]
        /// How many of them are done; the next one is the target.
        var done: Int
        /// All elements in the order of the page, the steps among them.
        var elements: [PocketWebElement]

        var target: PocketWebElement { steps[done] }
    }

    /// The operations of 20 tasks in a row: 7 type, 7 select and 6 click.
    static let operations = [
        "TYPE", "SELECT", "CLICK", "TYPE", "SELECT", "CLICK", "TYPE", "SELECT", "CLICK", "TYPE", "SELECT", "CLICK", "TYPE",
        "SELECT", "CLICK", "TYPE", "SELECT", "TYPE", "CLICK", "SELECT",
    ]
    /// How many candidates a page has: one group of the tournament, or two.
    static let candidateCounts = [5, 7]

    /// Entries of a list.
    static let listLength = 2

    private let partition: WorldPartition
    private let wording: WordingSet
    private let operation: String
    private let theme: PocketWebTheme
    private let labels: PocketWebLabels
    private var random: RandomSource
    private var forge: NameForge

    /// The same (split, number) gives the same task everywhere.
    init(number: Int, split: PocketSplit) {
        partition = split.partition
        wording = split.wording
        random = RandomSource(seed: UInt64(number), "pocket-web", split.rawValue)
        operation = Self.operations[number % Self.operations.count]
        let place = random.index(below: PocketWebTheme.all.count)
        theme = PocketWebTheme.all[place]
        labels = PocketWebLabels.all[partition]?[place] ?? PocketWebLabels(theme, partition)
        forge = NameForge(partition: partition, random: RandomSource(seed: random.next()))
    }

    mutating func draft() -> Draft {
        let site = forge.organisation(endings: theme.sites)
        let count = 1 + random.index(below: 3)
        let done = random.index(below: count)
        var steps: [PocketWebElement] = []
        for index in 0..<count {
            let kind = kind(for: index == done ? operation : random.pick(["TYPE", "SELECT", "CLICK"]))
            steps.append(element(kind, unlike: steps))
        }
        let phrases = steps.map { step in
            fill(PocketWebWordings.goals(step.kind), ["l": step.label, "v": step.value])
        }
        var goal = phrases[0]
        for phrase in phrases.dropFirst() { goal += fill(PocketWebWordings.joints, [:]) + phrase }
        let frame = fill(PocketWebWordings.frames, ["s": site, "g": goal])
        var elements = steps
        addDecoys(to: &elements, target: steps[done], count: random.pick(Self.candidateCounts))
        elements.shuffle(using: &random)
        return Draft(
            site: site, goal: frame.prefix(1).uppercased() + frame.dropFirst(), steps: steps, done: done, elements: elements)
    }

    private mutating func kind(for operation: String) -> PocketWebElement.Kind {
        random.pick(PocketWebElement.Kind.allCases.filter { $0.operation == operation })
    }

    /// Two near misses of the target, of a list one; then anything but lists, which are long.
    private mutating func addDecoys(to elements: inout [PocketWebElement], target: PocketWebElement, count: Int) {
        let misses = target.kind == .list ? 1 : 2
        for _ in 0..<misses where elements.count < count {
            for _ in 0..<12 {
                let decoy = element(target.kind, unlike: elements)
                guard decoy.isNear(target) || target.kind == .link else { continue }
                elements.append(decoy)
                break
            }
        }
        while elements.count < count {
            elements.append(element(random.pick([.field, .box, .link, .button]), unlike: elements))
        }
    }

    /// An element whose label no other has; where the labels of a kind run out, a link, whose labels never do.
    private mutating func element(_ kind: PocketWebElement.Kind, unlike others: [PocketWebElement]) -> PocketWebElement {
        var made = element(kind)
        var attempts = 1
        while others.contains(where: { $0.label == made.label }) {
            made = element(attempts < 50 ? kind : .link)
            attempts += 1
        }
        return made
    }

    private mutating func element(_ kind: PocketWebElement.Kind) -> PocketWebElement {
        switch kind {
        case .field:
            let field = random.pick(labels.fields)
            return PocketWebElement(kind: kind, label: field.label, value: text(field.content))
        case .list:
            let list = random.pick(labels.lists)
            let options = Array(list.options.shuffled(using: &random).prefix(Self.listLength))
            return PocketWebElement(kind: kind, label: list.noun, options: options, value: random.pick(options))
        case .box: return PocketWebElement(kind: kind, label: random.pick(labels.boxes))
        case .link: return PocketWebElement(kind: kind, label: text(theme.links))
        case .button: return PocketWebElement(kind: kind, label: random.pick(labels.buttons))
        }
    }

    private mutating func text(_ content: PocketWebTheme.Content) -> String {
        switch content {
        case .place: forge.root(syllables: 2...2, endings: NameForge.placeEndings)
        case .person: forge.person()
        case .number: String(100 + random.index(below: 900))
        case .title: forge.title(patterns: ["{adjective} {noun}", "{noun} and {second}"])
        }
    }

    private mutating func fill(_ phrasing: Phrasing, _ values: [Character: String]) -> String {
        random.pick(phrasing[wording]).filled(isSentence: false, values)
    }
}
