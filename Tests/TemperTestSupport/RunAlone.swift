import Foundation
package import TemperSandbox

/// Whether this process runs one test alone, so that it can count what is open.
package let isAlone = ProcessInfo.processInfo.environment["TEMPER_ALONE"] != nil

/// Whether commands can be run at all here.
package let hasSandbox = ChildProcess.find("bwrap") != nil

/// Runs one test of this program in a process of its own.
///
/// - Parameter prefix: a command that starts it, such as `setpriv` with another user.
package func runAlone(_ filter: String, _ prefix: [String] = []) async throws -> ChildProcess.Output {
    // By descriptor, because another user may not be able to reach the build folder.
    let program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    defer { close(program) }
    let maps = FileManager.default.contents(atPath: "/proc/self/maps").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let libraries = maps.split(separator: "\n").compactMap { $0.split(separator: " ").last }.filter { $0.hasSuffix(".so") }
    let folders = Set(libraries.map { "/" + $0.split(separator: "/").dropLast().joined(separator: "/") }).sorted()
    return try await ChildProcess.run(
        prefix + ["/proc/self/fd/3", "--testing-library", "swift-testing", "--filter", filter],
        environment: [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "TMPDIR": "/tmp", "TEMPER_ALONE": "1",
            "LD_LIBRARY_PATH": folders.joined(separator: ":"),
        ], folder: "/", timeLimit: .seconds(240), errors: .merged, descriptors: [program])
}
