import Foundation

/// What this build is.
package enum Build {
    package static let version = "0.1.0"

    /// Temper and the parts that decide numbers.
    package static var versions: [String: String] {
        [
            "temper": version, "system": "\(ProcessInfo.processInfo.operatingSystemVersionString)",
            "cores": "\(ProcessInfo.processInfo.activeProcessorCount)",
        ]
    }

    /// The commit of the working folder, where it is a git checkout and git is there.
    package static let commit: (hash: String, isDirty: Bool)? = {
        guard let hash = git(["rev-parse", "HEAD"])?.trimmingCharacters(in: .whitespacesAndNewlines), hash.count == 40 else {
            return nil
        }
        return (hash, git(["status", "--porcelain"])?.isEmpty == false)
    }()

    private static func git(_ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return nil
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }
}
