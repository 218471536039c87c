import TemperCore

/// The wordings of the tasks: {s} the site, {g} what to do, {l} the label of an element, {v} a value.
enum PocketWebWordings {
    static let frames = PocketPhrasing(
        train: [
            "on {s}, {g}.", "use {s}: {g}.", "go to {s} and {g}.", "I am on {s}. Please {g}.", "{s}: {g}.",
            "help me on {s}: {g}.", "start at {s}, then {g}.", "{g}. The site is {s}.", "this is {s}. I want to {g}.",
            "on the page of {s}, {g}.",
        ],
        test: ["at {s}, please {g}.", "my wish for {s}: {g}.", "with the site {s}, {g}.", "I need {s} to {g}."])

    static let joints = PocketPhrasing(train: [", then ", " and then ", ", and ", " and "], test: [", after that ", "; next "])

    private static let types = PocketPhrasing(
        train: [
            "enter {v} as the {l}", "type {v} as the {l}", "fill in {v} for the {l}", "write {v} as the {l}",
            "set the {l} to {v}", "give {v} as the {l}", "enter the {l} {v}", "type the {l} {v}",
        ],
        test: ["put {v} into the {l}", "use {v} as the {l}", "fill the {l} with {v}", "make {v} the {l}"])

    private static let selects = PocketPhrasing(
        train: [
            "choose {v} as the {l}", "select {v} as the {l}", "pick {v} for the {l}", "set the {l} to {v}",
            "choose the {l} {v}", "take {v} as the {l}", "select the {l} {v}", "pick the {l} {v}",
        ],
        test: ["switch the {l} to {v}", "go for {v} as the {l}", "change the {l} to {v}", "make {v} the {l}"])

    private static let boxes = PocketPhrasing(
        train: [
            "tick {l}", "turn on {l}", "tick the box {l}", "switch on {l}", "choose {l}", "check {l}", "check the box {l}",
            "mark {l}",
        ],
        test: ["enable {l}", "activate {l}", "put a tick at {l}", "add {l}"])

    private static let links = PocketPhrasing(
        train: [
            "open {l}", "open the link {l}", "go to {l}", "follow the link {l}", "show {l}", "look at {l}", "open the page {l}",
            "click {l}",
        ],
        test: ["visit {l}", "view {l}", "bring up {l}", "read the page {l}"])

    private static let buttons = PocketPhrasing(
        train: [
            "press {l}", "click {l}", "press the button {l}", "click the button {l}", "push {l}", "click on {l}", "press on {l}",
            "use the button {l}",
        ],
        test: ["hit {l}", "tap {l}", "finish with {l}", "push the button {l}"])

    static func goals(_ kind: PocketWebElement.Kind) -> PocketPhrasing {
        switch kind {
        case .field: types
        case .list: selects
        case .box: boxes
        case .link: links
        case .button: buttons
        }
    }

    static let all = [frames, joints] + PocketWebElement.Kind.allCases.map(goals)
}
