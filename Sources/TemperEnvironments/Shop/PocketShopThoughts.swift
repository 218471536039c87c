import TemperCore
import TemperPocketText

/// The words of the pocket shop's expert.
struct PocketShopThoughts {
    let view: PocketShopView
    var random: RandomSource

    /// A thought that needs no product.
    enum Moment {
        case start, nextPage, searchAgain, check, featuresTell, featuresLack, useless, colour, size, buy
    }

    /// {q} adjective and kind, {a} the same with its article, {e} the second attribute, {c} the colour, {s} the size, {u} the
    /// highest price, {i} the asin, {p} the price.
    private static let moments: [Moment: [Wording]] = [
        .start: patterns(
            "I search for {a}.", "First I look for {a}.", "I need {a}, so I search for it.", "The product is {a}.",
            "I start with the words {q}.", "Let me find {a}.", "A search for {q} should show it.", "I type {q}.",
            "The key words are {q}."),
        .nextPage: patterns(
            "I look at the next page.", "So I turn the page.", "None fits, so next page.", "The next page may have one.",
            "Nothing here, I go on.", "I go to the next page.", "I need more results.", "On to the next page."),
        .searchAgain: patterns(
            "Nothing here fits. I search again.", "These are not what I need. Back to the search.", "I go back and search anew.",
            "The search was not right. I start again.", "No {q} fits here. I search again.", "I need another search.",
            "Back to the search, these do not fit.", "This list does not help. I search again."),
        .check: patterns(
            "Does it have {e}? I check the features.", "The title does not say {e}. I open the features.",
            "I look for {e} in the features.", "I must see if it has {e}.", "First I check for {e}.",
            "The features will tell about {e}.", "I need {e}, so I read the features.", "Is there {e}? I look at the features."),
        .featuresTell: patterns(
            "It has {e}. I go back.", "The features list {e}. Good, back to the product.", "{e} is there. I go back to buy.",
            "There is {e}, so it fits. Back.", "Yes, {e}. I return to the product.", "I see {e}. This is the one.",
            "It comes with {e}. I go back.", "{e} is listed, so I go back."),
        .featuresLack: patterns(
            "There is no {e}. I go back.", "No {e} here, so it is not this one.", "The features do not list {e}. Back.",
            "I do not see {e}. I go back.", "It lacks {e}. I return.", "{e} is missing. I go back.",
            "Without {e} it does not fit.",
            "No {e} in the list. Back."),
        .useless: patterns(
            "Nothing new here. I go back.", "This does not help. Back to the product.", "I go back to the product.",
            "I know enough. Back.", "That is all on this page. I return.", "Not needed. I go back.", "Back to the product page.",
            "I have read it. I go back."),
        .colour: patterns(
            "It comes in {c}. I choose it.", "I choose {c}.", "The color should be {c}.", "I click {c}.",
            "There is {c}, as asked.",
            "First the color: {c}.", "I pick {c} for the color.", "The color is {c}."),
        .size: patterns(
            "Now the size: {s}.", "I choose size {s}.", "The size should be {s}.", "I click {s}.", "Size {s} is here.",
            "The color is set, now {s}.", "I pick {s} for the size.", "Next is the size {s}."),
        .buy: patterns(
            "All is chosen. I buy it.", "Everything fits, so I buy.", "Now I buy it.", "The choices are made. I buy now.",
            "This is what was asked. Buy.", "Nothing is missing. I buy it.", "I can buy it now.", "Done, I buy this one."),
    ]
    private static let faults: [PocketShopView.Fault: [Wording]] = [
        .dear: patterns(
            "{i} costs {p}, over {u}.", "{i} is {p}, more than {u}.", "{i} at {p} is over {u}.", "{i}: {p} is above {u}.",
            "{i} is too dear, {p} over {u}.", "{i} with {p} is more than {u}.", "{i} costs {p}, too much for {u}.",
            "{i} for {p} is above {u}."),
        .otherKind: patterns(
            "{i} is no {q}.", "{i} is another thing.", "{i} is not {a}.", "{i} does not match.", "{i} is something else.",
            "{i} is not what I need.", "{i} is of another kind.", "{i} is no match."),
        .titleExtra: patterns(
            "{i} has no {e}.", "{i} lacks {e}.", "{i} is without {e}.", "{i} does not have {e}.", "{i} shows no {e}.",
            "{i} comes with no {e}.", "{i} misses {e}.", "{i} does not offer {e}."),
        .colour: patterns(
            "{i} has no {c}.", "{i} lacks {c}.", "{i} is not sold in {c}.", "{i} does not come in {c}.", "{i} shows no {c}.",
            "{i} comes without {c}.", "{i} misses {c}.", "{i} is never {c}."),
        .featuresExtra: patterns(
            "{i} has no {e}.", "{i} lacks {e}.", "{i} is without {e}.", "{i} does not have {e}.", "{i} shows no {e}.",
            "{i} comes with no {e}.", "{i} misses {e}.", "{i} does not offer {e}."),
    ]
    private static let picks = patterns(
        "{i} costs {p}, under {u}.", "{i} is {p}, less than {u}.", "{i} at {p} is under {u}.", "{i}: {p} is below {u}.",
        "{i} fits, {p} under {u}.", "{i} with {p} is less than {u}.", "{i} costs {p}, fine for {u}.", "{i} for {p} is below {u}.")
    private static let leaving: [PocketShopView.Fault: [Wording]] = [
        .colour: patterns(
            "There is no {c}. I go back.", "It does not come in {c}. Back.", "No {c} here, so I go back.",
            "I do not see {c}. Back to the results.", "{c} is missing. I go back.", "Only other colors, no {c}. Back.",
            "It is not sold in {c}. I return.", "Without {c} it does not fit. Back."),
        .featuresExtra: patterns(
            "It has no {e}. Back to the results.", "Without {e} I need another. Back.", "Not this one, {e} is missing.",
            "It lacks {e}, so I go back.", "I go back to find one with {e}.", "No {e}, so back to the results.",
            "I leave it, there is no {e}.", "It does not have {e}. Back."),
    ]
    /// Thoughts about products that should not have been opened.
    private static let mistakes = patterns(
        "This is not the right one. I go back.", "Wrong product. Back to the results.", "I should not take this one. Back.",
        "That was a mistake. I go back.", "It does not fit after all. Back.", "Not this one. I return to the results.",
        "I opened the wrong one. Back.", "This does not match. I go back.")

    mutating func say(_ moment: Moment) -> String { fill(Self.moments[moment]) }
    mutating func skip(_ product: ShopProduct, _ fault: PocketShopView.Fault) -> String { fill(Self.faults[fault], product) }
    mutating func pick(_ product: ShopProduct) -> String { fill(Self.picks, product) }
    mutating func leave(_ fault: PocketShopView.Fault) -> String { fill(Self.leaving[fault] ?? Self.mistakes) }

    /// Every table, for the tests.
    static var tables: [[Wording]] {
        Array(moments.values) + Array(faults.values) + Array(leaving.values) + [picks, mistakes]
    }

    private mutating func fill(_ forms: [Wording]?, _ product: ShopProduct? = nil) -> String {
        guard let forms else { preconditionFailure("a thought of the pocket shop has no words") }
        let goal = view.goal
        return random.pick(forms).filled([
            "q": view.query, "a": "\(PocketShopWords.article(view.query)) \(view.query)", "e": view.extra ?? "",
            "c": goal.options[0], "s": goal.options.last ?? "",
            "u": String(Int(goal.priceUpper)), "i": product?.asin ?? "", "p": product.map { String(Int($0.price)) } ?? "",
        ])
    }

    private static func patterns(_ texts: String...) -> [Wording] { texts.map(Wording.init) }
}
