import TemperCore
import TemperPocketText

/// The words of the expert's thoughts in `pocket/database`.
///
/// Slots as in ``PocketDatabaseShape``; {a} is what a result shows.
struct PocketDatabaseThoughts {
    let plan: PocketDatabasePlan
    var random: RandomSource

    private static let openings: [PocketDatabaseShape: [String]] = [
        .lookup: [
            "I need the {c} in the row of {k}.", "I look up the {c} where the {i} is {k}.", "The {c} of {k} is asked for.",
            "I select the {c} of {k}.", "I have to read the {c} of {k}.", "First I find the row of {k} and take its {c}.",
            "The row of {k} holds the {c} I need.", "I ask the table for the {c} of {k}.",
        ],
        .filter: [
            "I need every {i} whose {c} is {v}.", "I select each {i} with the {c} {v}.",
            "The rows with the {c} {v} are asked for.",
            "I look for rows where the {c} is {v}.", "I filter by {c} and take the {i}.", "Rows with {c} {v} give the {i}.",
            "The condition is the {c} {v}.", "I ask for the {i} where the {c} is {v}.",
        ],
        .both: [
            "I need the {i} with {c} {v} and {d} {w}.", "Two conditions hold: the {c} is {v} and the {d} is {w}.",
            "I filter by {c} and by {d}.", "I select the {i} where the {c} is {v} and the {d} is {w}.",
            "Both the {c} {v} and the {d} {w} must hold.", "I look for the row with {c} {v} and {d} {w}.",
            "The {c} and the {d} are given, the {i} is asked for.", "I join two conditions, on {c} and on {d}.",
        ],
        .over: [
            "I need every {i} whose {c} is above {v}.", "I compare the {c} with {v}.", "The condition is {c} greater than {v}.",
            "I select each {i} with {c} over {v}.", "Rows with {c} above {v} are asked for.",
            "I filter for {c} of more than {v}.", "I look for {c} above {v} and take the {i}.", "The {c} must be over {v}.",
        ],
        .count: [
            "I count the rows whose {c} is {v}.", "I need the number of rows with the {c} {v}.",
            "A count with the {c} {v} gives it.",
            "I use COUNT with the condition {c} {v}.", "How many rows have the {c} {v} can be counted.",
            "The rows with {c} {v} are to be counted.", "I filter by {c} and count.", "I let the table count the {c} {v}.",
        ],
        .most: [
            "I sort by {c} from high to low and take the first {i}.", "The {i} with the highest {c} is asked for.",
            "I order by {c}, largest first.", "I need the top row by {c}.", "Sorting by {c} downwards gives the {i}.",
            "I take the first {i} after sorting by {c}, highest first.", "The largest {c} decides.",
            "I look for the highest {c}.",
        ],
        .least: [
            "I sort by {c} from low to high and take the first {i}.", "The {i} with the lowest {c} is asked for.",
            "I order by {c}, smallest first.", "I need the bottom row by {c}.", "Sorting by {c} upwards gives the {i}.",
            "I take the first {i} after sorting by {c}, lowest first.", "The smallest {c} decides.", "I look for the lowest {c}.",
        ],
        .sum: [
            "I add up the {c} where the {d} is {w}.", "I need the sum of {c} for the {d} {w}.",
            "SUM over {c} with the {d} {w} gives it.",
            "The total {c} of the rows with {d} {w} is asked for.", "I filter by {d} and sum the {c}.",
            "I let the table add the {c} for {w}.", "Rows with the {d} {w} count, and their {c} is summed.",
            "A sum of {c} is needed where the {d} is {w}.",
        ],
        .insert: [
            "I insert a row for {k}.", "A new row for {k} is needed.", "I add {k} with its values in the order of the headers.",
            "The row of {k} must be inserted.", "I put {k} into {t}.", "I write an INSERT for {k}.",
            "The values for {k} are given, so I insert them.", "{k} is new, so I add a row.",
        ],
        .update: [
            "I set the {c} of {k} to {v}.", "The {c} of {k} must become {v}.", "I update the row of {k}.",
            "I change the {c} where the {i} is {k}.", "An UPDATE of the {c} of {k} does it.", "{k} gets the {c} {v}.",
            "I write {v} into the {c} of {k}.", "The new {c} of {k} is {v}.",
        ],
        .copy: [
            "First I need the {c} of {v}.", "I must read the {c} of {v} before I can set it.", "I look up the {c} of {v} first.",
            "The {c} of {v} is not known yet, so I select it.", "To copy it, I need the {c} of {v}.",
            "I start with the row of {v}.",
            "Before the update I read the {c} of {v}.", "What {c} {v} has decides, so I look.",
        ],
        .delete: [
            "I delete the row of {k}.", "The row of {k} must be removed.", "I remove the row where the {i} is {k}.",
            "A DELETE for {k} does it.", "{k} has to go.", "I take {k} out of {t}.", "The row with the {i} {k} is deleted.",
            "I write a DELETE with the {i} {k}.",
        ],
    ]
    private static let continuations = [
        "The {c} of {v} is {a}. Now I set it for {k}.", "{v} has the {c} {a}, so {k} gets it.",
        "It is {a}. I write that for {k}.",
        "The result is {a}, which {k} needs as {c}.", "Now I know the {c}: {a}. I update {k}.", "I set the {c} of {k} to {a}.",
        "So {k} must have {a} as {c}.", "The value {a} goes into the row of {k}.",
    ]
    private static let conclusions = [
        "The result shows {a}.", "That is {a}.", "The answer is {a}.", "The table gives {a}.", "So I answer {a}.",
        "The result is {a}, which answers the question.", "I found {a}.", "It is {a}.",
    ]
    private static let changes = [
        "The change is made.", "There was no error, so the table is changed.", "The table is now as it should be.",
        "That is done.",
        "The statement went through, so I am done.", "Nothing more is to do.", "The row is as asked.",
        "It worked, so I can finish.",
    ]
    private static let corrections = [
        "That does not answer it.", "This was not what I need.", "That did not help.", "I go about it differently.",
        "That was the wrong statement.", "I try again with the right columns.", "That is no use here.", "I was wrong there.",
    ]

    mutating func opening() -> String { say(Self.openings[plan.shape] ?? []) }
    mutating func next(_ shown: [String]) -> String { say(Self.continuations, shown) }
    mutating func conclusion(_ shown: [String]) -> String { say(Self.conclusions, shown) }
    mutating func changeDone() -> String { say(Self.changes) }
    mutating func correction() -> String { say(Self.corrections) }

    private mutating func say(_ forms: [String], _ shown: [String] = []) -> String {
        var slots = plan.slots
        slots["a"] = shown.joined(separator: " and ")
        return Wording(random.pick(forms)).filled(slots)
    }
}
