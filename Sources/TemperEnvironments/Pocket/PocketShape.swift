/// A form of question: which relations are followed, or what is compared.
package struct PocketShape: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        /// Relations followed in turn from the thing the question names.
        case chain([PocketRelation])
        /// Which of two things has the smaller year.
        case earlier(PocketRelation)
        /// Whether two things have the same value.
        case same(PocketRelation)
        /// Whether what the relations lead to is the thing the question claims.
        case check([PocketRelation])
        /// Whether the year of one thing is before the year of another.
        case before(PocketRelation, PocketRelation)
    }

    /// The value of the task's tag `shape`, such as `director-birthplace`.
    package let name: String
    let form: Form
    /// Whether tasks of this shape occur in the test split alone.
    package let isHeldOut: Bool

    /// A question whose answer is one of two things, or yes or no.
    package var isComparison: Bool { if case .chain = form { false } else { true } }

    /// The kind of the thing or things the question names.
    var start: PocketKind {
        switch form {
        case .chain(let path), .check(let path): path[0].subject
        case .earlier(let relation), .same(let relation), .before(let relation, _): relation.subject
        }
    }

    static func chain(_ path: PocketRelation..., heldOut: Bool = false) -> PocketShape {
        PocketShape(name: path.map(\.rawValue).joined(separator: "-"), form: .chain(path), isHeldOut: heldOut)
    }

    private static func earlier(_ relation: PocketRelation, heldOut: Bool = false) -> PocketShape {
        PocketShape(name: "earlier-\(relation.rawValue)", form: .earlier(relation), isHeldOut: heldOut)
    }

    /// The shapes of `pocket/hotpotqa`.
    package static let all: [PocketShape] = [
        chain(.director, .birthplace), chain(.director, .spouse), chain(.director, .birthYear), chain(.leadActor, .birthplace),
        chain(.studio, .headquarters), chain(.studio, .foundingYear), chain(.author, .birthYear), chain(.publisher, .founder),
        chain(.employer, .founder), chain(.employer, .headquarters), chain(.spouse, .occupation), chain(.birthplace, .country),
        chain(.headquarters, .mayor), chain(.headquarters, .river), chain(.director, .birthplace, .country),
        chain(.author, .birthplace, .mayor), chain(.studio, .founder, .birthplace), earlier(.filmYear), earlier(.birthYear),
        PocketShape(name: "same-birthplace", form: .same(.birthplace), isHeldOut: false),
        // In the test split alone: new compositions of relations that training shows in other company.
        chain(.author, .spouse, heldOut: true), chain(.publisher, .foundingYear, heldOut: true),
        chain(.studio, .headquarters, .mayor, heldOut: true), chain(.employer, .founder, .occupation, heldOut: true),
        earlier(.foundingYear, heldOut: true),
    ]
}
