/// The kinds of thing that reading texts are about.
enum EntityKind: String, Sendable, CaseIterable {
    case person, town, country, river, mountain, lake, island
    case company, studio, publisher, newspaper, museum, university, team, band, festival
    case film, play, book, song
    case bridge, tower, ship, dish, planet, gadget

    /// Nouns for one of the kind; the first is the usual one.
    var nouns: [String] {
        switch self {
        case .person: return ["person"]
        case .town: return ["town", "city", "place"]
        case .country: return ["country", "nation", "state"]
        case .river: return ["river"]
        case .mountain: return ["mountain", "peak"]
        case .lake: return ["lake"]
        case .island: return ["island"]
        case .company: return ["company", "firm", "business"]
        case .studio: return ["studio", "film studio", "company"]
        case .publisher: return ["publisher", "publishing house", "company"]
        case .newspaper: return ["newspaper", "paper"]
        case .museum: return ["museum"]
        case .university: return ["university"]
        case .team: return ["team", "club"]
        case .band: return ["band", "group"]
        case .festival: return ["festival"]
        case .film: return ["film", "movie", "picture"]
        case .play: return ["play", "stage play"]
        case .book: return ["book", "novel"]
        case .song: return ["song", "tune"]
        case .bridge: return ["bridge"]
        case .tower: return ["tower", "building"]
        case .ship: return ["ship", "vessel"]
        case .dish: return ["dish", "recipe"]
        case .planet: return ["planet", "world"]
        case .gadget: return ["gadget", "device", "machine"]
        }
    }

    /// Sentences that say nothing a question could ask for.
    var fillers: [String] {
        switch self {
        case .person: return Self.personFillers
        case .town, .country, .river, .mountain, .lake, .island: return Self.placeFillers
        case .film, .play, .book, .song: return Self.workFillers
        case .company, .studio, .publisher, .newspaper, .museum, .university, .team, .band, .festival: return Self.groupFillers
        case .bridge, .tower, .ship, .dish, .planet, .gadget: return Self.thingFillers
        }
    }

    private static let personFillers = [
        "{s} <was|has been> described as <quiet|cheerful|stubborn|generous|shy|very careful>.",
        "Little is known about the early years of {s}.", "{s} <rarely|seldom|often> <spoke|speaks> in public.",
        "Friends say that {s} <likes|liked> long walks.", "{s} <kept|keeps> a diary for <many|several|twenty> years.",
        "{s} is <still|widely|well> remembered <today|by many people|in the region>.", "Several letters by {s} have been lost.",
        "A short film about {s} was <planned|made>, but nobody has seen it.",
        "{s} <never learned|did not like> to <swim|drive|sing>.",
    ]
    private static let placeFillers = [
        "{s} is <quiet|busy|crowded> in <summer|winter|spring|autumn>.", "Many visitors come to see {s} every year.",
        "The weather around {s} is <mild|cold|windy|dry|wet>.", "There are <many|few|several> old maps of {s}.",
        "<Painters|Hikers|Students|Photographers> are fond of {s}.", "{s} appears in several old songs.",
        "A heavy storm struck {s} <long ago|some years ago|last winter>.", "The paths near {s} are <steep|narrow|well marked>.",
    ]
    private static let workFillers = [
        "Critics were <divided|kind|surprised|not impressed> at first.", "{s} was <almost|nearly> forgotten for a time.",
        "{s} has been <praised|criticised> for its <slow ending|strange mood|simple style|humour>.",
        "Two other versions were never finished.", "Its first audience was <small|large|puzzled>.",
        "{s} is often <discussed|quoted|shown> in schools.", "Few people expected {s} to do well.",
        "There have been plans for a second part.",
    ]
    private static let groupFillers = [
        "{s} has changed a lot over the years.", "{s} went through <hard|difficult|quiet> times.",
        "Visitors are <always|usually> welcome on Fridays.", "{s} <is|was> known for <good|fair|strict> rules.",
        "A book about the history of {s} is being prepared.", "{s} almost closed after a fire.",
        "{s} gives a small prize every <year|spring|winter>.", "Most of the old records of {s} are lost.",
    ]
    private static let thingFillers = [
        "{s} is <often|sometimes|rarely> <mentioned|shown> in <guides|school books|magazines>.",
        "{s} has <many|a few> admirers.", "Opinions about {s} differ.", "A drawing of {s} hangs in a small office.",
        "{s} is larger than it seems in pictures.", "Nobody knows exactly how {s} got its name.",
        "{s} was once shown on a postage stamp.", "People have told many stories about {s}.",
    ]
}

/// One named thing of a ``SmallWorld`` and the words that may stand for its name.
struct Entity: Sendable {
    let kind: EntityKind
    let name: String
    /// `the film`, or a person's surname.
    let short: String
    /// `she`, `he`, `it`.
    let pronoun: String
    /// `her`, `his`, `its`.
    let possessive: String

    /// A fresh one.
    init(_ kind: EntityKind, using scribe: inout Scribe) {
        self.kind = kind
        name = Self.name(for: kind, using: &scribe)
        guard kind == .person else {
            short = "the " + scribe.pick(kind.nouns)
            pronoun = "it"
            possessive = "its"
            return
        }
        let parts = name.split(separator: " ")
        short = parts.last.map(String.init) ?? name
        let isFemale = parts.first.map { Vocabulary.femaleNames.contains(String($0)) } ?? false
        pronoun = isFemale ? "she" : "he"
        possessive = isFemale ? "her" : "his"
    }

    private static func name(for kind: EntityKind, using scribe: inout Scribe) -> String {
        switch kind {
        case .person: return scribe.person()
        case .town, .country: return scribe.place()
        case .river, .planet: return scribe.root()
        case .film, .play, .book, .song: return scribe.title()
        case .mountain: return scribe.chance(0.5) ? "Mount " + scribe.root() : scribe.organisation(["Peak", "Mountain", "Hill"])
        case .lake: return scribe.chance(0.6) ? "Lake " + scribe.root() : scribe.organisation(["Lake", "Pond"])
        case .island: return scribe.chance(0.3) ? "Isle of " + scribe.root() : scribe.organisation(["Island"])
        case .university:
            return scribe.chance(0.4) ? "University of " + scribe.place() : scribe.organisation(["University", "College"])
        case .gadget:
            return scribe.root() + " " + scribe.pick(["X2", "Mini", "Pro", "300", "Plus", "One", "K7", "Max", "50", "Duo"])
        default: return scribe.organisation(endings[kind] ?? ["Works"])
        }
    }

    private static let endings: [EntityKind: [String]] = [
        .company: [
            "Industries", "Works", "Foods", "Motors", "Brothers", "Glass", "Textiles", "Systems", "Trading", "Group", "Tools",
            "Chemicals", "Railways", "Toys", "Instruments", "Energy", "and Sons", "Furniture", "Studios", "Press", "House",
            "Films",
        ],
        .studio: ["Pictures", "Films", "Studios", "Cinema", "Productions"],
        .publisher: ["Press", "Books", "Publishing", "House", "Editions"],
        .newspaper: ["Herald", "Times", "Gazette", "Post", "Mirror", "Courier", "Daily"],
        .museum: ["Museum", "Gallery", "Collection"],
        .team: ["Rovers", "United", "Wanderers", "Athletic", "Tigers", "Hawks", "City", "Rangers"],
        .band: ["Trio", "Quartet", "Band", "Orchestra", "Brothers", "Sisters"],
        .festival: ["Festival", "Fair", "Carnival"],
        .bridge: ["Bridge", "Crossing", "Viaduct"],
        .tower: ["Tower", "Hall", "Palace", "House"],
        .ship: ["Star", "Queen", "Maiden", "Spirit", "Pearl", "Princess"],
        .dish: ["Stew", "Soup", "Pie", "Cake", "Dumplings", "Bread", "Salad"],
    ]
}
