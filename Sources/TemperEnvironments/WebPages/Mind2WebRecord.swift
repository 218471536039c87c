/// A record of Mind2Web's JSON: a task on a website and the actions of the person who did it.
///
/// Fields are optional here so that a missing one can be named with its record. What is not needed (`attributes`, `tag`) is not read.
struct Mind2WebRecord: Decodable {
    struct Operation: Decodable {
        var op: String?
        var value: String?
    }

    struct Candidate: Decodable {
        var identifier: String?
        /// The rank that a candidate generator gave, 0 first, over positive and negative candidates together.
        var rank: Int?

        enum CodingKeys: String, CodingKey {
            case identifier = "backend_node_id"
            case rank
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            rank = try fields.decodeIfPresent(Int.self, forKey: .rank)
            // A string in the release, a number in some copies.
            do {
                identifier = try fields.decodeIfPresent(String.self, forKey: .identifier)
            } catch DecodingError.typeMismatch {
                identifier = String(try fields.decode(Int.self, forKey: .identifier))
            }
        }
    }

    struct Action: Decodable {
        var identifier: String?
        var cleanedHTML: String?
        /// Read only when there is no cleaned page: it is several times as large.
        var rawHTML: String?
        var operation: Operation?
        var positive: [Candidate]?
        var negative: [Candidate]?

        enum CodingKeys: String, CodingKey {
            case identifier = "action_uid"
            case cleanedHTML = "cleaned_html"
            case rawHTML = "raw_html"
            case operation
            case positive = "pos_candidates"
            case negative = "neg_candidates"
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            identifier = try fields.decodeIfPresent(String.self, forKey: .identifier)
            cleanedHTML = try fields.decodeIfPresent(String.self, forKey: .cleanedHTML)
            if cleanedHTML == nil { rawHTML = try fields.decodeIfPresent(String.self, forKey: .rawHTML) }
            operation = try fields.decodeIfPresent(Operation.self, forKey: .operation)
            positive = try fields.decodeIfPresent([Candidate].self, forKey: .positive)
            negative = try fields.decodeIfPresent([Candidate].self, forKey: .negative)
        }
    }

    var annotation: String?
    var website: String?
    var domain: String?
    var subdomain: String?
    var confirmedTask: String?
    var actionTexts: [String]?
    var actions: [Action]?

    enum CodingKeys: String, CodingKey {
        case annotation = "annotation_id"
        case website, domain, subdomain
        case confirmedTask = "confirmed_task"
        case actionTexts = "action_reprs"
        case actions
    }
}
