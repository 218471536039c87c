import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperSandbox

@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct SandboxCheckTests {
    private func check(_ sandbox: Sandbox, _ script: String, home: String = "/root", task: String = "") async throws
        -> ChildProcess.Output
    {
        await sandbox.endShell()
        let view = CheckView(of: script, task: task, home: home)
        return try await sandbox.check(
            ["bash", "-c", try await sandbox.checkPrelude(for: view) + script, "bash", "x"], view: view)
    }

    private func check(after command: String, _ script: String, home: String = "/root", task: String = "") async throws
        -> ChildProcess.Output
    {
        let sandbox = try await Sandbox()
        _ = try await sandbox.command("mkdir -p /root/data; touch /root/data/one")
        _ = try await sandbox.command(command)
        let output = try await check(sandbox, script, home: home, task: task)
        await sandbox.close()
        return output
    }

    @Test func noAttemptBendsACheck() async throws {
        print("attempts against checks: \(CheckAttempt.all.count + CheckAttempt.damaging.count)")
        #expect(CheckAttempt.all.count >= 20)
        for attempt in CheckAttempt.all {
            let output = try await check(after: attempt.command, attempt.script, home: attempt.home)
            #expect(output.text == attempt.output, "\(attempt.name): \(output.errorText)")
        }
        for attempt in CheckAttempt.damaging {
            let output = try await check(after: attempt.command, attempt.script)
            #expect(output.status == .exited(1), "\(attempt.name)")
            #expect(output.errorText.hasPrefix("the machine is damaged: "), "\(attempt.name): \(output.errorText)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "not root")) func norDoesAnyForAnOrdinaryUser() async throws {
        let result = try await runAlone(
            "SandboxCheckTests/noAttemptBendsACheck", ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
        #expect(result.status == .exited(0) && result.text.contains("with 1 test"), "\(result.text.suffix(3_000))")
    }

    /// Where there is a compiler: a library that answers for every program that it is loaded into.
    @Test(.enabled(if: access("/usr/bin/cc", X_OK) == 0, "no compiler")) func aLoadedLibraryIsNotLoadedIntoTheCheck() async throws
    {
        let command = """
            echo '#include <unistd.h>
            __attribute__((constructor)) static void answer(void) { write(1, "7\\n", 2); _exit(0); }' > /root/x.c
            cc -shared -fPIC -o /root/x.so /root/x.c && echo /root/x.so > /root/list && ln -s /root/list /etc/ld.so.preload
            """
        let output = try await check(after: command, "[ -s /root/x.so ] && ls /root/data | wc -l")
        #expect(output.text == "1\n", "\(output.errorText)")
    }

    @Test func aFileThatBlocksEndsWithTheTimeLimit() async throws {
        var options = Sandbox.Options()
        options.limits.commandTime = .seconds(1)
        let sandbox = try await Sandbox(options)
        _ = try await sandbox.command("mkfifo /root/out")
        let output = try await check(sandbox, "cat /root/out")
        #expect(output.timedOut && output.status != .exited(0))
        await sandbox.close()
    }

    @Test func aCheckSeesTheWorkWhereverItIs() async throws {
        for (command, script, task) in [
            ("echo 1 > /file; mkdir -m 3750 /data; echo 2 > /srv/a; ln -s /srv/a /link", "cat /file /link; stat -c %a /data", ""),
            ("echo 5 > /etc/motd; mkdir -p /etc/app; echo 6 > /etc/app/conf", "cat /etc/motd /etc/app/conf", ""),
            ("rm /etc/shells", "[ ! -e /etc/shells ] && echo gone", ""),
            (
                "mkdir -p /usr/local/app/bin; echo 1 > /usr/local/app/bin/x; echo 2 > /usr/notes",
                "cat /usr/local/app/bin/x /usr/notes", ""
            ),
            ("echo 8 > /usr/local/share/report", "find /usr/local/share -name report | wc -l", ""),
            (
                "printf '#!/bin/sh\\necho $(($1))\\n' > /usr/local/bin/calc; chmod +x /usr/local/bin/calc", "calc 3+4",
                "Make the command calc."
            ),
            ("groupadd -g 1234 crew 2>/dev/null || echo crew:x:1234: >> /etc/group", "getent group crew | cut -d: -f3", ""),
            (
                "echo 'export PATH=$PATH:/root/tools; WORD=hello' > ~/.bashrc; mkdir ~/tools; printf '#!/bin/sh\\necho yes\\n' > ~/tools/ok; chmod +x ~/tools/ok",
                ". ~/.bashrc && ok && echo $WORD", ""
            ),
        ] {
            let sandbox = try await Sandbox()
            _ = try await sandbox.command(command)
            let seen = try await sandbox.run(script).text
            let output = try await check(sandbox, script, task: task)
            #expect(output.status == .exited(0) && !output.text.isEmpty, "\(command): \(output.errorText)")
            if !script.contains("cut") { #expect(output.text == seen, "\(command)") }
            await sandbox.close()
        }
    }

    /// A command counts as the policy's to make only when the task asks for it and the system has none of that name.
    @Test func aMissingProgramOfTheSystemEndsACheck() async throws {
        let fake = "printf '#!/bin/sh\\necho root\\n' > /usr/local/bin/no-such-tool; chmod +x /usr/local/bin/no-such-tool"
        for script in [
            "[ \"$(no-such-tool)\" = root ]", "! no-such-tool", "no-such-tool | grep -c root; true", "x=$(no-such-tool); true",
        ] {
            let output = try await check(after: fake, script)
            #expect(output.status != .exited(0), "\(script)")
            #expect(output.errorText.contains("no-such-tool: command not found"))
        }
        let prepared = CheckView(of: "sudo whoami", task: "Why can't I use sudo?", preparation: "apt install sudo")
        #expect(prepared.commands.isEmpty)
        #expect(CheckView(of: "calc 1", task: "Make the command \"calc\".").commands == ["calc"])
    }

    @Test func theTwinIsTheMachineBeforeTheFirstCommand() async throws {
        let sandbox = try await Sandbox(Sandbox.Options(copies: ["/usr/bin/find"]))
        _ = try await sandbox.command(
            "mkdir data; echo $RANDOM > data/a; cp -p data/a /usr/a; rm -f /usr/bin/env; chmod u+s /usr/bin/find")
        try await sandbox.keepTwin()
        let state =
            "cat /root/data/a /usr/a; stat -c '%y %a' /root/data/a /usr/a /usr/bin/find; ls /usr/bin/env 2>&1; pwd; echo $HOME"
        let before = try await sandbox.run(state)
        _ = try await sandbox.command("rm -rf /root/* /usr/a /usr/bin/* /etc /tmp/* /var/*; ls /; mount; cat /proc/mounts")
        await sandbox.endShell()
        let after = try await sandbox.runOnTwin(["bash", "-c", state])
        #expect(after.text == before.text && after.status == before.status)
        // Twice the same machine.
        #expect(try await sandbox.runOnTwin(["bash", "-c", "echo x >> /root/y; cat /root/y"]).text == "x\n")
        await sandbox.close()
    }

    @Test func thePolicySeesNeitherTheTwinNorTheChecksSystem() async throws {
        let sandbox = try await Sandbox()
        try await sandbox.keepTwin()
        let seen = try await sandbox.command(
            "find / -xdev -name twin 2>/dev/null; grep -c own /proc/mounts; ls /tmp/own /own 2>&1 | grep -c ^upper")
        #expect(seen.output == "0\n0")
        await sandbox.close()
    }
}
