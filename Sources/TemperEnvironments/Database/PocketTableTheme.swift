import TemperCore

/// What a generated table is about: its names, its key and the columns it may have.
struct PocketTableTheme: Sendable {
    enum Content: Sendable {
        case person, place, organisation([String]), title
        case word([String])
        case number(ClosedRange<Int>)

        var isNumber: Bool { if case .number = self { true } else { false } }
        /// Whether several rows share a value, so that it can be asked for.
        var isShared: Bool { !isNumber }
    }

    struct Column: Sendable {
        var name: String
        var content: Content
    }

    var tables: [String]
    var key: Column
    var others: [Column]

    static let all = [
        PocketTableTheme(
            tables: ["people", "staff", "members"], key: Column(name: "name", content: .person),
            others: [
                Column(name: "city", content: .place), Column(name: "job", content: .word(PocketPopulation.professions)),
                Column(name: "age", content: .number(18...79)), Column(name: "pay", content: .number(200...990)),
            ]),
        PocketTableTheme(
            tables: ["films", "movies", "shows"], key: Column(name: "title", content: .title),
            others: [
                Column(name: "director", content: .person), Column(name: "genre", content: .word(genres)),
                Column(name: "year", content: .number(1950...2019)), Column(name: "length", content: .number(61...189)),
            ]),
        PocketTableTheme(
            tables: ["books", "novels", "library"], key: Column(name: "title", content: .title),
            others: [
                Column(name: "author", content: .person), Column(name: "topic", content: .word(genres)),
                Column(name: "pages", content: .number(80...799)), Column(name: "price", content: .number(4...59)),
            ]),
        PocketTableTheme(
            tables: ["companies", "firms", "shops"],
            key: Column(name: "name", content: .organisation(["Foods", "Tools", "Bank", "Labs"])),
            others: [
                Column(name: "city", content: .place), Column(name: "owner", content: .person),
                Column(name: "workers", content: .number(12...980)), Column(name: "year", content: .number(1900...2019)),
            ]),
        PocketTableTheme(
            tables: ["players", "runners", "riders"], key: Column(name: "name", content: .person),
            others: [
                Column(name: "team", content: .place), Column(name: "colour", content: .word(colours)),
                Column(name: "score", content: .number(1...99)), Column(name: "age", content: .number(16...45)),
            ]),
        PocketTableTheme(
            tables: ["towns", "places", "stops"], key: Column(name: "town", content: .place),
            others: [
                Column(name: "mayor", content: .person), Column(name: "colour", content: .word(colours)),
                Column(name: "schools", content: .number(1...60)), Column(name: "year", content: .number(1200...1899)),
            ]),
        PocketTableTheme(
            tables: ["guests", "visitors", "bookings"], key: Column(name: "name", content: .person),
            others: [
                Column(name: "city", content: .place), Column(name: "day", content: .word(days)),
                Column(name: "room", content: .number(1...99)), Column(name: "nights", content: .number(1...21)),
            ]),
    ]

    private static let genres = ["comedy", "drama", "mystery", "satire", "romance", "crime"]
    private static let colours = ["red", "blue", "green", "white", "black", "yellow"]
    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
