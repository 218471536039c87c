import TemperCore
package import TemperEndpoint
import TemperEnvironments

extension Recipe {
    /// Makes tasks with a teacher: from references that there are, or by Self-Instruct (AgentTuning, section 2.1).
    package struct Derive: Configurable {
        /// The teacher: `templates` (a script with fixed sentences), `openai:MODEL`, `http(s)://…#MODEL` or `model:PATH`; for tasks
        /// with references also a script that solves them.
        package var policy = "templates"
        /// Who solves proposed tasks; empty takes the teacher, in a run of its own.
        package var solver = ""
        package var suites: [String: DerivePlan] = [:]
        /// The Jaccard similarity of two tasks' word pairs from which the second is left out, above 0 and at most 1.
        package var nearDuplicates = 0.6
        /// Of proposals; everything else is greedy.
        package var temperature = 1.0
        /// Of one reply.
        package var maximumNewTokens = 1024
        package var concurrency = 16
        package var endpoint = EndpointOptions()

        package init() {}
    }

    /// How the tasks of one suite are made; every way that is named is gone.
    package struct DerivePlan: Configurable {
        package var selfInstruct: SelfInstruct?
        /// Trajectories of references, their thoughts written by the teacher.
        package var thoughts: DeriveSource?
        /// The teacher's own episodes, kept when their result is the reference's.
        package var interaction: DeriveSource?

        package init() {}
    }

    /// Tasks that there are.
    package struct DeriveSource: Configurable {
        /// A file or folder in the benchmark's own format; empty takes the suite's split.
        package var from = ""
        package var split = "train"
        /// The first N tasks; 0 means all.
        package var limit = 200

        package init() {}
    }

    /// The teacher writes task, reference and check, and another run must agree.
    package struct SelfInstruct: Configurable {
        /// How many are wanted.
        package var tasks = 100
        /// How many proposals are asked for at most; 0 means four times as many as are wanted.
        package var tries = 0
        /// What to ask for, in turn; empty means every kind the suite has.
        package var kinds: [String] = []
        /// Reference solutions per proposal, which must agree (`db`).
        package var references = 1
        /// Questions shown as examples.
        package var examples = 3
        /// Where worlds and examples come from. `os` does without.
        package var source = DeriveSource()

        package init() {}

        /// The bound on proposals.
        var bound: Int { tries == 0 ? 4 * tasks : tries }
    }

    /// A suite that tasks can be derived for.
    ///
    /// - Throws: ``TemperError`` with code `data`.
    func derivingSuite(_ id: String, in registry: ExperimentRegistry) throws -> any DerivingSuite {
        let suite: any Suite
        do {
            suite = try self.suite(id, in: registry)
        } catch let error as TemperError {
            throw deriveFault("'derive.suites': \(error.message)", hint: error.hint)
        }
        guard let deriving = suite as? any DerivingSuite else {
            let known = registry.suites.filter { $0 is any DerivingSuite }.map(\.id)
            throw deriveFault(
                "'derive.suites' names '\(id)', for which no tasks can be derived",
                hint: "suites: \(known.joined(separator: ", "))")
        }
        return deriving
    }

    func check(_ derive: Derive, _ registry: ExperimentRegistry) throws {
        guard !derive.suites.isEmpty else {
            throw deriveFault(
                "'derive.suites' names no suite",
                hint: "for example suites: { pocket/database: { self_instruct: { tasks: 50 } } }")
        }
        for (id, plan) in derive.suites.sorted(by: { $0.key < $1.key }) {
            let suite = try derivingSuite(id, in: registry)
            let key = "suites.\(id)"
            guard plan.selfInstruct != nil || plan.thoughts != nil || plan.interaction != nil else {
                throw deriveFault(
                    "'derive.\(key)' says nothing to do", hint: "its keys are self_instruct, thoughts and interaction")
            }
            for (name, source) in [("thoughts", plan.thoughts), ("interaction", plan.interaction)] {
                guard let source else { continue }
                guard try !DeriveWork.sources(source, of: suite, limit: 1).isEmpty else {
                    throw deriveFault("'derive.\(key).\(name)': there are no tasks")
                }
            }
            if let plan = plan.selfInstruct { try check(plan, of: suite, "\(key).self_instruct", derive) }
        }
    }

    private func check(_ plan: SelfInstruct, of suite: any DerivingSuite, _ key: String, _ derive: Derive) throws {
        let references = ValueRange.within(1...suite.derivation.maximumReferences)
        if let problem = references.problem(
            with: plan.references.configuration, at: ConfigurationPath(["derive", key, "references"]))
        {
            throw deriveFault(problem)
        }
        let world = try DeriveWork.worlds(plan.source, of: suite, limit: 1).first
        let known = try suite.derivation.kinds(in: world)
        if let odd = plan.kinds.first(where: { !known.contains($0) }) {
            throw deriveFault(
                "'derive.\(key).kinds' names '\(odd)', which cannot be asked for here",
                hint: "kinds: \(known.joined(separator: ", "))")
        }
        for (name, word) in [("policy", derive.policy), ("solver", derive.solver)] where word != "templates" {
            if name == "policy", suite.scriptedPolicyNames.contains(word) {
                throw deriveFault(
                    "'derive.policy' is '\(word)', a script that writes no tasks", hint: "the script templates does")
            }
        }
    }

    private func deriveFault(_ message: String, hint: String? = nil) -> TemperError {
        TemperError(.data, message, hint: hint, boundary: .recipe)
    }

    /// The split that `collect` takes of a suite: what was derived for it, unless another is named.
    func collectSplit(_ id: String, _ selection: SuiteSelection) -> String {
        guard selection.split.isEmpty else { return selection.split }
        return derive?.suites[id] == nil ? "train" : Self.derivedSplit
    }

    /// The name of what the stage `derive` wrote.
    static let derivedSplit = "derived"
}
