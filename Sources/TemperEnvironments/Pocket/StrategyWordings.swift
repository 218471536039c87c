/// How `pocket/strategyqa` asks: {x} and {z} what is asked about, {c} what is claimed, {a} the same with its article, {r} the
/// relation. Every relation has the general wordings and some of its own.
enum StrategyWordings {
    /// Whether two have the same value.
    static func same(_ relation: PocketRelation) -> PocketPhrasing { generalSame + (ownSame[relation] ?? none) }
    /// Whether something has the value claimed.
    static func check(_ relation: PocketRelation) -> PocketPhrasing { generalCheck + (ownCheck[relation] ?? none) }

    /// Whether the birth of {x} is before the founding of {z}, and so on.
    static let before: [PocketRelation: PocketPhrasing] = [
        .birthYear: PocketPhrasing(
            train: [
                "Was {x} born before {z} was founded?", "Was {x} alive when {z} was founded?",
                "Could {x} see the founding of {z}?", "Is {x} older than {z}?",
                "Was the birth of {x} before the founding of {z}?",
                "Was {x} already alive in the year {z} was founded?",
            ],
            test: [
                "Was {x} already born when {z} was founded?", "Could {x} be older than {z}?",
                "Is the birth of {x} before the founding of {z}?",
            ]),
        .bookYear: PocketPhrasing(
            train: [
                "Was {x} published before {z} was released?", "Did {x} appear before {z} was released?",
                "Could one read {x} before {z} was released?", "Is the book {x} older than the film {z}?",
                "Was the book {x} already published when the film {z} was released?", "Did {x} appear before the film {z}?",
            ],
            test: [
                "Was {x} already published when {z} was released?", "Could the book {x} be older than the film {z}?",
                "Did the book {x} appear before the film {z}?",
            ]),
    ]

    private static let none = PocketPhrasing(train: [], test: [])

    private static let generalSame = PocketPhrasing(
        train: [
            "Do {x} and {z} have the same {r}?", "Is the {r} of {x} also the {r} of {z}?", "Do {x} and {z} share one {r}?",
            "Is there one {r} for both {x} and {z}?", "Could {x} and {z} have the same {r}?",
            "Is it true that {x} and {z} share one {r}?",
        ],
        test: [
            "Does {x} have the same {r} as {z}?", "Is it true that {x} and {z} have the same {r}?",
            "Could {x} and {z} share one {r}?",
        ])

    private static let ownSame: [PocketRelation: PocketPhrasing] = [
        .river: PocketPhrasing(
            train: ["Could a boat go from {x} to {z} on one river?", "Does one river run through both {x} and {z}?"],
            test: ["Could one river run through both {x} and {z}?"]),
        .country: PocketPhrasing(
            train: ["Could one go from {x} to {z} and stay in one country?", "Are {x} and {z} in one country?"],
            test: ["Are both {x} and {z} in one country?"]),
        .employer: PocketPhrasing(
            train: ["Could {x} meet {z} at work?", "Does one company employ both {x} and {z}?"],
            test: ["Could one company employ both {x} and {z}?"]),
        .occupation: PocketPhrasing(
            train: ["Could {x} do the work of {z}?", "Are {x} and {z} of one trade?"],
            test: ["Are both {x} and {z} of the same trade?"]),
        .studio: PocketPhrasing(
            train: ["Were {x} and {z} made by one studio?", "Did one studio produce both {x} and {z}?"],
            test: ["Were both {x} and {z} made by the same studio?"]),
        .headquarters: PocketPhrasing(
            train: ["Are {x} and {z} based in one city?", "Could the people of {x} and {z} meet in one city?"],
            test: ["Are both {x} and {z} based in the same city?"]),
    ]

    private static let generalCheck = PocketPhrasing(
        train: [
            "Is {c} the {r} of {x}?", "Does {x} have {c} as {r}?", "Could {c} be the {r} of {x}?",
            "Is it true that the {r} of {x} is {c}?", "Was {c} the {r} of {x}?", "Would one find {c} as the {r} of {x}?",
        ],
        test: [
            "Is it true that {c} is the {r} of {x}?", "Could {x} have {c} as {r}?", "Is it true that {c} was the {r} of {x}?",
        ])

    private static let ownCheck: [PocketRelation: PocketPhrasing] = [
        .birthplace: PocketPhrasing(train: ["Was {x} born in {c}?"], test: ["Is it true that {x} was born in {c}?"]),
        .spouse: PocketPhrasing(train: ["Is {x} married to {c}?"], test: ["Is it true that {x} is married to {c}?"]),
        .occupation: PocketPhrasing(train: ["Does {x} work as {a}?"], test: ["Is it true that {x} does work as {a}?"]),
        .headquarters: PocketPhrasing(train: ["Is {x} based in {c}?"], test: ["Is it true that {x} is based in {c}?"]),
        .country: PocketPhrasing(
            train: ["Is {x} in the country of {c}?"], test: ["Is it true that {x} is in the country of {c}?"]),
        .river: PocketPhrasing(
            train: ["Is {x} on the river {c}?"], test: ["Is it true that {x} is on the river {c}?"]),
        .founder: PocketPhrasing(train: ["Was {x} founded by {c}?"], test: ["Is it true that {x} was founded by {c}?"]),
        .mayor: PocketPhrasing(train: ["Does {x} have a mayor named {c}?"], test: ["Is the mayor of {x} named {c}?"]),
    ]
}

extension PocketPhrasing {
    static func + (left: PocketPhrasing, right: PocketPhrasing) -> PocketPhrasing {
        PocketPhrasing(patterns: left.train + right.train, left.test + right.test)
    }
}
