import TemperCore
import TemperPocketText

/// The words of the experts of the twins. Each thought is made of two parts, so that there are at least eight of a kind.
struct TwinThoughts: PocketVoice {
    var random: RandomSource
    let gold: PocketGold

    /// What was found, as part of a sentence: {s} the page, {o} the value, {a} with its article.
    private static let facts: [PocketRelation: [String]] = [
        .birthplace: ["{s} was born in {o}", "the birthplace of {s} is {o}"],
        .birthYear: ["{s} was born in {o}", "the birth year of {s} is {o}"],
        .occupation: ["{s} is {a} by profession", "the profession of {s} is {o}"],
        .employer: ["{s} works for {o}", "the employer of {s} is {o}"],
        .spouse: ["{s} is married to {o}", "the spouse of {s} is {o}"],
        .country: ["{s} is in {o}", "the country of {s} is {o}"],
        .mayor: ["{o} is the mayor of {s}", "the mayor of {s} is {o}"],
        .river: ["{s} lies on the river {o}", "the river of {s} is {o}"],
        .founder: ["{s} was founded by {o}", "the founder of {s} is {o}"],
        .foundingYear: ["{s} was founded in {o}", "the founding year of {s} is {o}"],
        .headquarters: ["{s} is based in {o}", "the home city of {s} is {o}"],
        .director: ["{s} was directed by {o}", "the director of {s} is {o}"],
        .filmYear: ["{s} was released in {o}", "the release year of {s} is {o}"],
        .studio: ["{s} was produced by {o}", "the studio of {s} is {o}"],
        .leadActor: ["{s} stars {o}", "the lead actor of {s} is {o}"],
        .author: ["{s} was written by {o}", "the author of {s} is {o}"],
        .bookYear: ["{s} was published in {o}", "the publication year of {s} is {o}"],
        .publisher: ["{s} was published by {o}", "the publisher of {s} is {o}"],
        .capital: ["{o} is the capital of {s}", "the capital of {s} is {o}"],
    ]
    private static let leads = ["{f}.", "I see that {f}.", "The page says that {f}.", "So {f}."]

    mutating func opening() -> String {
        let first = gold.hops[0]
        let values: [Character: String] = ["r": noun(first), "x": first.title]
        guard gold.hops.count > 1 else {
            return say(
                [
                    "I need the {r} of {x}.", "The question asks for the {r} of {x}.", "I look for the {r} of {x}.",
                    "Wanted is the {r} of {x}.",
                ],
                ["", " I search the page."], values)
        }
        let last = gold.hops[1]
        switch gold.shape.form {
        case .same, .earlier, .before:
            return say(
                [
                    "I need the {r} of {x}", "First I find the {r} of {x}", "I start with the {r} of {x}",
                    "I search the {r} of {x}",
                ],
                [" and the {t} of {z}.", ", then the {t} of {z}."], values, ["t": noun(last), "z": last.title])
        case .chain, .check:
            return say(
                [
                    "I need the {r} of {x}", "First I find the {r} of {x}", "I start with the {r} of {x}",
                    "I search the {r} of {x}",
                ],
                [", then the {t}.", " and after that the {t}."], values, ["t": noun(last)])
        }
    }

    mutating func statement(_ hop: PocketHop) -> String {
        guard let relation = PocketRelation(rawValue: hop.relation), let forms = Self.facts[relation] else { return "" }
        let fact = Wording(random.pick(forms)).filled(
            isSentence: false, ["s": hop.title, "o": hop.value, "a": Self.withArticle(hop.value)])
        return Wording(random.pick(Self.leads)).filled(["f": fact])
    }

    mutating func continuation(_ hop: PocketHop) -> String {
        about(
            hop, ["Now I need", "Next I need", "Now I look for", "The next step is"], [" the {r} of {x}.", " {x} and its {r}."])
    }

    mutating func correction(_ hop: PocketHop) -> String {
        about(
            hop, ["This is another page.", "That is not the page of {x}.", "This page is not {x}.", "I need another page."],
            [" I search {x}.", " I search {x} alone."])
    }

    mutating func retry(_ hop: PocketHop) -> String {
        about(
            hop, ["The search gave nothing.", "There was no result.", "Nothing was found.", "That gave no page."],
            [" I search {x} again.", " I try {x} again."])
    }

    mutating func gap(_ hop: PocketHop, keyword: String) -> String {
        about(
            hop,
            [
                "The text does not show the {r} of {x}.", "There is no {r} of {x} here yet.",
                "The {r} of {x} is not in these sentences.", "I do not see the {r} of {x}.",
            ], [" I look up '{k}'.", " I look for '{k}'."], keyword)
    }

    mutating func repeated(_ hop: PocketHop, keyword: String) -> String {
        about(
            hop,
            [
                "This is not about the {r} of {x}.", "That does not give the {r} of {x}.", "This is not the {r} of {x}.",
                "Here is no {r} of {x}.",
            ], [" I look for the next '{k}'.", " I look up '{k}' again."], keyword)
    }

    mutating func switched(_ hop: PocketHop, keyword: String) -> String {
        about(
            hop,
            [
                "That does not show the {r} of {x}.", "Nothing more here about the {r} of {x}.", "No {r} of {x} so far.",
                "Still no {r} of {x}.",
            ], [" I try '{k}'.", " I look up '{k}' now."], keyword)
    }

    mutating func conclusion() -> String {
        let (first, last) = (gold.hops[0].value, gold.hops[gold.hops.count - 1].value)
        let ends = [" So the answer is {o}.", " The answer is {o}."]
        let answer: [Character: String] = ["o": gold.answer]
        let isYes = gold.answer == "yes"
        switch gold.shape.form {
        case .chain where gold.options.isEmpty:
            return say(
                ["That is what I need.", "This answers the question.", "Now I have it.", "This is what was asked for."], ends,
                answer)
        case .chain:
            return say(
                ["Here {v} is option {o}.", "I find {v} at {o}.", "In the list, {v} is {o}.", "Of the options, {v} is {o}."],
                ends, answer,
                ["v": last])
        case .earlier, .before:
            let word = first < last ? "before" : "after"
            return say(
                ["{v} is {b} {w}.", "{v} comes {b} {w}.", "I compare: {v} is {b} {w}.", "The year {v} is {b} {w}."], ends, answer,
                ["v": first, "w": last, "b": word])
        case .same, .check:
            let (left, right) = gold.claim.map { (last, $0) } ?? (first, last)
            let forms =
                isYes
                ? ["Both are {v}.", "It is {v} both times.", "I compare {v} and {w}: the same.", "Twice it is {v}."]
                : [
                    "It is {v}, not {w}.", "Here {v} is not {w}.", "I compare {v} and {w}: not the same.",
                    "I found {v}, not {w}.",
                ]
            return say(forms, ends, answer, ["v": left, "w": right])
        }
    }

    static func withArticle(_ noun: String) -> String {
        (noun.first.map { "aeiou".contains($0) } == true ? "an " : "a ") + noun
    }

    private mutating func about(_ hop: PocketHop, _ heads: [String], _ tails: [String], _ keyword: String = "") -> String {
        say(heads, tails, ["r": noun(hop), "x": hop.title, "k": keyword])
    }

    private func noun(_ hop: PocketHop) -> String { PocketRelation(rawValue: hop.relation)?.noun ?? hop.relation }

    private mutating func say(
        _ heads: [String], _ tails: [String], _ values: [Character: String], _ others: [Character: String] = [:]
    ) -> String {
        let pattern = random.pick(heads) + random.pick(tails)
        return Wording(pattern).filled(values.merging(others) { first, _ in first })
    }
}
