/// What a training engine leaves behind: the policy `tuned` of a run. A run's manifest keeps it.
package enum TrainedModel: Sendable, Hashable {
    /// A Hugging Face folder of a model or an adapter; a path that does not begin with `/` lies in the run folder.
    case folder(String)
    /// A model behind a server, as a policy's word: `http://HOST/v1#MODEL`.
    case endpoint(String)
}

extension TrainedModel: Codable {
    /// `{"folder": PATH}` or `{"endpoint": WORD}`.
    enum CodingKeys: String, CodingKey { case folder, endpoint }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let word = try values.decodeIfPresent(String.self, forKey: .endpoint) {
            self = .endpoint(word)
        } else {
            self = .folder(try values.decode(String.self, forKey: .folder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .folder(let path): try values.encode(path, forKey: .folder)
        case .endpoint(let word): try values.encode(word, forKey: .endpoint)
        }
    }
}
