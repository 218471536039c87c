import TemperCore

extension PocketSplit {
    /// Which split's goals may ask for an adjective and a kind together, by a hash of the two: six, one and one in eight.
    static func asking(for adjective: String, _ kind: String) -> PocketSplit {
        switch StableHash.fnv1a("\(adjective) \(kind)") % 8 {
        case 0: .validation
        case 1: .test
        default: .train
        }
    }
}
