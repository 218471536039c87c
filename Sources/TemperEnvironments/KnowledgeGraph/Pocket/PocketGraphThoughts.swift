import TemperCore

/// The words of the pocket graph expert's thoughts.
///
/// {p} is what is looked for or was found, such as "the director of The Silver River"; {e} where the next call starts; {r} a
/// relation or attribute; {v} a variable, {w} a second one. No thought starts with a name in small letters, which would become a
/// capital.
enum PocketGraphThoughts {
    /// Thoughts before the relations of the question's first entity are listed.
    static let start = [
        "I need {p}. First I list the relations of {e}.", "I start with {e} and look for {p}.",
        "To find {p}, I list the relations of {e}.", "First I need {p}, so I look at {e}.",
        "The question needs {p}. I list what {e} has.", "I look for {p} and begin with {e}.",
        "First comes {e}: I need {p}.", "I list the relations of {e} to find {p}.",
    ]
    /// A relation of the list is followed.
    static let follow = [
        "The relation {r} gives {p}.", "Here {r} leads to {p}.", "I follow {r} to get {p}.", "The list has {r}, which gives {p}.",
        "I see {r}. It leads to {p}.", "For {p} I take {r}.", "I need {r} for {p}.", "I choose {r} to reach {p}.",
    ]
    /// Thoughts before the relations of what was found are listed.
    static let onward = [
        "{v} holds {q}. Now I need {p}, so I list its relations.", "Now {v} holds {q}. Next I look for {p}.",
        "{v} holds {q}. I list its relations to find {p}.", "I have {q} in {v}. The next step is {p}.",
        "I found {q}: {v}. Now I look for {p}.", "With {q} in {v}, I go on to {p}.",
        "{v} holds {q}. What does it have? I need {p}.",
        "{v} stands for {q}. Next comes {p}.",
    ]
    /// Thoughts before the relations of the second entity are listed.
    static let second = [
        "{v} holds {q}. I also need {p}, so I list the relations of {e}.", "Now the other part: {p}. I look at {e}.",
        "{v} holds {q}. Next I need {p} from {e}.", "The second condition is {p}. I list what {e} has.",
        "I have {q} in {v}. Now I turn to {e} for {p}.", "Next I look for {p} and list the relations of {e}.",
        "I found {q}: {v}. The other set is {p}, from {e}.", "I also need {p}. It starts at {e}.",
    ]
    static let intersect = [
        "The answer is in both {v} and {w}, so I intersect them.", "I need what {v} and {w} have in common.",
        "Both conditions must hold: I intersect {v} and {w}.", "I take the intersection of {v} and {w}.",
        "Now I combine {v} and {w}.", "{v} and {w} must both hold, so I intersect.",
        "What is in {v} and also in {w}? I intersect.",
        "The two sets {v} and {w} meet in the answer.",
    ]
    static let count = [
        "{v} holds {q}. The question asks how many, so I count.", "I count {v}.", "Now I count the elements of {v}.",
        "How many are in {v}? I count them.", "{v} holds {q}, and I need their number.",
        "The number of {v} is asked, so I count.",
        "I have {q} in {v}. Now I count them.", "It asks for a number: I count {v}.",
    ]
    /// Thoughts before the attributes are listed; {s} is oldest, newest or youngest.
    static let attributes = [
        "{v} holds {q}. I need the {s}, so I list the attributes.", "To find the {s} of {v}, I need its attributes.",
        "The question wants the {s}. I list the attributes of {v}.", "{v} holds {q}. Which is the {s}? I look at the attributes.",
        "I need the {s} of {v}, so I get its attributes.", "Now I look for a year in {v} to find the {s}.",
        "I have {q} in {v}. The {s} follows from an attribute.", "For the {s} I need an attribute of {v}.",
    ]
    /// {m} is greatest or least.
    static let extremum = [
        "The {s} has the {m} {r}.", "The attribute {r} tells the {s}: the {m} value.", "The {s} is the one with the {m} {r}.",
        "I take the {m} {r} to get the {s}.", "With {r} I find the {s}, it has the {m} value.", "For the {s} I need the {m} {r}.",
        "The {m} {r} belongs to the {s}.", "I see {r}. The {s} has the {m}.",
    ]
    static let finish = [
        "{v} is the answer.", "This answers the question: {v}.", "So the answer is {v}.", "{v} is what was asked for.",
        "That is all: the answer is {v}.", "Now {v} answers the question.", "The question is answered by {v}.",
        "I have the answer in {v}.",
    ]
    /// What follows a turn that led nowhere, before the thought of the turn.
    static let setback = [
        "That did not help.", "This was not needed.", "That leads nowhere.", "That was a wrong turn.", "I do not need that.",
        "This is not what I need.", "That is of no use here.", "I go back to the question.",
    ]
}
