import TemperCore
import TemperPocketText

/// A relation of the pocket graph: one of the pocket world's, read forward or back.
struct PocketGraphRelation: Sendable, Hashable {
    /// As the tools show it: `film.director`.
    let name: String
    let fact: PocketRelation
    /// Whether it leads from the fact's subject to its object, or back.
    let isForward: Bool
    /// The type it leads to.
    let range: String
    /// What it leads to, from {x}.
    let phrase: Wording

    private init(_ name: String, _ fact: PocketRelation, forward: Bool = true, _ range: String, _ phrase: String) {
        self.name = name
        self.fact = fact
        isForward = forward
        self.range = range
        self.phrase = Wording(phrase)
    }

    static let all: [PocketGraphRelation] = [
        PocketGraphRelation("person.birthplace", .birthplace, "city", "the birthplace of {x}"),
        PocketGraphRelation("person.profession", .occupation, "profession", "the profession of {x}"),
        PocketGraphRelation("person.employer", .employer, "company", "the employer of {x}"),
        PocketGraphRelation("person.spouse", .spouse, "person", "the spouse of {x}"),
        PocketGraphRelation("city.country", .country, "country", "the country of {x}"),
        PocketGraphRelation("city.mayor", .mayor, "person", "the mayor of {x}"),
        PocketGraphRelation("city.river", .river, "river", "the river of {x}"),
        PocketGraphRelation("company.founder", .founder, "person", "the founder of {x}"),
        PocketGraphRelation("company.city", .headquarters, "city", "the home city of {x}"),
        PocketGraphRelation("film.director", .director, "person", "the director of {x}"),
        PocketGraphRelation("film.studio", .studio, "company", "the studio of {x}"),
        PocketGraphRelation("film.star", .leadActor, "person", "the star of {x}"),
        PocketGraphRelation("book.author", .author, "person", "the author of {x}"),
        PocketGraphRelation("book.publisher", .publisher, "company", "the publisher of {x}"),
        PocketGraphRelation("country.capital", .capital, "city", "the capital of {x}"),
        PocketGraphRelation("city.natives", .birthplace, forward: false, "person", "the people born in {x}"),
        PocketGraphRelation("profession.people", .occupation, forward: false, "person", "the people with profession {x}"),
        PocketGraphRelation("company.workers", .employer, forward: false, "person", "the people who work for {x}"),
        PocketGraphRelation("country.cities", .country, forward: false, "city", "the cities of {x}"),
        PocketGraphRelation("river.cities", .river, forward: false, "city", "the cities on {x}"),
        PocketGraphRelation("person.companies", .founder, forward: false, "company", "the companies founded by {x}"),
        PocketGraphRelation("city.companies", .headquarters, forward: false, "company", "the companies based in {x}"),
        PocketGraphRelation("person.films", .director, forward: false, "film", "the films directed by {x}"),
        PocketGraphRelation("company.films", .studio, forward: false, "film", "the films made by {x}"),
        PocketGraphRelation("person.roles", .leadActor, forward: false, "film", "the films starring {x}"),
        PocketGraphRelation("person.books", .author, forward: false, "book", "the books written by {x}"),
        PocketGraphRelation("company.books", .publisher, forward: false, "book", "the books published by {x}"),
    ]

    static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// The relation of that name, which must be in the table.
    static func named(_ name: String) -> PocketGraphRelation {
        guard let relation = byName[name] else { preconditionFailure("there is no relation '\(name)'") }
        return relation
    }

    /// The attributes, numbers of years.
    static let attributes: [PocketRelation: String] = [
        .birthYear: "person.birth_year", .foundingYear: "company.founding_year", .filmYear: "film.year", .bookYear: "book.year",
    ]
}
