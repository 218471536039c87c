import Foundation

/// How many processors this process may use, which can be fewer than the machine has.
package enum ProcessorCount {
    /// The processors that affinity and control group leave to this process, at least 1. Read once.
    package static let available: Int = {
        // On Linux, Foundation's count is that of the scheduler's affinity mask.
        let affinity = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let memberships = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        guard let quota = quota(memberships: memberships, root: "/sys/fs/cgroup") else { return affinity }
        return min(affinity, max(1, Int(quota.rounded(.up))))
    }()

    /// The least processor quota of the control groups a process is in, in processors; nil when none sets one.
    ///
    /// Both versions are read: `cpu.max` holds "QUOTA PERIOD" or "max PERIOD" (version 2), `cpu.cfs_quota_us` a quota or -1
    /// beside `cpu.cfs_period_us` (version 1). A quota of a parent holds for its children.
    ///
    /// - Parameters:
    ///   - memberships: the lines of `/proc/self/cgroup`, "ID:CONTROLLERS:PATH".
    ///   - root: where the control groups are mounted.
    static func quota(memberships: String, root: String) -> Double? {
        var quotas: [Double] = []
        for line in memberships.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            guard fields[1].isEmpty || controllers.contains("cpu") else { continue }
            var parts = fields[2].split(separator: "/").map(String.init)
            let mount = fields[1].isEmpty ? [root] : [root, String(fields[1])]
            while true {
                let folder = (mount + parts).joined(separator: "/")
                if let quota = fields[1].isEmpty ? unified(folder) : legacy(folder) { quotas.append(quota) }
                guard parts.popLast() != nil else { break }
            }
        }
        return quotas.min()
    }

    private static func unified(_ folder: String) -> Double? {
        let fields = words(folder + "/cpu.max")
        guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]), period > 0 else { return nil }
        return quota / period
    }

    private static func legacy(_ folder: String) -> Double? {
        guard let quota = words(folder + "/cpu.cfs_quota_us").first.flatMap(Double.init), quota > 0,
            let period = words(folder + "/cpu.cfs_period_us").first.flatMap(Double.init), period > 0
        else { return nil }
        return quota / period
    }

    private static func words(_ path: String) -> [Substring] {
        // Most folders have no such file; a group without one sets no limit.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(whereSeparator: \.isWhitespace)
    }
}
