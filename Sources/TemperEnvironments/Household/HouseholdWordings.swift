import TemperCore
import TemperPocketText

/// The sentences that state a goal: {o} the type of the object, {g} the type of the target. The first two of each training table
/// are ALFWorld's.
enum HouseholdWordings {
    static let tables: [HouseholdKind: Phrasing] = PocketWordings.file("household").table("goals")

    static func goal(
        _ kind: HouseholdKind, object: String, target: String, _ wording: WordingSet, _ random: inout RandomSource
    ) -> String {
        let patterns = tables[kind]?[wording] ?? []
        return random.pick(patterns).filled(isSentence: false, ["o": object, "g": target])
    }
}
