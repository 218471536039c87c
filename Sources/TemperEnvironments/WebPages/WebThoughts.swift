import TemperCore

/// The words of the expert's thoughts: {l} what the target is called, {x} its letter, {v} the value.
struct WebThoughts {
    var random: RandomSource

    static let wordings: [String: [String]] = [
        "field": [
            "The next step is the {l}. Its field is {x}, and I type {v}.",
            "I still have to type the {l}. Option {x} is that field.",
            "Next comes the {l}, which is option {x}. I type {v} there.", "The {l} is to be {v}. The field for it is {x}.",
            "Now I need the {l}. {x} is its field, so {v} goes there.", "What is left first is the {l}. I find it at {x}.",
            "The {l} is missing. Option {x} takes it, so I type {v}.", "I look for the {l} and see it at {x}. There I type {v}.",
        ],
        "list": [
            "The next step is the {l}. Its list is {x}, and I select {v}.",
            "I still have to select the {l}. Option {x} is that list.",
            "Next comes the {l}, which is option {x}. I select {v} there.",
            "The {l} is to be {v}. The list for it is {x}.", "Now I need the {l}. {x} is its list, and it has {v}.",
            "What is left first is the {l}. I find its list at {x}.", "The {l} is not chosen yet. Option {x} offers {v}.",
            "I look for the {l} and see it at {x}. There I select {v}.",
        ],
        "box": [
            "The next step is the box {l}. It is {x}, so I click it.", "I still have to tick {l}. Option {x} is that box.",
            "Next comes {l}, which is option {x}. A click ticks it.", "The box {l} is to be ticked. It is {x}.",
            "Now I need the box {l}. {x} is the one to click.", "What is left first is {l}. I find its box at {x}.",
            "The box {l} is not ticked yet. Option {x} is it.", "I look for {l} and see the box at {x}. I click it.",
        ],
        "link": [
            "The next step is the link {l}. It is {x}, so I click it.", "I still have to open {l}. Option {x} is that link.",
            "Next comes {l}, which is option {x}. A click opens it.", "The link {l} is to be opened. It is {x}.",
            "Now I need the link {l}. {x} is the one to click.", "What is left first is {l}. I find its link at {x}.",
            "The page of {l} is not open yet. Option {x} leads there.", "I look for {l} and see the link at {x}. I click it.",
        ],
        "button": [
            "The next step is the button {l}. It is {x}, so I click it.", "I still have to press {l}. Option {x} is that button.",
            "Next comes {l}, which is option {x}. A click does it.", "The button {l} is to be pressed. It is {x}.",
            "Now I need the button {l}. {x} is the one to click.", "What is left first is {l}. I find its button at {x}.",
            "The button {l} is not pressed yet. Option {x} is it.", "I look for {l} and see the button at {x}. I click it.",
        ],
        "none": [
            "The next step is {l}. None of these is it.", "I need {l} now, but it is not among these.",
            "Next comes {l}. No option here is that.", "What is left first is {l}, and no option shows it.",
            "I look for {l} and do not see it here.", "Now I need {l}. These options are others.",
            "The step now is {l}. It is not on this list.", "I still have to do {l}, which none of these is.",
        ],
        "again": [
            "I chose {l} before, and it is still the best. Now it is {x}.", "Here is {l} again, now as {x}. I stay with it.",
            "The step is still {l}. In this group it is {x}.", "Of these the right one is again {l}, at {x}.",
            "I keep {l}, which is {x} now.", "Nothing here fits better than {l}. It is {x} this time.",
            "My choice stays {l}, here option {x}.", "Among these, {l} is still the next step. It is {x}.",
        ],
        "slip": [
            "Option {x} looks like the next step.", "I think {x} is what comes next.", "{x} could be the one, so I take it.",
            "This must be {x}.", "The best fit here is {x}.", "I take {x}, which seems right.", "Of these I choose {x}.",
            "It seems that {x} is meant.",
        ],
    ]

    mutating func say(_ kind: String, label: String, letter: Character = "A", value: String = "") -> String {
        SentencePattern(random.pick(Self.wordings[kind] ?? ["{l}"])).filled(["l": label, "x": String(letter), "v": value])
    }
}
