import Foundation
import TemperCore

/// An OpenEnv server (package `openenv-core`, 0.3) and how its environment is spoken to.
///
/// The published server keeps an environment for each WebSocket session at `/ws`. Its HTTP calls `/reset` and `/step` make a new
/// environment for every request, so HTTP suits only servers that keep the state themselves, and worlds of one step.
struct OpenEnvSettings: Sendable {
    enum Transport: String, Sendable, CaseIterable { case websocket, http }

    var url: String
    var transport = Transport.websocket
    /// What reset is sent; nil sends the task's number as `seed`, if it has one.
    var reset: JSONValue?
    /// By the name of an action: the object that is sent for it, with `{argument}` in it.
    var actions: [String: JSONValue]
    /// The keys that lead to the text of an observation; empty shows the whole observation as JSON.
    var show: [String]
    var rewards: StepRewards
    var callLimit = Duration.seconds(60)

    /// Reads the section `openenv` of a suite's file.
    init(_ section: ConfigurationMapping) throws {
        url = try section.required("url").replacing(/\/+$/, with: "")
        let transport = try section.text("transport", oneOf: Transport.allCases.map(\.rawValue)).flatMap(Transport.init)
        self.transport = transport ?? self.transport
        reset = section.node("reset")?.json
        guard let given = section.node("actions")?.json.object, !given.isEmpty else {
            throw section.fault("needs 'actions': by name, the object to send, such as {message: '{argument}'}", at: "actions")
        }
        actions = given
        show = try section.text("observation").map { $0.split(separator: ".").map(String.init) } ?? []
        let rule = try section.text("reward", oneOf: StepRewards.Rule.allCases.map(\.rawValue)).flatMap(StepRewards.Rule.init)
        rewards = StepRewards(rule ?? .last, full: try section.number("full_reward", in: 1e-9...1e12) ?? 1)
        callLimit = try section.seconds("call_seconds") ?? callLimit
    }

    /// The address of the sessions: `ws://host/ws` for `http://host`.
    var sessionURL: String { url.replacing(/^http/, with: "ws") + "/ws" }
}

/// One environment of an OpenEnv server.
actor OpenEnvWorld: OutsideWorld {
    private let settings: OpenEnvSettings
    private let access: WorldAccess
    private let session: (any WebSocketConnection)?
    private var rewards: StepRewards

    /// Opens a session, if the server keeps one for each connection.
    init(_ settings: OpenEnvSettings, access: WorldAccess) async throws {
        self.settings = settings
        self.access = access
        rewards = settings.rewards
        session = settings.transport == .websocket ? try await access.openWebSocket(settings.sessionURL) : nil
    }

    func reset(_ task: AgentTask) async throws -> OutsideOpening {
        rewards = settings.rewards
        let seed = task.payload[FileTasks.numberKey].map { ["seed": $0] } ?? [:]
        let reply = try await call("reset", .object(settings.reset.map { try outsideFields($0, task) } ?? seed))
        return OutsideOpening(observation: try text(of: reply, "reset"))
    }

    func step(_ action: Action) async throws -> OutsideStep {
        guard let template = settings.actions[action.name] else {
            let known = settings.actions.keys.sorted().map { "\($0)[…]" }.joined(separator: ", ")
            let text = "There is no action '\(action.name.prefix(80))'. The actions are \(known)."
            return OutsideStep(result: StepResult(text, isValid: false))
        }
        let payload: JSONValue
        do {
            payload = try JSONTemplate.fill(template, ["argument": action.argument])
        } catch let bad as JSONTemplate.BadValue {
            return OutsideStep(result: StepResult(bad.message, isValid: false))
        }
        let reply = try await call("step", payload)
        if let problem = reply["validation_error"]?.string { return OutsideStep(result: StepResult(problem, isValid: false)) }
        rewards.add(reply["reward"]?.number ?? reply["reward"]?.bool.map { $0 ? 1 : 0 })
        return OutsideStep(result: StepResult(try text(of: reply, "step"), isDone: reply["done"]?.bool ?? false))
    }

    func score() async throws -> OutsideScore { OutsideScore(score: rewards.score) }

    func endEpisode() async throws {}

    func close() async {
        guard let session else { return }
        do {
            try await session.send(#"{"type":"close"}"#)
        } catch {
            // The connection is gone already, which is what was wanted.
        }
        await session.close()
    }

    private func text(of reply: JSONValue, _ call: String) throws -> String {
        guard var value = reply["observation"] else { throw failed("answered \(call) without an observation") }
        for key in settings.show {
            guard let inner = value[key] else { throw failed("answered \(call) with an observation without '\(key)'") }
            value = inner
        }
        if case .object(var fields) = value {
            for key in ["done", "reward", "metadata"] { fields[key] = nil }
            value = .object(fields)
        }
        return try JSONTemplate.text(value) ?? String(decoding: JSONEncoder.stable().encode(value), as: UTF8.self)
    }

    private func call(_ name: String, _ data: JSONValue) async throws -> JSONValue {
        guard let session else {
            let body = name == "step" ? JSONValue.object(["action": data]) : data
            return try await access.json("POST", "\(settings.url)/\(name)", body: body, timeout: settings.callLimit)
        }
        let message = JSONValue.object(["type": .string(name), "data": data])
        try await session.send(String(decoding: JSONEncoder.stable().encode(message), as: UTF8.self))
        let text = try await session.receive(within: settings.callLimit)
        guard let reply = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), let content = reply["data"] else {
            throw failed("answered \(name) with nonsense: '\(text.prefix(120))'")
        }
        guard reply["type"]?.string == "observation" else {
            let details = (content["errors"]?.array ?? []).compactMap { $0["msg"]?.string }
            let problem = ([content["message"]?.string ?? "no message"] + details).joined(separator: ": ")
            // An action that the server's own rules refuse is the policy's mistake.
            if name == "step", content["code"]?.string == "VALIDATION_ERROR" {
                return .object(["validation_error": .string(problem)])
            }
            throw failed("reports an error in \(name): \(problem)")
        }
        return content
    }

    private func failed(_ problem: String) -> TemperError {
        TemperError(.unavailable, "the server \(problem)", place: settings.url, boundary: .environment)
    }
}
