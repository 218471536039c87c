import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperEnvironments

@Suite(.enabled(if: hasSandbox, "bubblewrap is not installed")) struct OperatingSystemDataTests {
    /// Tasks with a reference that does not pass, as the README lists them.
    private static let unsolved: Set = [
        "5-new-000", "5-new-001", "5-new-002", "6-new-005", "6-new-006", "6-new-008", "7-bootstrap-000", "7-bootstrap-001",
    ]

    private func tasks() throws -> [AgentTask]? {
        guard realData("agentbench/os") != nil else { return nil }
        return try OperatingSystemSuite().tasks(split: "test", limit: nil)
    }

    @Test func theStandardSetLoads() throws {
        guard let tasks = try tasks() else { return }
        #expect(tasks.count == 144 && Set(tasks.map(\.id)).count == 144)
        #expect(tasks.count { ($0.payload["evaluation"]?["example"] ?? .null) != .null } == 138)
        #expect(tasks.allSatisfy { $0.format == .operatingSystem && !$0.instruction.isEmpty })
        let suite = OperatingSystemSuite()
        let faulty = tasks.filter { task in
            do {
                _ = try suite.makeEnvironment(for: task)
                return false
            } catch { return true }
        }
        #expect(faulty.map(\.id) == ["5-new-000", "5-new-001", "5-new-002"])
    }

    @Test(.enabled(if: geteuid() == 0, "tasks that make users need root or a range of users")) func references() async throws {
        guard let tasks = try tasks() else { return }
        let suite = OperatingSystemSuite()
        let played = try await rewards(suite, "gold", tasks.filter { ($0.payload["evaluation"]?["example"] ?? .null) != .null })
        let failed = Set(played.filter { $0.value < 1 }.map(\.key))
        #expect(played.count == 138)
        #expect(failed.subtracting(Self.unsolved).isEmpty, "\(failed.sorted())")
        print("os: \(played.values.reduce(0, +)) of 138 references pass; not: \(failed.sorted())")
        let readme = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let text = try String(contentsOfFile: "\(readme)/Sources/TemperEnvironments/OperatingSystem/README.md", encoding: .utf8)
        #expect(Self.unsolved.allSatisfy { text.contains("`\($0)`") })
        let nothing = try await rewards(suite, "nothing", tasks)
        #expect(nothing.values.reduce(0, +) / 144 <= 0.05)
    }

    private func rewards(_ suite: OperatingSystemSuite, _ policy: String, _ tasks: [AgentTask]) async throws -> [String: Double] {
        let policy = try scripted(suite, policy)
        return try await withThrowingTaskGroup(of: (String, Double).self) { group in
            var rewards: [String: Double] = [:]
            for (index, task) in tasks.enumerated() {
                if index >= 4, let (id, reward) = try await group.next() { rewards[id] = reward }
                group.addTask {
                    do {
                        return (task.id, try await play(suite, policy, task).score.reward)
                    } catch let error as TemperError where error.code == .unavailable && error.boundary == .environment {
                        return (task.id, 0)  // its scripts are missing
                    }
                }
            }
            for try await (id, reward) in group { rewards[id] = reward }
            return rewards
        }
    }
}
