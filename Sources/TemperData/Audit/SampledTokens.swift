import TemperCore
import TemperTokenizers

/// The ids that an ATIF file keeps of its calls (`metrics` of a step: `prompt_token_ids`, `completion_token_ids`), against the tokenizer.
struct SampledTokens {
    let tokenizer: Tokenizer

    /// What differs: a reply whose ids are not what the tokenizer gives for its text, and a prompt that does not go on from the ids of the
    /// call before. Either is what a trainer that reads the texts would not see.
    func faults(of record: JSONValue) -> [AuditSource.Fault] {
        var faults: [AuditSource.Fault] = []
        var before: [Int32]?
        for (index, step) in (record["steps"]?.array ?? []).enumerated() where step["source"]?.string == "agent" {
            let place = "step \(step["step_id"]?.number.flatMap { Int(exactly: $0) } ?? index + 1)"
            let prompt = ids(step["metrics"]?["prompt_token_ids"])
            let reply = ids(step["metrics"]?["completion_token_ids"])
            if let known = reply.flatMap(check) { faults.append(.init(kind: .drift, place: place, text: known)) }
            if let prompt, let before, !prompt.starts(with: before) {
                let first =
                    zip(prompt, before).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                    ?? min(prompt.count, before.count)
                faults.append(
                    .init(kind: .prompt, place: place, text: "the prompt leaves the ids of the call before at token \(first)"))
            }
            before = prompt.flatMap { prompt in reply.map { prompt + $0 } }
        }
        return faults
    }

    private func check(_ ids: [Int32]) -> String? {
        if let odd = ids.first(where: { $0 < 0 || Int($0) >= tokenizer.vocabularySize }) { return "there is no token \(odd)" }
        let again = tokenizer.encode(tokenizer.decode(ids), allowingSpecialTokens: true, isContinued: true)
        guard again != ids, let first = zip(ids, again).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
            return again.count == ids.count ? nil : "\(ids.count) tokens were sampled, the text has \(again.count)"
        }
        return "token \(first) was sampled as \(ids[first]), the text gives \(again[first])"
    }

    private func ids(_ value: JSONValue?) -> [Int32]? {
        value?.array.map { $0.map { $0.number.flatMap { Int32(exactly: $0) } ?? -1 } }
    }
}
