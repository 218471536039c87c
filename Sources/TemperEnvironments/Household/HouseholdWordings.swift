import TemperCore

/// The sentences that state a goal: {o} the type of the object, {g} the type of the target. The first two of each training table
/// are ALFWorld's.
enum HouseholdWordings {
    static let tables: [HouseholdKind: PocketPhrasing] = [
        .place: PocketPhrasing(
            train: [
                "put a {o} in {g}", "put some {o} on {g}", "place a {o} on the {g}", "find a {o} and put it in the {g}",
                "move a {o} to the {g}", "take a {o} to the {g}", "leave one {o} on the {g}", "get a {o} and place it on {g}",
            ],
            test: [
                "set one {o} down on the {g}", "bring a {o} over to the {g}", "carry a {o} to the {g}", "store some {o} in {g}",
            ]),
        .clean: PocketPhrasing(
            train: [
                "put a clean {o} in {g}", "clean some {o} and put it in {g}", "clean a {o} and place it on the {g}",
                "wash some {o}, then put it in {g}", "clean a {o}, then move it to the {g}", "put a washed {o} on the {g}",
                "find a {o}, clean it and leave it on the {g}", "place a clean {o} in the {g}",
            ],
            test: [
                "wash one {o} and bring it over to the {g}", "carry a clean {o} to the {g}", "set a clean {o} down on the {g}",
                "clean one {o} and store it in {g}",
            ]),
        .heat: PocketPhrasing(
            train: [
                "put a hot {o} in {g}", "heat some {o} and put it in {g}", "heat a {o} and place it on the {g}",
                "warm some {o}, then put it in {g}", "heat a {o}, then move it to the {g}", "put a heated {o} on the {g}",
                "find a {o}, heat it and leave it on the {g}", "place a hot {o} in the {g}",
            ],
            test: [
                "warm one {o} and bring it over to the {g}", "carry a hot {o} to the {g}", "set a hot {o} down on the {g}",
                "heat one {o} and store it in {g}",
            ]),
        .cool: PocketPhrasing(
            train: [
                "put a cool {o} in {g}", "cool some {o} and put it in {g}", "cool a {o} and place it on the {g}",
                "chill some {o}, then put it in {g}", "cool a {o}, then move it to the {g}", "put a cold {o} on the {g}",
                "find a {o}, cool it and leave it on the {g}", "place a cool {o} in the {g}",
            ],
            test: [
                "chill one {o} and bring it over to the {g}", "carry a cool {o} to the {g}", "set a cool {o} down on the {g}",
                "cool one {o} and store it in {g}",
            ]),
        .examine: PocketPhrasing(
            train: [
                "look at {o} under the {g}", "examine the {o} with the {g}", "hold a {o} under the {g}",
                "use the {g} to look at a {o}",
                "look at a {o} in the light of the {g}", "examine a {o} under the {g}", "take a {o} and look at it with the {g}",
                "check some {o} with the {g}",
            ],
            test: [
                "look at one {o} by the {g}", "examine some {o} in the light of the {g}", "use the {g} to examine one {o}",
                "take a {o} over to the {g} and look at it",
            ]),
        .placeTwo: PocketPhrasing(
            train: [
                "put two {o} in {g}", "find two {o} and put them in {g}", "place two {o} on the {g}", "move two {o} to the {g}",
                "take two {o} to the {g}", "get two {o} and leave them on the {g}", "put two of the {o} on {g}",
                "find two {o} and place them on {g}",
            ],
            test: [
                "set two {o} down on the {g}", "bring two {o} over to the {g}", "carry two {o} to the {g}",
                "store two {o} in {g}",
            ]),
    ]

    static func goal(
        _ kind: HouseholdKind, object: String, target: String, _ wording: WordingSet, _ random: inout RandomSource
    ) -> String {
        let patterns = tables[kind]?[wording] ?? []
        return random.pick(patterns).filled(isSentence: false, ["o": object, "g": target])
    }
}
