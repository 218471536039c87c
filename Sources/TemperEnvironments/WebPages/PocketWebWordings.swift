import TemperCore
import TemperPocketText

/// The wordings of the tasks: {s} the site, {g} what to do, {l} the label of an element, {v} a value.
enum PocketWebWordings {
    private static let file = PocketWordings.file("web")
    static let frames = file["frames"]
    /// The words between two goals.
    static let joints = Phrasing(
        train: [", then ", " and then ", ", and ", " and "].map(Wording.init),
        test: [", after that ", "; next "].map(Wording.init))

    static func goals(_ kind: PocketWebElement.Kind) -> Phrasing { file["goals/\(kind.rawValue)"] }

    static let all = [frames, joints] + PocketWebElement.Kind.allCases.map(goals)
}
