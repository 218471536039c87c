/// How questions say things. A chain of relations is asked by a frame around nested noun phrases: "Where was" + "the director
/// of The Silver River" + "born?". {x} is what is asked about, {z} the second of two things compared. A table, hence the length.
enum QuestionWordings {
    /// The relation that is asked for.
    static let frames: [PocketRelation: PocketPhrasing] = [
        .birthplace: PocketPhrasing(
            train: [
                "Where was {x} born?", "In which city was {x} born?", "What is the birthplace of {x}?",
                "In what city was {x} born?", "{x} was born in which city?", "Which city is the birthplace of {x}?",
                "Name the city where {x} was born.", "Tell me where {x} was born.",
            ],
            test: [
                "What city was {x} born in?", "Name the birthplace of {x}.", "Tell me in which city {x} was born.",
                "Which city was {x} born in?",
            ]),
        .birthYear: PocketPhrasing(
            train: [
                "In which year was {x} born?", "When was {x} born?", "What is the birth year of {x}?",
                "In what year was {x} born?", "{x} was born in which year?", "Name the year in which {x} was born.",
                "Tell me the birth year of {x}.", "What year was {x} born in?",
            ],
            test: [
                "Which year was {x} born in?", "Name the birth year of {x}.", "Tell me in which year {x} was born.",
                "Tell me when {x} was born.",
            ]),
        .occupation: PocketPhrasing(
            train: [
                "What is the profession of {x}?", "What profession does {x} have?", "Which profession did {x} choose?",
                "What is {x} by trade?", "{x} has which profession?", "Name the profession of {x}.",
                "By profession, what is {x}?", "Tell me the profession of {x}.",
            ],
            test: [
                "Which profession does {x} have?", "What is {x} by profession?", "What profession did {x} choose?",
                "Tell me which profession {x} has.",
            ]),
        .spouse: PocketPhrasing(
            train: [
                "Who is married to {x}?", "Who is the spouse of {x}?", "Who married {x}?", "To whom is {x} married?",
                "{x} is married to whom?", "Name the spouse of {x}.", "What is the name of the spouse of {x}?",
                "Tell me who is married to {x}.",
            ],
            test: [
                "Tell me the name of the spouse of {x}.", "Which person is married to {x}?", "Tell me who married {x}.",
                "Which person is the spouse of {x}?",
            ]),
        .country: PocketPhrasing(
            train: [
                "In which country is {x}?", "What country is {x} in?", "Which country does {x} belong to?",
                "In what country is {x} located?", "{x} is in which country?", "Name the country of {x}.",
                "Tell me the country where {x} lies.", "To which country does {x} belong?",
            ],
            test: [
                "What country does {x} belong to?", "In which country is {x} located?", "Name the country where {x} lies.",
                "Tell me the country of {x}.",
            ]),
        .mayor: PocketPhrasing(
            train: [
                "Who is the mayor of {x}?", "Who serves as mayor of {x}?", "What is the name of the mayor of {x}?",
                "Name the mayor of {x}.", "Tell me who is mayor of {x}.", "Which person is the mayor of {x}?",
                "Who was elected mayor of {x}?", "Which mayor leads {x}?",
            ],
            test: [
                "Tell me the name of the mayor of {x}.", "Which person serves as mayor of {x}?",
                "Tell me who was elected mayor of {x}.", "Who serves as the mayor of {x}?",
            ]),
        .river: PocketPhrasing(
            train: [
                "On which river does {x} lie?", "Which river runs through {x}?", "What is the river of {x}?",
                "What river flows past {x}?", "Name the river of {x}.", "{x} stands on which river?",
                "What is the name of the river of {x}?", "Tell me which river runs through {x}.",
            ],
            test: [
                "What river runs through {x}?", "Which river flows past {x}?", "Tell me the name of the river of {x}.",
                "On which river was {x} built?",
            ]),
        .founder: PocketPhrasing(
            train: [
                "Who founded {x}?", "Who is the founder of {x}?", "Who was the founder of {x}?", "Name the founder of {x}.",
                "Which person founded {x}?", "By whom was {x} founded?", "{x} was founded by whom?",
                "Tell me who founded {x}.",
            ],
            test: [
                "What is the name of the founder of {x}?", "Tell me the founder of {x}.", "Tell me by whom {x} was founded.",
                "Which person is the founder of {x}?",
            ]),
        .foundingYear: PocketPhrasing(
            train: [
                "When was {x} founded?", "In which year was {x} founded?", "What is the founding year of {x}?",
                "In what year was {x} founded?", "{x} was founded in which year?", "Name the year in which {x} was founded.",
                "Tell me the founding year of {x}.", "What year was {x} founded in?",
            ],
            test: [
                "Which year was {x} founded in?", "Name the founding year of {x}.", "Tell me in which year {x} was founded.",
                "Tell me when {x} was founded.",
            ]),
        .headquarters: PocketPhrasing(
            train: [
                "Where is {x} based?", "In which city is {x} based?", "Where are the headquarters of {x}?",
                "In which city are the headquarters of {x}?", "{x} is based in which city?",
                "Name the city where {x} is based.", "Which city is home to {x}?", "Tell me where {x} is based.",
            ],
            test: [
                "What city is {x} based in?", "Tell me in which city {x} is based.", "In what city is {x} based?",
                "Tell me where the headquarters of {x} are.",
            ]),
    ]

    /// The relations on the way.
    static let nounPhrases: [PocketRelation: PocketPhrasing] = [
        .director: PocketPhrasing(
            train: [
                "the director of {x}", "the person who directed {x}", "the director of the film {x}",
                "the person who directed the film {x}",
            ],
            test: ["the one who directed {x}", "the one who directed the film {x}"]),
        .studio: PocketPhrasing(
            train: [
                "the studio that produced {x}", "the studio behind {x}", "the studio of the film {x}", "the studio that made {x}",
            ],
            test: ["the studio behind the film {x}", "the studio that made the film {x}"]),
        .leadActor: PocketPhrasing(
            train: ["the lead actor of {x}", "the star of {x}", "the lead actor of the film {x}", "the lead actor in {x}"],
            test: ["the star of the film {x}", "the lead actor in the film {x}"]),
        .author: PocketPhrasing(
            train: [
                "the author of {x}", "the author of the book {x}", "the one who wrote {x}", "the one who wrote the book {x}",
            ],
            test: ["the person who wrote {x}", "the person who wrote the book {x}"]),
        .publisher: PocketPhrasing(
            train: ["the publisher of {x}", "the publisher of the book {x}", "the company that published {x}"],
            test: ["the company that published the book {x}", "the publisher behind {x}"]),
        .employer: PocketPhrasing(
            train: ["the employer of {x}", "the company that employs {x}", "the company where {x} works"],
            test: ["the company that {x} works for", "the company for which {x} works"]),
        .founder: PocketPhrasing(
            train: ["the founder of {x}", "the person who founded {x}"],
            test: ["the one who founded {x}", "the person that founded {x}"]),
        .birthplace: PocketPhrasing(
            train: ["the birthplace of {x}", "the city where {x} was born", "the place where {x} was born"],
            test: ["the city in which {x} was born", "the place in which {x} was born"]),
        .headquarters: PocketPhrasing(
            train: ["the city where {x} is based", "the city with the headquarters of {x}", "the home city of {x}"],
            test: ["the city in which {x} is based", "the city that is home to {x}"]),
        .spouse: PocketPhrasing(
            train: ["the spouse of {x}", "the person married to {x}"],
            test: ["the person who is married to {x}", "the one who married {x}"]),
    ]

    /// Which of two is earlier in a year.
    static let earlier: [PocketRelation: PocketPhrasing] = [
        .filmYear: PocketPhrasing(
            train: [
                "Which film was released first, {x} or {z}?", "Which film was released earlier, {x} or {z}?",
                "Which came out first, {x} or {z}?", "Was {x} or {z} released first?", "Which is the older film, {x} or {z}?",
                "Of {x} and {z}, which film was released first?", "Was {x} or {z} released earlier?",
                "Which film came out earlier, {x} or {z}?",
            ],
            test: [
                "Which film came out first, {x} or {z}?", "Of {x} and {z}, which film was released earlier?",
                "Which of the two was released first, {x} or {z}?", "Which came out earlier, {x} or {z}?",
            ]),
        .birthYear: PocketPhrasing(
            train: [
                "Who was born first, {x} or {z}?", "Who was born earlier, {x} or {z}?", "Who is older, {x} or {z}?",
                "Was {x} or {z} born first?", "Of {x} and {z}, who was born first?", "Which person was born first, {x} or {z}?",
                "Who is the older person, {x} or {z}?", "Was {x} or {z} born earlier?",
            ],
            test: [
                "Of {x} and {z}, who was born earlier?", "Which person is older, {x} or {z}?",
                "Which person was born earlier, {x} or {z}?", "Who of the two was born first, {x} or {z}?",
            ]),
        .foundingYear: PocketPhrasing(
            train: [],
            test: [
                "Which company was founded first, {x} or {z}?", "Which company was founded earlier, {x} or {z}?",
                "Was {x} or {z} founded first?", "Of {x} and {z}, which company was founded first?",
            ]),
    ]

    /// Whether two have the same value.
    static let same: [PocketRelation: PocketPhrasing] = [
        .birthplace: PocketPhrasing(
            train: [
                "Were {x} and {z} born in the same city?", "Do {x} and {z} have the same birthplace?",
                "Is the birthplace of {x} the same as that of {z}?", "Was {x} born in the same city as {z}?",
                "Were {x} and {z} both born in one city?", "Have {x} and {z} the same birthplace?",
                "Do {x} and {z} come from the same city?", "Was {x} born where {z} was born?",
            ],
            test: [
                "Were both {x} and {z} born in the same city?", "Is the birthplace of {x} that of {z}?",
                "Were {x} and {z} born in one city?", "Does {x} have the same birthplace as {z}?",
            ])
    ]
}
