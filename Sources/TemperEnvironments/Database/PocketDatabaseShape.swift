import TemperCore

/// The kinds of generated tasks, with the wordings of their questions.
///
/// Slots: {t} the table, {i} its key column, {k} a key, {c} and {v} a column and a value, {d} and {w} another, {l} a list of columns
/// with values.
enum PocketDatabaseShape: String, Sendable, CaseIterable {
    /// One cell of one row.
    case lookup
    /// The keys of the rows with a value.
    case filter
    /// The keys of the rows with two values.
    case both
    /// The keys of the rows whose number is above another.
    case over
    case count, most, least, sum
    case insert, update
    /// An update whose new value stands in another row, so it must be read first.
    case copy
    case delete

    var kind: DatabaseKind {
        switch self {
        case .insert: .insert
        case .update, .copy: .update
        case .delete: .delete
        default: .select
        }
    }

    var wordings: PocketPhrasing {
        switch self {
        case .lookup: Self.lookups
        case .filter: Self.filters
        case .both: Self.boths
        case .over: Self.overs
        case .count: Self.counts
        case .most: Self.mosts
        case .least: Self.leasts
        case .sum: Self.sums
        case .insert: Self.inserts
        case .update: Self.updates
        case .copy: Self.copies
        case .delete: Self.deletes
        }
    }

    private static let lookups = PocketPhrasing(
        train: [
            "What is the {c} of {k}?", "Give the {c} of {k}.", "Find the {c} of {k}.", "Which {c} does {k} have?",
            "Tell me the {c} of {k}.", "For {k}, what is the {c}?", "What {c} is given for {k}?", "Look up the {c} of {k}.",
        ],
        test: [
            "I want to know the {c} of {k}.", "What does the table give as the {c} of {k}?", "Show me the {c} of {k}.",
            "Please find the {c} of {k}.",
        ])
    private static let filters = PocketPhrasing(
        train: [
            "Which {i} has the {c} {v}?", "List every {i} with the {c} {v}.", "Give each {i} whose {c} is {v}.",
            "Find every {i} that has the {c} {v}.", "Whose {c} is {v}? Give the {i}.", "For which {i} is the {c} {v}?",
            "Show each {i} with {c} {v}.", "Name every {i} where the {c} is {v}.",
        ],
        test: [
            "Tell me every {i} with the {c} {v}.", "I need each {i} whose {c} is {v}.", "Which {i} is listed with the {c} {v}?",
            "Please list each {i} that has the {c} {v}.",
        ])
    private static let boths = PocketPhrasing(
        train: [
            "Which {i} has the {c} {v} and the {d} {w}?", "Find the {i} with the {c} {v} and the {d} {w}.",
            "Give the {i} whose {c} is {v} and whose {d} is {w}.", "For which {i} is the {c} {v} and the {d} {w}?",
            "List each {i} with {c} {v} and {d} {w}.", "Name the {i} where the {c} is {v} and the {d} is {w}.",
            "Show the {i} that has both the {c} {v} and the {d} {w}.", "Who or what has {c} {v} and {d} {w}? Give the {i}.",
        ],
        test: [
            "I need the {i} with the {c} {v} and the {d} {w}.", "Tell me the {i} whose {c} is {v} and whose {d} is {w}.",
            "Which {i} is listed with {c} {v} and {d} {w}?", "Please find the {i} that has the {c} {v} and the {d} {w}.",
        ])
    private static let overs = PocketPhrasing(
        train: [
            "Which {i} has {c} above {v}?", "List every {i} with {c} over {v}.", "Give each {i} whose {c} is more than {v}.",
            "Find every {i} with {c} greater than {v}.", "For which {i} is the {c} over {v}?",
            "Show each {i} with {c} above {v}.",
            "Name every {i} whose {c} is above {v}.", "Whose {c} is more than {v}? Give the {i}.",
        ],
        test: [
            "Tell me every {i} whose {c} is over {v}.", "I need each {i} with {c} more than {v}.",
            "Which {i} is listed with {c} above {v}?", "Please list each {i} with {c} greater than {v}.",
        ])
    private static let counts = PocketPhrasing(
        train: [
            "How many rows have the {c} {v}?", "Count the rows with the {c} {v}.", "How many have {v} as {c}?",
            "What is the number of rows whose {c} is {v}?", "How often is the {c} {v}?", "How many rows are there with {c} {v}?",
            "Give the number of rows with the {c} {v}.", "Count how many have the {c} {v}.",
        ],
        test: [
            "I need the number of rows with {c} {v}.", "Please count the rows whose {c} is {v}.",
            "Tell me how many rows have the {c} {v}.", "How many rows are listed with the {c} {v}?",
        ])
    private static let mosts = PocketPhrasing(
        train: [
            "Which {i} has the highest {c}?", "Find the {i} with the largest {c}.", "Give the {i} with the highest {c}.",
            "What {i} has the greatest {c}?", "Name the {i} with the most {c}.", "Show the {i} that has the largest {c}.",
            "For which {i} is the {c} highest?", "Whose {c} is the highest? Give the {i}.",
        ],
        test: [
            "Tell me the {i} with the highest {c}.", "I need the {i} that has the largest {c}.",
            "Please find the {i} with the greatest {c}.", "Which {i} is listed with the highest {c}?",
        ])
    private static let leasts = PocketPhrasing(
        train: [
            "Which {i} has the lowest {c}?", "Find the {i} with the smallest {c}.", "Give the {i} with the lowest {c}.",
            "What {i} has the least {c}?", "Name the {i} with the smallest {c}.", "Show the {i} that has the lowest {c}.",
            "For which {i} is the {c} lowest?", "Whose {c} is the lowest? Give the {i}.",
        ],
        test: [
            "Tell me the {i} with the lowest {c}.", "I need the {i} that has the smallest {c}.",
            "Please find the {i} with the least {c}.", "Which {i} is listed with the lowest {c}?",
        ])
    private static let sums = PocketPhrasing(
        train: [
            "What is the sum of {c} for the {d} {w}?", "Add up the {c} of the rows with the {d} {w}.",
            "What is the total {c} where the {d} is {w}?", "Give the sum of {c} over the rows with {d} {w}.",
            "How much {c} is there in all for the {d} {w}?", "Find the total of {c} for {d} {w}.",
            "What do the {c} values with the {d} {w} add up to?", "Sum the {c} of all rows whose {d} is {w}.",
        ],
        test: [
            "Tell me the sum of {c} for the {d} {w}.", "I need the total {c} of the rows with the {d} {w}.",
            "Please add up the {c} where the {d} is {w}.", "What is the sum of {c} over all rows with {d} {w}?",
        ])
    private static let inserts = PocketPhrasing(
        train: [
            "Add {k} to the table with {l}.", "Insert a row for {k} with {l}.", "Put {k} into the table with {l}.",
            "Add a new row: {k} with {l}.", "Enter {k} with {l}.", "There is a new {i}, {k}, with {l}. Add it.",
            "Insert {k} with {l} into {t}.", "Make a row for {k} with {l}.",
        ],
        test: [
            "Please add {k} with {l}.", "A row for {k} with {l} is missing. Insert it.", "I need a new row for {k} with {l}.",
            "Let the table have {k} with {l}. Add the row.",
        ])
    private static let updates = PocketPhrasing(
        train: [
            "Change the {c} of {k} to {v}.", "Set the {c} of {k} to {v}.", "Make {v} the {c} of {k}.",
            "The {c} of {k} is now {v}. Change it.",
            "Update the {c} of {k} to {v}.", "Give {k} the {c} {v}.", "Let the {c} of {k} be {v}.",
            "{k} gets the {c} {v}. Update the row.",
        ],
        test: [
            "Please change the {c} of {k} to {v}.", "From now on the {c} of {k} is {v}. Update the row.",
            "I need the {c} of {k} set to {v}.", "{k} now has the {c} {v}. Change the row.",
        ])
    private static let copies = PocketPhrasing(
        train: [
            "Give {k} the same {c} as {v}.", "Set the {c} of {k} to that of {v}.", "Change the {c} of {k} to the {c} of {v}.",
            "Copy the {c} of {v} to {k}.", "Make the {c} of {k} the same as the {c} of {v}.",
            "{k} gets the {c} of {v}. Update the row.",
            "Update the {c} of {k} to the one that {v} has.", "Let {k} have the {c} of {v}.",
        ],
        test: [
            "Please give {k} the same {c} as {v}.", "I need the {c} of {k} set to the {c} of {v}.",
            "From now on {k} has the same {c} as {v}. Update the row.", "The {c} of {k} is now that of {v}. Change it.",
        ])
    private static let deletes = PocketPhrasing(
        train: [
            "Delete the row of {k}.", "Remove {k} from the table.", "Take {k} out of the table.", "Delete {k}.",
            "Remove the row of {k}.",
            "{k} is gone. Delete the row.", "Drop the row for {k}.", "Delete {k} from {t}.",
        ],
        test: [
            "Please delete {k}.", "I need the row of {k} removed.", "The row of {k} must go. Delete it.",
            "Take the row of {k} out. Remove it.",
        ])
}
