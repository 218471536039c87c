import TemperCore

/// A split of the pocket shop: its own products, its own wordings, its own pairs of adjective and kind in the goals.
enum PocketShopSplit: String, Sendable, CaseIterable {
    case train, validation, test

    init(named name: String) throws {
        guard let split = PocketShopSplit(rawValue: name) else {
            throw TemperError(
                .usage, "'\(PocketShopSuite.identifier)' has no split '\(name)'",
                hint: "its splits are \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = split
    }

    var partition: WorldPartition {
        switch self {
        case .train: .train
        case .validation: .validation
        case .test: .test
        }
    }

    /// How many tasks there are when no limit is given.
    var size: Int {
        switch self {
        case .train: 10_000
        case .validation: 250
        case .test: 500
        }
    }

    /// Ids have six digits.
    var maximum: Int { self == .train ? 1_000_000 : size }

    /// Which split may ask for an adjective and a kind together, by a hash of the two: six, one and one in eight.
    static func asking(for adjective: String, _ kind: String) -> PocketShopSplit {
        switch StableHash.fnv1a("\(adjective) \(kind)") % 8 {
        case 0: .validation
        case 1: .test
        default: .train
        }
    }
}
