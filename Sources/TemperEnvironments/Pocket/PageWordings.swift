/// How an encyclopedia page says things: {s} subject, {o} object, {y} a year, {a} the object with its article, {c} a city,
/// {n} a large number, {m} a small one. Every sentence of a relation holds one of its keywords. A table, hence the length.
enum PageWordings {
    /// One fact to a sentence.
    static let facts: [PocketRelation: PocketPhrasing] = [
        .birthplace: PocketPhrasing(
            train: [
                "{s} was born in {o}.", "{s} was born in the city of {o}.", "{o} is the birthplace of {s}.",
                "The birthplace of {s} is {o}.", "{s} was born and raised in {o}.", "{s}, born in {o}, grew up there.",
                "The birth of {s} took place in {o}.", "Born in {o}, {s} spent a happy childhood there.",
                "The city of {o} is where {s} was born.", "{o} was the birthplace of {s}.",
                "As a child of {o}, {s} was born near the market.", "The place where {s} was born is {o}.",
                "{s} is a child of {o}, born near the bridge.", "{s} was born on a farm in {o}.",
            ],
            test: [
                "In {o}, {s} was born and raised.", "{o} is the city where {s} was born.",
                "The city of {o} is the birthplace of {s}.", "{s} was born and raised in the city of {o}.",
            ]),
        .birthYear: PocketPhrasing(
            train: [
                "{s} was born in {o}.", "{s} was born in the year {o}.", "The birth year of {s} is {o}.",
                "The year of birth of {s} was {o}.", "{s}, born in {o}, was the youngest child.", "In {o}, {s} was born.",
                "It was in {o} that {s} was born.", "{o} is the year in which {s} was born.", "{s} has {o} as birth year.",
                "{s} was born early in {o}.", "The year {o} is the birth year of {s}.", "The year in which {s} was born is {o}.",
                "{s} was born in the winter of {o}.", "Born in {o}, {s} was the oldest child.",
            ],
            test: [
                "In the year {o}, {s} was born.", "{o} was the year of birth of {s}.", "{s} was the youngest child, born in {o}.",
                "{o} is the birth year of {s}.",
            ]),
        .occupation: PocketPhrasing(
            train: [
                "{s} is {a} by profession.", "By profession, {s} is {a}.", "{s} is {a} by trade.", "By trade, {s} is {a}.",
                "The profession of {s} is {o}.", "{s} has been {a} by profession for years.",
                "{s} took up the profession of {o}.", "{s} chose the profession of {o}.",
                "For years, {s} worked as {a} by trade.", "{s} became {a} by profession.", "The trade of {s} is that of {o}.",
                "{s} is known as {a} by profession.", "{s} follows the profession of {o}.", "Today {s} is {a} by trade.",
            ],
            test: [
                "{s} was {a} by profession.", "{s} has been {a} by trade for years.", "The profession {s} chose is {o}.",
                "For years, {s} has been {a} by profession.",
            ]),
        .employer: PocketPhrasing(
            train: [
                "{s} works for {o}.", "{s} works at {o}.", "{s} is employed by {o}.", "The employer of {s} is {o}.",
                "{o} is the employer of {s}.", "{o} employs {s}.", "Today {s} works for {o}.",
                "For years {s} has been employed at {o}.", "{s} has been employed by {o} since spring.",
                "{o} was the employer of {s}.", "{s} went to work at {o}, where {s} still works.", "{s} has {o} as employer.",
                "Today {s} is employed by {o}.", "The company {o} employs {s}.",
            ],
            test: [
                "Today {s} works at {o}.", "For years {s} has been employed by {o}.", "{s} is employed at {o}.",
                "Today {o} is the employer of {s}.",
            ]),
        .spouse: PocketPhrasing(
            train: [
                "{s} is married to {o}.", "{s} married {o}.", "The spouse of {s} is {o}.", "{o} is the spouse of {s}.",
                "{s} has been married to {o} for years.", "{s} and {o} are married.", "{s} later married {o}.",
                "In a small church, {s} married {o}.", "{s} was married to {o}.", "{o} and {s} are married.",
                "Today {o} is the spouse of {s}.", "{s} is happily married to {o}.", "{s} and {o} married in spring.",
                "{o} married {s}.",
            ],
            test: [
                "{s} was married to {o} in a small church.", "{s} and {o} later married.", "Today {s} is married to {o}.",
                "For years {s} has been married to {o}.",
            ]),
        .country: PocketPhrasing(
            train: [
                "{s} is in the country of {o}.", "{s} lies in the country of {o}.", "{s} belongs to the country of {o}.",
                "The country of {s} is {o}.", "{s} is located in the nation of {o}.", "{o} is the country where {s} lies.",
                "{s} is found in the country of {o}.", "{s} is part of the nation of {o}.",
                "The city of {s} lies in the country of {o}.", "{s} is a city in the country of {o}.",
                "The country in which {s} lies is {o}.", "The nation of {o} is the country of {s}.",
                "{s} is one of the cities of the country of {o}.", "{o} is the nation to which {s} belongs.",
            ],
            test: [
                "{s} is part of the country of {o}.", "{s} is located in the country of {o}.", "{s} lies in the nation of {o}.",
                "{o} is the country where {s} is located.",
            ]),
        .mayor: PocketPhrasing(
            train: [
                "The mayor of {s} is {o}.", "{o} is the mayor of {s}.", "{s} has {o} as its mayor.",
                "{o} serves as mayor of {s}.", "{o} was elected mayor of {s}.", "The people of {s} elected {o} as mayor.",
                "As mayor, {o} leads {s}.", "{o} became mayor of {s}.", "The mayor of the city of {s} is {o}.",
                "{s} is led by its mayor, {o}.", "The city of {s} has {o} as mayor.", "Today {o} is mayor of {s}.",
                "{s} elected {o} as its mayor.", "{o} was the mayor of {s}.",
            ],
            test: [
                "{o} serves as the mayor of {s}.", "{o} was elected as mayor of {s}.", "The mayor who leads {s} is {o}.",
                "The people of {s} have {o} as mayor.",
            ]),
        .river: PocketPhrasing(
            train: [
                "{s} lies on the river {o}.", "The river {o} runs through {s}.", "{s} stands on the banks of the river {o}.",
                "The river of {s} is the {o}.", "The river {o} flows past {s}.", "The river in {s} is called {o}.",
                "{s} was built on the river {o}.", "The {o} is the river of {s}.", "The city of {s} stands on the river {o}.",
                "{s} is a city on the river {o}.", "{s} lies on the banks of the {o}, a long river.",
                "The river that runs through {s} is the {o}.", "Through {s} flows the river {o}.",
                "The {o} is the river that flows past {s}.",
            ],
            test: [
                "The river {o} flows through {s}.", "{s} stands on the river {o}.", "The river {o} runs past {s}.",
                "{s} was built on the banks of the river {o}.",
            ]),
        .founder: PocketPhrasing(
            train: [
                "{s} was founded by {o}.", "{o} founded {s}.", "The founder of {s} is {o}.", "{o} is the founder of {s}.",
                "{s} was first founded by {o}.", "{s} has {o} as its founder.", "It was {o} who founded {s}.",
                "{s}, founded by {o}, grew quickly.", "The person behind the founding of {s} was {o}, its founder.",
                "{s} was founded long ago by {o}.", "{s} had {o} as its founder.", "The company was founded by {o} as {s}.",
                "{o} is the person who founded {s}.", "Founded by {o}, {s} sells many goods.",
            ],
            test: [
                "{o} was the founder of {s}.", "{s} grew quickly and was founded by {o}.", "The person who founded {s} is {o}.",
                "The founder of {s} was {o}.",
            ]),
        .foundingYear: PocketPhrasing(
            train: [
                "{s} was founded in {o}.", "{s} was founded in the year {o}.", "The founding of {s} was in {o}.",
                "The founding year of {s} is {o}.", "In {o}, {s} was founded.", "{s}, founded in {o}, has many clients.",
                "{o} is the founding year of {s}.", "It was in {o} that {s} was founded.", "{s} has {o} as its founding year.",
                "The year {o} saw the founding of {s}.", "{s} was founded early in {o}.",
                "The year in which {s} was founded is {o}.", "Founded in {o}, {s} sells many goods.",
                "{o} was the founding year of {s}.",
            ],
            test: [
                "In the year {o}, {s} was founded.", "The founding of {s} took place in {o}.",
                "{o} is the year in which {s} was founded.", "The founding year of {s} was {o}.",
            ]),
        .headquarters: PocketPhrasing(
            train: [
                "{s} is based in {o}.", "{s} has its headquarters in {o}.", "The headquarters of {s} are in {o}.",
                "{s} is based in the city of {o}.", "{o} is home to the headquarters of {s}.",
                "The headquarters of {s} stand in {o}.", "Based in {o}, {s} serves many clients.",
                "{s} keeps its headquarters in {o}.", "The city of {o} is where {s} is based.",
                "Today {s} has its headquarters in {o}.", "{s} is a company based in {o}.",
                "The headquarters of {s} stand in the city of {o}.", "{s} moved its headquarters to {o}.",
                "The city in which {s} is based is {o}.", "{o} is the home of the headquarters of {s}.",
            ],
            test: [
                "{s} has its headquarters in the city of {o}.", "{o} is the city where {s} is based.",
                "The city of {o} is home to the headquarters of {s}.", "Today {s} is based in {o}.",
            ]),
        .director: PocketPhrasing(
            train: [
                "{s} was directed by {o}.", "{o} directed {s}.", "The director of {s} is {o}.", "{o} is the director of {s}.",
                "{s} was shot and directed by {o}.", "{s} has {o} as its director.", "It was {o} who directed {s}.",
                "{s}, directed by {o}, was shot in summer.", "The film {s} was directed by {o}.", "{s} was well directed by {o}.",
                "{s} had {o} as its director.", "{o} is the person who directed {s}.", "Directed by {o}, {s} was a success.",
                "The director {o} shot {s}.",
            ],
            test: [
                "The person who directed {s} is {o}.", "{o} was the director of {s}.", "{s} was directed in summer by {o}.",
                "The director of {s} was {o}.",
            ]),
        .filmYear: PocketPhrasing(
            train: [
                "{s} was released in {o}.", "{s} was first released in {o}.", "The release of {s} was in {o}.",
                "The release year of {s} is {o}.", "In {o}, {s} was released.", "{s}, released in {o}, was a success.",
                "It was in {o} that {s} was released.", "{s} was released in the year {o}.", "{s} has {o} as its release year.",
                "The film {s} was released in {o}.", "{s} was released early in {o}.",
                "The year in which {s} was released is {o}.", "The year {o} saw the release of {s}.",
                "Released in {o}, {s} ran for weeks.",
            ],
            test: [
                "In the year {o}, {s} was released.", "{o} is the release year of {s}.",
                "The release of {s} took place in {o}.", "In {o}, {s} was first released.",
            ]),
        .studio: PocketPhrasing(
            train: [
                "{s} was produced by {o}.", "{o} produced {s}.", "The studio behind {s} is {o}.",
                "{s} was made by the studio {o}.", "{o} is the studio that made {s}.", "{s} was produced by the studio {o}.",
                "The studio {o} produced {s}.", "{s} was produced at {o}.", "The film {s} was produced by {o}.",
                "{s} was made at the studio {o}.", "{s} has {o} as its studio.", "The studio of {s} was {o}.",
                "{o} is the studio that produced {s}.", "Produced by {o}, {s} was a success.",
            ],
            test: [
                "{s} was produced at the studio {o}.", "{o} is the studio behind {s}.", "The studio that made {s} is {o}.",
                "The studio {o} made {s}.",
            ]),
        .leadActor: PocketPhrasing(
            train: [
                "{o} played the lead role in {s}.", "{s} stars {o} in the lead role.", "The lead actor of {s} is {o}.",
                "The lead role in {s} went to {o}.", "{s} stars {o}.", "{o} stars in {s}.", "The star of {s} is {o}.",
                "{s} has {o} in the lead role.", "The film {s} stars {o}.", "{o} is the actor in the lead role of {s}.",
                "{s} had {o} as its lead actor.", "The lead actor in {s} is {o}.", "{o} took the lead role in {s}.",
                "{s} made a star of {o}, its lead actor.",
            ],
            test: [
                "{o} stars in the lead role in {s}.", "{o} is the star of {s}.", "{o} is the lead actor of {s}.",
                "The lead role in {s} was played by {o}.",
            ]),
        .author: PocketPhrasing(
            train: [
                "{s} was written by {o}.", "The author of {s} is {o}.", "{o} is the author of {s}.",
                "{s} is the work of the author {o}.", "{s}, written by {o}, sold well.", "{s} has {o} as its author.",
                "The author {o} wrote {s}.", "{s} was written in winter by {o}.", "The book {s} was written by {o}.",
                "{s} was slowly written by {o}.", "{s} had {o} as its author.", "The author behind {s} is {o}.",
                "Written by {o}, {s} was a success.", "{o} is the author who wrote {s}.",
            ],
            test: [
                "{o} was the author of {s}.", "{s} was written by the author {o}.", "The author of {s} was {o}.",
                "{s} sold well and was written by {o}.",
            ]),
        .bookYear: PocketPhrasing(
            train: [
                "{s} was published in {o}.", "{s} was first published in {o}.", "{s} appeared in {o}.",
                "{s} first appeared in {o}.", "In {o}, {s} was published.", "It was in {o} that {s} was published.",
                "{s} was published in the year {o}.", "{s}, published in {o}, sold well.", "The book {s} was published in {o}.",
                "{s} was published early in {o}.", "The year in which {s} was published is {o}.",
                "The year {o} is the year {s} appeared.", "Published in {o}, {s} was a success.",
                "{s} has been published since {o}.",
            ],
            test: [
                "{s} first appeared in the year {o}.", "In the year {o}, {s} was published.", "In {o}, {s} first appeared.",
                "In {o}, {s} was first published.",
            ]),
        .publisher: PocketPhrasing(
            train: [
                "{s} was published by {o}.", "The publisher of {s} is {o}.", "{o} is the publisher of {s}.",
                "{o} published {s}.", "{s} was printed and published by {o}.", "{s} has {o} as its publisher.",
                "{s} came out with the publisher {o}.", "It was {o} that published {s}.", "The book {s} was published by {o}.",
                "{s} had {o} as its publisher.", "The publisher behind {s} is {o}.", "Published by {o}, {s} was a success.",
                "The publisher {o} brought out {s}.", "{o} is the publisher that printed {s}.",
            ],
            test: [
                "{o} was the publisher of {s}.", "{s} was published by the publisher {o}.", "The publisher {o} printed {s}.",
                "The publisher of {s} was {o}.",
            ]),
        .capital: PocketPhrasing(
            train: [
                "The capital of {s} is {o}.", "{o} is the capital of {s}.", "{s} has {o} as its capital.",
                "{s} chose {o} as its capital.", "The city of {o} is the capital of {s}.", "The capital {o} leads {s}.",
                "{s} is led from its capital, {o}.", "{o} became the capital of {s}.",
            ],
            test: [
                "{s} is led from the capital {o}.", "The capital of {s} was {o}.", "{o} was the capital of {s}.",
                "{s} has the city of {o} as its capital.",
            ]),
    ]

    /// Birthplace {o} and birth year {y} in one sentence.
    static let birth = PocketPhrasing(
        train: [
            "{s} was born in {o} in {y}.", "{s} was born in {y} in {o}.", "Born in {y} in {o}, {s} grew up there.",
            "In {y}, {s} was born in the city of {o}.", "{s}, born in {o} in {y}, was the youngest child.",
            "The birthplace of {s}, born in {y}, is {o}.", "{s} was born in the year {y} in {o}.",
            "It was in {o} that {s} was born in {y}.", "{s} was born in the winter of {y} in {o}.",
            "In {o}, {s} was born in {y}.", "The city of {o} is where {s} was born in {y}.",
            "{s} is a child of {o}, born in {y}.",
        ],
        test: [
            "{s} was born in the city of {o} in {y}.", "{o} is the birthplace of {s}, born in {y}.",
            "In the year {y}, {s} was born in {o}.", "In {y} in {o}, {s} was born.",
        ])

    /// Director {o} and release year {y}: how a film's page may begin.
    static let film = PocketPhrasing(
        train: [
            "{s} is a film released in {y} and directed by {o}.", "{s} is a film directed by {o} and released in {y}.",
            "{s}, directed by {o}, was released in {y}.", "{s} was directed by {o} and released in {y}.",
            "Released in {y}, {s} was directed by {o}.", "Directed by {o}, {s} was released in {y}.",
            "{o} directed {s}, which was released in {y}.", "In {y}, {o} directed and released {s}.",
            "The film {s}, directed by {o}, was released in {y}.", "{s} is the work of the director {o}, released in {y}.",
            "{o} is the director of {s}, released in {y}.", "The director of {s}, released in {y}, is {o}.",
        ],
        test: [
            "{s}, released in {y}, was directed by {o}.", "{s} was released in {y} and directed by {o}.",
            "{s} is a film which was directed by {o} and released in {y}.", "{o} directed the film {s}, released in {y}.",
        ])

    /// Author {o} and year of publication {y}: how a book's page may begin.
    static let book = PocketPhrasing(
        train: [
            "{s} is a novel written by {o} and published in {y}.", "{s} is a book published in {y} and written by {o}.",
            "{s}, written by {o}, was published in {y}.", "{s}, published in {y}, was written by {o}.",
            "{s} was written by {o} and appeared in {y}.", "Written by {o}, {s} was published in {y}.",
            "The author {o} published {s} in {y}.", "Published in {y}, {s} was written by {o}.",
            "The book {s} was written by {o} and published in {y}.", "{s} is the work of the author {o}, published in {y}.",
            "{o} is the author of {s}, published in {y}.", "The author of {s}, published in {y}, is {o}.",
        ],
        test: [
            "{s} is a book written by {o} and published in {y}.", "Written by {o}, {s} appeared in {y}.",
            "{s} was written by {o} and was published in {y}.", "{s}, written by the author {o}, appeared in {y}.",
        ])

    /// Sentences that no question asks for; some name a city or a year that would be a wrong answer.
    static let asides: [PocketKind: PocketPhrasing] = [
        .person: PocketPhrasing(
            train: [
                "{s} moved to {c} in {y}.", "{s} once visited {c}.", "{s} speaks three languages.", "{s} plays the violin.",
                "{s} won a prize in {y}.", "{s} is fond of long walks.", "{s} studied in {c}.", "{s} collects old maps.",
            ],
            test: [
                "{s} spent a summer in {c}.", "{s} plays the violin and speaks two languages.", "In {y}, {s} moved to {c}.",
                "{s} studied old languages.",
            ]),
        .city: PocketPhrasing(
            train: [
                "{s} has a market every week.", "{s} is known for its old bridge.", "{s} was hit by a flood in {y}.",
                "{s} has about {n} people.", "Many visitors come to {s}.", "{s} has a small university.",
                "{s} has a music festival.", "{s} has two train stations.",
            ],
            test: [
                "The people of {s} are about {n}.", "{s} is known for its music.", "{s} has an old market.",
                "{s} has a bridge from {y}.",
            ]),
        .country: PocketPhrasing(
            train: [
                "{s} has long winters.", "{s} exports wood and salt.", "{s} has about {n} people.",
                "{s} won a sea war in {y}.", "{s} is known for its mountains.", "{s} has a small army.",
                "Many visitors come to {s}.", "{s} has many old castles.",
            ],
            test: [
                "{s} is known for its long winters.", "There are about {n} people in {s}.", "{s} has mountains and castles.",
                "{s} exports salt.",
            ]),
        .company: PocketPhrasing(
            train: [
                "{s} opened an office in {c}.", "{s} has {n} workers.", "{s} sells its goods in many places.",
                "{s} had a hard year in {y}.", "{s} is known for good service.", "{s} won a prize in {y}.",
                "{s} opened a new building in {y}.", "{s} once had an office in {c}.",
            ],
            test: [
                "{s} sold an office in {c}.", "{s} had {n} workers in {y}.", "{s} is known for its goods.",
                "In {y}, {s} won a prize.",
            ]),
        .film: PocketPhrasing(
            train: [
                "{s} was shot in {c}.", "{s} won a prize in {y}.", "{s} runs for {m} minutes.", "{s} was praised by critics.",
                "{s} tells the story of two friends.", "{s} lost money at first.", "{s} was shot in black and white.",
                "{s} is set in {c}.",
            ],
            test: [
                "In {y}, {s} won a prize.", "{s} is the story of two friends.", "{s} was praised and lost money.",
                "The story of {s} is set in {c}.",
            ]),
        .book: PocketPhrasing(
            train: [
                "{s} tells the story of a long journey.", "{s} is set in {c}.", "{s} has {m} chapters.",
                "{s} won a prize in {y}.", "{s} was praised by critics.", "{s} is read in many schools.",
                "{s} came out again in {y}.", "{s} tells the story of two sisters.",
            ],
            test: [
                "In {y}, {s} won a prize.", "{s} is the story of two sisters.", "The story of {s} is set in {c}.",
                "{s} is praised in many schools.",
            ]),
    ]
}
