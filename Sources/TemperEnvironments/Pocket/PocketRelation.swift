/// What kind of thing a page is about.
package enum PocketKind: String, Sendable, Hashable, CaseIterable {
    case person, city, country, company, film, book
}

/// What may be said of a thing. Every relation has one value at most.
package enum PocketRelation: String, Sendable, Hashable, CaseIterable {
    case birthplace
    case birthYear = "birth_year"
    case occupation, employer, spouse
    case country, mayor, river
    case founder
    case foundingYear = "founding_year"
    case headquarters
    case director
    case filmYear = "film_year"
    case studio
    case leadActor = "lead_actor"
    case author
    case bookYear = "book_year"
    case publisher
    case capital

    /// The kind of its subject.
    package var subject: PocketKind {
        switch self {
        case .birthplace, .birthYear, .occupation, .employer, .spouse: .person
        case .country, .mayor, .river: .city
        case .founder, .foundingYear, .headquarters: .company
        case .director, .filmYear, .studio, .leadActor: .film
        case .author, .bookYear, .publisher: .book
        case .capital: .country
        }
    }

    /// The relation in a few plain words: `birthplace`, `release year`.
    package var noun: String {
        switch self {
        case .birthplace: "birthplace"
        case .birthYear: "birth year"
        case .occupation: "profession"
        case .employer: "employer"
        case .spouse: "spouse"
        case .country: "country"
        case .mayor: "mayor"
        case .river: "river"
        case .founder: "founder"
        case .foundingYear: "founding year"
        case .headquarters: "home city"
        case .director: "director"
        case .filmYear: "release year"
        case .studio: "studio"
        case .leadActor: "lead actor"
        case .author: "author"
        case .bookYear: "publication year"
        case .publisher: "publisher"
        case .capital: "capital"
        }
    }

    /// Words to look up on a page, in order: every sentence that states the relation holds one of them.
    package var keywords: [String] {
        switch self {
        case .birthplace, .birthYear: ["born", "birth"]
        case .occupation: ["profession", "trade"]
        case .employer: ["works", "employ"]
        case .spouse: ["married", "spouse"]
        case .country: ["country", "nation"]
        case .mayor: ["mayor"]
        case .river: ["river"]
        case .founder: ["founded", "founder"]
        case .foundingYear: ["founded", "founding"]
        case .headquarters: ["based", "headquarters"]
        case .director: ["directed", "director"]
        case .filmYear: ["released", "release"]
        case .studio: ["produced", "studio"]
        case .leadActor: ["lead", "star"]
        case .author: ["written", "author"]
        case .bookYear: ["published", "appeared"]
        case .publisher: ["publisher", "published"]
        case .capital: ["capital"]
        }
    }
}
