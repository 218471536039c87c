import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperSandbox

@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct SandboxTests {
    @Test func folderVariablesFunctionsAndFilesLastFromCommandToCommand() async throws {
        let sandbox = try await Sandbox()
        #expect(try await sandbox.command("cd /usr; x=5; f() { echo \"f $1\"; }; echo hi > /usr/new").output == "")
        #expect(try await sandbox.command("pwd; echo $x; f 3; cat /usr/new; id -u").output == "/usr\n5\nf 3\nhi\n0")
        #expect(try await sandbox.command("false").status == 1)
        await sandbox.close()
        #expect(!FileManager.default.fileExists(atPath: "/usr/new"))
    }

    @Test func anyTextIsACommand() async throws {
        let sandbox = try await Sandbox()
        #expect(try await sandbox.command("echo 'a\nb' \"c'd\" e\\\nf").output == "a\nb c'd ef")
        #expect(try await sandbox.command("cat <<X\n$((1+1)) '\nX").output == "2 '")
        #expect(try await sandbox.command("'").output.contains("unexpected EOF"))
        #expect(try await sandbox.command("fi )(").status == 2)
        #expect(try await sandbox.command("").output == "")
        #expect(try await sandbox.command("# nothing").output == "")
        #expect(try await sandbox.command("printf 'a\\0b\\377c'").output == "a\0b\u{FFFD}c")
        #expect(try await sandbox.command("echo a\0b").output == "ab")
        #expect(try await sandbox.command("echo " + String(repeating: "x", count: 100_000)).output.count == 100_000)
        #expect(try await sandbox.command("echo ü; echo error >&2").output == "ü\nerror")
        #expect(try await sandbox.command("printf 'no line end'").output == "no line end")
        await sandbox.close()
    }

    @Test func aShellThatEndsOrHangsIsStartedAnewWithTheSameFiles() async throws {
        var options = Sandbox.Options()
        options.limits.commandTime = .seconds(3)
        let sandbox = try await Sandbox(options)
        _ = try await sandbox.command("echo kept > ~/file; x=1")
        #expect(try await sandbox.command("echo last words; exit 7").ending == .shellEnded)
        #expect(try await sandbox.command("cat ~/file; echo \"x=$x\"; pwd").output == "kept\nx=\n/root")
        let hung = try await sandbox.command("echo begun; sleep 100")
        #expect(hung.ending == .timedOut && hung.output == "begun")
        #expect(try await sandbox.command("cat ~/file; ps -ef | grep -c '[s]leep 100'").output == "kept\n0")
        await sandbox.close()
    }

    @Test func stepsRunBesideTheShellInTheSameFiles() async throws {
        let sandbox = try await Sandbox()
        _ = try await sandbox.command("echo from the shell > /root/a; sleep 100 &")
        let output = try await sandbox.run(
            "cat /root/a; echo $1-$2; echo oops >&2; echo made > /root/b; exit 3", arguments: ["x y", "z"])
        #expect(output.text == "from the shell\nx y-z\n" && output.errorText == "oops\n" && output.status == .exited(3))
        #expect(try await sandbox.command("cat /root/b").output == "made")
        await sandbox.endShell()
        #expect(try await sandbox.run("cat /root/b").text == "made\n")
        await sandbox.close()
        await #expect(throws: TemperError.self) { _ = try await sandbox.command("true") }
        await #expect(throws: TemperError.self) { _ = try await sandbox.run("true") }
    }

    @Test(.enabled(if: geteuid() == 0, "not root")) func usersCanBeMadeWhereThatIsAskedFor() async throws {
        let sandbox = try await Sandbox(
            Sandbox.Options(hasManyUsers: true, copies: ["/usr/bin/find", "/usr/bin/no-such", "/etc/passwd"]))
        #expect(
            try await sandbox.command("useradd -m jack; su jack -c 'id -un; touch ~/x'; stat -c %U /home/jack/x").output
                == "jack\njack")
        #expect(try await sandbox.command("chmod u+s /usr/bin/find; stat -c %a /usr/bin/find").output == "4755")
        #expect(try await sandbox.type("su - jack").ending == .completed)
        #expect(try await sandbox.command("whoami; pwd").output == "jack\n/home/jack")
        await sandbox.close()
    }

    @Test func aSandboxEndsWithTheProgramThatMadeIt() async throws {
        let result = try await runAlone("SandboxTests/aSandboxThatWaits", ["timeout", "-s", "KILL", "5"])
        #expect(result.text.contains("it waits") && !result.text.contains("with 1 test"), "\(result.text.suffix(3_000))")
        for _ in 0..<100 where !ChildProcessTests.processes(with: "86421.5").isEmpty {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(ChildProcessTests.processes(with: "86421.5").isEmpty)
    }

    @Test(.enabled(if: isAlone, "run by another test")) func aSandboxThatWaits() async throws {
        let sandbox = try await Sandbox()
        _ = try await sandbox.command("setsid sleep 86421.5 & sleep 0.1")
        #expect(ChildProcessTests.processes(with: "86421.5").count == 1)
        FileHandle.standardError.write(Data("it waits\n".utf8))
        try await Task.sleep(for: .seconds(60))
        await sandbox.close()
    }

    @Test func episodesLeaveNoProcessMountDescriptorOrFolder() async throws {
        let result = try await runAlone("SandboxTests/twoHundredEpisodesLeaveNothingBehind")
        #expect(result.status == .exited(0) && result.text.contains("with 1 test"), "\(result.text.suffix(3_000))")
    }

    @Test(.enabled(if: isAlone, "run by another test")) func twoHundredEpisodesLeaveNothingBehind() async throws {
        let first = try await Sandbox()
        await first.close()
        try await Task.sleep(for: .milliseconds(1))  // the runtime opens descriptors for its first sleep
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        let folders = try FileManager.default.contentsOfDirectory(atPath: "/tmp").count
        let descriptors = ChildProcessTests.openDescriptors()
        let mark = "7\(UInt32.random(in: 10_000...99_999))"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                if index >= 16 { try await group.next() }
                group.addTask {
                    let sandbox = try await Sandbox()
                    _ = try await sandbox.command("sleep \(mark) & setsid sleep \(mark) & echo x > /tmp/file")
                    switch index % 4 {
                    case 0: await sandbox.close()
                    case 1: _ = try await sandbox.command("exit")
                    case 2: _ = try await sandbox.run("cat /tmp/file")
                    default: break  // given up without close
                    }
                }
            }
            try await group.waitForAll()
        }
        for _ in 0..<100
        where !ChildProcessTests.processes(with: mark).isEmpty || ChildProcessTests.openDescriptors() > descriptors {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(ChildProcessTests.processes(with: mark).isEmpty)
        #expect(ChildProcessTests.openDescriptors() == descriptors)
        #expect(try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) == mounts)
        // Other programs use the folder too.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/tmp").count < folders + 100)
        #expect(ProcessTree.count(below: getpid()) == 0)
    }
}
