import TemperCore
import TemperEnvironments
import Testing

@Suite struct HouseholdTextTests {
    func read(_ text: String) -> TurnText.Reading { TurnText.read(text, method: .react, format: .household) }

    @Test("Writing and reading again gives the thought and the command")
    func roundTrip() {
        for thought in [nil, "I need a mug.", "First this.\nThen that."] {
            let action = Action("act", "put mug 1 in/on desk 1")
            let text = TurnText.write(thought: thought, action: action, format: .household)
            #expect(read(text) == TurnText.Reading(thought: thought, action: action))
        }
        #expect(
            TurnText.write(thought: "I look.", action: Action("act", "look"), format: .household)
                == "THOUGHT: I look.\nACTION: look")
        #expect(
            TurnText.write(observation: "On the desk 1, you see nothing.", format: .household)
                == "On the desk 1, you see nothing.")
    }

    @Test(
        "The first line after ACTION: counts, wherever it stands",
        arguments: [
            "THOUGHT: Go.\n ACTION: go to desk 1\nOn the desk 1, you see a pen 1.", "THOUGHT: Go. ACTION: go to desk 1",
            "Go.\nACTION:\ngo to desk 1", "THOUGHT: Go.\nAction: go to desk 1",
            "THOUGHT: Go.\nACTION: go to desk 1\nACTION: look",
            "Thought: Go.\nAction: act[go to desk 1]",
        ])
    func forms(text: String) {
        #expect(read(text) == TurnText.Reading(thought: "Go.", action: Action("act", "go to desk 1")))
    }

    @Test("A reply without a command says what is missing")
    func faults() {
        #expect(
            read("I would go to the desk.").diagnosis
                == "There is no 'ACTION:'. Write 'THOUGHT: ' and your thought, then on a new line 'ACTION: ' and one command.")
        #expect(read("THOUGHT: Hm.\nACTION:").diagnosis?.hasPrefix("There is no command after 'ACTION:'.") == true)
        #expect(read("THOUGHT: Hm.\nACTION:").thought == "Hm.")
        #expect(read(" \n").diagnosis?.hasPrefix("The reply is empty.") == true)
    }

    @Test("Words written in the environment's name are cut")
    func trimmed() {
        let text = TurnText.trimmed("ACTION: look\nObservation: a room", method: .react, format: .household)
        #expect(text == "ACTION: look")
    }
}
