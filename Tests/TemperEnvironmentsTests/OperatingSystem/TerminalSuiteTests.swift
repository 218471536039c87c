import Foundation
import TemperAgents
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperEnvironments

@Suite(.tags(.alone)) struct TerminalTaskTests {
    @Test func tasksFollowFromSplitAndNumberAndAreDistinct() throws {
        let suite = TerminalSuite()
        let tasks = try suite.tasks(split: "train", limit: 3_000)
        #expect(try suite.tasks(split: "train", limit: 40) == Array(tasks.prefix(40)))
        #expect(Set(tasks.map(\.instruction)).count == 3_000)
        #expect(Set(tasks.map { $0.tags["kind"] ?? "" }) == Set(TerminalKind.allCases.map(\.rawValue)))
        #expect(try suite.tasks(split: "validation", limit: nil).count == 250)
        #expect(try suite.tasks(split: "test", limit: nil).count == 500)
        #expect { _ = try suite.tasks(split: "dev", limit: 1) } throws: {
            "\($0)".contains("'pocket/terminal' has no split 'dev'")
        }
    }

    @Test func namesAndWordingsOfTestAreInNoOtherSplit() throws {
        let suite = TerminalSuite()
        func names(_ split: String) throws -> Set<String> {
            let texts = try suite.tasks(split: split, limit: 540).map {
                "\($0.instruction) \($0.payload["create"]?["init"]?.string ?? "")"
            }
            let common = Set("srv data opt home txt log csv md mkdir printf chmod".split(separator: " ").map(String.init))
            let paths = texts.joined(separator: " ").matches(of: /\/(?:srv|data|opt|home)\/([a-z]+)/).map { String($0.1) }
            let files = texts.joined(separator: " ").matches(of: /([a-z]+)\.(?:txt|log|csv|md)/).map { String($0.1) }
            return Set(paths + files).subtracting(common)
        }
        let (train, validation, test) = (try names("train"), try names("validation"), try names("test"))
        #expect(train.isDisjoint(with: validation) && train.isDisjoint(with: test) && validation.isDisjoint(with: test))
        #expect(train.count > 1_000)
        for kind in TerminalKind.allCases {
            #expect(Set(kind.wordings(isTest: true)).isDisjoint(with: kind.wordings(isTest: false)))
            #expect(kind.wordings(isTest: false).count >= 5 && kind.wordings(isTest: true).count >= 2)
        }
        let prompt = try suite.prompt(for: .react).demonstrations.flatMap { $0 }.map(\.text).joined(separator: " ")
        let words = Set(prompt.split { !$0.isLetter }.map { $0.lowercased() })
        #expect(words.isDisjoint(with: train.union(validation).union(test)))
    }

    @Test func thoughtsHaveAtLeastEightWordings() {
        var (steps, continuations, conclusions, endings) = (Set<String>(), Set<String>(), Set<String>(), Set<String>())
        var thoughts = TerminalThoughts(random: RandomSource(seed: 1))
        for _ in 0..<400 {
            steps.insert(thoughts.step("p", found: nil))
            continuations.insert(thoughts.step("p", found: "o"))
            conclusions.insert(thoughts.conclusion("a"))
            endings.insert(thoughts.done())
        }
        #expect([steps, continuations, conclusions, endings].allSatisfy { $0.count >= 8 })
    }

    @Test func optionsAreReadStrictly() throws {
        let suite = TerminalSuite()
        #expect(throws: TemperError.self) {
            _ = try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfct": .number(0.5)]))
        }
        #expect(throws: TemperError.self) {
            _ = try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfect": .number(2)]))
        }
        _ = try suite.configured(with: SuiteOptions(suite: suite.id, ["imperfect": .number(0.5)]))
    }
}

@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct TerminalSuiteTests {
    @Test func theExpertSolvesTestTasksInShortEpisodesAndGuessingDoesNot() async throws {
        let suite = TerminalSuite()
        let tasks = try suite.tasks(split: "test", limit: 200)
        let played = try await playAll(suite, "expert", tasks)
        let reward = played.reduce(0) { $0 + $1.score.reward } / 200
        #expect(reward >= 0.98)
        let lengths = zip(tasks, played).map { task, episode in
            task.instruction.count
                + episode.turns.reduce(0) {
                    $0 + $1.replyText.count + TurnText.write(observation: $1.observation ?? "", format: .operatingSystem).count
                }
        }
        #expect(lengths.max() ?? 0 < 1_300)
        let turns = Dictionary(grouping: played) { $0.turns.count }.mapValues(\.count)
        print(
            "pocket/terminal: expert \(reward), turns \(turns.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }),",
            "characters on average \(lengths.reduce(0, +) / 200), at most \(lengths.max() ?? 0)")
        let answers = Dictionary(grouping: played.compactMap { $0.turns.last?.action }) { action in
            action.name == "finish" ? "finish" : Int(action.argument) == nil ? "text" : "number"
        }.mapValues(\.count)
        print("answers: \(answers)")
        let number = Dictionary(grouping: played.compactMap { $0.turns.last?.action?.argument }, by: { $0 }).mapValues(\.count)
            .max { $0.value < $1.value }
        // The commonest result is `finish`, which no task that asks a question takes.
        #expect(number?.key == "")
        for name in ["random", "nothing"] {
            let reward = try await playAll(suite, name, Array(tasks.prefix(90))).reduce(0) { $0 + $1.score.reward } / 90
            print("\(name): \(reward)")
            #expect(reward <= suite.chanceLevel + 0.05)
        }
    }

    @Test func episodesAreTheSameAtAnyConcurrency() async throws {
        let suite = TerminalSuite()
        let tasks = try suite.tasks(split: "train", limit: 36)
        let one = try await playAll(suite, "expert", tasks, concurrency: 1)
        let many = try await playAll(suite, "expert", tasks, concurrency: 12)
        #expect(one.map { $0.turns.map(\.replyText) } == many.map { $0.turns.map(\.replyText) })
        #expect(one.map { $0.turns.map(\.observation) } == many.map { $0.turns.map(\.observation) })
    }

    @Test func anImperfectExpertErrsAndRecovers() async throws {
        let suite = try TerminalSuite().configured(with: SuiteOptions(suite: "pocket/terminal", ["imperfect": .number(1)]))
        let played = try await playAll(suite, "expert", try suite.tasks(split: "train", limit: 72))
        let solved = played.filter { $0.score.reward == 1 }
        let detours = solved.filter {
            $0.turns.contains { ["pwd", "ls /"].contains($0.action?.argument) || $0.action?.argument.hasPrefix("cd ") == true }
        }
        #expect(solved.count > 20 && solved.count < 60)
        #expect(detours.count > 5)
    }

    @Test func aSolutionByOtherMeansCountsAndDamageDoesNot() async throws {
        let suite = TerminalSuite()
        let tasks = try suite.tasks(split: "train", limit: 36)
        func reward(_ kind: TerminalKind, _ command: (TerminalPlan) -> String) async throws -> Double {
            let task = try #require(tasks.first { $0.tags["kind"] == kind.rawValue })
            var environment = try suite.makeEnvironment(for: task)
            _ = try await environment.reset()
            _ = try await environment.step(Action("bash", command(try TerminalPlan(task))))
            _ = try await environment.step(Action("finish", ""))
            let score = try await environment.score()
            await environment.close()
            return score.reward
        }
        func slot(_ plan: TerminalPlan, _ name: String) -> String { plan.slots[name] ?? "" }
        #expect(try await reward(.create) { "printf '\(slot($0, "w"))' | tee \(slot($0, "f"))" } == 1)
        #expect(try await reward(.create) { "echo other > \(slot($0, "f"))" } == 0)
        #expect(
            try await reward(.rename) { "cd \(slot($0, "d")) && cp \(slot($0, "n")) \(slot($0, "m")) && rm \(slot($0, "n"))" }
                == 1)
        #expect(try await reward(.rename) { "cd \(slot($0, "d")) && cp \(slot($0, "n")) \(slot($0, "m"))" } == 0)
        #expect(try await reward(.rename) { "cd \(slot($0, "d")) && rm \(slot($0, "n")); touch \(slot($0, "m"))" } == 0)
        #expect(
            try await reward(.deleteLargest) {
                "rm $(find \(slot($0, "d")) -type f -printf '%s %p\\n' | sort -n | tail -n 1 | cut -d' ' -f2)"
            } == 1)
        #expect(try await reward(.deleteLargest) { "rm -r \(slot($0, "d"))/*" } == 0)
        #expect(try await reward(.restrict) { "chmod \(slot($0, "m")) -R \(slot($0, "d"))" } == 0)
        #expect(try await reward(.moveFound) { "mv $(find \(slot($0, "d")) -name \(slot($0, "n"))) \(slot($0, "e"))/" } == 1)
    }

    @Test func theReadmeShowsAnEpisodeAsItIsPlayed() async throws {
        let suite = TerminalSuite()
        let task = try suite.tasks(split: "validation", limit: 18)[17]
        let episode = try await play(suite, try scripted(suite, "expert"), task)
        var lines = [task.instruction]
        for turn in episode.turns {
            lines += ["", turn.replyText]
            if let observation = turn.observation {
                lines += ["", TurnText.write(observation: observation, format: task.format)]
            }
        }
        let transcript = lines.joined(separator: "\n")
        let file = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let readme = try String(contentsOfFile: "\(file)/Sources/TemperEnvironments/OperatingSystem/README.md", encoding: .utf8)
        #expect(readme.contains("````\n\(transcript)\n````"), "the README should show:\n````\n\(transcript)\n````")
    }
}

/// Plays a policy on tasks, several at once; in the order of the tasks.
func playAll(_ suite: any TemperCore.Suite, _ policy: String, _ tasks: [AgentTask], concurrency: Int = 4) async throws -> [Played]
{
    let policy = try scripted(suite, policy)
    return try await withThrowingTaskGroup(of: (Int, Played).self) { group in
        var results: [Int: Played] = [:]
        for (index, task) in tasks.enumerated() {
            if index >= concurrency, let (place, played) = try await group.next() { results[place] = played }
            group.addTask { (index, try await play(suite, policy, task)) }
        }
        for try await (place, played) in group { results[place] = played }
        return tasks.indices.compactMap { results[$0] }
    }
}
