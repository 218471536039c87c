import TemperCore
import TemperPocketText

/// The words of the expert of `pocket/hotpotqa`.
struct PocketThoughts: PocketVoice {
    var random: RandomSource
    let gold: PocketGold

    /// What was found: {s} the page, {o} the value.
    private static let statements: [PocketRelation: [String]] = [
        .birthplace: ["{s} was born in {o}.", "The birthplace of {s} is {o}."],
        .birthYear: ["{s} was born in {o}.", "The birth year of {s} is {o}."],
        .occupation: ["The profession of {s} is {o}.", "By profession {s} is {a}."],
        .employer: ["{s} works for {o}.", "The employer of {s} is {o}."],
        .spouse: ["{s} is married to {o}.", "The spouse of {s} is {o}."],
        .country: ["{s} is in {o}.", "The country of {s} is {o}."],
        .mayor: ["The mayor of {s} is {o}.", "{o} is the mayor of {s}."],
        .river: ["{s} lies on the river {o}.", "The river of {s} is {o}."],
        .founder: ["{s} was founded by {o}.", "The founder of {s} is {o}."],
        .foundingYear: ["{s} was founded in {o}.", "The founding year of {s} is {o}."],
        .headquarters: ["{s} is based in {o}.", "The home city of {s} is {o}."],
        .director: ["{s} was directed by {o}.", "The director of {s} is {o}."],
        .filmYear: ["{s} was released in {o}.", "The release year of {s} is {o}."],
        .studio: ["{s} was produced by {o}.", "The studio of {s} is {o}."],
        .leadActor: ["The lead actor of {s} is {o}.", "{s} stars {o}."],
        .author: ["{s} was written by {o}.", "The author of {s} is {o}."],
        .bookYear: ["{s} was published in {o}.", "The publication year of {s} is {o}."],
        .publisher: ["{s} was published by {o}.", "The publisher of {s} is {o}."],
        .capital: ["The capital of {s} is {o}."],
    ]

    /// The first thought about a chain: {r} the first relation, {x} the page, {t} what comes after.
    private static let openings = [
        "I need the {r} of {x} first, then {t}.", "First I find the {r} of {x}. Then I need {t}.",
        "To get {t}, I first need the {r} of {x}.", "I search {x} for the {r}. After that I need {t}.",
        "I start with {x} and look for the {r}, then {t}.", "The first step is the {r} of {x}, the next is {t}.",
    ]
    /// The first thought about two things, {x} and {z}.
    private static let comparisons = [
        "I need the {r} of {x} and the {r} of {z}.", "I compare the {r} of {x} with that of {z}. I start with {x}.",
        "First I find the {r} of {x}, then the {r} of {z}.", "To compare them, I need the {r} of {x} and of {z}.",
    ]
    private static let continuations = [
        "Now I need the {r} of {x}.", "Next I search {x} for the {r}.", "So now I need the {r} of {x}.",
        "The next step is the {r} of {x}.",
    ]
    private static let conclusions = [
        "That is the answer.", "So the answer is {o}.", "This answers the question.", "I can answer {o}.",
    ]
    private static let gaps = [
        "The text does not show the {r} of {x}. I look up '{k}'.", "There is no {r} of {x} here yet. I look for '{k}'.",
        "The {r} of {x} is not in these sentences, so I look up '{k}'.",
    ]
    private static let repeats = [
        "This is not about the {r} of {x}. I look for the next '{k}'.",
        "That does not give the {r} of {x}. I look up '{k}' again.",
    ]
    private static let switches = [
        "That does not show the {r} of {x}. I try '{k}'.", "Nothing more here about the {r} of {x}. I look for '{k}'.",
    ]
    private static let retries = [
        "The search gave nothing. I search {x} again.", "There was no result, so I search {x} once more.",
        "Nothing came back. I try {x} again.", "The result is empty. I search for {x} again.",
        "That search failed. I search {x} again.", "No page came up. I try to search {x} again.",
        "I got no result for {x}. I search it again.", "The search for {x} gave nothing, so I repeat it.",
    ]
    private static let corrections = ["This is another page. I search {x} alone.", "That is not the page of {x}. I search {x}."]

    mutating func statement(_ hop: PocketHop) -> String {
        guard let relation = PocketRelation(rawValue: hop.relation), let forms = Self.statements[relation] else { return "" }
        let article = hop.value.first.map { "aeiou".contains($0) } == true ? "an" : "a"
        return say(forms, ["s": hop.title, "o": hop.value, "a": "\(article) \(hop.value)"])
    }

    mutating func opening() -> String {
        let hops = gold.hops
        if gold.shape.isComparison {
            return say(Self.comparisons, ["r": noun(hops[0]), "x": hops[0].title, "z": hops[1].title])
        }
        let later = hops.dropFirst().map { "the \(noun($0))" }.joined(separator: " and then ")
        return say(Self.openings, ["r": noun(hops[0]), "x": hops[0].title, "t": later])
    }

    mutating func continuation(_ hop: PocketHop) -> String { about(hop, Self.continuations) }
    mutating func correction(_ hop: PocketHop) -> String { about(hop, Self.corrections) }
    mutating func retry(_ hop: PocketHop) -> String { about(hop, Self.retries) }
    mutating func gap(_ hop: PocketHop, keyword: String) -> String { about(hop, Self.gaps, keyword) }
    mutating func repeated(_ hop: PocketHop, keyword: String) -> String { about(hop, Self.repeats, keyword) }
    mutating func switched(_ hop: PocketHop, keyword: String) -> String { about(hop, Self.switches, keyword) }

    mutating func conclusion() -> String {
        let (first, last) = (gold.hops[0].value, gold.hops[gold.hops.count - 1].value)
        switch gold.shape.form {
        case .chain, .check, .before: return say(Self.conclusions, ["o": gold.answer])
        case .earlier:
            // The order of the question is kept: before leads to the first name, after to the second.
            let forms =
                first < last
                ? ["{v} is before {w}, so it is the first: {x}.", "{v} comes before {w}, so the answer is the first: {x}."]
                : ["{v} is after {w}, so it is the second: {z}.", "{v} comes after {w}, so the answer is the second: {z}."]
            let second = gold.hops[gold.hops.count - 1].title
            return say(forms, ["v": first, "w": last, "x": gold.hops[0].title, "z": second])
        case .same:
            let forms =
                gold.answer == "yes"
                ? ["Both are {p}, so the answer is yes.", "{p} and {q} are the same, so yes."]
                : ["{p} and {q} are not the same, so the answer is no.", "{p} is not {q}, so no."]
            return say(forms, ["p": first, "q": last])
        }
    }

    private mutating func about(_ hop: PocketHop, _ forms: [String], _ keyword: String = "") -> String {
        say(forms, ["r": noun(hop), "x": hop.title, "k": keyword])
    }

    private func noun(_ hop: PocketHop) -> String { PocketRelation(rawValue: hop.relation)?.noun ?? hop.relation }

    private mutating func say(_ forms: [String], _ values: [Character: String]) -> String {
        Wording(random.pick(forms)).filled(values)
    }
}
