import TemperPocketText

/// The wordings of the pocket shop, a table for each split; no sentence is in two of them.
enum PocketShopWordings {
    /// {a} article and adjective, {k} the kind, {e} the second attribute, {c} the colour, {s} the size, {p} the price.
    struct Instructions: Sendable {
        var leads: [Wording]
        var extras: [Wording]
        var colours: [Wording]
        var sizes: [Wording]
        var prices: [Wording]

        init(leads: [String], extras: [String], colours: [String], sizes: [String], prices: [String]) {
            self.leads = leads.map(Wording.init)
            self.extras = extras.map(Wording.init)
            self.colours = colours.map(Wording.init)
            self.sizes = sizes.map(Wording.init)
            self.prices = prices.map(Wording.init)
        }
    }

    /// {n} the brand, {k} the kind, {e} what comes with it.
    struct About: Sendable {
        var descriptions: [Wording]
        var features: [Wording]
        var reviews: [Wording]

        init(descriptions: [String], features: [String], reviews: [String]) {
            self.descriptions = descriptions.map(Wording.init)
            self.features = features.map(Wording.init)
            self.reviews = reviews.map(Wording.init)
        }
    }

    static func instructions(_ split: PocketSplit) -> Instructions {
        switch split {
        case .train: train
        case .validation: validation
        case .test: test
        }
    }

    static func about(_ split: PocketSplit) -> About {
        switch split {
        case .train: aboutTrain
        case .validation: aboutValidation
        case .test: aboutTest
        }
    }

    private static let train = Instructions(
        leads: [
            "i need {a} {k}", "i am looking for {a} {k}", "i want to buy {a} {k}", "find me {a} {k}", "please get me {a} {k}",
            "i would like {a} {k}", "can you find {a} {k}", "show me {a} {k}", "buy {a} {k} for me", "my sister needs {a} {k}",
            "i have to get {a} {k}", "we want {a} {k}", "i am searching for {a} {k}", "help me buy {a} {k}",
            "order {a} {k} for my home", "i wish to have {a} {k}",
        ],
        extras: [
            " with {e}", " that has {e}", " that comes with {e}", " including {e}", " which has {e}", " and it must have {e}",
            " with {e} included", " that offers {e}",
        ],
        colours: [
            " in {c}", ", color {c}", ", in the color {c}", " and i want it in {c}", ", the color should be {c}", ", i like {c}",
            ". it should be {c}", ", {c} please",
        ],
        sizes: [
            ", size {s}", " in size {s}", ", the size is {s}", " and size {s}", ", i wear {s}", ", size should be {s}",
            ", it has to be {s}", ", {s} size",
        ],
        prices: [
            ", and price lower than {p} dollars", ", priced under {p} dollars", ", for less than {p} dollars",
            ", it must cost below {p} dollars", ", and i have {p} dollars", ", at most {p} dollars", ", my limit is {p} dollars",
            ", not more than {p} dollars", ", price up to {p} dollars", ", and it costs under {p} dollars",
        ])

    private static let validation = Instructions(
        leads: ["i could use {a} {k}", "let us buy {a} {k}", "i am after {a} {k}", "get {a} {k} for us"],
        extras: [" that features {e}", " along with {e}", ", {e} included"],
        colours: [" of {c} color", ", colored {c}", ", and {c} is the color"],
        sizes: [", of size {s}", ", a {s} one", ", as for size, {s}"],
        prices: [", for no more than {p} dollars", ", i can pay {p} dollars", ", with a price under {p} dollars"])

    private static let test = Instructions(
        leads: [
            "i am shopping for {a} {k}", "where can i get {a} {k}", "my friend asked for {a} {k}", "pick out {a} {k} for me",
            "i hope to find {a} {k}", "i really need {a} {k} soon", "look for {a} {k}", "today i want {a} {k}",
        ],
        extras: [" having {e}", " that includes {e}", " together with {e}", ", and {e} should be there"],
        colours: [", in {c} color", ", it should come in {c}", " and {c} is my color", ", preferably {c}"],
        sizes: [", and the size {s}", ", my size is {s}", ", choose {s} as the size", ", in {s}"],
        prices: [
            ", and the price must stay below {p} dollars", ", cheaper than {p} dollars", ", i can spend {p} dollars",
            ", with {p} dollars at most", ", and no more than {p} dollars in total",
        ])

    private static let aboutTrain = About(
        descriptions: [
            "This {k} by {n} works well at home.", "{n} makes this {k} with care.", "A {k} that you will use every day.",
            "Our {k} comes from the {n} shop.", "The {n} {k} is built to be used.", "You get one {k} by {n}.",
        ],
        features: [
            "made by {n}", "one {k} in the pack", "a {n} product", "ships in two days", "two years of service", "sold by {n}",
        ],
        reviews: [
            "I like this {k}.", "It does what it should.", "My family uses this {k} a lot.", "Came on time.",
            "Would buy from {n} again.",
        ])

    private static let aboutValidation = About(
        descriptions: ["Meet the {k} that {n} thought up.", "A plain {k} by {n} for daily use."],
        features: ["from the house of {n}", "comes with a manual"],
        reviews: ["Not bad for a {k}.", "My mother loves it."])

    private static let aboutTest = About(
        descriptions: [
            "With this {k} by {n} nothing is missing.", "People ask {n} for this {k} again and again.",
            "The {k} you were waiting for.",
        ],
        features: ["{n} quality", "you get one {k}", "can be sent back"],
        reviews: ["A fine {k}, no doubt.", "Works as it says.", "{n} did a nice job."])
}
