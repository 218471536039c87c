extension PocketShape {
    /// The shapes a suite asks.
    static func all(of suite: String) -> [PocketShape] {
        switch suite {
        case PocketStrategyQASuite.identifier: strategy
        case PocketBamboogleSuite.identifier: bamboogle
        case PocketMMLUSuite.identifier: mmlu
        default: all
        }
    }

    private static func same(_ relation: PocketRelation, heldOut: Bool = false) -> PocketShape {
        PocketShape(name: "same-\(relation.rawValue)", form: .same(relation), isHeldOut: heldOut)
    }

    private static func check(_ path: PocketRelation..., heldOut: Bool = false) -> PocketShape {
        PocketShape(name: "is-" + path.map(\.rawValue).joined(separator: "-"), form: .check(path), isHeldOut: heldOut)
    }

    private static func before(_ first: PocketRelation, _ second: PocketRelation) -> PocketShape {
        PocketShape(name: "\(first.rawValue)-before-\(second.rawValue)", form: .before(first, second), isHeldOut: false)
    }

    /// `pocket/strategyqa`: two facts that agree or not.
    static let strategy: [PocketShape] = [
        same(.river), same(.country), same(.employer), same(.occupation), same(.studio), same(.headquarters),
        check(.director, .birthplace), check(.author, .occupation), check(.employer, .headquarters), check(.birthplace, .country),
        check(.headquarters, .river), check(.studio, .founder), check(.founder, .occupation), check(.leadActor, .spouse),
        check(.birthplace, .mayor), before(.birthYear, .foundingYear), before(.bookYear, .filmYear),
        same(.publisher, heldOut: true), check(.author, .spouse, heldOut: true), check(.studio, .headquarters, heldOut: true),
        check(.leadActor, .birthplace, heldOut: true), check(.founder, .birthplace, heldOut: true),
    ]

    /// `pocket/bamboogle`: two relations, none of the pairs that `pocket/hotpotqa` asks.
    static let bamboogle: [PocketShape] = [
        chain(.director, .occupation), chain(.director, .employer), chain(.leadActor, .spouse), chain(.leadActor, .birthYear),
        chain(.author, .birthplace), chain(.author, .occupation), chain(.publisher, .headquarters), chain(.studio, .founder),
        chain(.founder, .birthplace), chain(.founder, .birthYear), chain(.founder, .spouse), chain(.spouse, .birthplace),
        chain(.spouse, .employer), chain(.birthplace, .river), chain(.birthplace, .mayor), chain(.mayor, .occupation),
        chain(.capital, .river), chain(.country, .capital), chain(.headquarters, .country),
        chain(.leadActor, .employer, heldOut: true), chain(.founder, .occupation, heldOut: true),
        chain(.mayor, .spouse, heldOut: true), chain(.capital, .mayor, heldOut: true), chain(.author, .employer, heldOut: true),
    ]

    /// `pocket/mmlu`: one relation, or two.
    static let mmlu: [PocketShape] = [
        chain(.birthplace), chain(.birthYear), chain(.occupation), chain(.mayor), chain(.founder), chain(.headquarters),
        chain(.director), chain(.author),
        chain(.director, .birthplace), chain(.author, .birthYear), chain(.employer, .headquarters), chain(.studio, .founder),
        chain(.publisher, .headquarters), chain(.spouse, .occupation), chain(.headquarters, .mayor), chain(.birthplace, .river),
        chain(.founder, .birthplace), chain(.leadActor, .spouse), chain(.employer, .founder), chain(.studio, .foundingYear),
        chain(.author, .spouse, heldOut: true), chain(.leadActor, .employer, heldOut: true),
        chain(.director, .occupation, heldOut: true), chain(.publisher, .founder, heldOut: true),
        chain(.birthplace, .mayor, heldOut: true),
    ]
}
