import Foundation
import TemperAgents
import TemperCore
import TemperEnvironments
import TemperSandbox
import Testing

@testable import TemperOutside

/// Many mixed episodes at once, one in twenty of which loses its world: each is accounted for and nothing is left behind.
///
/// `TEMPER_SOAK=10000` plays that many; alone, so that other tests do not blur the counts: `swift test --filter SoakTests`.
@Suite(.tags(.alone)) struct SoakTests {
    private static let deathShare = 0.05
    private static let concurrency = 32

    @Test func mixedEpisodesAreAllAccountedForAndLeaveNothingBehind() async throws {
        let asked = ProcessInfo.processInfo.environment["TEMPER_SOAK"].flatMap(Int.init)
        let count = asked ?? 400
        try await withFolder { folder in
            // Alone, all temporary folders are this test's.
            if asked != nil {
                try FileManager.default.createDirectory(atPath: "\(folder)/tmp", withIntermediateDirectories: true)
                setenv("TMPDIR", "\(folder)/tmp", 1)
            }
            // Once before counting: what is made once for the whole process stays.
            _ = try await play(episodes: 60, in: folder)
            let before = try await Belongings.counted(withFolders: asked != nil)
            let started = ContinuousClock.now
            let played = try await play(episodes: count, in: folder)
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            check(played)
            let after = try await Belongings.counted(withFolders: asked != nil, atMost: before)
            #expect(!after.exceeds(before), "before \(before), after \(after)")
            report(played, seconds: seconds, before, after)
        }
    }

    private func check(_ played: [(death: Death?, trajectory: Trajectory)]) {
        var rewards: [String: [Double]] = [:]
        for (death, trajectory) in played {
            if let death {
                #expect(trajectory.outcome == .environmentError, "\(trajectory.key.text) should have died: \(death)")
                #expect(trajectory.score == nil && trajectory.failure?.boundary == .environment)
            } else {
                #expect(!trajectory.outcome.isError, "\(trajectory.key.text): \(trajectory.failure?.message ?? "")")
                rewards[trajectory.key.suite, default: []].append(trajectory.score?.reward ?? 0)
            }
        }
        for (suite, values) in rewards {
            #expect(values.reduce(0, +) / Double(values.count) >= 0.95, "\(suite)")
        }
    }

    private func report(
        _ played: [(death: Death?, trajectory: Trajectory)], seconds: Double, _ before: Belongings, _ after: Belongings
    ) {
        let deaths = played.count { $0.death != nil }
        let turns = played.reduce(0) { $0 + $1.trajectory.turns.count }
        let suites = Set(played.map(\.trajectory.key.suite))
        print(
            "soak: \(played.count) episodes of \(suites.count) suites, \(deaths) deaths, \(Int(Double(played.count) / seconds)) episodes/s,"
                + " \(Int(Double(turns) / seconds)) steps/s; held before \(before), after \(after)")
    }

    // MARK: - The episodes

    /// How an episode's world fails.
    private enum Death: String, CaseIterable {
        case reset, step, score
        /// The child process itself, in a suite that has one.
        case killed, hangs, floods, nonsense
    }

    private func play(episodes count: Int, in folder: String) async throws -> [(death: Death?, trajectory: Trajectory)] {
        let worlds = try suites(in: folder)
        let experts = try Dictionary(
            uniqueKeysWithValues: worlds.map { suite, _ in
                (suite.id, try scripted(suite, suite.scriptedPolicyNames.contains("expert") ? "expert" : "gold"))
            })
        let turns = worlds.map(\.suite.maximumTurns).max() ?? 10
        var episodes: [Episode] = []
        var deaths: [Death?] = []
        var tasks: [String: ArraySlice<AgentTask>] = [:]
        var random = RandomSource(seed: 5, "soak")
        for (suite, _) in worlds {
            let share = count / worlds.count + 1
            let split = suite.splits.contains("train") ? "train" : "test"
            tasks[suite.id] = try suite.tasks(split: split, limit: share)[...]
        }
        for number in 0..<count {
            let (suite, hasProcess) = worlds[number % worlds.count]
            guard let task = tasks[suite.id]?.popFirst() else { continue }
            // A hanging world takes a second to find out: a few are enough.
            let kinds: [Death] = hasProcess ? [.killed, .killed, .floods, .nonsense, .step, .hangs] : [.reset, .step, .score]
            let death = random.chance(Self.deathShare) ? random.pick(kinds) : nil
            var episode = Episode(
                key: EpisodeKey(group: "soak", suite: suite.id, task: "\(number)-\(task.id)", method: .react), task: task,
                suite: suite, policy: .script(EachItsOwn(experts: experts)), author: .teacher,
                options: EpisodeOptions(maximumTurns: turns), seed: 7, sink: nil)
            if let death {
                switch death {
                case .killed, .hangs, .floods, .nonsense:
                    var doomed = task
                    doomed.payload = .object((task.payload.object ?? [:]).merging(["mood": .string(death.rawValue)]) { $1 })
                    episode.makeEnvironment = { [doomed] in try suite.makeEnvironment(for: doomed) }
                case .reset, .step, .score:
                    episode.makeEnvironment = {
                        DyingEnvironment(world: try suite.makeEnvironment(for: task), at: death.rawValue)
                    }
                }
            }
            episodes.append(episode)
            deaths.append(death)
        }
        let trajectories = try await Rollouts.run(episodes, concurrency: Self.concurrency)
        #expect(episodes.count == count)
        #expect(trajectories.map(\.key) == episodes.map(\.key))
        return Array(zip(deaths, trajectories)).map { (death: $0.0, trajectory: $0.1) }
    }

    /// Every pocket suite with an expert, an environment in a child process, and shell tools where there is a sandbox.
    private func suites(in folder: String) throws -> [(suite: any TemperCore.Suite, hasProcess: Bool)] {
        let records = (0..<20_000).map {
            #"{"id": "\#($0)", "instruction": "Say \#($0).", "answer": "\#($0)", "solution": ["say[\#($0)]", "finish[\#($0)]"]}"#
        }
        try write(records.joined(separator: "\n"), to: "\(folder)/tasks.jsonl")
        let frame = "instruction: Say it.\ntasks: { files: { test: tasks.jsonl } }\n"
        try write(Self.program, to: "\(folder)/world.sh")
        try write(
            frame + "process: { command: [bash, world.sh], call_seconds: 2, line_bytes: 65536 }", to: "\(folder)/process.yaml")
        let tools = "setup: echo $TASK_answer > file\ntools: [{ name: say, shell: 'echo \"$1\" | cmp - file' }]\n"
        try write(
            frame + tools + "reward: { check: 'test \"$1\" = \"$(cat /root/file)\"' }", to: "\(folder)/tools.yaml")
        var suites: [(any TemperCore.Suite, Bool)] = SuiteRegistry.all
            .filter { $0.id.hasPrefix("pocket/") && $0.scriptedPolicyNames.contains("expert") }.map { ($0, false) }
        suites.append((try FileSuite("\(folder)/process.yaml"), true))
        if ChildProcess.find("bwrap") != nil { suites.append((try FileSuite("\(folder)/tools.yaml"), false)) }
        return suites
    }

    /// The world of the child process: it ends after the second step, unless its task has a mood.
    private static let program = #"""
        while read -r line; do
          id=${line#*\"id\":}; id=${id%%[,\}]*}
          case $line in
            *'"call":"reset"'*)
              steps=0; mood=
              case $line in *'"mood":"'*) mood=${line#*\"mood\":\"}; mood=${mood%%\"*};; esac
              reply='"observation":"Go."';;
            *'"call":"step"'*)
              case $mood in
                killed) kill -9 $$;;
                hangs) sleep 30;;
                floods) head -c 1000000 /dev/zero | tr '\0' x;;
                nonsense) echo hello;;
              esac
              steps=$((steps + 1)); done=false; [ $steps -eq 2 ] && done=true
              reply="\"observation\":\"$steps\",\"done\":$done";;
            *'"call":"score"'*) reply='"reward":1';;
            *) reply='"ended":true';;
          esac
          echo "{\"temper\":1,\"id\":$id,$reply}"
        done
        """#
}

/// A world that fails by itself.
private struct DyingEnvironment: Environment {
    var world: any Environment
    let at: String
    var answer: String? { world.answer }

    mutating func reset() async throws -> String? {
        let opening = try await world.reset()
        try fail("reset")
        return opening
    }

    mutating func step(_ action: Action) async throws -> StepResult {
        try fail("step")
        return try await world.step(action)
    }

    mutating func score() async throws -> Score {
        try fail("score")
        return try await world.score()
    }

    mutating func close() async { await world.close() }

    private func fail(_ call: String) throws {
        if call == at { throw TemperError(.unavailable, "the world has ended", boundary: .environment) }
    }
}

/// The expert of each suite.
private struct EachItsOwn: Script {
    let name = "experts"
    let experts: [String: any Script]

    func reply(in scene: Scene) async throws -> String {
        guard let expert = experts[scene.key.suite] else { throw TemperError(.internal, "no expert", boundary: .policy) }
        return try await expert.reply(in: scene)
    }
}

/// What this process holds.
private struct Belongings: CustomStringConvertible {
    var processes = 0
    var descriptors = 0
    var mounts = 0
    var folders = 0

    var description: String { "\(processes) processes, \(descriptors) descriptors, \(mounts) mounts, \(folders) folders" }

    func exceeds(_ other: Belongings) -> Bool {
        processes > other.processes || descriptors > other.descriptors || mounts > other.mounts || folders > other.folders
    }

    /// Counts when the numbers stand still, or for at most a minute until they are no more than a limit.
    static func counted(withFolders: Bool, atMost limit: Belongings? = nil) async throws -> Belongings {
        var found = try count(withFolders: withFolders)
        for _ in 0..<600 {
            try await Task.sleep(for: .milliseconds(100))
            let next = try count(withFolders: withFolders)
            defer { found = next }
            if let limit { if !next.exceeds(limit) { return next } } else if "\(next)" == "\(found)" { return next }
        }
        return found
    }

    private static func count(withFolders: Bool) throws -> Belongings {
        let files = FileManager.default
        var parents: [Int32: Int32] = [:]
        for name in try files.contentsOfDirectory(atPath: "/proc") {
            guard let process = Int32(name), let stat = files.contents(atPath: "/proc/\(name)/stat") else { continue }
            // After the name, which stands in brackets: state, parent, …
            let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            if fields.count > 1 { parents[process] = Int32(fields[1]) }
        }
        var own: Set<Int32> = [getpid()]
        var size = 0
        while own.count > size {
            size = own.count
            own.formUnion(parents.filter { own.contains($0.value) }.keys)
        }
        let mounts = files.contents(atPath: "/proc/self/mountinfo") ?? Data()
        let temporary = withFolders ? try files.contentsOfDirectory(atPath: files.temporaryDirectory.path) : []
        return Belongings(
            processes: own.count - 1, descriptors: try files.contentsOfDirectory(atPath: "/proc/self/fd").count,
            mounts: mounts.split(separator: UInt8(ascii: "\n")).count, folders: temporary.count)
    }
}
