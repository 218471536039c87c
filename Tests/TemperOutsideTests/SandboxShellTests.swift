import Foundation
import TemperCore
import TemperSandbox
import Testing

@testable import TemperOutside

/// The same suites as with the tests' plain shell, in the real sandbox.
@Suite(.tags(.alone), .enabled(if: ChildProcess.find("bwrap") != nil)) struct SandboxShellTests {
    private func suite(_ tools: String, reward: String = "exact_match", in folder: String) throws -> FileSuite {
        let yaml = "instruction: Work.\ntasks: { files: { test: tasks.jsonl } }\nreward: \(reward)\n\(tools)"
        try write(yaml, to: "\(folder)/suite.yaml")
        let record = #"{"instruction": "Go.", "answer": "42", "long": "\#(String(repeating: "é", count: 150_000))"}"#
        try write(record, to: "\(folder)/tasks.jsonl")
        return try FileSuite("\(folder)/suite.yaml")
    }

    @Test func aToolRunsInTheSandboxAndItsArgumentIsData() async throws {
        try await withFolder { folder in
            let suite = try suite(
                """
                setup: wc -c > size; echo 7 > seven; echo $TASK_answer >> seven
                tools:
                  - { name: show, shell: 'printf "%s|" "$1"; cat' }
                  - { name: bash, shell: 'bash -c "$1"', seconds: 1 }
                """, reward: #"{ check: 'test "$1" = "$(head -1 /root/seven)"' }"#, in: folder)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let evil = #"'; touch /root/pwned; $(touch pwned) "x" \ *"#
            let commands = [
                "id -u; ls /root; cat size", "echo 5 > five; cd /tmp; exit 3", "cat five; pwd", "echo first; sleep 20",
                "cat \(folder)/suite.yaml",
                "kill -9 $PPID; sleep 1", "echo still here", "cat < /dev/tcp/1.1.1.1/80",
                "date > /root/seven; (while true; do sleep 0.1; date > /root/seven; done) & sleep 0.2",
            ]
            let played = try await act(
                suite, task, [Action("show", evil)] + commands.map { Action("bash", $0) } + [Action("finish", "7")])
            let seen = played.results.map(\.observation)
            #expect(seen[0] == "\(evil)|\(evil)")
            #expect(seen[1].hasPrefix("0\nseven\nsize\n300"))
            #expect(seen[2] == "(exit code 3)")
            #expect(seen[3] == "5\n/root")
            #expect(seen[4] == "first\n(stopped after 1 s)")
            #expect(seen[5].contains("No such file"))
            #expect(seen[7] == "still here")
            #expect(seen[8].contains("Network is unreachable"))
            #expect(played.results.last?.isDone == true)
            // The last command overwrote the file with the year's date, which is not 7; it was ended before the check looked.
            #expect(played.score.reward == 0)
        }
    }

    @Test func aCheckScriptSeesRecordAnswerAndFiles() async throws {
        try await withFolder { folder in
            let check = #"{ check: 'test "$1" = 42 && grep -q "\"answer\":\"42\"" && cat /root/made', seconds: 5 }"#
            let suite = try suite("tools: [{ name: bash, shell: 'bash -c \"$1\"' }]", reward: check, in: folder)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            let half = try await act(suite, task, [Action("bash", "echo 0.5 > made"), Action("finish", "42")])
            #expect(half.score == Score(reward: 0.5, metrics: ["check": 0.5]))
            #expect(try await act(suite, task, [Action("finish", "42")]).score.reward == 0)
            // Another program in the place of `cat` changes nothing: the check has the system's own.
            let bent =
                "echo 0.25 > made; printf '#!/bin/sh\\necho 1\\n' > cat; chmod +x cat; cp --remove-destination cat /usr/bin/cat"
            #expect(try await act(suite, task, [Action("bash", bent), Action("finish", "42")]).score.reward == 0.25)
        }
    }

    @Test func aPipeInThePlaceOfAFileIsWrongAndNoErrorOfTheCheck() async throws {
        try await withFolder { folder in
            let suite = try suite(
                "tools: [{ name: bash, shell: 'bash -c \"$1\"' }]", reward: "{ check: 'cat /root/made', seconds: 1 }", in: folder)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            #expect(try await act(suite, task, [Action("bash", "echo 1 > made"), Action("finish", "")]).score.reward == 1)
            #expect(try await act(suite, task, [Action("bash", "mkfifo made"), Action("finish", "")]).score.reward == 0)
        }
    }

    /// What a policy leaves where the check's Python, shell and programs look for code is not run.
    @Test func aCheckScriptTakesNoCodeOfThePolicys() async throws {
        try await withFolder { folder in
            let check = """
                {{ check: 'python3 -c "import json, sys; sys.exit(json.loads(sys.argv[1]) != 42)" "$1" && test "$PWD" = "$HOME" && test -z "$(ls -A)"' }}
                """.replacing("{{", with: "{").replacing("}}", with: "}")
            let suite = try suite("tools: [{ name: bash, shell: 'bash -c \"$1\"' }]", reward: check, in: folder)
            let task = try suite.tasks(split: "test", limit: 1)[0]
            #expect(try await act(suite, task, [Action("finish", "42")]).score.reward == 1)
            for trick in [
                "echo 'loads = lambda text: 42' > /root/json.py; cp /root/json.py /tmp/json.py",
                "echo 'import os; os._exit(0)' | tee /root/sitecustomize.py > /root/usercustomize.py; mkdir -p /root/.local/lib/python3.11/site-packages; cp /root/usercustomize.py /root/.local/lib/python3.11/site-packages/",
                "echo 'exit 0' | tee ~/.bashrc ~/.profile ~/.bash_profile /etc/profile > /etc/bash.bashrc",
                "printf '#!/bin/sh\\nexit 0\\n' > /usr/local/bin/python3; chmod +x /usr/local/bin/python3; cp --remove-destination /usr/local/bin/python3 /usr/bin/python3",
                "rm -f /usr/bin/python3* /usr/local/bin/python3*", "mkdir -p /check; cp /usr/bin/true /check/python3",
            ] {
                let played = try await act(suite, task, [Action("bash", trick), Action("finish", "7")])
                #expect(played.score.reward == 0, "\(trick)")
            }
        }
    }

    /// An environment that tells what it can see.
    private static let curious = """
        import os, socket
        from temper_environment import serve

        class Curious:
            def reset(self, task):
                return open("note.txt").read()

            def step(self, name, argument):
                try:
                    if name == "read":
                        return open(argument).read()
                    if name == "connect":
                        socket.create_connection(("1.1.1.1", 80), 2)
                    if name == "key":
                        return os.environ.get(argument, "no such variable")
                    return os.getcwd()
                except OSError as error:
                    return str(error)

            def score(self):
                return 1

        serve(Curious)
        """

    @Test func anEnvironmentMayRunInTheSandbox() async throws {
        try await withFolder { folder in
            let yaml = """
                instruction: Look.
                tasks: { numbers: { test: 0-1 } }
                process: { command: [python3, curious.py], sandbox: true, environment: { HOUSE: red house } }
                """
            let files = ["curious.py": Self.curious, "note.txt": "a note"]
            let suite = try fileSuite(yaml, in: folder, files: files)
            setenv("TEMPER_TEST_SECRET", "secret", 1)
            defer { unsetenv("TEMPER_TEST_SECRET") }
            let actions = [
                Action("read", "\(folder)/note.txt"), Action("connect", ""), Action("key", "TEMPER_TEST_SECRET"),
                Action("key", "HOUSE"),
                Action("where", ""),
            ]
            let played = try await act(suite, suite.tasks(split: "test", limit: 1)[0], actions)
            #expect(played.opening == "a note")
            let seen = played.results.map(\.observation)
            #expect(seen[0].contains("No such file or directory"))
            #expect(seen[1].contains("Network is unreachable"))
            #expect(Array(seen[2...]) == ["no such variable", "red house", "/root/program"])
            #expect(played.score.reward == 1)
            // Without the sandbox the same program sees the folder itself.
            let trusted = try fileSuite(yaml.replacing("sandbox: true", with: "sandbox: false"), in: folder)
            let open = try await act(trusted, trusted.tasks(split: "test", limit: 1)[0], actions)
            #expect(open.results[0].observation == "a note")
        }
    }

    @Test func aSandboxedServerOfToolsAnswersToo() async throws {
        try await withFolder { folder in
            let yaml = """
                instruction: Look.
                tasks: { files: { test: tasks.jsonl } }
                tools: [{ mcp: { command: [python3, server.py], sandbox: true } }]
                reward: exact_match
                """
            let suite = try fileSuite(
                yaml, in: folder, files: ["server.py": scriptedServer, "tasks.jsonl": #"{"instruction": "Go.", "answer": "4"}"#])
            let played = try await act(suite, suite.tasks(split: "test", limit: 1)[0], [Action("twice", "2")])
            #expect(played.results[0].observation == "4")
        }
    }
}
