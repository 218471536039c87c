/// How the pocket graph's questions say things. {x} is the entity a question names, {z} the second of two. A table, hence the
/// length. What training and test say differs; the words that name a relation occur in both.
enum PocketGraphWordings {
    /// What one relation leads to; relations with one value share the words of `pocket/hotpotqa` where it has them.
    static let frames: [String: PocketPhrasing] = {
        var frames = ownFrames
        let shared: [PocketRelation] = [.birthplace, .occupation, .spouse, .country, .mayor, .river, .founder, .headquarters]
        for relation in PocketGraphRelation.all where relation.isForward && shared.contains(relation.fact) {
            frames[relation.name] = QuestionWordings.frames[relation.fact]
        }
        return frames
    }()

    private static let ownFrames: [String: PocketPhrasing] = [
        "film.director": PocketPhrasing(
            train: [
                "Who directed {x}?", "Who is the director of {x}?", "Who directed the film {x}?", "Which person directed {x}?",
                "Name the director of {x}.", "Tell me who directed {x}.", "{x} was directed by whom?",
                "By whom was {x} directed?",
            ],
            test: [
                "Which person directed the film {x}?", "Tell me the director of {x}.", "Who was the director of the film {x}?",
            ]),
        "film.studio": PocketPhrasing(
            train: [
                "Which studio produced {x}?", "Which studio made {x}?", "What is the studio of {x}?", "Name the studio of {x}.",
                "Which studio made the film {x}?", "Tell me the studio of {x}.", "{x} was made by which studio?",
            ],
            test: ["Which studio produced the film {x}?", "Tell me which studio made {x}.", "What studio made {x}?"]),
        "film.star": PocketPhrasing(
            train: [
                "Who is the star of {x}?", "Who plays the lead in {x}?", "Who starred in {x}?", "Who is the lead actor of {x}?",
                "Name the star of {x}.", "Tell me who starred in {x}.", "Which person starred in {x}?",
            ],
            test: ["Who starred in the film {x}?", "Tell me the star of {x}.", "Which person is the star of {x}?"]),
        "book.author": PocketPhrasing(
            train: [
                "Who wrote {x}?", "Who is the author of {x}?", "Who wrote the book {x}?", "Name the author of {x}.",
                "Which person wrote {x}?", "Tell me who wrote {x}.", "{x} was written by whom?", "By whom was {x} written?",
            ],
            test: ["Which person wrote the book {x}?", "Tell me the author of {x}.", "Who was the author of the book {x}?"]),
        "book.publisher": PocketPhrasing(
            train: [
                "Who published {x}?", "Which company published {x}?", "Who is the publisher of {x}?",
                "Name the publisher of {x}.",
                "Which company published the book {x}?", "Tell me who published {x}.", "{x} was published by whom?",
            ],
            test: ["Who published the book {x}?", "Tell me the publisher of {x}.", "Which company is the publisher of {x}?"]),
        "person.employer": PocketPhrasing(
            train: [
                "Who is the employer of {x}?", "For which company does {x} work?", "Where does {x} work?",
                "Which company employs {x}?", "Name the employer of {x}.", "Tell me the employer of {x}.",
                "{x} works for which company?",
            ],
            test: ["Which company does {x} work for?", "Tell me where {x} works.", "What company employs {x}?"]),
        "country.capital": PocketPhrasing(
            train: [
                "What is the capital of {x}?", "Which city is the capital of {x}?", "Name the capital of {x}.",
                "Tell me the capital of {x}.", "What is the name of the capital of {x}?", "{x} has which capital?",
            ],
            test: [
                "Which capital does {x} have?", "Tell me which city is the capital of {x}.", "What city is the capital of {x}?",
            ]),
        "city.natives": PocketPhrasing(
            train: [
                "Who was born in {x}?", "Which people were born in {x}?", "Name the people born in {x}.",
                "List everyone born in {x}.", "Tell me who was born in {x}.", "Which people come from {x} by birth?",
            ],
            test: [
                "List the people born in {x}.", "Tell me which people were born in {x}.", "Name everyone who was born in {x}.",
            ]),
        "company.workers": PocketPhrasing(
            train: [
                "Who works for {x}?", "Which people work for {x}?", "Name the people who work for {x}.",
                "List everyone who works for {x}.", "Tell me who works for {x}.", "Which people are workers of {x}?",
            ],
            test: ["List the people who work for {x}.", "Tell me which people work for {x}.", "Name the workers of {x}."]),
        "country.cities": PocketPhrasing(
            train: [
                "Which cities are in {x}?", "Which cities does {x} have?", "Name the cities of {x}.", "List the cities in {x}.",
                "Tell me the cities of {x}.", "What are the cities of {x}?",
            ],
            test: ["List the cities of {x}.", "Tell me which cities are in {x}.", "What cities does {x} have?"]),
        "person.companies": PocketPhrasing(
            train: [
                "Which companies did {x} found?", "Which company was founded by {x}?", "Name the company that {x} founded.",
                "What company did {x} found?", "Tell me the company founded by {x}.", "List the companies of {x}.",
            ],
            test: ["Which company did {x} found?", "Tell me which company {x} founded.", "Name the companies founded by {x}."]),
        "city.companies": PocketPhrasing(
            train: [
                "Which companies are based in {x}?", "Name the companies based in {x}.", "List the companies of {x}.",
                "What companies have their home in {x}?", "Tell me the companies based in {x}.", "Which companies does {x} have?",
            ],
            test: ["List the companies based in {x}.", "Tell me which companies are based in {x}.", "Name the companies of {x}."]),
        "person.films": PocketPhrasing(
            train: [
                "Which films did {x} direct?", "Which films were directed by {x}?", "Name the films directed by {x}.",
                "What films did {x} direct?", "Tell me the films that {x} directed.", "List the films {x} directed.",
            ],
            test: ["List the films directed by {x}.", "Tell me which films {x} directed.", "Name the films that {x} directed."]),
        "company.films": PocketPhrasing(
            train: [
                "Which films did {x} make?", "Which films were made by {x}?", "Name the films of {x}.",
                "What films did {x} produce?",
                "Tell me the films made by {x}.", "List the films that {x} produced.",
            ],
            test: ["List the films made by {x}.", "Tell me which films {x} made.", "Which films did {x} produce?"]),
        "person.roles": PocketPhrasing(
            train: [
                "Which films star {x}?", "In which films did {x} star?", "Name the films starring {x}.",
                "What films did {x} star in?", "Tell me the films that star {x}.", "List the roles of {x}.",
            ],
            test: ["List the films starring {x}.", "Tell me in which films {x} starred.", "Which films did {x} star in?"]),
        "person.books": PocketPhrasing(
            train: [
                "Which books did {x} write?", "Which books were written by {x}?", "Name the books of {x}.",
                "What books did {x} write?", "Tell me the books written by {x}.", "List the books that {x} wrote.",
            ],
            test: ["List the books written by {x}.", "Tell me which books {x} wrote.", "Name the books that {x} wrote."]),
        "company.books": PocketPhrasing(
            train: [
                "Which books did {x} publish?", "Which books were published by {x}?", "Name the books of {x}.",
                "What books did {x} publish?", "Tell me the books published by {x}.", "List the books that {x} published.",
            ],
            test: [
                "List the books published by {x}.", "Tell me which books {x} published.", "Name the books that {x} published.",
            ]),
    ]

    /// How many a relation leads to.
    static let counts: [String: PocketPhrasing] = [
        "city.natives": PocketPhrasing(
            train: [
                "How many people were born in {x}?", "What is the number of people born in {x}?", "Count the people born in {x}.",
                "Tell me how many people were born in {x}.", "{x} is the birthplace of how many people?",
            ],
            test: ["Tell me the number of people born in {x}.", "How many were born in {x}?"]),
        "company.workers": PocketPhrasing(
            train: [
                "How many people work for {x}?", "What is the number of people who work for {x}?", "Count the workers of {x}.",
                "Tell me how many people work for {x}.", "How many workers does {x} have?",
            ],
            test: ["Tell me the number of workers of {x}.", "Count the people who work for {x}."]),
        "country.cities": PocketPhrasing(
            train: [
                "How many cities are in {x}?", "What is the number of cities in {x}?", "Count the cities of {x}.",
                "Tell me how many cities {x} has.", "How many cities does {x} have?",
            ],
            test: ["Tell me the number of cities in {x}.", "Count the cities in {x}."]),
        "company.films": PocketPhrasing(
            train: [
                "How many films did {x} make?", "What is the number of films made by {x}?", "Count the films of {x}.",
                "Tell me how many films {x} made.", "How many films were made by {x}?",
            ],
            test: ["Tell me the number of films made by {x}.", "Count the films made by {x}."]),
        "company.books": PocketPhrasing(
            train: [
                "How many books did {x} publish?", "What is the number of books published by {x}?", "Count the books of {x}.",
                "Tell me how many books {x} published.", "How many books were published by {x}?",
            ],
            test: ["Tell me the number of books published by {x}.", "Count the books published by {x}."]),
    ]

    struct Pair: Sendable, Hashable {
        /// Leads from {x}.
        var first: String
        /// Leads from {z}.
        var second: String
    }

    /// What two relations lead to at once.
    static let both: [Pair: PocketPhrasing] = [
        Pair(first: "city.natives", second: "company.workers"): PocketPhrasing(
            train: [
                "Who was born in {x} and works for {z}?", "Who works for {z} and was born in {x}?",
                "Which person born in {x} works for {z}?", "Name the people born in {x} who work for {z}.",
                "Tell me who was born in {x} and works for {z}.", "Which workers of {z} were born in {x}?",
            ],
            test: [
                "Which people born in {x} work for {z}?", "Name the workers of {z} born in {x}.",
                "Tell me who works for {z} and was born in {x}.",
            ]),
        Pair(first: "city.natives", second: "profession.people"): PocketPhrasing(
            train: [
                "Which {z} was born in {x}?", "Who was born in {x} and is a {z} by profession?",
                "Who has the profession {z} and was born in {x}?", "Name the {z} born in {x}.",
                "Tell me which {z} was born in {x}.", "Which person born in {x} is a {z}?",
            ],
            test: [
                "Name the {z} who was born in {x}.", "Who was born in {x} and has the profession {z}?",
                "What {z} was born in {x}?",
            ]),
        Pair(first: "company.workers", second: "profession.people"): PocketPhrasing(
            train: [
                "Which {z} works for {x}?", "Who works for {x} and is a {z} by profession?",
                "Who has the profession {z} and works for {x}?", "Name the {z} who works for {x}.",
                "Tell me which {z} works for {x}.", "Which worker of {x} is a {z}?",
            ],
            test: [
                "Name the {z} that works for {x}.", "Who works for {x} and has the profession {z}?", "What {z} works for {x}?",
            ]),
        Pair(first: "country.cities", second: "river.cities"): PocketPhrasing(
            train: [
                "Which city of {x} lies on the river {z}?", "Which cities in {x} are on the river {z}?",
                "Name the city in {x} on the river {z}.", "What city on the river {z} is in {x}?",
                "Which city on the river {z} belongs to {x}?", "Tell me which city in {x} lies on the river {z}.",
            ],
            test: [
                "Name the city on the river {z} in {x}.", "Which city in {x} is on the river {z}?",
                "Tell me the city of {x} on the river {z}.",
            ]),
    ]

    /// The element with the greatest (true) or least value of the attribute.
    static func extremum(_ relation: String, isMaximum: Bool) -> PocketPhrasing? { (isMaximum ? greatest : least)[relation] }

    private static let greatest: [String: PocketPhrasing] = [
        "city.natives": PocketPhrasing(
            train: [
                "Who is the youngest person born in {x}?", "Which person born in {x} is the youngest?",
                "Of the people born in {x}, who is the youngest?", "Name the youngest person born in {x}.",
                "Who is the youngest of those born in {x}?",
            ],
            test: ["Tell me the youngest person born in {x}.", "Of those born in {x}, who is the youngest?"]),
        "company.workers": PocketPhrasing(
            train: [
                "Who is the youngest person who works for {x}?", "Which worker of {x} is the youngest?",
                "Of the people who work for {x}, who is the youngest?", "Name the youngest worker of {x}.",
                "Who is the youngest of those who work for {x}?",
            ],
            test: ["Tell me the youngest worker of {x}.", "Of the workers of {x}, who is the youngest?"]),
        "company.films": PocketPhrasing(
            train: [
                "Which film of {x} is the newest?", "What is the newest film made by {x}?", "Name the newest film of {x}.",
                "Of the films made by {x}, which is the newest?", "Which film did {x} make last?",
            ],
            test: ["Tell me the newest film made by {x}.", "Of the films of {x}, which is the newest?"]),
        "company.books": PocketPhrasing(
            train: [
                "Which book of {x} is the newest?", "What is the newest book published by {x}?", "Name the newest book of {x}.",
                "Of the books published by {x}, which is the newest?", "Which book did {x} publish last?",
            ],
            test: ["Tell me the newest book published by {x}.", "Of the books of {x}, which is the newest?"]),
    ]

    private static let least: [String: PocketPhrasing] = [
        "city.natives": PocketPhrasing(
            train: [
                "Who is the oldest person born in {x}?", "Which person born in {x} is the oldest?",
                "Of the people born in {x}, who is the oldest?", "Name the oldest person born in {x}.",
                "Who is the oldest of those born in {x}?",
            ],
            test: ["Tell me the oldest person born in {x}.", "Of those born in {x}, who is the oldest?"]),
        "company.workers": PocketPhrasing(
            train: [
                "Who is the oldest person who works for {x}?", "Which worker of {x} is the oldest?",
                "Of the people who work for {x}, who is the oldest?", "Name the oldest worker of {x}.",
                "Who is the oldest of those who work for {x}?",
            ],
            test: ["Tell me the oldest worker of {x}.", "Of the workers of {x}, who is the oldest?"]),
        "company.films": PocketPhrasing(
            train: [
                "Which film of {x} is the oldest?", "What is the oldest film made by {x}?", "Name the oldest film of {x}.",
                "Of the films made by {x}, which is the oldest?", "Which film did {x} make first?",
            ],
            test: ["Tell me the oldest film made by {x}.", "Of the films of {x}, which is the oldest?"]),
        "company.books": PocketPhrasing(
            train: [
                "Which book of {x} is the oldest?", "What is the oldest book published by {x}?", "Name the oldest book of {x}.",
                "Of the books published by {x}, which is the oldest?", "Which book did {x} publish first?",
            ],
            test: ["Tell me the oldest book published by {x}.", "Of the books of {x}, which is the oldest?"]),
    ]

    /// The relations on the way to another, where `pocket/hotpotqa` has no words for them.
    static let nounPhrases: [String: PocketPhrasing] = [
        "city.mayor": PocketPhrasing(
            train: ["the mayor of {x}", "the person who is mayor of {x}", "the mayor of the city {x}"],
            test: ["the one who is mayor of {x}", "the person who is the mayor of {x}"])
    ]
}
