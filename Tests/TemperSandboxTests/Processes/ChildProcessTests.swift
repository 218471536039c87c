import Foundation
import TemperCore
import TemperTestSupport
import Testing

@testable import TemperSandbox

@Suite(.tags(.alone)) struct ChildProcessTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(10) }

    @Test func aChildAnswersLineByLine() async throws {
        let child = try ChildProcess(["cat"])
        for line in ["one", "zwei: ü", ""] {
            try await child.write(line: line, deadline: soon)
            #expect(try await child.readLine(deadline: soon) == .line(line))
        }
        child.closeInput()
        #expect(try await child.readLine(deadline: soon) == .ended)
        #expect(try await child.wait(deadline: soon) == .exited(0))
        await child.close()
    }

    @Test func theLastLineNeedsNoLineEnd() async throws {
        let child = try ChildProcess(["sh", "-c", "printf 'a\\r\\nb'; printf wrong >&2; exit 3"])
        #expect(try await child.readLine(deadline: soon) == .line("a"))
        #expect(try await child.readLine(deadline: soon) == .line("b"))
        #expect(try await child.readLine(deadline: soon) == .ended)
        #expect(try await child.wait(deadline: soon) == .exited(3))
        #expect(child.errorText == "wrong")
        await child.close()
    }

    @Test func aSilentChildTimesOutAndAFloodIsCut() async throws {
        let silent = try ChildProcess(["sleep", "100"])
        #expect(try await silent.readLine(deadline: .now + .milliseconds(30)) == .timedOut)
        #expect(try await silent.wait(deadline: .now + .milliseconds(5)) == nil)
        await silent.close()
        #expect(silent.status == .signalled(SIGKILL))
        let flood = try ChildProcess(["sh", "-c", "cat /dev/zero"])
        #expect(try await flood.readLine(deadline: soon, limit: 100_000) == .tooLong)
        await flood.close()
    }

    @Test func aChildThatFillsBothPipesDoesNotHang() async throws {
        let text = String(repeating: "0123456789abcdef\n", count: 40_000)
        let child = try ChildProcess(["cat"])
        try await child.write(text, deadline: soon)
        child.closeInput()
        var bytes: [UInt8] = []
        while let more = try await child.readSome(deadline: soon) { bytes += more }
        #expect(bytes == Array(text.utf8))
        await child.close()
        let output = try await ChildProcess.run(["cat"], input: Array(text.utf8))
        #expect(output.text == text && output.status == .exited(0) && !output.timedOut && !output.isTruncated)
    }

    @Test func writingToAChildThatIsGoneIsAnError() async throws {
        let child = try ChildProcess(["true"])
        _ = try await child.wait(deadline: soon)
        await #expect(throws: ChildProcess.Failure.ended) {
            try await child.write(String(repeating: "x", count: 1 << 20), deadline: soon)
        }
        let deaf = try ChildProcess(["sleep", "100"])
        await #expect(throws: ChildProcess.Failure.timedOut) {
            try await deaf.write(String(repeating: "x", count: 1 << 20), deadline: .now + .milliseconds(30))
        }
        await deaf.close()
    }

    @Test func runStopsAtItsLimits() async throws {
        let slow = try await ChildProcess.run(["sh", "-c", "echo begun; sleep 100"], timeLimit: .milliseconds(100))
        #expect(slow.timedOut && slow.text == "begun\n" && slow.status.code == 137)
        let flood = try await ChildProcess.run(["yes"], outputLimit: 10_000)
        #expect(flood.isTruncated && flood.output.count == 10_000 && !flood.timedOut)
        let merged = try await ChildProcess.run(["sh", "-c", "echo a; echo b >&2"], errors: .merged)
        #expect(merged.text == "a\nb\n")
        let dropped = try await ChildProcess.run(["sh", "-c", "echo a; echo b >&2"], errors: .dropped)
        #expect(dropped.text == "a\n" && dropped.errors.isEmpty)
    }

    @Test func theChildSeesOnlyItsEnvironmentFolderAndDescriptors() async throws {
        let output = try await ChildProcess.run(
            ["/bin/sh", "-c", "pwd; echo $A $HOME; ls /proc/self/fd"], environment: ["A": "1", "PATH": "/usr/bin:/bin"],
            folder: "/usr")
        #expect(output.text == "/usr\n1\n0\n1\n2\n3\n")  // 3 is the folder that ls reads
    }

    @Test func aProgramThatIsNotThereIsNamed() {
        #expect {
            _ = try ChildProcess(["no-such-program"])
        } throws: { "\($0)".contains("cannot start 'no-such-program': No such file or directory") }
        #expect {
            _ = try ChildProcess(["sh"], folder: "/no/such/folder")
        } throws: { ($0 as? TemperError)?.code == .unavailable }
    }

    @Test func cancellationEndsAReadAndTheChild() async throws {
        let task = Task { () -> Bool in
            do {
                _ = try await ChildProcess.run(["sleep", "100"])
                return false
            } catch { return error is CancellationError }
        }
        try await Task.sleep(for: .milliseconds(30))
        task.cancel()
        #expect(await task.value)
    }

    @Test func closingEndsTheWholeGroupAndLeavesNothingBehind() async throws {
        let result = try await runAlone("ChildProcessTests/fortyEightChildrenLeaveNothingBehind")
        #expect(result.status == .exited(0) && result.text.contains("with 1 test"), "\(result.text.suffix(3_000))")
    }

    @Test(.enabled(if: isAlone, "run by another test")) func fortyEightChildrenLeaveNothingBehind() async throws {
        let mark = "4\(UInt32.random(in: 10_000...99_999))"
        _ = try await ChildProcess.run(["true"])
        try await Task.sleep(for: .milliseconds(1))  // the runtime opens descriptors for its first sleep
        let before = Self.openDescriptors()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<48 {
                group.addTask {
                    let child = try ChildProcess(["sh", "-c", "sleep \(mark) & sleep \(mark) & echo up; read x; exit 0"])
                    #expect(try await child.readLine(deadline: .now + .seconds(20)) == .line("up"))
                    if Bool.random() { try await child.write(line: "", deadline: .now + .seconds(20)) }
                    await child.close()
                }
            }
            try await group.waitForAll()
        }
        do { _ = try ChildProcess(["sleep", mark]) }  // dropped without close
        for _ in 0..<100 where !Self.processes(with: mark).isEmpty || Self.openDescriptors() > before {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(Self.processes(with: mark).isEmpty)
        #expect(Self.openDescriptors() == before)
    }

    static func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }

    /// Processes whose command line holds the text, zombies included by their name.
    static func processes(with text: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.filter { Int($0) != nil }.filter { entry in
            guard let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }
}
