import Foundation
import Synchronization
import TemperCore

/// The user that a sandbox's processes have on the host; it is not root.
package enum SandboxIdentity {
    /// Host users that stand for 0…65,535 inside when Temper runs as root; no login or service has them.
    private static let firstUser: UInt32 = 700_000
    private static let userCount = 65_536

    /// The host user that becomes root inside, taken first when Temper itself runs as root.
    package static let identity: UInt32 = geteuid() == 0 ? (hasRange ? firstUser : 65_534) : 0

    /// A user namespace in which many users exist, so that `useradd` and `su` work. It lives as long as the descriptor.
    ///
    /// - Throws: ``TemperError`` (unavailable) that says what is missing.
    package static func manyUsers() async throws -> Int32 { try await ManyUsers.shared.descriptor() }

    /// A user inside the namespace of many users that no living sandbox was made by.
    package static func nextCreator() -> UInt32 {
        creators.withLock { last in
            last = last % 60_000 + 1
            return last
        }
    }

    private static let creators = Mutex<UInt32>(0)

    /// Whether the host users are there to be used: a container may have fewer.
    private static let hasRange: Bool = {
        guard let map = FileManager.default.contents(atPath: "/proc/self/uid_map") else { return false }
        return String(decoding: map, as: UTF8.self).split(separator: "\n").contains { line in
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == 3 else { return false }
            return numbers[0] <= UInt64(firstUser) && UInt64(firstUser) + UInt64(userCount) <= numbers[0] + numbers[2]
        }
    }()

    private actor ManyUsers {
        static let shared = ManyUsers()
        /// All processes of all sandboxes with many users together, and of the host user that is root in them.
        private static let processes = 16_384
        private var known: Task<Int32, any Error>?

        /// Made once, also when several ask at the same time; a failure is not kept.
        func descriptor() async throws -> Int32 {
            let task = known ?? Task { try await make() }
            known = task
            do {
                return try await task.value
            } catch {
                if known == task { known = nil }
                throw error
            }
        }

        private func make() async throws -> Int32 {
            var command = ["prlimit", "--nproc=\(Self.processes)", "unshare", "--user", "sh", "-c", "echo; exec cat"]
            if geteuid() == 0 {
                command = ["setpriv", "--reuid=\(firstUser)", "--regid=\(firstUser)", "--clear-groups"] + command
            }
            let holder = try ChildProcess(command)
            do {
                guard case .line = try await holder.readLine(deadline: .now + .seconds(10)) else {
                    throw refusal(holder.errorText)
                }
                try await map(holder.identifier)
                let descriptor = open("/proc/\(holder.identifier)/ns/user", O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { throw refusal(String(cString: strerror(errno))) }
                await holder.close()
                return descriptor
            } catch {
                await holder.close()
                throw error
            }
        }

        private func map(_ process: Int32) async throws {
            if geteuid() == 0 {
                guard SandboxIdentity.hasRange else { throw refusal("host users \(firstUser)… are not mapped here") }
                for name in ["uid_map", "gid_map"] {
                    let path = "/proc/\(process)/\(name)"
                    guard let file = FileHandle(forWritingAtPath: path) else { throw refusal("cannot open \(path)") }
                    try file.write(contentsOf: Data("0 \(firstUser) \(userCount)".utf8))
                    try file.close()
                }
                return
            }
            for (tool, table, own) in [("newuidmap", "/etc/subuid", getuid()), ("newgidmap", "/etc/subgid", getgid())] {
                guard let range = subordinates(table) else { throw refusal("\(table) has no line for this user") }
                let result = try await ChildProcess.run(
                    [tool, "\(process)", "0", "\(own)", "1", "1", "\(range.first)", "\(range.count)"])
                guard result.status == .exited(0) else { throw refusal(result.errorText) }
            }
        }

        private func subordinates(_ table: String) -> (first: Int, count: Int)? {
            guard let data = FileManager.default.contents(atPath: table) else { return nil }
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
                let fields = line.split(separator: ":")
                guard fields.count == 3, fields[0] == NSUserName() || fields[0] == "\(getuid())", let first = Int(fields[1]),
                    let count = Int(fields[2]), count > 1_000
                else { continue }
                return (first, count)
            }
            return nil
        }

        private func refusal(_ reason: String) -> TemperError {
            TemperError(
                .unavailable,
                "a sandbox with several users cannot be made: \(reason.trimmingCharacters(in: .whitespacesAndNewlines))",
                hint: "install the package uidmap and give this user a range in /etc/subuid and /etc/subgid, or run as root",
                boundary: .sandbox)
        }
    }
}
