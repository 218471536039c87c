import TemperCore
import TemperPocketText

/// The words of the expert's thoughts: {l} what the target is called, {v} the value, {x} the letter taken.
///
/// A thought says what comes next and then goes through the options in order, `B is the main city.`, up to the right one: each
/// letter is written before its element is named, as on the page, so that a small model can copy and compare instead of having to
/// look a letter up by its element.
struct WebThoughts {
    var random: RandomSource

    static let wordings: [String: [String]] = [
        "field": [
            "Next is the {l}, {v}.", "The {l} is to be {v}.", "I still have to type {v} as the {l}.", "Now the {l} gets {v}.",
            "What is left first is the {l}, {v}.", "The {l} is missing, {v} goes there.", "I look for the {l} to type {v}.",
            "The step now is {v} as the {l}.",
        ],
        "list": [
            "Next is the {l}, {v}.", "The {l} is to be {v}.", "I still have to select {v} as the {l}.",
            "Now the {l} becomes {v}.",
            "What is left first is the {l}, {v}.", "The {l} is not chosen yet, it is {v}.", "I look for the {l} to select {v}.",
            "The step now is {v} as the {l}.",
        ],
        "box": [
            "Next is the box {l}.", "The box {l} is to be ticked.", "I still have to tick {l}.", "Now I need the box {l}.",
            "What is left first is {l}.", "The box {l} is not ticked yet.", "I look for {l} to tick it.", "The step now is {l}.",
        ],
        "link": [
            "Next is the link {l}.", "The link {l} is to be opened.", "I still have to open {l}.", "Now I need the link {l}.",
            "What is left first is {l}.", "The page of {l} is not open yet.", "I look for {l} to open it.",
            "The step now is {l}.",
        ],
        "button": [
            "Next is the button {l}.", "The button {l} is to be pressed.", "I still have to press {l}.",
            "Now I need the button {l}.",
            "What is left first is {l}.", "The button {l} is not pressed yet.", "I look for {l} to press it.",
            "The step now is {l}.",
        ],
        "none": [
            "None of these is {l}.", "So {l} is not here.", "No option is {l}.", "It is not on this list.", "So none of these.",
            "These options are others.", "That is all, and {l} is not there.", "I see no {l} here.",
        ],
        "slip": [
            "Option {x} looks like the next step.", "I think {x} is what comes next.", "{x} could be the one, so I take it.",
            "This must be {x}.", "The best fit here is {x}.", "I take {x}, which seems right.", "Of these I choose {x}.",
            "It seems that {x} is meant.",
        ],
    ]

    mutating func say(_ kind: String, label: String, letter: Character = "A", value: String = "") -> String {
        Wording(random.pick(Self.wordings[kind] ?? ["{l}"])).filled(["l": label, "x": String(letter), "v": value])
    }

    /// `B is main city. C is Check form.`
    static func scan(_ options: [(letter: Character, candidate: PageText.Candidate)], upTo letter: Character) -> String {
        let end = options.firstIndex { $0.letter == letter } ?? options.count - 1
        return options.prefix(end + 1).map { "\($0.letter) is \(name(of: $0.candidate.text))." }.joined(separator: " ")
    }

    /// What an element of a made-up page is called: its label, or the text of a link or button.
    static func name(of element: String) -> String {
        guard let close = element.firstIndex(of: ">") else { return element }
        let head = element[..<close].split(separator: " ").filter { $0 != "/" }
        let label = head.drop { !$0.hasPrefix("id=") }.dropFirst().drop { $0 == "text" || $0 == "checkbox" }
        if !label.isEmpty { return label.joined(separator: " ") }
        return element[element.index(after: close)...].prefix { $0 != "<" }.split(separator: " ").joined(separator: " ")
    }
}
