/// How the turns of a task are written as text when the policy acts (method `react`): ReAct's own words, or a benchmark's.
///
/// A task carries its format, so that curation writes the same chat that the policy saw. A benchmark's words stand in the
/// folder of its environment and are found through its suite (``Suite/format``). What is stored of a format is its name; what
/// reads stored tasks is given the formats there are.
public struct TurnFormat: Sendable {
    /// As stored tasks name it: `react`, `operating_system`.
    public let name: String
    let text: any TurnFormatText.Type

    public init(_ name: String, _ text: any TurnFormatText.Type) {
        self.name = name
        self.text = text
    }

    /// `Thought: …\nAction: name[argument]`, answered by `Observation: …` (FireAct).
    public static let react = TurnFormat("react", ReActText.self)

    /// The format of that name: one of those given, or ``react``; nil when it is none of them.
    public static func named(_ name: String, among formats: [TurnFormat]) -> TurnFormat? {
        ([.react] + formats).first { $0.name == name }
    }
}

extension TurnFormat: Hashable {
    public static func == (left: TurnFormat, right: TurnFormat) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension TurnFormat: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

/// Reads and writes the turns of one ``TurnFormat``. Writing and reading again gives the same thought and action.
public protocol TurnFormatText: Sendable {
    /// A reply ends before the first of these: there a model goes on to write the environment's part.
    static var stopStrings: [String] { get }
    /// One sentence on how a turn is written, for diagnoses.
    static var expectation: String { get }
    /// Reads a reply that has no white space around it and is not empty.
    static func read(_ text: String) -> TurnText.Reading
    static func write(thought: String?, action: Action) -> String
    static func write(observation: String) -> String
}
