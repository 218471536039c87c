import Foundation
import TemperCore
import TemperSandbox
import TemperTestSupport
import Testing

@testable import TemperEnvironments

@Suite(.tags(.alone), .enabled(if: hasSandbox, "bubblewrap is not installed")) struct OperatingSystemEnvironmentTests {
    private func environment(_ json: String, limits: SandboxLimits = SandboxLimits()) throws -> OperatingSystemEnvironment {
        let record = try JSONValue.parse(Data(json.utf8), named: "test")
        return OperatingSystemEnvironment(try OperatingSystemTask(record, id: "test"), id: "test", limits: limits)
    }

    private func play(_ json: String, _ actions: TemperCore.Action...) async throws -> (results: [StepResult], reward: Double) {
        let environment = try environment(json)
        _ = try await environment.reset()
        var results: [StepResult] = []
        for action in actions { results.append(try await environment.step(action)) }
        let reward = try await environment.score().reward
        await environment.close()
        return (results, reward)
    }

    private static let counting = """
        {"create": {"init": ["echo 1 > a; echo 2 > b", {"code": "mkdir c"}]}, "start": "x=5; cd c",
         "evaluation": {"check": [null, {"language": "python", "file": "check/integer-match.py"}], "example": "ls | wc -l"}}
        """

    @Test func initStartAndCheckSeeTheSameMachine() async throws {
        let right = try await play(Self.counting, Action("bash", "pwd; echo $x; ls .. | wc -l"), Action("answer", " 3 "))
        #expect(right.results[0] == StepResult("/root/c\n5\n3"))
        #expect(right.results[1].isDone && right.reward == 1)
        #expect(try await play(Self.counting, Action("answer", "4")).reward == 0)
        #expect(try await play(Self.counting, Action("finish", "")).reward == 0)
        #expect(try await play(Self.counting, Action("finish", "3")).reward == 0)
        #expect(try await play(Self.counting, Action("bash", "ls")).reward == 0)
        // The reference sees the machine as it was given to the policy, not what the policy made of it.
        #expect(try await play(Self.counting, Action("bash", "touch ../d"), Action("answer", "4")).reward == 0)
        #expect(try await play(Self.counting, Action("bash", "touch ../d"), Action("answer", "3")).reward == 1)
    }

    @Test func everyStepOfACheckGetsAnswerAndOutputs() async throws {
        let json = """
            {"evaluation": {"check": [null, "[ \\"$1\\" = hi ] && [ \\"$2\\" = seven ] && echo third",
              {"language": "python", "code": "from sys import argv; assert argv[1] == 'hi' and argv[3].strip() == 'third', argv"}],
              "example": "printf seven"}}
            """
        #expect(try await play(json, Action("answer", "hi")).reward == 1)
        #expect(try await play(json, Action("answer", "ho")).reward == 0)
    }

    @Test func observationsAreCutAndCleaned() async throws {
        let json = "{\"evaluation\": {\"match\": \"x\"}}"
        let long = try await play(json, Action("bash", "printf 'a%.0s' $(seq 801)"), Action("bash", "printf 'a%.0s' $(seq 800)"))
        #expect(
            long.results[0].observation == String(repeating: "a", count: 780) + "\n[truncated because the output is too long]")
        #expect(long.results[1].observation.count == 800)
        let odd = try await play(
            json, Action("bash", "printf '\\033[31mred\\033[0m'"), Action("bash", "true"), Action("look", "around"))
        #expect(odd.results[0].observation == "red" && odd.results[1].observation == "")
        #expect(!odd.results[2].isValid && !odd.results[2].isDone)
        #expect(odd.results[2].observation == "There is no action 'look'. The actions are bash, answer and finish.")
    }

    @Test func aCommandThatDoesNotEndIsReportedAndTheEpisodeGoesOn() async throws {
        var limits = SandboxLimits()
        limits.commandTime = .seconds(1)
        let environment = try environment("{\"evaluation\": {\"match\": \"x\"}}", limits: limits)
        _ = try await environment.reset()
        let hung = try await environment.step(Action("bash", "echo begun; sleep 100"))
        #expect(hung.observation == "begun\n[the command ran longer than 1 seconds and was stopped; a new shell was started]")
        #expect(
            try await environment.step(Action("bash", "exit")).observation == "[the shell has ended; a new shell was started]")
        #expect(try await environment.step(Action("bash", "echo on")).observation == "on")
        await environment.close()
    }

    @Test func theReferenceAndTheCheckCannotBeReadOrBent() async throws {
        let json = """
            {"create": {"init": "echo 1 > a"},
             "evaluation": {"check": [null, {"file": "check/integer-match.py"}], "example": "ls | wc -l #REFERENCE"}}
            """
        let reading = try await play(
            json, Action("bash", "grep -rs 'REFERENC[E]' /root /tmp /var /etc /run /proc/[0-9]*/cmdline /proc/[0-9]*/environ"))
        #expect(reading.results[0].observation == "")
        for trick in [
            "printf '#!/bin/bash\\necho 7\\n' > /root/wc; chmod +x /root/wc; cp --remove-destination /root/wc /usr/bin/wc",
            "printf '#!/bin/bash\\necho 7\\n' > /usr/local/bin/wc; chmod +x /usr/local/bin/wc",
            "printf '#!/bin/bash\\necho 7\\n' > /usr/local/sbin/ls; chmod +x /usr/local/sbin/ls",
            "echo 'wc() { echo 7; }' > ~/.bashrc; cp ~/.bashrc /etc/profile; cp ~/.bashrc /etc/bash.bashrc; cp ~/.bashrc ~/.bash_profile",
            "export BASH_ENV=~/x; echo 'exit 0' > ~/.x; alias wc='echo 7'", "echo /root/x.so > /etc/ld.so.preload",
            "rm -f /usr/bin/bash /bin/sh", "(while :; do kill -9 -1; pkill -9 wc; done) & (while :; do pkill -9 bash; done) &",
            "printf '#!/bin/bash\\necho 7\\n' > /usr/sbin/wc; chmod +x /usr/sbin/wc",
            "mkdir -p /usr/lib/python3; echo 'import os; os._exit(0)' > /usr/lib/python3/sitecustomize.py",
        ] {
            #expect(try await play(json, Action("bash", trick), Action("answer", "7")).reward == 0, "\(trick)")
        }
    }

    @Test func brokenMachinesScoreNothingAndAreNoError() async throws {
        #expect(
            try await play(
                Self.counting, Action("bash", "rm -rf --no-preserve-root / 2>/dev/null"), Action("bash", "ls"),
                Action("answer", "0")
            ).reward == 0)
        #expect(try await play(Self.counting, Action("bash", ":(){ :|:& };:"), Action("answer", "0")).reward == 0)
    }

    @Test func aPreparationThatHangsIsAnErrorOfTheWorld() async throws {
        var limits = SandboxLimits()
        limits.commandTime = .milliseconds(500)
        let environment = try environment(
            "{\"create\": {\"init\": \"sleep 100\"}, \"evaluation\": {\"match\": \"x\"}}", limits: limits)
        await #expect(throws: TemperError.self) { _ = try await environment.reset() }
        await environment.close()
    }
}
