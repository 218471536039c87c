/// What a method is: how its turns are read and written, and how its episodes differ from those of ReAct.
///
/// Whoever adds a method writes the first part; everything after that has the answer of a method whose replies are single turns.
public protocol MethodText: Sendable {
    /// As recipes and stores name it.
    var name: String { get }
    /// One line for `temper methods`.
    var summary: String { get }
    /// One sentence on how a turn is written, for diagnoses.
    func expectation(_ format: TurnFormat) -> String
    /// The strings at which a model should stop, since it goes on to write the environment's part there.
    func stopStrings(_ format: TurnFormat) -> [String]
    /// Reads a reply that has no white space around it and is not empty.
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading
    /// The text of a turn. What the method has no place for is left out.
    ///
    /// - Parameter number: of the turn, counted from 1, for a method that numbers its actions.
    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String

    // MARK: The episode

    /// Whether the policy acts on the environment before it answers; true.
    var usesTools: Bool { get }
    /// Whether its turns are written in the task's format; false.
    var usesFormat: Bool { get }
    /// Whether its turns have a place for a thought; true.
    var writesThoughts: Bool { get }
    /// The method whose prompt it shows and whose words it shares; nil, the default, has its own.
    var promptMethod: Method? { get }
    /// Whether its replies are plans of several turns; false. Then no turn can be left out of a prompt, the policy does not choose
    /// among actions, and what is carried out is the planned action with its evidence filled in.
    var plans: Bool { get }
    /// Whether the policy reflects, in forced sentences or between trials; false.
    var reflects: Bool { get }
    /// Whether a model that takes functions is given the actions as such; false.
    var callsFunctions: Bool { get }
    /// Whether its episodes share their random draws with ReAct's; false: a script in several methods then writes other episodes.
    var sharesDraws: Bool { get }
    /// The most calls of an episode.
    func maximumCalls(turns maximumTurns: Int) -> Int
    /// What a policy is asked for after these turns.
    func purpose(after turns: [Turn]) -> Scene.Purpose
    /// The turn that follows from the ones so far without a call; nil when the policy must be asked.
    func turn(after turns: [Turn]) -> Turn?
    /// The first turn of a reply that was read as one.
    func firstTurn(of reply: Turn) -> Turn

    // MARK: The chat

    /// The suite's instruction as the method shows it.
    func instruction(_ instruction: String) -> String
    /// The environment's message to the policy.
    func write(observation: String, _ format: TurnFormat) -> String
    /// The turns as the chat shows them.
    func exchanges(of turns: [Turn], _ format: TurnFormat) -> [Conversation.Exchange]

    // MARK: Conversion

    /// Whether a reply is in the unified form although it was written in this method.
    func isUnified(_ reply: String) -> Bool
    /// Why turns in the unified form cannot be written in this method; nil when they can.
    func fault(of turns: [Turn]) -> String?
    /// Converted turns as one episode of the method.
    func joined(_ turns: [Turn]) -> [Turn]
}

extension MethodText {
    public var usesTools: Bool { true }
    public var usesFormat: Bool { false }
    public var writesThoughts: Bool { true }
    public var promptMethod: Method? { nil }
    public var plans: Bool { false }
    public var reflects: Bool { false }
    public var callsFunctions: Bool { false }
    public var sharesDraws: Bool { false }

    public func maximumCalls(turns maximumTurns: Int) -> Int { usesTools ? maximumTurns : 1 }
    public func purpose(after turns: [Turn]) -> Scene.Purpose { .turn }
    public func turn(after turns: [Turn]) -> Turn? { nil }
    public func firstTurn(of reply: Turn) -> Turn { reply }

    public func instruction(_ instruction: String) -> String { instruction }

    public func write(observation: String, _ format: TurnFormat) -> String { format.text.write(observation: observation) }

    public func exchanges(of turns: [Turn], _ format: TurnFormat) -> [Conversation.Exchange] {
        turns.map { turn in
            Conversation.Exchange(
                turns: [turn], reply: turn.reply, answer: turn.observation.map { write(observation: $0, format) })
        }
    }

    public func isUnified(_ reply: String) -> Bool { reply.split(separator: "\n").contains { $0.hasPrefix("Action:") } }

    /// A method that does not act writes one turn, which is the answer.
    public func fault(of turns: [Turn]) -> String? {
        guard !usesTools else { return nil }
        if turns.count != 1 { return "it has \(turns.count) turns" }
        return turns.last?.action?.name == "finish" ? nil : "it gives no answer"
    }

    public func joined(_ turns: [Turn]) -> [Turn] { turns }
}
