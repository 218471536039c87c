import TemperCore
import TemperSandbox

/// New tasks on machines that a teacher sets up, with its own commands as the reference and its own script as the check.
struct ShellDerivation: TaskDerivation {
    let suite: any Suite

    let needsWorld = false
    let maximumReferences = 1

    func kinds(in world: AgentTask?) throws -> [String] { ShellProposal.Kind.allCases.map(\.rawValue) }

    func question(of task: AgentTask) -> String { task.instruction }

    func request(_ brief: ProposalBrief) async throws -> String { ShellProposal.request(brief) }

    func task(_ reply: String, for brief: ProposalBrief, id: String) async throws -> DerivationResult {
        let proposal: ShellProposal
        switch ShellProposal.read(reply) {
        case .success(let read): proposal = read
        case .failure(let fault): return .rejected(Rejection(.unparsable, fault.detail))
        }
        let task = AgentTask(
            id: id, suite: suite.id, split: "derived", instruction: proposal.question, payload: proposal.payload,
            tags: ["kind": brief.kind, "group": "derived"], format: .operatingSystem)
        if let rejection = try await ReferenceTrial.rejection(of: task, in: suite, self) { return .rejected(rejection) }
        return .task(task)
    }

    /// The reference's commands, and then what they printed as the answer; nothing is answered where nothing was printed or a
    /// change was asked for.
    func referenceAction(for task: AgentTask, after turns: [Turn]) throws -> Action? {
        if let plan = TerminalPlan(known: task) {
            let outputs = plan.outputs(of: turns)
            if let step = plan.step(after: outputs) { return Action("bash", step.command) }
            return plan.answer(from: outputs).map { Action("answer", $0) } ?? Action("finish", "")
        }
        guard let reference = try OperatingSystemTask(task.payload, id: task.id).reference else { return nil }
        guard let last = turns.last else { return Action("bash", Self.typed(reference)) }
        let output = last.observation ?? ""
        if output.isEmpty || task.tags["kind"] == ShellProposal.Kind.change.rawValue { return Action("finish", "") }
        return Action("answer", output)
    }

    func idleActions(for task: AgentTask) -> [Action] { [Action("finish", ""), Action("answer", "…")] }

    private static func typed(_ script: OperatingSystemScript) -> String {
        switch script.language {
        case .bash: script.code
        case .python: "python3 -c \(Sandbox.quoted(script.code))"
        }
    }
}
