extension Method {
    /// ReAct with reflection: forced inside one episode (FireAct), or between trials (Shinn et al. 2023).
    public static let reflexion = Method(Reflexion())
}

/// ReAct with reflection, written and prompted as ReAct.
struct Reflexion: MethodText {
    let name = "reflexion"
    let summary = "ReAct with reflection, forced at given rounds or between trials"
    let usesFormat = true
    let reflects = true
    var promptMethod: Method? { .react }

    func expectation(_ format: TurnFormat) -> String { format.text.expectation }
    func stopStrings(_ format: TurnFormat) -> [String] { format.text.stopStrings }
    func read(_ text: String, _ format: TurnFormat) -> TurnText.Reading { format.text.read(text) }

    func write(thought: String?, action: Action, _ format: TurnFormat, number: Int) -> String {
        format.text.write(thought: thought, action: action)
    }
}
