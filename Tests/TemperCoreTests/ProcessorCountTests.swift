import Foundation
import Testing

@testable import TemperCore

@Suite struct ProcessorCountTests {
    private func quota(_ memberships: String, _ files: [String: String]) throws -> Double? {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("temper-cgroup-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let url = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        return ProcessorCount.quota(memberships: memberships, root: root.path)
    }

    @Test("The least quota of a group and its parents counts")
    func unified() throws {
        let files = ["a/b/cpu.max": "max 100000\n", "a/cpu.max": "50000 100000\n", "cpu.max": "300000 100000\n"]
        #expect(try quota("0::/a/b\n", files) == 0.5)
        #expect(try quota("0::/\n", files) == 3)
        #expect(try quota("0::/a/b\n", ["a/b/cpu.max": "max 100000\n"]) == nil)
        #expect(try quota("0::/a/b\n", ["a/b/cpu.max": "nonsense\n"]) == nil)
    }

    @Test("Version 1 keeps the quota in files of its own, -1 for none")
    func legacy() throws {
        let files = ["cpu,cpuacct/x/cpu.cfs_quota_us": "150000\n", "cpu,cpuacct/x/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("4:memory:/x\n3:cpu,cpuacct:/x\n", files) == 1.5)
        let none = ["cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("3:cpu:/x\n", none) == nil)
    }

    @Test("There is always a processor, and never more than the machine has")
    func available() {
        #expect(ProcessorCount.available >= 1)
        #expect(ProcessorCount.available <= ProcessInfo.processInfo.processorCount)
    }
}
