/// How `pocket/mmlu` asks: {r} the relation, {x} what is asked about, in the words of ``QuestionWordings`` where it is reached
/// through another relation.
enum MMLUWordings {
    static let stems = PocketPhrasing(
        train: [
            "The {r} of {x} is", "Which of these is the {r} of {x}?", "Which option gives the {r} of {x}?",
            "Choose the {r} of {x}.", "One of these is the {r} of {x}. Which one?", "Mark the option with the {r} of {x}.",
            "The {r} of {x} is one of these. Which one is it?", "Find the {r} of {x} among these.",
        ],
        test: [
            "Which one of these is the {r} of {x}?", "Choose the option with the {r} of {x}.",
            "Among these, which is the {r} of {x}?", "Mark the {r} of {x}.",
        ])
}
