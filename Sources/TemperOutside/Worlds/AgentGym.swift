import Foundation
import TemperCore

/// An AgentGym server (Xi et al. 2024, package `agentenv`) and the dialect of its HTTP interface.
///
/// All servers have `POST /create`, `/reset` and `/step`, some `POST /close`; they differ in the names of the environment's
/// number, of the task's number and of the observation, and in how an action is written.
struct AgentGymSettings: Sendable {
    /// How an action goes into the request's text.
    enum ActionStyle: String, Sendable, CaseIterable {
        /// The argument alone: `act[go to desk 1]` is sent as `go to desk 1`.
        case argument
        /// `search[red shoes]` as it is.
        case brackets
        /// `Action: name with Action Input: argument`, as the tool servers read it.
        case input
    }

    struct Dialect: Sendable {
        /// The key of the environment's number.
        var identifier = "id"
        /// What reset is sent beside it.
        var reset: JSONValue = .object(["data_idx": .string("{number:number}")])
        var actions = ActionStyle.argument
        /// The key of the reward in a step's answer, and what a full reward is.
        var reward = "reward"
        var full = 1.0
    }

    /// By the name of the server's package, `agentenv-NAME`; read from the servers' sources and the package's clients.
    static let dialects: [String: Dialect] = {
        func number(_ key: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
            .object(more.merging([key: .string("{number:number}")]) { $1 })
        }
        let tool = Dialect(identifier: "env_idx", reset: number("id"), actions: .input)
        return [
            "alfworld": Dialect(reset: number("game", ["world_type": .string("Text")])),
            "babyai": Dialect(reward: "score"),
            "sciworld": Dialect(reward: "score", full: 100),
            "textcraft": Dialect(),
            "maze": Dialect(reset: number("game")),
            "wordle": Dialect(reset: number("seed")),
            "webshop": Dialect(identifier: "env_idx", reset: number("session_id"), actions: .brackets),
            "sqlgym": Dialect(identifier: "env_idx", reset: number("item_id")),
            "webarena": Dialect(identifier: "env_idx", reset: number("idx", ["seed": .number(0)])),
            "academia": tool, "movie": tool, "sheet": tool, "todo": tool, "weather": tool,
        ]
    }()

    var url: String
    var dialect = Dialect()
    var rewards = StepRewards()
    var callLimit = Duration.seconds(300)

    /// Reads the section `agentgym` of a suite's file.
    init(_ section: ConfigurationMapping) throws {
        url = try section.required("url").replacing(/\/+$/, with: "")
        if let name = try section.text("server", oneOf: Self.dialects.keys.sorted()) { dialect = Self.dialects[name] ?? dialect }
        dialect.identifier = try section.text("identifier") ?? dialect.identifier
        dialect.reset = section.node("reset")?.json ?? dialect.reset
        if let style = try section.text("actions", oneOf: ActionStyle.allCases.map(\.rawValue)) {
            dialect.actions = ActionStyle(rawValue: style) ?? dialect.actions
        }
        dialect.reward = try section.text("reward_key") ?? dialect.reward
        let rule = try section.text("reward", oneOf: StepRewards.Rule.allCases.map(\.rawValue)).flatMap(StepRewards.Rule.init)
        let full = try section.number("full_reward", in: 1e-9...1e12) ?? dialect.full
        rewards = StepRewards(rule ?? .last, full: full)
        callLimit = try section.seconds("call_seconds") ?? callLimit
    }
}

/// One environment of an AgentGym server. It is reset between episodes, not created anew: few servers can close one.
actor AgentGymWorld: OutsideWorld {
    private let settings: AgentGymSettings
    private let access: WorldAccess
    private let identifier: JSONValue
    private var rewards: StepRewards

    /// Creates the environment on the server.
    init(_ settings: AgentGymSettings, access: WorldAccess) async throws {
        self.settings = settings
        self.access = access
        rewards = settings.rewards
        // The tool servers want a body, the others ignore it.
        let reply = try await Self.post("create", .object(["id": .number(0)]), settings, access)
        let keys = [settings.dialect.identifier, "id", "env_idx"]
        guard let found = reply.number.map(JSONValue.number) ?? keys.lazy.compactMap({ reply[$0] }).first, found.number != nil
        else { throw Self.nonsense("create", settings) }
        identifier = found
    }

    func reset(_ task: AgentTask) async throws -> OutsideOpening {
        rewards = settings.rewards
        let fields = try outsideFields(settings.dialect.reset, task)
        let reply = try await call("reset", fields)
        // An object, a bare text, or a list whose first entry is the text.
        var text = reply.string ?? reply.array?.first?.string ?? Self.observation(reply)
        if text == nil, reply.array != nil || reply == .null { text = try await observe() }
        guard let text else { throw Self.nonsense("reset", settings) }
        let goal = reply["task_description"]?.string.map { $0 + "\n" } ?? ""
        return OutsideOpening(observation: goal + text, actions: Self.actions(reply))
    }

    func step(_ action: Action) async throws -> OutsideStep {
        let reply = try await call("step", ["action": .string(text(of: action))])
        guard let observation = Self.observation(reply) else { throw Self.nonsense("step", settings) }
        rewards.add(reply[settings.dialect.reward]?.number)
        let isDone = (reply["done"] ?? reply["terminated"])?.bool ?? false
        return OutsideStep(result: StepResult(observation, isDone: isDone), actions: Self.actions(reply))
    }

    func score() async throws -> OutsideScore { OutsideScore(score: rewards.score) }

    func endEpisode() async throws {}

    /// Ends the environment on the server, if the server can.
    func close() async {
        do {
            _ = try await call("close", [:])
        } catch {
            // Most servers have no such call, and one that has failed needs none.
            return
        }
    }

    private func text(of action: Action) -> String {
        switch settings.dialect.actions {
        case .argument: action.argument
        case .brackets: action.text
        case .input: "Action: \(action.name) with Action Input: \(action.argument.isEmpty ? "{}" : action.argument)"
        }
    }

    private func call(_ path: String, _ fields: [String: JSONValue]) async throws -> JSONValue {
        try await Self.post(path, .object(fields.merging([settings.dialect.identifier: identifier]) { $1 }), settings, access)
    }

    private func observe() async throws -> String? {
        let id = JSONTemplate.text(identifier) ?? ""
        let reply = try await access.json(
            "GET", "\(settings.url)/observation?\(settings.dialect.identifier)=\(id)", timeout: settings.callLimit)
        return reply.string ?? Self.observation(reply)
    }

    private static func observation(_ reply: JSONValue) -> String? { (reply["observation"] ?? reply["state"])?.string }

    private static func actions(_ reply: JSONValue) -> [Action]? {
        reply["available_actions"]?.array?.compactMap(\.string).map { Action("act", $0) }
    }

    /// AgentGym reports failures as `{"error": …}` with status 200.
    private static func post(
        _ path: String, _ body: JSONValue, _ settings: AgentGymSettings, _ access: WorldAccess
    ) async throws -> JSONValue {
        let reply = try await access.json("POST", "\(settings.url)/\(path)", body: body, timeout: settings.callLimit)
        if let error = reply["error"], error != .null {
            throw TemperError(
                .unavailable, "the server reports an error in \(path): \(JSONTemplate.text(error) ?? "of no text")",
                place: settings.url, boundary: .environment)
        }
        return reply
    }

    private static func nonsense(_ path: String, _ settings: AgentGymSettings) -> TemperError {
        TemperError(
            .unavailable, "the answer to \(path) is not one of an AgentGym server", place: settings.url, boundary: .environment)
    }
}

/// A template of JSON fields filled with what is known of a task: its record and its number.
func outsideFields(_ template: JSONValue, _ task: AgentTask) throws -> [String: JSONValue] {
    var values = JSONTemplate.values(of: task.payload)
    values["id"] = values["id"] ?? task.id
    values["instruction"] = task.instruction
    do {
        return try JSONTemplate.fill(template, values).object ?? [:]
    } catch let bad as JSONTemplate.BadValue {
        throw TemperError(.data, "the task does not fit the server: \(bad.message)", place: task.id, boundary: .environment)
    }
}
