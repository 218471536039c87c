import TemperCore
import TemperPocketText

/// What an expert has to say about its next step. Names are those of the room (`mug 1`).
enum HouseholdRemark: Hashable {
    case plan(_ first: String)
    case goOn(_ type: String, _ next: String)
    case lampHere(_ lamp: String, _ next: String)
    case closed(_ place: String)
    case found(_ object: String)
    case remembered(_ place: String)
    case carry(_ object: String, _ place: String)
    case carryToAppliance(_ object: String, _ place: String)
    case treat(_ object: String, _ place: String)
    case carryTreated(_ object: String, _ place: String)
    case put(_ object: String, _ place: String)
    case carryToLamp(_ object: String, _ lamp: String, _ place: String)
    case useLamp(_ object: String, _ lamp: String)
    case back(_ place: String)
    case searchSecond(_ next: String)
    case putDown(_ object: String, _ place: String)
    case lost
}

/// The words of an expert's thoughts.
struct HouseholdThoughts {
    var random: RandomSource

    /// {o} the type of the object, {g} of the target, {a} of the appliance, {v} the treatment, {x} an object, {n} a place, {l} a
    /// lamp, {w} the type that is looked for.
    static let tables: [String: [String]] = [
        "plan": [
            "I need a {o} for the {g}. I start at {n}.", "First I find a {o}, then I put it on the {g}. I look at {n}.",
            "I have to find a {o} and bring it to the {g}. {n} comes first.", "The {g} needs a {o}. I search from {n} on.",
            "Find a {o}, take it, put it on the {g}. I begin with {n}.", "I look for a {o} to put on the {g}. First is {n}.",
            "A {o} has to go to the {g}. I start the search at {n}.", "To do: a {o} on the {g}. I go to {n} first.",
        ],
        "planTreat": [
            "I need a {o}, then I {v} it with the {a}, then it goes to the {g}. I start at {n}.",
            "First find a {o}, then {v} it, then put it on the {g}. I look at {n}.",
            "I have to find a {o}, {v} it and bring it to the {g}. {n} comes first.",
            "The {g} needs a {o} from the {a}. I search from {n} on.",
            "Find a {o}, {v} it with the {a}, put it on the {g}. I begin with {n}.",
            "I look for a {o} to {v}. After that it goes to the {g}. First is {n}.",
            "A {o} has to go to the {a} and then to the {g}. I start at {n}.",
            "To do: find a {o}, {v} it, put it on the {g}. I go to {n} first.",
        ],
        "planExamine": [
            "I need a {o} and then the {g}. I start at {n}.", "First I find a {o}, then I use the {g}. I look at {n}.",
            "I have to hold a {o} and use the {g}. {n} comes first.", "Find a {o}, take it, use the {g}. I begin with {n}.",
            "I look for a {o} and for the {g}. First is {n}.", "With a {o} in hand I use the {g}. I start the search at {n}.",
            "To do: a {o} in hand, then the {g}. I go to {n} first.",
            "I search for a {o} and keep an eye out for the {g}. I go to {n}.",
        ],
        "planTwo": [
            "I need two {o} for the {g}, one after the other. I start at {n}.",
            "First I find one {o}, then another. I look at {n}.",
            "I have to bring two {o} to the {g}, one at a time. {n} comes first.", "The {g} needs two {o}. I search from {n} on.",
            "Find a {o}, put it on the {g}, then do it again. I begin with {n}.",
            "I look for two {o} to put on the {g}. First is {n}.",
            "Two {o} have to go to the {g}. I start the search at {n}.", "To do: two {o} on the {g}. I go to {n} first.",
        ],
        "goOn": [
            "No {w} here. Next is {n}.", "There is no {w} here. I try {n}.", "I see no {w}. I go on to {n}.",
            "The {w} is not here. I look at {n}.", "Not here. {n} is next for the {w}.", "Nothing like a {w} here. On to {n}.",
            "Still no {w}. The next place is {n}.", "This place has no {w}. I check {n}.",
        ],
        "lampHere": [
            "Here is the {l}, but no {o}. Next is {n}.", "The {l} is here for later. I look for a {o} at {n}.",
            "I see the {l} but no {o}. I go on to {n}.", "I keep the {l} in mind. No {o} yet, so {n} is next.",
            "The {l} stands here. The {o} is not here. I try {n}.", "No {o} here, only the {l}. On to {n}.",
            "Good, the {l}. Still no {o}. The next place is {n}.", "This is the place of the {l}. For the {o} I check {n}.",
        ],
        "closed": [
            "The {n} is closed. I open it.", "It is closed, so I open the {n}.", "I have to open the {n} first.",
            "Closed. I open the {n}.", "The {n} must be opened.", "I open the closed {n}.",
            "I can not use a closed {n}. I open it.",
            "The {n} is shut, so I open it.",
        ],
        "found": [
            "Here is the {x}. I take it.", "I see the {x} here and take it.", "There is a {o} here. I take the {x}.",
            "Found it: the {x}. I pick it up.", "The {x} is what I need. I take it.", "I found a {o}, the {x}. I take it.",
            "The {x} is here, so I take it.", "Good, the {x}. I pick it up.",
        ],
        "remembered": [
            "I saw a {o} at {n}. I go back.", "There was a {o} at {n}. I go there.", "The {o} is at {n}.",
            "I remember a {o} at {n}. I go there.", "I know that {n} has a {o}. I go back.", "Back to {n} for the {o}.",
            "I go to {n}, where the {o} is.", "A {o} is at {n}, so I return.",
        ],
        "carry": [
            "I have the {x}. Now I go to {n}.", "The {x} is in my hand. It goes to {n}.", "Now the {x} has to go to {n}.",
            "I bring the {x} to {n}.", "I took the {x}. Next I put it on {n}.", "With the {x} I go to {n}.",
            "I hold the {x}. The place for it is {n}.", "Got the {x}. I carry it to {n}.",
        ],
        "carryToAppliance": [
            "I have the {x}. I {v} it at {n}.", "The {x} is in my hand. To {v} it I go to {n}.",
            "Now I {v} the {x}. I go to {n}.",
            "I bring the {x} to {n} to {v} it.", "I took the {x}. First I {v} it with {n}.",
            "With the {x} I go to {n} to {v} it.",
            "I hold the {x}. I need {n} to {v} it.", "Got the {x}. I have to {v} it at {n}.",
        ],
        "treat": [
            "This is {n}. I {v} the {x}.", "I {v} the {x} here.", "At {n} I {v} the {x}.", "Now I {v} the {x} with {n}.",
            "I am at {n}, so I {v} the {x}.", "Here I can {v} the {x}.", "I use {n} to {v} the {x}.", "Time to {v} the {x}.",
        ],
        "carryTreated": [
            "That is done. Now the {x} goes to {n}.", "That was all. I bring the {x} to {n}.", "The {x} is ready. I go to {n}.",
            "Now I carry the {x} to {n}.", "Done. The place for the {x} is {n}.", "The {x} is ready for {n}.",
            "With the {x} ready I go to {n}.", "Next I take the {x} to {n}.",
        ],
        "put": [
            "This is {n}. I put the {x} here.", "I put the {x} on {n}.", "At {n} I put down the {x}.", "Here is {n} for the {x}.",
            "The {x} belongs here. I put it down.", "I am at {n}, so I put the {x} here.", "Now the {x} goes in or on {n}.",
            "I leave the {x} at {n}.",
        ],
        "carryToLamp": [
            "I have the {x}. The {l} is at {n}.", "I saw the {l} at {n}. I go there with the {x}.", "Now I need the {l} at {n}.",
            "I bring the {x} to the {l} at {n}.", "With the {x} I go to {n}, where the {l} is.",
            "Got the {x}. The {l} stands at {n}.",
            "I hold the {x}. Back to {n} for the {l}.", "The {x} is in my hand. I go to the {l} at {n}.",
        ],
        "useLamp": [
            "I hold the {x} and here is the {l}. I use it.", "Here is the {l}. I turn it on.",
            "I use the {l} to look at the {x}.",
            "The {l} is here, so I use it.", "Now I switch on the {l}.", "With the {x} in hand I use the {l}.",
            "I look at the {x} under the {l}.", "The {x} and the {l} are both here. I use the {l}.",
        ],
        "back": [
            "One {o} is in place. The other is at {n}.", "That is the first {o}. I go back to {n} for the other.",
            "I saw another {o} at {n}. I go there.", "Now the second {o}. It is at {n}.", "One done. There is a {o} left at {n}.",
            "The first {o} is there. I fetch the other from {n}.", "One more {o} is needed. I know one at {n}.",
            "Back to {n} for the second {o}.",
        ],
        "searchSecond": [
            "One {o} is in place. I look for another at {n}.", "I need one more {o}. Next is {n}.",
            "The second {o} is still missing. I try {n}.", "Another {o} is needed. I go on to {n}.",
            "No second {o} yet. I check {n}.",
            "One more {o} to find. {n} is next.", "Now I search for the other {o} at {n}.", "The other {o} may be at {n}.",
        ],
        "putDown": [
            "The {x} is not what I need. I put it down.", "I do not need the {x}. It stays here.",
            "Wrong thing. I put the {x} down.",
            "This {x} is of no use. I leave it here.", "I put the {x} away.", "My hand must be free. I put down the {x}.",
            "Not the {x}. I put it here.", "I leave the {x} at {n}.",
        ],
        "lost": [
            "I do not see what to do. I look around.", "I have searched everywhere. I look again.",
            "I am not sure. I look around.",
            "Let me look around once more.", "I need another look.", "Something is missing. I look around.",
            "I check the room again.",
            "I have no better idea than to look.",
        ],
    ]

    mutating func say(_ remark: HouseholdRemark, _ errand: HouseholdExpert.Errand) -> String {
        let treatment = errand.kind.treatment
        var values: [Character: String] = [
            "o": errand.object, "g": errand.target, "v": treatment?.rawValue ?? "", "a": treatment?.appliance ?? "",
        ]
        let table: String
        switch remark {
        case .plan(let first):
            values["n"] = first
            table =
                switch errand.kind {
                case .place: "plan"
                case .clean, .heat, .cool: "planTreat"
                case .examine: "planExamine"
                case .placeTwo: "planTwo"
                }
        case .goOn(let type, let next): (table, values["w"], values["n"]) = ("goOn", type, next)
        case .lampHere(let lamp, let next): (table, values["l"], values["n"]) = ("lampHere", lamp, next)
        case .closed(let place): (table, values["n"]) = ("closed", place)
        case .found(let object): (table, values["x"]) = ("found", object)
        case .remembered(let place): (table, values["n"]) = ("remembered", place)
        case .carry(let object, let place): (table, values["x"], values["n"]) = ("carry", object, place)
        case .carryToAppliance(let object, let place): (table, values["x"], values["n"]) = ("carryToAppliance", object, place)
        case .treat(let object, let place): (table, values["x"], values["n"]) = ("treat", object, place)
        case .carryTreated(let object, let place): (table, values["x"], values["n"]) = ("carryTreated", object, place)
        case .put(let object, let place): (table, values["x"], values["n"]) = ("put", object, place)
        case .carryToLamp(let object, let lamp, let place):
            (table, values["x"], values["l"], values["n"]) = ("carryToLamp", object, lamp, place)
        case .useLamp(let object, let lamp): (table, values["x"], values["l"]) = ("useLamp", object, lamp)
        case .back(let place): (table, values["n"]) = ("back", place)
        case .searchSecond(let next): (table, values["n"]) = ("searchSecond", next)
        case .putDown(let object, let place): (table, values["x"], values["n"]) = ("putDown", object, place)
        case .lost: table = "lost"
        }
        return random.pick(Self.patterns[table] ?? []).filled(values)
    }

    private static let patterns = tables.mapValues { $0.map(Wording.init) }
}
