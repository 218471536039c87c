import TemperCore

extension Cheat {
    /// The cheats that need nothing of a suite but how an answer is given and which actions it offers.
    ///
    /// - Parameter answer: the action that ends with an answer; nil leaves out the cheats that answer.
    static func common(answer: String?) -> [Cheat] { options + (answer.map(answers) ?? []) }

    private static let options = [
        Cheat("first option", "takes the first action that is offered, always") { _, choices in
            choices.first ?? Action("finish", "")
        },
        Cheat("last option", "takes the last action that is offered, always") { _, choices in
            choices.last ?? Action("finish", "")
        },
    ]

    private static func answers(_ name: String) -> [Cheat] {
        func answering(_ cheat: String, _ summary: String, _ text: @escaping @Sendable (Scene, [Action]) -> String) -> Cheat {
            Cheat(cheat, summary) { scene, choices in Action(name, text(scene, choices)) }
        }
        let constant = ["0", "1", "7", "yes", "no", "A"].map { word in
            answering("answer \(word)", "answers '\(word)' to every task") { _, _ in word }
        }
        return constant + [
            answering("empty", "answers with nothing") { _, _ in "" },
            answering("blank", "answers with spaces and characters that are not seen") { _, _ in " \u{200B}\u{FEFF}\u{00A0}\n" },
            answering("very long", "answers with all small numbers, the task's words, yes and no, 100,000 characters and more") {
                scene, _ in
                let words = "yes no none true A B C D " + scene.task.instruction
                return (0...9_999).map(String.init).joined(separator: " ") + " "
                    + Array(repeating: words, count: max(1, 60_000 / (words.count + 1))).joined(separator: " ")
            },
            answering("look-alike characters", "answers with digits and words of other alphabets") { scene, _ in
                var random = RandomSource(seed: scene.seed, "look-alike")
                return random.pick(["\u{FF10}", "\u{FF11}", "\u{0663}", "\u{0443}\u{0435}s", "n\u{043E}", "\u{0410}"])
            },
            answering("every name", "answers with all names of the task and of what was seen") { scene, _ in
                let texts = [scene.task.instruction] + scene.turns.compactMap(\.observation)
                return texts.flatMap { TextSpans.titles(in: $0) }.joined(separator: ", ")
            },
            answering("all options at once", "answers with every option, or with every offered action's argument") { _, choices in
                let offered = choices.map(\.argument).filter { !$0.isEmpty }
                return (offered.isEmpty ? ["A", "B", "C", "D", "yes", "no", "0", "1"] : offered).joined(separator: ", ")
            },
            answering("the task itself", "answers with the text of the task") { scene, _ in scene.task.instruction },
        ]
    }
}
