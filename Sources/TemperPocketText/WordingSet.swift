/// Which table of wordings a text may use. Wordings of ``test`` never occur in a pretraining, training or validation world.
package enum WordingSet: String, Sendable, Hashable, CaseIterable {
    case train, test
}

/// The wordings of one thing said, in both tables.
package struct Phrasing: Sendable {
    package let train: [Wording]
    package let test: [Wording]

    package init(train: [Wording], test: [Wording]) {
        self.train = train
        self.test = test
    }

    package subscript(_ set: WordingSet) -> [Wording] {
        switch set {
        case .train: train
        case .test: test
        }
    }

    package static func + (left: Phrasing, right: Phrasing) -> Phrasing {
        Phrasing(train: left.train + right.train, test: left.test + right.test)
    }
}
