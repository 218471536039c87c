import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperSandbox

@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct SandboxEscapeTests {
    @Test func everyAttemptIsContainedAndTheNextEpisodeIsUnharmed() async throws {
        let victim = try ChildProcess(["sleep", "300"])
        let secrets = try HostSecrets.make(victim: victim.identifier)
        defer { secrets.remove() }
        let faults = try await Self.faults(of: EscapeAttempt.all, Sandbox.Options(limits: EscapeAttempt.limits), secrets)
        #expect(faults.isEmpty)
        print("escape attempts against the shell: \(EscapeAttempt.all.count)")
        #expect(EscapeAttempt.all.count >= 60)
        #expect(victim.status == nil)
        #expect(try String(contentsOfFile: secrets.file, encoding: .utf8) == secrets.text)
        await victim.close()
    }

    /// With several users inside, root inside has more powers; none of them reaches further.
    @Test(.enabled(if: geteuid() == 0, "not root")) func aMachineWithManyUsersIsAsTight() async throws {
        let victim = try ChildProcess(["sleep", "300"])
        let secrets = try HostSecrets.make(victim: victim.identifier)
        defer { secrets.remove() }
        let faults = try await Self.faults(
            of: EscapeAttempt.forManyUsers, Sandbox.Options(limits: EscapeAttempt.limits, hasManyUsers: true), secrets)
        print("escape attempts against a shell with many users: \(EscapeAttempt.forManyUsers.count)")
        #expect(faults.isEmpty)
        #expect(victim.status == nil)
        await victim.close()
    }

    /// Temper run as root starts sandboxes as another user; here the same attempts are made when Temper itself runs as nobody.
    @Test(.enabled(if: geteuid() == 0, "not root")) func everyAttemptIsContainedForAnOrdinaryUserToo() async throws {
        let result = try await runAlone(
            "SandboxEscapeTests/everyAttemptIsContainedAndTheNextEpisodeIsUnharmed",
            ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
        #expect(result.status == .exited(0) && result.text.contains("with 1 test"), "\(result.text.suffix(3_000))")
    }

    private static func faults(of attempts: [EscapeAttempt], _ options: Sandbox.Options, _ secrets: HostSecrets) async throws
        -> [String]
    {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var faults: [String?] = []
            for (index, attempt) in attempts.enumerated() {
                if index >= 6, let fault = try await group.next() { faults.append(fault) }
                group.addTask { try await Self.fault(of: attempt, options, secrets).map { "\(attempt.name): \($0)" } }
            }
            for try await fault in group { faults.append(fault) }
            return faults.compactMap { $0 }
        }
    }

    private static func fault(of attempt: EscapeAttempt, _ options: Sandbox.Options, _ secrets: HostSecrets) async throws
        -> String?
    {
        let sandbox = try await Sandbox(options)
        var results: [Sandbox.Command] = []
        for command in attempt.commands { results.append(try await sandbox.command(secrets.filled(command))) }
        let fault = try await attempt.fault(results, sandbox, secrets)
        await sandbox.close()
        let next = try await Sandbox()
        let greeting = try await next.command("echo hello; ls -A /root /tmp | wc -l")
        await next.close()
        return fault ?? (greeting.output == "hello\n5" ? nil : "the next sandbox says \(greeting)")
    }
}

extension HostSecrets {
    static func make(victim: Int32) throws -> HostSecrets {
        let text = "secret-\(UInt64.random(in: .min ... .max))"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("hidden.txt").path
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        setenv("TEMPER_TEST_SECRET", text, 1)
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length)
                listen(socket, 8)
                getsockname(socket, address, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        return HostSecrets(
            folder: folder.path, file: file, text: text, variable: "TEMPER_TEST_SECRET", port: port, victim: victim,
            socket: socket)
    }

    func filled(_ command: String) -> String {
        [("$FILE", file), ("$FOLDER", folder), ("$PORT", "\(port)"), ("$VICTIM", "\(victim)")].reduce(command) { text, pair in
            text.replacingOccurrences(of: pair.0, with: pair.1)
        }
    }

    func remove() {
        unsetenv(variable)
        close(socket)
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
    }
}
