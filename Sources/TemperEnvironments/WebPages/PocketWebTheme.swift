import TemperCore
import TemperPocketText

/// A kind of made-up website: what its fields, lists, boxes, links and buttons are about.
struct PocketWebTheme: Sendable {
    /// What is typed into a field.
    enum Content: Sendable {
        case place, person, number, title
    }

    struct Choice: Sendable {
        var noun: String
        var options: [String]
    }

    var name: String
    /// Last words of the sites' names.
    var sites: [String]
    var fields: [(noun: String, content: Content)]
    var lists: [Choice]
    var boxes: [String]
    /// What buttons act on.
    var objects: [String]
    /// What the links of a page are called after.
    var links: Content

    static let modifiers = [
        "home", "work", "billing", "delivery", "pickup", "return", "first", "second", "main", "spare", "guest", "member", "gift",
        "travel", "parcel", "school", "office", "partner", "family", "summer", "winter", "night", "rental", "holiday",
    ]
    /// What buttons of any theme act on.
    static let commonObjects = ["page", "form", "request", "message", "details"]
    static let verbs = ["Find", "Show", "Save", "Send", "Book", "Cancel", "Print", "Share", "Check", "Update"]

    private static let day = Choice(noun: "day", options: ["Monday", "Tuesday", "Wednesday", "Friday", "Sunday"])
    private static let hour = Choice(noun: "hour", options: ["Morning", "Noon", "Evening", "Midnight"])
    private static let colour = Choice(noun: "colour", options: ["Red", "Blue", "Green", "Black", "White"])
    private static let language = Choice(noun: "language", options: ["French", "German", "Polish", "Spanish"])
    private static let payment = Choice(noun: "payment", options: ["Card", "Cash", "Transfer", "Voucher"])

    static let all = [
        PocketWebTheme(
            name: "flights", sites: ["Air", "Flights", "Wings"],
            fields: [("city", .place), ("airport", .place), ("passenger", .person), ("code", .number)],
            lists: [Choice(noun: "class", options: ["Economy", "Premium", "Business"]), day, hour],
            boxes: ["alerts", "insurance", "luggage"], objects: ["flights", "fares", "seats"], links: .place),
        PocketWebTheme(
            name: "shop", sites: ["Shop", "Store", "Market"],
            fields: [("street", .place), ("name", .person), ("postcode", .number), ("item", .title)],
            lists: [Choice(noun: "size", options: ["Small", "Medium", "Large"]), colour, payment],
            boxes: ["wrapping", "newsletter", "receipt"], objects: ["order", "cart", "offers"], links: .title),
        PocketWebTheme(
            name: "library", sites: ["Library", "Books", "Archive"],
            fields: [("author", .person), ("branch", .place), ("book", .title), ("shelf", .number)],
            lists: [Choice(noun: "format", options: ["Paper", "Audio", "Digital"]), language, day],
            boxes: ["reminder", "copies", "renewal"], objects: ["books", "loans", "list"], links: .title),
        PocketWebTheme(
            name: "settings", sites: ["Mail", "Cloud", "Phone"],
            fields: [("contact", .person), ("town", .place), ("number", .number), ("folder", .title)],
            lists: [Choice(noun: "theme", options: ["Light", "Dark", "Plain"]), language, colour],
            boxes: ["sounds", "backups", "updates"], objects: ["changes", "profile", "settings"], links: .person),
        PocketWebTheme(
            name: "clinic", sites: ["Clinic", "Health", "Care"],
            fields: [("doctor", .person), ("patient", .person), ("town", .place), ("file", .number)],
            lists: [Choice(noun: "visit", options: ["Checkup", "Vaccine", "Advice"]), day, hour],
            boxes: ["results", "reminder", "transport"], objects: ["visits", "results", "notes"], links: .person),
        PocketWebTheme(
            name: "restaurant", sites: ["Kitchen", "Bistro", "Grill"],
            fields: [("host", .person), ("street", .place), ("table", .number), ("town", .place)],
            lists: [Choice(noun: "meal", options: ["Lunch", "Dinner", "Brunch"]), hour, payment],
            boxes: ["music", "parking", "cake"], objects: ["table", "menu", "order"], links: .place),
        PocketWebTheme(
            name: "hotel", sites: ["Hotel", "Rooms", "Stays"],
            fields: [("city", .place), ("visitor", .person), ("room", .number), ("street", .place)],
            lists: [Choice(noun: "bed", options: ["Single", "Double", "Twin"]), day, payment],
            boxes: ["breakfast", "parking", "towels"], objects: ["rooms", "prices", "stays"], links: .place),
        PocketWebTheme(
            name: "courses", sites: ["College", "Courses", "Academy"],
            fields: [("teacher", .person), ("campus", .place), ("course", .title), ("group", .number)],
            lists: [Choice(noun: "level", options: ["Beginner", "Middle", "Advanced"]), language, day],
            boxes: ["lessons", "exam", "notes"], objects: ["courses", "grades", "plan"], links: .title),
    ]
}

/// The labels a theme has in one partition, such as `pickup city`: a label belongs to the partition its hash says, so no label of
/// one split occurs in another, while the words do.
struct PocketWebLabels: Sendable {
    var fields: [(label: String, content: PocketWebTheme.Content)]
    var lists: [PocketWebTheme.Choice]
    var boxes: [String]
    var buttons: [String]

    init(_ theme: PocketWebTheme, _ partition: WorldPartition) {
        func labels(_ noun: String) -> [String] {
            PocketWebTheme.modifiers.map { "\($0) \(noun)" }.filter { WorldPartition.of($0) == partition }
        }
        fields = theme.fields.flatMap { field in labels(field.noun).map { ($0, field.content) } }
        lists = theme.lists.flatMap { list in
            labels(list.noun).map { PocketWebTheme.Choice(noun: $0, options: list.options) }
        }
        boxes = theme.boxes.flatMap(labels)
        let texts = PocketWebTheme.verbs.flatMap { verb in (theme.objects + PocketWebTheme.commonObjects).map { "\(verb) \($0)" }
        }
        buttons = texts.filter { WorldPartition.of($0) == partition }
    }

    /// The labels of each partition, in the order of ``PocketWebTheme/all``.
    static let all = Dictionary(
        uniqueKeysWithValues: WorldPartition.allCases.map { partition in
            (partition, PocketWebTheme.all.map { PocketWebLabels($0, partition) })
        })
}
