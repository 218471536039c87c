import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct AlfworldSuiteTests {
    /// A folder of games in ALFWorld's layout: two to win, one unsolvable, one with sliced objects.
    func withGames(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("household-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let grammar = "task: Your task is to: put some apple on shelf.\", \"move {o} to {r}\""
        func write(_ path: String, solvable: Bool = true, walkthrough: [String]?) throws {
            var game: [String: JSONValue] = [
                "pddl_domain": .string(""), "grammar": .string(grammar), "solvable": .bool(solvable),
                "pddl_problem": .string(kitchen(goal: HouseholdKind.place.goal(object: "Apple", target: "Shelf"))),
            ]
            if let walkthrough { game["walkthrough"] = .array(walkthrough.map { .string($0) }) }
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try JSONEncoder().encode(JSONValue.object(game)).write(to: file)
        }
        let way = ["go to desk 1", "take apple 1 from desk 1", "move apple 1 to shelf 2"]
        try write("games/valid_unseen/pick-b/trial/game.tw-pddl", walkthrough: way)
        try write("games/valid_unseen/pick-a/trial/game.tw-pddl", walkthrough: nil)
        try write("games/valid_unseen/pick-c/trial/game.tw-pddl", solvable: false, walkthrough: nil)
        try write("games/valid_unseen/pick-AppleSliced/trial/game.tw-pddl", walkthrough: nil)
        try write("games/train/pick-d/trial/game.tw-pddl", walkthrough: nil)
        try await body(folder)
    }

    func suite(_ options: [String: JSONValue]) throws -> any Suite {
        try AlfworldSuite().configured(with: SuiteOptions(suite: "alfworld", options))
    }

    @Test("Games become tasks by split, and gold replays their walkthroughs in either dialect")
    func gamesOfAFolder() async throws {
        try await withGames { folder in
            for dialect in ["0.3", "0.4"] {
                let suite = try suite(["games": .string(folder.path + "/games"), "dialect": .string(dialect)])
                let tasks = try suite.tasks(split: "test", limit: nil)
                #expect(tasks.map(\.id) == ["valid_unseen/pick-a/trial", "valid_unseen/pick-b/trial"])
                #expect(try suite.tasks(split: "valid_unseen", limit: 1).map(\.id) == ["valid_unseen/pick-a/trial"])
                #expect(try suite.tasks(split: "train", limit: nil).count == 1)
                #expect(tasks[0].instruction == "Your task is to: put some apple on shelf." && tasks[0].format == .household)
                #expect(tasks[0].tags == ["kind": "pick_and_place"])
                let gold = try scripted(suite, "gold")
                #expect(gold.author == .reference)
                #expect(try await play(suite, gold, tasks[1]).score.reward == 1)
                let error = await #expect(throws: TemperError.self) { try await play(suite, gold, tasks[0]) }
                #expect(error?.message == "the game 'valid_unseen/pick-a/trial' has no walkthrough")
                #expect(try await play(suite, scripted(suite, "random"), tasks[0]).turns.count > 1)
            }
            let missing = #expect(throws: TemperError.self) {
                try suite(["games": .string(folder.path + "/games")]).tasks(split: "valid_seen", limit: nil)
            }
            #expect(missing?.message == "the games have no folder 'valid_seen'")
        }
    }

    @Test("Tasks come from a game, a folder or a list of paths as AgentBench has it")
    func taskFiles() async throws {
        try await withGames { folder in
            let list = folder.appendingPathComponent("standard.json")
            try Data(
                #"{"pick": ["games/valid_unseen/pick-b/trial/game.tw-pddl"], "more": ["games/train/pick-d/trial/game.tw-pddl"]}"#
                    .utf8
            )
            .write(to: list)
            let suite = try suite(["games": .string(folder.path + "/games")])
            #expect(try suite.tasks(from: list.path).count == 2)
            #expect(try suite.tasks(from: folder.path + "/games").count == 3)
            let one = try suite.tasks(from: folder.path + "/games/train/pick-d/trial/game.tw-pddl")
            #expect(one.count == 1 && one[0].split == "file")
            try Data(#"["nowhere/game.tw-pddl"]"#.utf8).write(to: list)
            #expect(throws: TemperError.self) { try suite.tasks(from: list.path) }
            try Data("[".utf8).write(to: list)
            #expect(throws: TemperError.self) { try suite.tasks(from: list.path) }
            let empty = folder.appendingPathComponent("empty")
            try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
            #expect(throws: TemperError.self) { try suite.tasks(from: empty.path) }
        }
    }

    @Test("What is missing is named with what to set")
    func unavailable() throws {
        let error = #expect(throws: TemperError.self) {
            try suite(["games": .string("/nowhere/at/all")]).tasks(split: "test", limit: nil)
        }
        #expect(error?.description == "error: /nowhere/at/all: there is no folder of games\n  set suites.alfworld.games")
        #expect(throws: TemperError.self) { try suite([:]).tasks(split: "dev", limit: nil) }
        let task = AgentTask(
            id: "x", suite: "alfworld", split: "file", instruction: "", payload: .object(["game": .string("/a.z8")]))
        let python = #expect(throws: TemperError.self) { try suite([:]).makeEnvironment(for: task) }
        #expect(
            python?.description
                == "error: playing '/a.z8' needs Python with the alfworld package\n  set suites.alfworld.python=PATH")
        let bare = AgentTask(id: "x", suite: "alfworld", split: "file", instruction: "", payload: .null)
        #expect(throws: TemperError.self) { try suite([:]).makeEnvironment(for: bare) }
        let option = #expect(throws: TemperError.self) { try suite(["dialect": .string("0.5")]) }
        #expect(option?.message == "'suites.alfworld.dialect' is '0.5'; it must be one of 0.3, 0.4")
        #expect(throws: TemperError.self) { try suite(["game": .string("x")]) }
        #expect(throws: TemperError.self) { try HouseholdGameFile(Data("{}".utf8), named: "x") }
        let file = JSONValue.object(["pddl_problem": .string(kitchen()), "grammar": .string("{}")])
        let grammar = #expect(throws: TemperError.self) { try HouseholdGameFile(JSONEncoder().encode(file), named: "x") }
        #expect(grammar?.message == "the game's grammar has no 'Your task is to: '")
    }

    @Test("The prompt is in the dialect's words")
    func prompts() throws {
        let old = try suite([:]).prompt(for: .react)
        let new = try suite(["dialect": .string("0.4")]).prompt(for: .react)
        func text(_ prompt: SuitePrompt) -> String {
            prompt.instruction + prompt.demonstrations.flatMap { $0 }.map(\.text).joined(separator: "\n")
        }
        #expect(text(old).contains("put THING in/on PLACE") && text(old).contains("put spraybottle 2 in/on wardrobe 1"))
        #expect(text(new).contains("move THING to PLACE") && text(new).contains("move spraybottle 2 to wardrobe 1"))
        #expect(!text(new).contains("in/on") && old.demonstrations.count == 1)
        #expect(HouseholdDialect.release03.rephrased("move pen 1 to desk 2") == "put pen 1 in/on desk 2")
        #expect(
            HouseholdDialect.release04.rephrased("You put the pen 1 in/on the desk 2.") == "You move the pen 1 to the desk 2.")
    }

    /// A bridge whose interpreter is a shell script.
    func bridge(_ script: String) async throws -> StepResult {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("bridge-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        var environment: any Environment = try AlfworldBridge(python: file.path, game: "game.tw-pddl")
        do {
            let opening = try await environment.reset()
            #expect(opening == "You are in a room.")
            let result = try await environment.step(Action("act", "LOOK"))
            #expect(environment.admissibleActions == [Action("act", "look")])
            #expect(try await environment.score().reward == 1)
            await environment.close()
            return result
        } catch {
            await environment.close()
            throw error
        }
    }

    @Test("The bridge speaks JSON lines with a child")
    func bridgeWorks() async throws {
        let opening =
            #"{"observation": "-= Welcome to TextWorld, ALFRED! =-\n\nYou are in a room.\n\nYour task is to: look.", "commands": [], "won": false, "done": false}"#
        let answer =
            #"{"observation": "You arrive at loc 3. On the desk 1, you see nothing.", "commands": ["look"], "won": true, "done": true}"#
        let result = try await bridge(
            "read a; printf '%s\\n' '\(opening)'; read b; case $b in *'\"command\":\"look\"'*) printf '%s\\n' '\(answer)';; esac; read c"
        )
        #expect(result == StepResult("On the desk 1, you see nothing.", isDone: true))
    }

    @Test(
        "A bridge that dies, fails or answers nonsense is an error of the environment",
        arguments: [
            ("exit 3", "the alfworld bridge"),
            ("read a; echo 'no module named alfworld' >&2; exit 1", "the alfworld bridge has ended"),
            ("read a; echo hello", "the alfworld bridge answered nonsense: hello"),
            ("read a; echo '{\"won\": true}'", "the alfworld bridge answered without observation, won or done"),
            ("read a; echo '{\"error\": \"KeyError: x\"}'", "the alfworld bridge failed: KeyError: x"),
            ("read a; head -c 2000000 /dev/zero | tr '\\0' x", "the alfworld bridge answered a line without end"),
        ])
    func bridgeFails(script: String, message: String) async {
        let error = await #expect(throws: TemperError.self) { try await bridge(script) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.boundary == .environment && error?.code == .unavailable)
    }

    @Test("A bridge without its interpreter is an error that names it")
    func noInterpreter() async throws {
        var environment = try AlfworldBridge(python: "/nowhere/python", game: "g")
        await #expect(throws: TemperError.self) { try await environment.reset() }
        await #expect(throws: TemperError.self) { try await environment.step(Action("act", "look")) }
        await environment.close()
    }
}
