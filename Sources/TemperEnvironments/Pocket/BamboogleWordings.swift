/// How `pocket/bamboogle` asks: other frames and phrases than those of `pocket/hotpotqa` (``QuestionWordings``).
enum BamboogleWordings {
    /// The relation that is asked for.
    static let frames: [PocketRelation: PocketPhrasing] = [
        .birthplace: PocketPhrasing(
            train: [
                "Where did the life of {x} begin?", "Which city can {x} call a birthplace?",
                "The birthplace of {x} is which city?",
                "Which place saw the birth of {x}?", "What city was the birthplace of {x}?",
            ],
            test: [
                "What place saw the birth of {x}?", "Which city was the birthplace of {x}?",
                "In which city did the life of {x} begin?",
            ]),
        .birthYear: PocketPhrasing(
            train: [
                "What was the birth year of {x}?", "The birth of {x} was in which year?", "Which year saw the birth of {x}?",
                "In what year did the life of {x} begin?", "The birth year of {x} is what?",
            ],
            test: [
                "What year saw the birth of {x}?", "Which year was the birth year of {x}?",
                "In which year did the life of {x} begin?",
            ]),
        .occupation: PocketPhrasing(
            train: [
                "What was the profession of {x}?", "What trade did {x} follow?", "{x} took up which profession?",
                "In which trade did {x} work?", "The profession of {x} is what?",
            ],
            test: ["Which trade did {x} follow?", "{x} took up what profession?", "In what trade did {x} work?"]),
        .employer: PocketPhrasing(
            train: [
                "Which company pays {x}?", "For which company does {x} work?", "{x} works for which company?",
                "What company is the employer of {x}?", "What company does {x} work for?",
            ],
            test: [
                "What company pays {x}?", "For what company does {x} work?", "Which company is the employer of {x}?",
            ]),
        .spouse: PocketPhrasing(
            train: [
                "Who was the spouse of {x}?", "Whom did {x} marry?", "{x} has whom as spouse?",
                "Who is it that is married to {x}?", "The spouse of {x} is who?",
            ],
            test: ["Who is it that {x} did marry?", "Who was it that is married to {x}?", "{x} has who as spouse?"]),
        .river: PocketPhrasing(
            train: [
                "What river would one see in {x}?", "Which river is found in {x}?", "{x} lies on what river?",
                "The river of {x} has what name?", "What is the river in {x} called?",
            ],
            test: ["Which river would one see in {x}?", "What river is found in {x}?", "{x} lies on which river?"]),
        .mayor: PocketPhrasing(
            train: [
                "Who was the mayor of {x}?", "Who leads {x} as mayor?", "{x} is led by which mayor?",
                "What mayor was elected in {x}?", "The mayor of {x} is who?",
            ],
            test: ["{x} is led by what mayor?", "Which mayor was elected in {x}?", "Who is it that leads {x} as mayor?"]),
        .founder: PocketPhrasing(
            train: [
                "Who was it that founded {x}?", "Who began {x} as its founder?", "{x} was begun by which founder?",
                "What is the founder of {x} called?", "The founder of {x} is who?",
            ],
            test: ["Who is it that founded {x}?", "Who was it that began {x}?", "{x} was begun by what founder?"]),
        .headquarters: PocketPhrasing(
            train: [
                "What city is the home of {x}?", "In what place is {x} based?", "{x} has its headquarters in which city?",
                "Where does {x} have its headquarters?", "In which city does one find {x}?",
            ],
            test: [
                "Which city is the home of {x}?", "In which place is {x} based?", "{x} has its headquarters in what city?",
            ]),
        .capital: PocketPhrasing(
            train: [
                "What is the capital of {x}?", "Which city is the capital of {x}?", "{x} has which city as its capital?",
                "What capital does {x} have?", "The capital of {x} is what city?",
            ],
            test: ["Which capital does {x} have?", "What city is the capital of {x}?", "{x} has what city as its capital?"]),
        .country: PocketPhrasing(
            train: [
                "What country is {x} part of?", "{x} is part of which country?", "Which country holds {x}?",
                "What is the country of {x} called?", "In what country does {x} lie?",
            ],
            test: ["Which country is {x} part of?", "What country holds {x}?", "{x} is part of what country?"]),
    ]

    /// The relation on the way.
    static let nounPhrases: [PocketRelation: PocketPhrasing] = [
        .director: PocketPhrasing(
            train: ["the director behind {x}", "the director who shot {x}", "the one who shot and directed the film {x}"],
            test: ["the director behind the film {x}", "the one who shot and directed {x}"]),
        .leadActor: PocketPhrasing(
            train: [
                "the actor who stars in {x}", "the one in the lead role of {x}", "the actor in the lead role of the film {x}",
            ],
            test: ["the one who stars in the film {x}", "the actor in the lead role of {x}"]),
        .author: PocketPhrasing(
            train: ["the writer of {x}", "the author behind {x}", "the writer who is the author of the book {x}"],
            test: ["the writer of the book {x}", "the author behind the book {x}"]),
        .publisher: PocketPhrasing(
            train: [
                "the publisher that printed {x}", "the company that brought out {x}",
                "the publisher that brought out the book {x}",
            ],
            test: ["the publisher that brought out {x}", "the company that printed the book {x}"]),
        .studio: PocketPhrasing(
            train: ["the studio that shot {x}", "the company that produced {x}", "the studio that shot the film {x}"],
            test: ["the company that shot {x}", "the company that produced the film {x}"]),
        .founder: PocketPhrasing(
            train: ["the founder behind {x}", "the person who began {x}", "the one who is the founder of {x}"],
            test: ["the founder who began {x}", "the person who is the founder of {x}"]),
        .spouse: PocketPhrasing(
            train: ["the husband or wife of {x}", "the one married to {x}", "the person that {x} married"],
            test: ["the one that {x} married", "the one who is married to {x}"]),
        .birthplace: PocketPhrasing(
            train: ["the city of the birth of {x}", "the town where {x} was born", "the birth city of {x}"],
            test: ["the town of the birth of {x}", "the birth town of {x}"]),
        .mayor: PocketPhrasing(
            train: ["the mayor of {x}", "the person elected mayor of {x}", "the mayor who leads {x}"],
            test: ["the one elected mayor of {x}", "the person who leads {x} as mayor"]),
        .capital: PocketPhrasing(
            train: ["the capital of {x}", "the capital city of {x}", "the city that is the capital of {x}"],
            test: ["the town that is the capital of {x}", "the city of {x} that is its capital"]),
        .country: PocketPhrasing(
            train: ["the country of {x}", "the country that holds {x}", "the country where {x} lies"],
            test: ["the country that holds the city of {x}", "the country where the city of {x} lies"]),
        .headquarters: PocketPhrasing(
            train: ["the city where {x} has its headquarters", "the town that is home to {x}", "the town where {x} is based"],
            test: ["the town where {x} has its headquarters", "the city where one is to find {x}"]),
    ]
}
