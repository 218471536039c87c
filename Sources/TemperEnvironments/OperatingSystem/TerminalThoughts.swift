import TemperCore
import TemperPocketText
import TemperSandbox

/// The words of the terminal expert's thoughts.
struct TerminalThoughts {
    var random: RandomSource

    private static let openings = [
        "I {p}.", "I have to {p}.", "First I {p}.", "Let me {p}.", "I need to {p}.", "I will {p}.", "One command can {p}.",
        "To do this, I {p}.", "The first step is to {p}.",
    ]
    private static let continuations = [
        "It is {o}. Now I {p}.", "The output is {o}. Next I {p}.", "The shell shows {o}. Now I have to {p}.",
        "I found {o}. Now I {p}.", "So it is {o}. I {p}.", "The result is {o}. I {p} next.", "That gives {o}. Now let me {p}.",
        "{o} is what I need. I {p}.",
    ]
    private static let conclusions = [
        "The output shows {a}. That is the answer.", "The answer is {a}.", "It is {a}.", "So the answer is {a}.",
        "The shell shows {a}, so I answer {a}.", "That gives {a}.", "The result is {a}. I can answer.",
        "I see {a}. This answers it.",
    ]
    private static let endings = [
        "The output is empty, so it worked.", "There was no error. The task is done.", "It is done.", "That worked. I am done.",
        "No error, so I can finish.", "The command worked, so I finish.", "Everything is done.",
        "This is what was asked. I finish.",
    ]

    /// Before a command; `found` is what the one before has printed.
    mutating func step(_ purpose: String, found: String?) -> String {
        guard let found else { return TerminalTaskMaker.filled(random.pick(Self.openings), ["p": purpose]) }
        return TerminalTaskMaker.filled(random.pick(Self.continuations), ["o": found, "p": purpose])
    }

    mutating func conclusion(_ answer: String) -> String {
        TerminalTaskMaker.filled(random.pick(Self.conclusions), ["a": answer])
    }

    mutating func done() -> String { random.pick(Self.endings) }
}
