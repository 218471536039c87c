import Foundation
import TemperCore
import TemperPocketText

/// Reads the sections of a suite's YAML file.
struct SuiteFileReader {
    /// Where relative paths start.
    let folder: String

    func prompt(_ top: ConfigurationMapping) throws -> SuitePrompt {
        let instruction = try top.required("instruction")
        let examples = try top.texts("demonstrations") ?? top.texts("demonstration") ?? []
        if top.has("demonstration"), top.has("demonstrations") {
            throw top.fault("give 'demonstration' or 'demonstrations', not both", at: "demonstrations", isKey: false)
        }
        let key = top.has("demonstrations") ? "demonstrations" : "demonstration"
        let parts = [instruction] + examples.map { $0.trimmingCharacters(in: .newlines) }
        return try SuitePromptFile.parse(
            parts.joined(separator: "\n\(SuitePromptFile.marker)\n"), named: "\(top.place(of: key)) (\(key), line)")
    }

    func tasks(_ top: ConfigurationMapping) throws -> FileTasks {
        guard let section = try top.mapping("tasks") else { throw top.fault("the file lacks 'tasks'") }
        var fields = FileTasks.Fields()
        if let given = try section.mapping("fields") {
            fields.id = try given.text("id") ?? fields.id
            fields.instruction = try given.text("instruction") ?? fields.instruction
            fields.answer = try given.text("answer") ?? fields.answer
            fields.solution = try given.text("solution") ?? fields.solution
            try given.finish()
        }
        let source: FileTasks.Source
        switch try section.kind(oneOf: ["files", "numbers"], beside: ["fields", "text", "tags"]) {
        case "files": source = try .files(files(section))
        default: source = try .numbers(numbers(section))
        }
        let tasks = FileTasks(
            source: source, fields: fields, text: try section.text("text"), tags: try section.texts("tags") ?? [])
        try section.finish()
        return tasks
    }

    private func files(_ section: ConfigurationMapping) throws -> [(split: String, path: String)] {
        guard let files = try section.mapping("files") else { return [] }
        return try files.keys.map { split in
            guard let path = try files.text(split) else { throw files.fault("names no file", at: split) }
            let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
            guard FileManager.default.fileExists(atPath: full) else {
                throw files.fault("names a file that does not exist: '\(path)'", at: split)
            }
            return (split, full)
        }
    }

    private func numbers(_ section: ConfigurationMapping) throws -> [(split: String, range: ClosedRange<Int>)] {
        guard let numbers = try section.mapping("numbers") else { return [] }
        return try numbers.keys.map { split in
            let parts = (try numbers.text(split) ?? "").split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard parts.count == 2, let first = parts[0], let last = parts[1], first <= last else {
                throw numbers.fault("must be a range such as 0-199, both ends included", at: split)
            }
            return (split, first...last)
        }
    }

    func world(_ top: ConfigurationMapping) throws -> SuiteFile.World {
        let kind = try top.kind(oneOf: ["tools", "process", "agentgym", "openenv"], beside: SuiteFile.keys)
        if kind == "tools" { return try tools(top) }
        guard let section = try top.mapping(kind) else { throw top.fault("is empty", at: kind) }
        let world: SuiteFile.World =
            switch kind {
            case "process": .process(try process(section))
            case "agentgym": .agentGym(try AgentGymSettings(section))
            default: .openEnv(try OpenEnvSettings(section))
            }
        try section.finish()
        return world
    }

    private func process(_ section: ConfigurationMapping) throws -> ChildSettings {
        var settings = ChildSettings(command: try command(section), folder: folder)
        settings.environment = try section.textMapping("environment") ?? [:]
        settings.isSandboxed = try section.flag("sandbox") ?? false
        settings.startLimit = try section.seconds("start_seconds") ?? settings.startLimit
        settings.callLimit = try section.seconds("call_seconds") ?? settings.callLimit
        settings.lineLimit = try section.integer("line_bytes", in: 1024...(256 << 20)) ?? settings.lineLimit
        return settings
    }

    private func command(_ section: ConfigurationMapping) throws -> [String] {
        guard let command = try section.texts("command"), let first = command.first, !first.isEmpty else {
            throw section.fault("needs a 'command', such as [python3, my_program.py]", at: "command")
        }
        return command
    }

    private func tools(_ top: ConfigurationMapping) throws -> SuiteFile.World {
        var fixed: [any OutsideTool] = []
        var servers: [MCPSettings] = []
        for entry in try top.list("tools") ?? [] {
            switch try entry.kind(oneOf: ["shell", "http", "mcp"], beside: ["name", "seconds"]) {
            case "shell":
                let limit = try entry.seconds("seconds") ?? .seconds(30)
                fixed.append(ShellTool(name: try name(entry, fixed), command: try entry.required("shell"), timeLimit: limit))
            case "http": fixed.append(try http(entry, name: name(entry, fixed)))
            default: servers.append(try mcp(entry))
            }
            try entry.finish()
        }
        return .tools(fixed, mcp: servers, setup: try top.text("setup"))
    }

    private func name(_ entry: ConfigurationMapping, _ others: [any OutsideTool]) throws -> String {
        let name = try entry.required("name")
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
            throw entry.fault("must be letters, digits, '_' and '-'", at: "name")
        }
        guard name != "finish", !others.contains(where: { $0.name == name }) else {
            throw entry.fault("'\(name)' is taken", at: "name", isKey: false)
        }
        return name
    }

    private func http(_ entry: ConfigurationMapping, name: String) throws -> HTTPTool {
        guard let section = try entry.mapping("http") else { throw entry.fault("'http' is empty") }
        var tool = HTTPTool(name: name, url: try section.required("url"))
        tool.body = section.node("body")?.json
        tool.method = try section.text("method", oneOf: ["GET", "POST", "PUT"]) ?? (tool.body == nil ? "GET" : "POST")
        tool.headers = try section.textMapping("headers") ?? [:]
        tool.show = try section.text("show").map { $0.split(separator: ".").map(String.init) } ?? []
        tool.timeLimit = try section.seconds("seconds") ?? tool.timeLimit
        try section.finish()
        return tool
    }

    private func mcp(_ entry: ConfigurationMapping) throws -> MCPSettings {
        guard let section = try entry.mapping("mcp") else { throw entry.fault("'mcp' is empty") }
        var settings = MCPSettings(command: try command(section), folder: folder)
        settings.environment = try section.textMapping("environment") ?? [:]
        settings.isSandboxed = try section.flag("sandbox") ?? false
        settings.only = try section.texts("only")
        settings.isReused = try section.flag("reuse") ?? false
        settings.startLimit = try section.seconds("start_seconds") ?? settings.startLimit
        settings.callLimit = try section.seconds("call_seconds") ?? settings.callLimit
        try section.finish()
        return settings
    }

    func reward(_ top: ConfigurationMapping) throws -> Reward? {
        guard let node = top.node("reward") else { return nil }
        if let word = node.text {
            switch word {
            case "exact_match": return .exactMatch
            case "regular_expression": return .pattern(nil)
            case "numeric": return .numeric(NumericTolerance())
            default:
                let kinds = ["exact_match", "regular_expression", "numeric"]
                let hint = EditDistance.nearest(to: word, among: kinds).map { "did you mean '\($0)'?" }
                throw top.fault(
                    "is '\(word)'; it is one of \(kinds.joined(separator: ", ")), or a mapping with one of these, check or judge",
                    at: "reward", hint: hint)
            }
        }
        guard let section = try top.mapping("reward") else { return nil }
        let reward = try reward(in: section)
        try section.finish()
        return reward
    }

    private func reward(in section: ConfigurationMapping) throws -> Reward {
        switch try section.kind(oneOf: ["exact_match", "regular_expression", "numeric", "check", "judge"], beside: ["seconds"]) {
        case "exact_match": return .exactMatch
        case "regular_expression":
            return .pattern(
                try section.text("regular_expression").map {
                    try AnswerPattern($0, place: section.place(of: "regular_expression"))
                })
        case "numeric":
            var tolerance = NumericTolerance()
            if let given = try section.mapping("numeric") {
                tolerance.absolute = try given.number("absolute", in: 0...Double.greatestFiniteMagnitude) ?? tolerance.absolute
                tolerance.relative = try given.number("relative", in: 0...1) ?? tolerance.relative
                try given.finish()
            }
            return .numeric(tolerance)
        case "check":
            var script = CheckScript(script: try section.required("check"))
            script.timeLimit = try section.seconds("seconds") ?? script.timeLimit
            return .check(script)
        default:
            guard let given = try section.mapping("judge") else { throw section.fault("is empty", at: "judge") }
            var judge = JudgeModel(model: try given.required("model"))
            judge.prompt = try given.text("prompt") ?? judge.prompt
            judge.scale = try given.number("scale", in: 0.001...1_000_000) ?? judge.scale
            judge.maximumNewTokens = try given.integer("maximum_new_tokens", in: 1...1_000_000) ?? judge.maximumNewTokens
            try given.finish()
            return .judge(judge)
        }
    }
}
