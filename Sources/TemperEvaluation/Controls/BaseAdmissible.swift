extension Control {
    static let baseAdmissible = Control(
        name: "base-admissible",
        explanation: "The base with demonstrations and only admissible actions: what the format alone gives.", limit: 0.15,
        actor: .base, admissibleOnly: true)
}
