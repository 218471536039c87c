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

    private init(_ tables: [String], key: (String, Content), _ others: (String, Content)...) {
        self.tables = tables
        self.key = Column(name: key.0, content: key.1)
        self.others = others.map { Column(name: $0.0, content: $0.1) }
    }

    static let all = [
        PocketTableTheme(
            ["people", "staff", "members"], key: ("name", .person),
            ("city", .place), ("job", .word(PocketPopulation.professions)), ("age", .number(18...79)), ("pay", .number(200...990))
        ),
        PocketTableTheme(
            ["films", "movies", "shows"], key: ("title", .title),
            ("director", .person), ("genre", .word(genres)), ("year", .number(1950...2019)), ("length", .number(61...189))),
        PocketTableTheme(
            ["books", "novels", "library"], key: ("title", .title),
            ("author", .person), ("topic", .word(genres)), ("pages", .number(80...799)), ("price", .number(4...59))),
        PocketTableTheme(
            ["companies", "firms", "shops"], key: ("name", .organisation(["Foods", "Tools", "Bank", "Labs"])),
            ("city", .place), ("owner", .person), ("workers", .number(12...980)), ("year", .number(1900...2019))),
        PocketTableTheme(
            ["players", "runners", "riders"], key: ("name", .person),
            ("team", .place), ("colour", .word(colours)), ("score", .number(1...99)), ("age", .number(16...45))),
        PocketTableTheme(
            ["towns", "places", "stops"], key: ("town", .place),
            ("mayor", .person), ("colour", .word(colours)), ("schools", .number(1...60)), ("year", .number(1200...1899))),
        PocketTableTheme(
            ["guests", "visitors", "bookings"], key: ("name", .person),
            ("city", .place), ("day", .word(days)), ("room", .number(1...99)), ("nights", .number(1...21))),
    ]

    private static let genres = ["comedy", "drama", "mystery", "satire", "romance", "crime"]
    private static let colours = ["red", "blue", "green", "white", "black", "yellow"]
    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
