/// An expression of a template. Chains of one precedence are kept flat, so only real nesting makes a tree deep.
indirect enum JinjaExpression: Sendable {
    case constant(JinjaValue)
    case name(String)
    case list([JinjaExpression])
    case tuple([JinjaExpression])
    case map([(JinjaExpression, JinjaExpression)])
    case negative(JinjaExpression)
    case positive(JinjaExpression)
    case not(JinjaExpression)
    case and([JinjaExpression])
    case or([JinjaExpression])
    case concatenation([JinjaExpression])
    /// Operators of one precedence, from the left.
    case arithmetic(JinjaExpression, [(JinjaValue.Operator, JinjaExpression)])
    /// `a < b <= c`: every pair must hold.
    case comparison(JinjaExpression, [(Comparison, JinjaExpression)])
    /// `then if test else otherwise`
    case conditional(then: JinjaExpression, test: JinjaExpression, otherwise: JinjaExpression?, line: Int)
    /// What is done to a value, from the left.
    case access(JinjaExpression, [Access])

    enum Comparison: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case contained = "in"
        case notContained = "not in"
    }

    struct Access: Sendable {
        enum Kind: Sendable {
            case attribute(String)
            case item(JinjaExpression)
            case slice(JinjaExpression?, JinjaExpression?, JinjaExpression?)
            case call(JinjaArgumentList)
            case filter(String, JinjaArgumentList)
            case test(String, JinjaArgumentList, isNegated: Bool)
        }

        var kind: Kind
        var line: Int
    }
}

/// The arguments of a call as they are written.
struct JinjaArgumentList: Sendable {
    var positional: [JinjaExpression] = []
    var named: [(String, JinjaExpression)] = []
    var spread: JinjaExpression?
    var namedSpread: JinjaExpression?
}

/// What values are bound to.
indirect enum JinjaTarget: Sendable {
    case name(String)
    case attribute(String, String)
    case tuple([JinjaTarget])

    var names: [String] {
        switch self {
        case .name(let name): [name]
        case .attribute: []
        case .tuple(let targets): targets.flatMap(\.names)
        }
    }
}

/// A macro, or what a `call` block hands to one.
struct JinjaSignature: Sendable {
    var name: String
    var parameters: [String]
    /// The defaults of the last parameters.
    var defaults: [JinjaExpression]
    var body: [JinjaStatement]
    var usesVarargs: Bool
    var usesKwargs: Bool
    var usesCaller: Bool
}

/// A statement of a template.
struct JinjaStatement: Sendable {
    indirect enum Kind: Sendable {
        case data(JinjaText)
        case output([JinjaExpression])
        case choice([(test: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
        case loop(
            target: JinjaTarget, over: JinjaExpression, test: JinjaExpression?, body: [JinjaStatement],
            otherwise: [JinjaStatement])
        case assignment(JinjaTarget, JinjaExpression)
        /// A `set` block with its filters.
        case capture(JinjaTarget, [JinjaExpression.Access], [JinjaStatement])
        case macro(JinjaSignature)
        case call(JinjaExpression, JinjaSignature)
        case filter([JinjaExpression.Access], [JinjaStatement])
        case with([(JinjaTarget, JinjaExpression)], [JinjaStatement])
        /// What an assistant wrote, as the template marks it.
        case generation([JinjaStatement])
        case leave
        case next
    }

    var kind: Kind
    var line: Int
}
