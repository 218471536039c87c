import TemperCore
import TemperPocketText

/// A split, and with it the entities and the wordings its worlds may use.
enum PocketSplit: String, CaseIterable {
    case train, validation, test

    init(named name: String, of suite: String) throws {
        guard let split = PocketSplit(rawValue: name) else {
            throw TemperError(
                .usage, "'\(suite)' has no split '\(name)'",
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

    var wording: WordingSet { self == .test ? .test : .train }

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
}
