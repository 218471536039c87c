import Foundation
import TemperCore
import TemperEnvironments
import Testing

@Suite struct OperatingSystemTextTests {
    private func read(_ text: String) -> TurnText.Reading { TurnText.read(text, method: .react, format: .operatingSystem) }

    @Test(arguments: [
        Action("bash", "ls /etc | wc -l"), Action("bash", "cd /tmp\n\nfor i in 1 2; do\n  echo \"$i\"\ndone"),
        Action("bash", "echo 'Act: finish'"),
        Action("bash", ""), Action("answer", "220"), Action("answer", "f(x) = (a)"), Action("answer", ""),
        Action("answer", "two\nlines"),
        Action("finish", ""),
    ]) func whatIsWrittenIsReadBack(action: TemperCore.Action) {
        for thought in [nil, "I count the files.", "First this.\nThen that (Act later)."] {
            let text = TurnText.write(thought: thought, action: action, format: .operatingSystem)
            #expect(read(text) == TurnText.Reading(thought: thought, action: action), "\(text)")
        }
    }

    @Test func aTurnLooksAsInAgentBench() {
        #expect(
            TurnText.write(thought: "I list it.", action: Action("bash", "ls"), format: .operatingSystem)
                == "Think: I list it.\n\nAct: bash\n\n```bash\nls\n```")
        #expect(
            TurnText.write(thought: "So.", action: Action("answer", "5"), format: .operatingSystem)
                == "Think: So.\n\nAct: answer(5)")
        #expect(TurnText.write(observation: "5", format: .operatingSystem) == "The output of the OS:\n\n5")
        #expect(TurnText.write(observation: "", format: .operatingSystem) == "The output of the OS is empty.")
    }

    @Test func theLastReadableActCountsAndBlocksAreJoined() {
        #expect(read("Think: a\nAct: bash\n```bash\nls\n```\nmore\n```bash\npwd\n```").action == Action("bash", "ls\n\npwd"))
        #expect(read("Act: bash\n```bash\nls\n```\nAct: finish").action == Action("finish", ""))
        #expect(read("Act: answer(3)\nAct: dance").action == Action("answer", "3"))
        #expect(read("Think: a\n\nAct: Answer (7)").action == Action("answer", "7"))
        #expect(read("Think: a\n\nAct: answer(7) since (so)").action == Action("answer", "7) since (so"))
        #expect(read("Act:bash\n```bash\nls -l\n```").action == Action("bash", "ls -l"))
        #expect(read("Act: bash\n```bash\nls\n```\nThe output of the OS:\n\na\nAct: finish").action == Action("bash", "ls"))
    }

    @Test(arguments: [
        ("Think: hm", "There is no 'Act:' line."), ("Think: a\nAct: bash\nls", "There is no ```bash block."),
        ("Act: bash\n```bash\nls", "There is no ```bash block."), ("Act: dance", "'dance' is not an action."),
        ("Act: answer 5", "'answer 5' is not an action."), ("", "The reply is empty."),
    ]) func whatCannotBeReadIsSaid(text: String, diagnosis: String) {
        let reading = read(text)
        #expect(reading.action == nil)
        #expect(reading.diagnosis?.hasPrefix(diagnosis) == true && reading.diagnosis?.contains("Act: finish") == true)
    }

    @Test func aModelThatGoesOnForTheMachineIsStopped() {
        #expect(TurnText.stopStrings(for: .react, format: .operatingSystem) == ["\nThe output of the OS"])
    }
}
