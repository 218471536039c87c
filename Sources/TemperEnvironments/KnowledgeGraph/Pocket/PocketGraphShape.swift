/// A form of question about the pocket graph.
struct PocketGraphShape: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        /// Relations followed in turn from the entity that the question names.
        case path([String])
        /// What two relations lead to from two entities, both at once.
        case both(String, String)
        case count(String)
        /// The element with the greatest or least value.
        case extremum(String, attribute: String, isMaximum: Bool)
    }

    /// The value of the task's tag `shape`.
    let name: String
    let form: Form
    /// Whether tasks of this shape occur in the test split alone.
    let isHeldOut: Bool

    /// The value of the task's tag `kind`.
    var kind: String {
        switch form {
        case .path(let path): path.count == 1 ? "one_hop" : "two_hop"
        case .both: "intersection"
        case .count: "count"
        case .extremum: "extremum"
        }
    }

    private init(_ name: String, _ form: Form, heldOut: Bool = false) {
        self.name = name
        self.form = form
        isHeldOut = heldOut
    }

    private static func path(_ path: String..., heldOut: Bool = false) -> PocketGraphShape {
        PocketGraphShape(path.joined(separator: "/"), .path(path), heldOut: heldOut)
    }

    private static func extremum(_ relation: String, _ attribute: String, _ isMaximum: Bool) -> PocketGraphShape {
        PocketGraphShape(
            "\(isMaximum ? "argmax" : "argmin")/\(relation)",
            .extremum(relation, attribute: attribute, isMaximum: isMaximum))
    }

    static let all: [PocketGraphShape] =
        PocketWordings.Graph.frames.keys.sorted().map { path($0) } + [
            path("film.director", "person.birthplace"), path("film.director", "person.spouse"),
            path("film.director", "person.profession"), path("film.star", "person.birthplace"),
            path("film.star", "person.profession"), path("film.star", "person.employer"), path("film.studio", "company.founder"),
            path("film.studio", "company.city"), path("book.author", "person.birthplace"),
            path("book.author", "person.profession"), path("book.publisher", "company.founder"),
            path("book.publisher", "company.city"), path("person.employer", "company.founder"),
            path("person.employer", "company.city"), path("person.spouse", "person.birthplace"),
            path("person.spouse", "person.employer"), path("company.founder", "person.birthplace"),
            path("company.founder", "person.spouse"), path("person.birthplace", "city.mayor"),
            path("person.birthplace", "city.country"), path("person.birthplace", "city.river"),
            path("company.city", "city.country"), path("company.city", "city.river"), path("city.mayor", "person.profession"),
            path("city.mayor", "person.spouse"),
            // In the test split alone: new compositions of relations that training shows in other company.
            path("film.star", "person.spouse", heldOut: true), path("book.author", "person.employer", heldOut: true),
            path("company.founder", "person.profession", heldOut: true), path("company.city", "city.mayor", heldOut: true),
        ]
        + PocketWordings.Graph.both.keys.map { PocketGraphShape("both/\($0.first)/\($0.second)", .both($0.first, $0.second)) }
        .sorted { $0.name < $1.name }
        + PocketWordings.Graph.counts.keys.sorted().map { PocketGraphShape("count/\($0)", .count($0)) }
        + [
            extremum("city.natives", "person.birth_year", true), extremum("city.natives", "person.birth_year", false),
            extremum("company.workers", "person.birth_year", true), extremum("company.workers", "person.birth_year", false),
            extremum("company.films", "film.year", true), extremum("company.films", "film.year", false),
            extremum("company.books", "book.year", true), extremum("company.books", "book.year", false),
        ]
}
