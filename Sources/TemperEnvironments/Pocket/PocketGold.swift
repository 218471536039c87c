import TemperCore

/// What a task's payload says about its solution.
struct PocketGold: Sendable {
    let split: PocketSplit
    let world: UInt64
    let answer: String
    let shape: PocketShape
    let hops: [PocketHop]
    /// The texts of the options, for a question that has them; the answer is then a letter.
    let options: [String]
    /// What the question claims, for one that asks whether it is so.
    let claim: String?

    /// - Throws: ``TemperError`` with code `data` when the payload is not one of a pocket question.
    init(_ task: AgentTask) throws {
        split = try PocketSplit(named: task.split, of: task.suite)
        let payload = task.payload
        let hops = (payload["hops"]?.array ?? []).compactMap { hop -> PocketHop? in
            guard let title = hop["title"]?.string, let relation = hop["relation"]?.string, let value = hop["value"]?.string,
                let sentence = hop["sentence"]?.string
            else { return nil }
            return PocketHop(title: title, relation: relation, value: value, sentence: sentence)
        }
        guard let world = payload["world"]?.number, let number = UInt64(exactly: world), let answer = payload["answer"]?.string,
            let shape = PocketShape.all(of: task.suite).first(where: { $0.name == payload["shape"]?.string }), !hops.isEmpty
        else {
            throw TemperError(
                .data, "the payload of task '\(task.id)' lacks world, answer, shape or hops", place: task.suite, boundary: .data)
        }
        self.world = number
        self.answer = answer
        self.shape = shape
        self.hops = hops
        options = task.options
        claim = payload["claim"]?.string
    }
}
