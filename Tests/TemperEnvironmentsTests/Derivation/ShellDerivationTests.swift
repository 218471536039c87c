import TemperCore
import TemperTestSupport
import Testing

@testable import TemperEnvironments

@Suite("Derived shell tasks", .enabled(if: hasSandbox, "bubblewrap cannot start a sandbox here"))
struct ShellDerivationTests {
    private func derive(_ kind: String, solution: String, check: String, setup: String = "mkdir /srv/a; touch /srv/a/b /srv/a/c")
        async throws -> DerivationResult
    {
        let reply =
            "Task: Do it.\nSetup:\n```bash\n\(setup)\n```\nSolution:\n```bash\n\(solution)\n```\nCheck:\n```bash\n\(check)\n```"
        return try await OperatingSystemSuite().derivation.task(reply, for: ProposalBrief(number: 0, kind: kind), id: "t")
    }

    @Test("A task that holds is kept in AgentBench's schema, and its check decides")
    func kept() async throws {
        let suite = OperatingSystemSuite()
        let result = try await derive("question", solution: "ls /srv/a | wc -l", check: "[ \"$1\" -eq $(ls /srv/a | wc -l) ]")
        guard case .task(let task) = result else { return #expect(Bool(false), "\(result)") }
        #expect(task.payload["evaluation"]?["example"]?["code"]?.string == "ls /srv/a | wc -l")
        #expect(try await play(suite, scripted(suite, "gold"), task).score.reward == 1)
        #expect(try await ReferenceTrial.play(task, in: suite) { _ in Action("answer", "3") }.reward == 0)
        let change = try await derive("change", solution: "rm -v /srv/a/b", check: "[ ! -e /srv/a/b ] && [ -e /srv/a/c ]")
        guard case .task = change else { return #expect(Bool(false), "\(change)") }
    }

    @Test(
        "What does not hold is rejected",
        arguments: [
            ("question", "cat /nowhere", "[ \"$1\" = 2 ]", Rejection.Reason.referenceFailed),
            ("question", "echo 3", "[ \"$1\" = 2 ]", .referenceFailed),
            ("question", "echo 2", "true", .checkAcceptsNothing),
            ("question", "echo 2", "[ -n \"$1\" ]", .checkAcceptsNothing),
            ("change", "touch /srv/x", "[ -e /srv/a/b ]", .checkAcceptsNothing),
            ("change", "exit 1", "[ -e /srv/x ]", .referenceFailed),
            ("change", "sleep 60", "[ -e /srv/x ]", .referenceFailed),
        ])
    func rejected(kind: String, solution: String, check: String, reason: Rejection.Reason) async throws {
        let suite = TerminalSuite()
        let reply =
            "Task: Do it.\nSetup:\n```bash\nmkdir /srv/a; touch /srv/a/b\n```\nSolution:\n```bash\n\(solution)\n```\n"
            + "Check:\n```bash\n\(check)\n```"
        let result = try await suite.derivation.task(reply, for: ProposalBrief(number: 0, kind: kind), id: "t")
        guard case .rejected(let rejection) = result else { return #expect(Bool(false), "\(result)") }
        #expect(rejection.reason == reason, "\(rejection)")
    }

    @Test("Templates write tasks of both kinds that hold, and solve them from their text alone")
    func templates() async throws {
        let suite = TerminalSuite()
        let teacher = ShellTemplates()
        for number in 0..<12 {
            let kind = number % 2 == 0 ? "question" : "change"
            let brief = ProposalBrief(number: number, kind: kind)
            let asked = AgentTask(
                id: "p\(number)", suite: suite.id, split: "proposals", instruction: "", payload: try brief.payload())
            let key = EpisodeKey(group: "test", suite: suite.id, task: asked.id, method: .io)
            let scene = Scene(key: key, task: asked, turns: [], seed: UInt64(number))
            let reply = try await teacher.reply(in: scene)
            let result = try await suite.derivation.task(reply, for: brief, id: "t\(number)")
            guard case .task(let task) = result else {
                #expect(Bool(false), "\(reply)\n\(result)")
                continue
            }
            #expect(try await play(suite, teacher, task).score.reward == 1, "\(reply)")
        }
    }

    @Test("The references of pocket tasks solve them")
    func pocket() async throws {
        let suite = TerminalSuite()
        for task in try suite.tasks(split: "train", limit: 18) {
            #expect(try await ReferenceTrial.rejection(of: task, in: suite, suite.derivation) == nil, "\(task.id)")
        }
    }
}
