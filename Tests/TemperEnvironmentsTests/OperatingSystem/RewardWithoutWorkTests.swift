import Foundation
import TemperCore
import TemperSandbox
import TemperTestSupport
import Testing

@testable import TemperEnvironments

/// Ways to a reward of the shell suites that are not the work.
@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct RewardWithoutWorkTests {
    private func reward(_ json: String, _ command: String?, _ answer: String?, instruction: String = "") async throws -> Double {
        let record = try JSONValue.parse(Data(json.utf8), named: "test")
        let environment = OperatingSystemEnvironment(
            try OperatingSystemTask(record, id: "test"), id: "test", instruction: instruction)
        _ = try await environment.reset()
        if let command { _ = try await environment.step(Action("bash", command)) }
        _ = try await environment.step(answer.map { Action("answer", $0) } ?? Action("finish", ""))
        let reward = try await environment.score().reward
        await environment.close()
        return reward
    }

    private static func compared(with reference: String, by check: String = "integer-match") -> String {
        """
        {"create": {"init": "mkdir /data; touch /data/a /data/b /data/c; echo $RANDOM > /data/number"},
         "evaluation": {"check": [null, {"file": "check/\\(check).py"}], "example": "\\(reference)"}}
        """.replacing("\\(check)", with: check).replacing("\\(reference)", with: reference)
    }

    @Test func destroyedEvidenceIsWorthNothing() async throws {
        let counting = Self.compared(with: "find /data -name '?' | wc -l")
        #expect(try await reward(counting, nil, "3") == 1)
        for trick in [
            "rm -f /usr/bin/find /usr/bin/grep /usr/bin/ls /usr/bin/wc", "rm -rf /data", "rm -rf /data/*; mkdir -p /data",
            "rm -rf /data; ln -s /nowhere /data", "chmod 000 /data; mv /data /elsewhere",
            "rm -rf --no-preserve-root / 2>/dev/null",
            "mv /usr/bin/find /usr/bin/x; printf '#!/bin/sh\\n' > /usr/bin/find; chmod +x /usr/bin/find",
        ] {
            #expect(try await reward(counting, trick, "0") == 0, "\(trick)")
            // What was destroyed is not an obstacle to who knows the answer: the reference never saw it.
            #expect(try await reward(counting, trick, "3") == 1, "\(trick)")
        }
    }

    @Test func whatTheReferenceReadsIsWhatInitWrote() async throws {
        let reading = Self.compared(with: "cat /data/number", by: "string-match")
        #expect(try await reward(reading, "echo 7 > /data/number", "7") == 0)
        #expect(
            try await reward(
                reading, "umount /data; mount --bind /etc /data; rm -rf /data; mkdir /data; echo 7 > /data/number", "7") == 0)
    }

    @Test func nothingIsRightWhereTheReferenceSaysNothing() async throws {
        for check in ["integer-match", "string-match", "containing", "in", "size-match"] {
            for reference in ["true", "echo", "ls /no-such-folder", "no-such-program | wc -l", "no-such-program; echo 0"] {
                for answer in ["", " ", "0", "\n"] {
                    #expect(
                        try await reward(Self.compared(with: reference, by: check), nil, answer) == 0, "\(check) \(reference)")
                }
            }
        }
        #expect(try await reward(Self.compared(with: "echo text", by: "in"), nil, "") == 0)
        let scripted = #"{"evaluation": {"check": [null, "[ \"$1\" = \"$2\" ]"], "example": "true"}}"#
        #expect(try await reward(scripted, nil, "") == 0)
    }

    @Test(.enabled(if: access("/usr/bin/cc", X_OK) == 0, "no compiler")) func aLibraryOfThePolicysIsNotLoaded() async throws {
        let library = """
            echo '#include <unistd.h>
            __attribute__((constructor)) static void answer(void) { write(1, "7\\n", 2); _exit(0); }' > /root/x.c
            cc -shared -fPIC -o /root/x.so /root/x.c && echo /root/x.so > /root/list
            """
        for placed in ["ln -s /root/list /etc/ld.so.preload", "cp /root/list /etc/ld.so.preload"] {
            let trick = library + "\n" + placed
            #expect(try await reward(Self.compared(with: "ls /data | wc -l"), trick, "7") == 0)
            #expect(try await reward(#"{"evaluation": {"check": ["cat /root/done | grep -q yes"]}}"#, trick, nil) == 0)
        }
    }

    @Test func aCheckIsNotAnsweredForByThePolicysPrograms() async throws {
        let find = #"""
            {"create": {"init": "chmod u+s /usr/bin/find"},
             "evaluation": {"check": {"code": "ls -l /usr/bin/find | awk '{if ($1~/^-..s/) { exit 1; } else { exit 0; }}'"}}}
            """#
        #expect(try await reward(find, nil, nil) == 0)
        #expect(try await reward(find, "chmod u-s /usr/bin/find", nil) == 1)
        #expect(try await reward(find, "rm -f /usr/bin/find", nil) == 0)
        #expect(try await reward(find, "cp --remove-destination /usr/bin/true /usr/bin/find", nil) == 0)
        #expect(try await reward(find, "rm -f /usr/bin/find; ln -s /root/x /usr/bin/find", nil) == 0)
        let path = #"""
            {"create": {"init": ["mkdir -p ~/a/b; printf '#!/bin/bash\\necho I love myself.\\n' > ~/a/b/echo-love; chmod +x ~/a/b/echo-love", "echo '' > ~/.bashrc"]},
             "evaluation": {"check": ["source ~/.bashrc && x=$(echo-love) && [ \"$x\" == \"I love myself.\" ] && exit 0"]}}
            """#
        #expect(try await reward(path, nil, nil) == 0)
        #expect(try await reward(path, "echo 'export PATH=$PATH:/root/a/b' > ~/.bashrc", nil) == 1)
        #expect(try await reward(path, "echo 'exit 0' > ~/.bashrc", nil) == 0)
        #expect(try await reward(path, "echo 'echo-love() { echo \"I love myself.\"; }' > ~/.bashrc", nil) == 0)
        #expect(
            try await reward(
                path,
                "printf '#!/bin/bash\\necho I love myself.\\n' > /usr/local/bin/echo-love; chmod +x /usr/local/bin/echo-love", nil
            ) == 0)
        let sudo = #"""
            {"create": {"init": "apt install no-such-tool"}, "evaluation": {"check": {"code": "no-such-tool whoami | if [ \"$(cat -)\" = \"root\" ]; then exit 0; else exit 1; fi"}}}
            """#
        let fake = "printf '#!/bin/sh\\necho root\\n' > /usr/local/bin/no-such-tool; chmod +x /usr/local/bin/no-such-tool"
        #expect(try await reward(sudo, fake, nil, instruction: "Why can't I use no-such-tool?") == 0)
    }

    @Test(.enabled(if: geteuid() == 0, "tasks that make users need root or a range of users")) func usersAreReadAsData()
        async throws
    {
        let json = #"""
            {"create": {"init": "echo test > /testfile; for u in jack george; do useradd -s /bin/bash -d /home/$u -m $u; done; chmod 600 /testfile"},
             "evaluation": {"check": {"code": "(runuser -l jack -c 'cat /testfile'; runuser -l george -c 'cat /testfile') 2>/dev/null | if [ \"$(cat -)\" = test ]; then exit 0; else exit 1; fi"}}}
            """#
        #expect(try await reward(json, nil, nil) == 0)
        #expect(
            try await reward(json, "groupadd tmp && usermod -a -G tmp jack && chmod 640 /testfile && chgrp tmp /testfile", nil)
                == 1)
        for trick in [
            "printf '#!/bin/sh\\necho test\\n' > /home/jack/sh; chmod +x /home/jack/sh; sed -i 's#/home/jack:/bin/bash#/home/jack:/home/jack/sh#' /etc/passwd",
            "for f in .profile .bash_profile .bash_login .bashrc; do echo 'echo test; exit' > /home/jack/$f; done",
            "echo 'cat() { [ $USER = jack ] && echo test; }' > /etc/profile; cp /etc/profile /etc/profile.d/x.sh",
            "sed -i 's#/home/jack:/bin/bash#/home/jack:/bin/../home/jack/sh#' /etc/passwd; printf '#!/bin/sh\\necho test\\n' > /home/jack/sh; chmod +x /home/jack/sh",
        ] { #expect(try await reward(json, trick, nil) == 0, "\(trick)") }
    }

    @Test(.enabled(if: geteuid() == 0, "not root")) func theSameForAnOrdinaryUser() async throws {
        for name in [
            "destroyedEvidenceIsWorthNothing", "whatTheReferenceReadsIsWhatInitWrote", "aLibraryOfThePolicysIsNotLoaded",
            "aCheckIsNotAnsweredForByThePolicysPrograms",
        ] {
            let result = try await runAlone(
                "RewardWithoutWorkTests/\(name)", ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"])
            #expect(result.status == .exited(0) && result.text.contains("with 1 test"), "\(name): \(result.text.suffix(3_000))")
        }
    }
}
